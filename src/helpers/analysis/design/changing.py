"""Change with change in simulated cohorts: regressions of falls on falls, and the mediation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import stats

from helpers.analysis.change import analyte_changes, outcome_change
from helpers.analysis.design.analytes import family_tallies
from helpers.analysis.design.plan import BASELINE_R
from helpers.analysis.design.population import Population, shrunk_covariance
from helpers.analysis.design.tally import excluded, rejections, tallied
from helpers.analysis.frames import analyte_long, outcome_long
from helpers.analysis.missing_samples import completed_samples
from helpers.analysis.settings import Settings
from helpers.models.batched.mediation import mediate_batched
from helpers.models.batched.regression import BatchedSlopes, regress_batched
from helpers.study import Study

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Falls:
    """Falls in all analytes and in one outcome, in one group at one visit: a regression an analyte.

    The outcome, group and visit are those of the study's mediation.
    """

    study: Study
    settings: Settings

    @cached_property
    def population(self) -> Population:
        """Means and covariance of the falls in the analytes and, last, in the outcome."""
        role = self.study.roles.mediation
        falls = analyte_changes(self.study, completed_samples(self.study)[0], role.group, role.visit)
        frame = falls.assign(_outcome=outcome_change(self.study, role.y, role.group, role.visit)).dropna()
        values = frame.to_numpy(float)
        covariance = shrunk_covariance(values, np.zeros(len(values)))
        return Population((role.group,), values.mean(axis=0)[None], covariance, (1.0,))

    def truth(self, name: str) -> Population:
        """``fitted``; or ``none``: the outcome's fall goes with no analyte's."""
        covariance = self.population.covariance.copy()
        if name == "none":
            covariance[-1, :-1] = covariance[:-1, -1] = 0.0
        return Population(self.population.names, self.population.means, covariance, (1.0,))

    def tests(self, truth: str, n: int, rng: np.random.Generator, cohorts: int) -> list[dict]:
        """Tallies of the family of slopes, and of each slope's interval."""
        people, analytes = self.truth(truth), self.study.roles.analytes.columns
        values, alpha = people.draw(rng, n, cohorts), self.settings.alpha
        slopes = [regress_batched(values[:, :, -1], values[:, :, place])[0] for place in range(len(analytes))]
        true = people.covariance[-1, :-1] / np.diag(people.covariance)[:-1]
        p = np.stack([slope.p for slope in slopes], axis=1)
        rows = [*family_tallies("published", "slope", analytes, p, np.isclose(true, 0), alpha)]
        each = zip(analytes, slopes, true, strict=True)
        return rows + [_slope("published", f"slope of {name}", slope, value, alpha) for name, slope, value in each]


@dataclass(frozen=True, eq=False)
class Path:
    """The study's mediation x → m → y on falls, from populations in which one path or another is absent."""

    study: Study
    settings: Settings

    @cached_property
    def frame(self) -> pd.DataFrame:
        """Levels of x, m and y at baseline and at the visit, of everybody with all six: ``x0, x1, m0, m1, y0, y1``."""
        role = self.study.roles.mediation
        found = {}
        for letter in "xmy":
            name = getattr(role, letter)
            if letter == "x":
                long = analyte_long(self.study, completed_samples(self.study)[0]).rename(columns={name: "value"})
            else:
                long = outcome_long(self.study, name)
            long = long[long["group"] == role.group]
            for number, visit in enumerate((self.study.baseline, role.visit)):
                found[f"{letter}{number}"] = long[long["visit"] == visit].set_index("id")["value"]
        return pd.DataFrame(found).dropna()

    @cached_property
    def falls(self) -> Mapping[str, float]:
        """Paths and residual variances of the falls, by least squares: ``a, b, direct, x, m, y``."""
        frame = self.frame
        x, m, y = (frame[f"{letter}0"] - frame[f"{letter}1"] for letter in "xmy")
        spread = np.cov(np.array([x, m, y]))
        a = spread[0, 1] / spread[0, 0]
        direct, b = np.linalg.solve(spread[:2, :2], spread[:2, 2])
        left = spread[2, 2] - direct * spread[0, 2] - b * spread[1, 2]
        return {"a": a, "b": b, "direct": direct, "x": spread[0, 0], "m": spread[1, 1] - a * spread[0, 1], "y": left}

    def truth(self, name: str) -> Mapping[str, float]:
        """``fitted``, or without one path: ``no a``, ``no b``, ``neither`` (both), ``no direct``.

        The variance left to m and y stays what it is.
        """
        absent = {"fitted": (), "no a": ("a",), "no b": ("b",), "neither": ("a", "b"), "no direct": ("direct",)}[name]
        return {**self.falls, **dict.fromkeys(absent, 0.0)}

    def mediation(self, truth: str, n: int, resamples: int, rng: np.random.Generator, cohorts: int) -> list[dict]:
        """Tallies of the paths and of five tests of the indirect effect."""
        path, alpha = self.truth(truth), self.settings.alpha
        x, e, u = (rng.standard_normal((cohorts, n)) * np.sqrt(path[name]) for name in "xmy")
        m = path["a"] * x + e
        y = path["direct"] * x + path["b"] * m + u
        counts = rng.multinomial(n, np.full(n, 1 / n), resamples).astype(float)
        found = mediate_batched(x, m, y, counts)
        indirect = path["a"] * path["b"]
        paths = {
            "path a": (found.a, path["a"]),
            "path b": (found.b, path["b"]),
            "direct effect": (found.direct, path["direct"]),
            "total effect": (found.total, path["direct"] + indirect),
        }
        rows = [_slope("published", name, slope, true, alpha) for name, (slope, true) in paths.items()]
        for name in ("sobel", "aroian"):
            se, p = found.normal(name == "aroian")
            half = stats.norm.isf(alpha / 2) * se
            ends = found.indirect - half, found.indirect + half
            rows.append(_indirect(name, rejections(p, alpha), indirect, found.indirect, ends))
        bootstrap = {
            "percentile": found.percentile(alpha),
            "bias_corrected": found.corrected(alpha),
            "bca": found.corrected(alpha, accelerated=True),
        }
        return rows + [_indirect(name, excluded(e), indirect, found.indirect, e) for name, e in bootstrap.items()]

    def coupled(self, truth: str, n: int, rng: np.random.Generator, cohorts: int) -> list[dict]:
        """Tallies of y on x in two ways: fall on fall, and level on level with both baseline levels beside it.

        The second asks whether follow-up levels go together beyond what the baseline levels say of each.
        """
        values = rng.standard_normal((cohorts, n, 4)) @ np.linalg.cholesky(self._levels(truth)).T
        x0, x1, y0, y1 = (values[:, :, place] for place in range(4))
        alpha, covariance = self.settings.alpha, self._levels(truth)
        falls = np.array([[1.0, -1, 0, 0], [0, 0, 1, -1]])
        spread = falls @ covariance @ falls.T
        change = spread[0, 1] / spread[0, 0]
        given = np.linalg.solve(covariance[np.ix_([1, 0, 2], [1, 0, 2])], covariance[[1, 0, 2], 3])[0]
        by_change, beside = regress_batched(y0 - y1, x0 - x1)[0], regress_batched(y1, x1, x0, y0)[0]
        # One question in both: do x and y move together? In `baseline only` nothing but the baseline is shared.
        null = truth in ("independent", "baseline only")
        rows = []
        for name, found, true in (("fall on fall", by_change, change), ("levels, baselines beside", beside, given)):
            row = _slope(name, "x with y", found, true, alpha)
            rows.append({**row, "null": null})
        return rows

    def _levels(self, truth: str) -> Array:
        """Correlations of x0, x1, y0, y1: as fitted; each pair of x and y independent; or x0 and y0 correlated alone.

        In the last, follow-up levels depend on their own baseline level, and on nothing else.
        """
        fitted = np.corrcoef(self.frame[["x0", "x1", "y0", "y1"]].to_numpy(float).T)
        if truth == "fitted":
            return fitted
        r = BASELINE_R if truth == "baseline only" else 0.0
        x, y = fitted[0, 1], fitted[2, 3]  # of each with its own baseline level
        found = np.eye(4)
        found[0, 1], found[2, 3], found[0, 2] = x, y, r
        found[0, 3], found[1, 2], found[1, 3] = r * y, r * x, r * x * y
        return found + np.triu(found, 1).T


def _slope(method: str, test: str, found: BatchedSlopes, true: float, alpha: float) -> dict:
    return tallied(method, test, rejections(found.p, alpha), bool(np.isclose(true, 0)), true=float(true),
                   estimate=found.estimate, ends=found.interval(alpha))  # fmt: skip


def _indirect(method: str, rejected: Array, true: float, estimate: Array, ends: tuple[Array, Array]) -> dict:
    return tallied(method, "indirect effect", rejected, bool(np.isclose(true, 0)), true=float(true), estimate=estimate,
                   ends=ends)  # fmt: skip
