"""The table of faults: which there are, and what a test found of each."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path

TABLE = Path(__file__).resolve().parents[2] / "book" / "faults.csv"
WRITING = "FAULTS_TABLE"  # set by `make faults`: rows are written, not compared

ORDER = ("04_longitudinal_cytokines", "01_cohort", "agreement", "03_baseline_cytokines", "02_efficacy",
         "05_regression_mediation", "07_robustness", "08_design", "06_claims")  # fmt: skip
PLACED = ("executed copy into place", "note of the digests")
BOOK = ("pages assembled", "pages compiled", "book beside the last", "link to it made", "link put in place",
        "marker written", "state recorded")  # fmt: skip
KILLED = "the whole build killed (SIGKILL)"
PARTS = ("Before, between and after builds", "While notebooks run", "While the book is made and put in place")
CASES = (
    *((KILLED, stage) for stage in ("study checked", *ORDER, *PLACED, *BOOK)),
    ("the command alone killed (SIGKILL)", "notebook"),
    ("the process that runs the jobs killed (SIGKILL)", "notebook"),
    ("asked to end (SIGTERM)", "notebook"),
    ("asked to end (SIGTERM)", "pages compiled"),
    ("Ctrl-C", "notebook"),
    ("Ctrl-C", "pages compiled"),
    ("a cell raises an error", "notebook"),
    ("a kernel killed, as when memory runs out", "notebook"),
    ("memory refused to a kernel", "notebook"),
    ("a kernel hangs", "notebook"),
    ("a cell shows ten megabytes", "notebook"),
    ("the pages do not compile", "pages compiled"),
    ("disk full", "before the build"),
    ("disk full", "notebook"),
    ("disk full", "pages compiled"),
    ("output read-only", "before the build"),
    ("two builds at once", "notebook"),
    ("a results file cut short", "between builds"),
    ("a results file edited by hand", "between builds"),
    ("the book edited by hand", "between builds"),
    ("power lost: empty files and stale locks", "between builds"),
    ("caches and records deleted", "after a killed build"),
    ("clock set back, then a notebook edited", "between builds"),
    ("clock set back, then built again", "between builds"),
    ("spaces and other letters in every path, under the C locale", "whole build"),
)


@dataclass(frozen=True)
class Row:
    """A fault, the stage it met, what was found after it, what the next build did, and whether all is as it should be.

    Attributes
    ----------
    part, fault, stage, found, next : str
    holds : str
        ``yes`` or ``no``.
    """

    part: str
    fault: str
    stage: str
    found: str
    next: str
    holds: str


NAMES = [field.name for field in fields(Row)]
seen: list[Row] = []


def row_of(case: tuple[str, str], found: str, following: str, holds: bool) -> Row:
    """The row of a case."""
    stage = case[1]
    part = PARTS[2] if stage in BOOK else PARTS[1] if stage in (*ORDER, *PLACED, "notebook") else PARTS[0]
    return Row(part, *case, found, following, "yes" if holds else "no")


def record(row: Row) -> None:
    """Keep a row; it must hold, and be the one that the book shows."""
    assert (row.fault, row.stage) in CASES
    assert row.holds == "yes", row
    seen.append(row)
    if WRITING not in os.environ:
        assert row in committed(), f"{row}\nis not in {TABLE.name}: run `make faults`"


def committed() -> list[Row]:
    """The rows that the book shows."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Row(**line) for line in csv.DictReader(file)]


def write() -> None:
    """Write the rows of this run, in the order of the cases."""
    text = io.StringIO()
    table = csv.DictWriter(text, NAMES, lineterminator="\n")
    table.writeheader()
    table.writerows(asdict(row) for row in sorted(seen, key=lambda row: CASES.index((row.fault, row.stage))))
    TABLE.write_text(text.getvalue(), encoding="utf-8")
