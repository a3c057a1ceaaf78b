"""Disclosure control as a setting of a run: a plan in its output folder, which every row passes before it is shown."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from helpers.analysis.disclosure import points
from helpers.analysis.disclosure.plan import carry_out, decide
from helpers.analysis.disclosure.rules import WITHHELD
from helpers.analysis.files import write_whole

FILE = "disclosure.json"


@dataclass(frozen=True, eq=False)
class Disclosure:
    """The control of a run.

    Attributes
    ----------
    threshold : int
        Counts from 1 to one below it are small.
    plan : DataFrame
        As :func:`helpers.analysis.disclosure.plan.decide` gives it.
    """

    threshold: int
    plan: pd.DataFrame = field(repr=False)

    def rows(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Results rows under control."""
        return carry_out(rows, self.plan)

    def count(self, n: float, whole: float | None = None) -> float:
        """A count that is no results row: missing when it, or what the whole has beyond it, is small.

        >>> control = Disclosure(5, pd.DataFrame())
        >>> control.count(31), control.count(31, 33), control.count(0, 33)
        (31.0, nan, 0.0)
        """
        small = 0 < n < self.threshold or (whole is not None and 0 < whole - n < self.threshold)
        return float("nan") if small else float(n)

    @cached_property
    def points(self) -> points.Points:
        """What stands in figures for single people."""
        return points.Points(self.threshold)


def plan_for(rows: pd.DataFrame, threshold: int) -> Disclosure:
    """The control of a build, from all its results rows."""
    return Disclosure(threshold, decide(rows, threshold))


def write_control(control: Disclosure, folder: Path) -> None:
    """Write a plan into the output folder of a run, which puts the run under control."""
    lines = {"threshold": control.threshold, "plan": control.plan.to_dict(orient="split", index=False)}
    text = json.dumps(lines, ensure_ascii=False, separators=(",", ":")) + "\n"
    path = folder / FILE
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_whole(path, text.encode("utf-8"))


def read_control(folder: Path) -> Disclosure | None:
    """The control of the run whose output folder this is; none where no plan was written."""
    path = folder / FILE
    if not path.is_file():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    return Disclosure(found["threshold"], pd.DataFrame(**found["plan"]))


def anything_withheld(rows: pd.DataFrame) -> bool:
    """Whether a table or figure made from these rows lacks what control took out."""
    return bool((rows["method"] == WITHHELD).any())
