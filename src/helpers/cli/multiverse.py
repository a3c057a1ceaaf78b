"""`make multiverse`: the paper's claims under every combination of the grid's choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import pandas as pd

from helpers.analysis.multiverse import Evaluation, Specification, read_grid
from helpers.analysis.places import resolve
from helpers.analysis.scenarios import GRID, load_scenario
from helpers.claims.answers import answers, claims_in, statements_of
from helpers.claims.ledger import load_ledger
from helpers.cli.layout import Place
from helpers.cli.many.folder import Folder
from helpers.cli.many.tasks import Task
from helpers.study import load_study

DEFAULT = f"scenarios/{GRID}.yaml"
# What sets seed, alpha and resamples, which no specification changes.
SCENARIO = "published"
# Seconds a specification is likely to take, for the size of the chunks: multiple imputation fits every model ten times.
SECONDS = {"longitudinal_tests": 0.08, "longitudinal_comparisons": 0.03, "endpoints": 0.3, "outcome_tests": 0.4}
MULTIPLE = 5.0


class Multiverse:
    """The specifications of a grid on one study."""

    def __init__(self, root: Path, study: str, grid: str):
        self.root, self.name, self.grid_file = root, study, grid
        self.grid = read_grid(resolve(grid))

    def tasks(self) -> Sequence[Task]:
        """One task a specification; those of a fit share it."""
        return [Task(one.key, one.share, _seconds(one)) for one in self.grid.specifications()]

    def files(self) -> Sequence[str]:
        """The study's tables and its ledger. Not the grid: a specification is whole in its key."""
        where = Place(self.root, self.name, SCENARIO)
        return [*where.study_files(), *where.ledger_files(), where.scenario_file()]

    def run(self, keys: Sequence[str]) -> pd.DataFrame:
        """One row a specification and claim of its family."""
        wanted = {one.key: one for one in self.grid.specifications()}
        study = load_study(self.root / self.name, name=self.name)
        evaluation = Evaluation(study, load_scenario(SCENARIO))
        ledger = load_ledger(study.descriptor.claims) if study.descriptor.claims else ()
        ordered = sorted((wanted[key] for key in keys), key=lambda one: (one.share, one.family, one.key))
        parts = []
        for family, several in groupby(ordered, key=lambda one: one.family):
            claims = claims_in(ledger, family) or statements_of(evaluation.rows(self.grid.published(family)), family)
            parts += [*_answered(evaluation, claims, several)]
        return pd.concat(parts, ignore_index=True)


def _answered(evaluation: Evaluation, claims: Sequence, several) -> Iterator[pd.DataFrame]:
    for one in several:
        found = answers(claims, evaluation.rows(one), evaluation.settings.alpha) if claims else _nothing()
        yield found.assign(key=one.key, family=one.family)


def _nothing() -> pd.DataFrame:
    """What a family says that has nothing to test in this study."""
    empty = answers([], pd.DataFrame())
    return pd.DataFrame([{**dict.fromkeys(empty.columns), "claim": "", "problem": "nothing to test in this study"}])


def _seconds(one: Specification) -> float:
    return SECONDS.get(one.family, 0.2) * (MULTIPLE if one["imputation"] == "multiple" else 1)


def kind(root: Path, study: str, options: Mapping[str, str]) -> Multiverse:
    """The kind of tasks that the engine runs."""
    return Multiverse(root, study, options["grid"])


def folder_of(where: Place, grid: str = DEFAULT) -> Folder:
    """Where the multiverse of a study is kept."""
    return Folder(where.root, "multiverse", where.study, {"grid": grid})
