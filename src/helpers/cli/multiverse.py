"""`make multiverse`: the paper's claims under every combination of the grid's choices."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby
from pathlib import Path

import pandas as pd

from helpers.analysis.multiverse import Evaluation, Grid, Specification, read_grid
from helpers.analysis.multiverse.variants import regrouped
from helpers.analysis.places import resolve
from helpers.analysis.robustness.files import SCENARIO
from helpers.analysis.scenarios import load_scenario
from helpers.analysis.settings import SettingsError
from helpers.claims.answers import answers, claims_in, statements_of
from helpers.claims.ledger import Claim, load_ledger
from helpers.cli.layout import Place
from helpers.cli.many.folder import Folder
from helpers.cli.many.tasks import Task
from helpers.study import Study, StudyError, load_study

# Seconds a specification is likely to take, for the size of the chunks: multiple imputation fits every model ten times.
SECONDS = {"longitudinal_tests": 0.08, "longitudinal_comparisons": 0.03, "endpoints": 0.3, "outcome_tests": 0.4}
MULTIPLE = 5.0


class Multiverse:
    """The specifications of a grid on one study, or ``count`` of them chosen evenly."""

    def __init__(self, root: Path, study: str, grid: str, count: int = 0):
        self.root, self.name, self.count = root, study, count
        self.study = load_study(root / study, name=study)
        self.grid, self.left_out = usable(read_grid(resolve(grid)), self.study)
        self.left_out += unknown_curves(self.grid, self._ledger)

    @cached_property
    def _ledger(self) -> Sequence[Claim]:
        return load_ledger(self.study.descriptor.claims) if self.study.descriptor.claims else ()

    def tasks(self) -> Sequence[Task]:
        """One task a specification; those of a fit share it."""
        chosen = evenly([*self.grid.specifications()], self.count)
        return [Task(one.key, one.share, _seconds(one)) for one in chosen]

    def files(self) -> Sequence[str]:
        """The study's tables and its ledger. Not the grid: a specification is whole in its key."""
        where = Place(self.root, self.name, SCENARIO)
        return [*where.study_files(), *where.ledger_files(), where.scenario_file()]

    def run(self, keys: Sequence[str]) -> pd.DataFrame:
        """One row a specification and claim of its family."""
        wanted = {one.key: one for one in self.grid.specifications()}
        evaluation = Evaluation(self.study, load_scenario(SCENARIO))
        ledger = self._ledger
        ordered = sorted((wanted[key] for key in keys), key=lambda one: (one.share, one.family, one.key))
        parts = []
        for family, several in groupby(ordered, key=lambda one: one.family):
            claims = claims_in(ledger, family) or statements_of(
                evaluation.rows(self.grid.published(family)), family, evaluation.settings.alpha
            )
            parts += [*_answered(evaluation, claims, several)]
        return pd.concat(parts, ignore_index=True)


def unknown_curves(grid: Grid, ledger: Sequence[Claim]) -> list[str]:
    """One line for each main claim of the grid that the study's ledger does not have; none without a ledger.

    >>> unknown_curves(Grid({}, ("respons-p",)), [Claim("response-p", "p_value", "", "", "0.04", "", {})])
    ['left out, curves respons-p: the ledger has no such claim; did you mean response-p?']
    """
    known = tuple(claim.id for claim in ledger)
    missing = [name for name in grid.curves if known and name not in known]
    return [f"left out, curves {name}: the ledger has no such claim; {_nearest(name, known)}" for name in missing]


def _nearest(name: str, known: tuple[str, ...]) -> str:
    """The claim that may have been meant; all of them would be hundreds."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else "their identifiers are in data/claims"


def usable(grid: Grid, study: Study) -> tuple[Grid, list[str]]:
    """The grid with the definitions of pain that the study can have, and one line for each that it cannot.

    Raises
    ------
    SettingsError
        The study can have none of them.
    """
    refused = {}
    asked = {json.dumps(value): value for own in grid.values.values() for value in own["pain"]}
    for text, value in asked.items():
        try:
            regrouped(study, value)
        except StudyError as error:
            refused[text] = f"left out, pain {text}: {error.problems[0]}"
    found = grid.without("pain", [asked[text] for text in refused])
    if not all(own["pain"] for own in found.values.values()):
        raise SettingsError("pain", list(refused.values()))
    return found, list(refused.values())


def evenly(items: Sequence, count: int) -> Sequence:
    """``count`` of the items at even distances, the first among them; all when ``count`` is 0 or not below them.

    >>> evenly("abcdefghij", 4), evenly("abc", 0), evenly("abc", 5)
    (['a', 'c', 'f', 'h'], 'abc', 'abc')
    """
    if not 0 < count < len(items):
        return items
    return [items[place * len(items) // count] for place in range(count)]


def _answered(evaluation: Evaluation, claims: Sequence, several) -> Iterator[pd.DataFrame]:
    for one in several:
        found = answers(claims, evaluation.rows(one), evaluation.settings.alpha) if claims else _nothing()
        yield found.assign(key=one.key, family=one.family)


def _nothing() -> pd.DataFrame:
    """What a family says that has nothing to test in this study."""
    return pd.DataFrame([{"claim": "", "problem": "nothing to test in this study"}])


def _seconds(one: Specification) -> float:
    return SECONDS.get(one.family, 0.2) * (MULTIPLE if one["imputation"] == "multiple" else 1)


def kind(root: Path, study: str, options: Mapping[str, str]) -> Multiverse:
    """The kind of tasks that the engine runs."""
    return Multiverse(root, study, options["grid"], int(options.get("count", 0)))


def folder_of(where: Place, grid: str) -> Folder:
    """Where the multiverse of a study is kept."""
    return Folder(where.root, "multiverse", where.study, {"grid": grid})
