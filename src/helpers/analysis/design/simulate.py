"""One block of cohorts of one point: drawn, analysed, tallied."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from helpers.analysis.design.analytes import Baseline, Course
from helpers.analysis.design.changing import Falls, Path
from helpers.analysis.design.outcomes import Outcome
from helpers.analysis.design.plan import Plan, Point
from helpers.analysis.settings import Settings
from helpers.study import Study


@dataclass(frozen=True, eq=False)
class Simulation:
    """Populations fitted to a study, each when it is first needed, and blocks of cohorts from them."""

    study: Study
    settings: Settings
    plan: Plan

    @cached_property
    def _outcomes(self) -> dict[str, Outcome]:
        return {item.column: Outcome(self.study, self.settings, item.column) for item in self.study.roles.outcomes}

    @cached_property
    def _baseline(self) -> Baseline:
        return Baseline(self.study, self.settings)

    @cached_property
    def _course(self) -> Course:
        return Course(self.study, self.settings)

    @cached_property
    def _falls(self) -> Falls:
        return Falls(self.study, self.settings)

    @cached_property
    def _path(self) -> Path:
        return Path(self.study, self.settings)

    def block(self, point: Point, number: int) -> pd.DataFrame:
        """Tallies of one block, a row a test; the point and the number alone decide its cohorts."""
        rng = np.random.default_rng(seed_of(self.plan.block_key(point, number), self.settings.seed))
        cohorts, n, truth = self.plan.block, point.n, point.truth
        ways: dict[str, Callable[[], list[dict]]] = {
            "outcomes": lambda: self._outcomes[point.subject].models(truth, n, point.missing, rng, cohorts),
            "endpoints": lambda: self._outcomes[point.subject].endpoints(truth, n, rng, cohorts),
            "baseline": lambda: self._baseline.tests(truth, n, rng, cohorts),
            "course": lambda: self._course.models(truth, n, point.missing, rng, cohorts),
            "falls": lambda: self._falls.tests(truth, n, rng, cohorts),
            "mediation": lambda: self._path.mediation(truth, n, self.plan.resamples, rng, cohorts),
            "coupled": lambda: self._path.coupled(truth, n, rng, cohorts),
        }
        return pd.DataFrame(ways[point.family]())


def seed_of(key: str, seed: int) -> int:
    """A seed from a block's key and the scenario's seed.

    >>> seed_of("a", 1) == seed_of("a", 1), seed_of("a", 1) == seed_of("a", 2)
    (True, False)
    """
    return int.from_bytes(hashlib.sha256(f"{seed}; {key}".encode()).digest()[:8], "little")
