"""The whole ledger: its checks by kind and verdict, and every check with the way to its results row."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.analysis.finder import Finder
from helpers.analysis.places import project_root
from helpers.analysis.results import TEXT
from helpers.claims import Claim, Verdict, counts_by_kind
from helpers.claims.whole import Chapters
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import unbroken
from helpers.report.ledger import heading, no_ledger
from helpers.report.listing import Cell, ListingExhibit, listing
from helpers.report.tables.claims import computed, labels_of, stated
from helpers.report.words import face

LAST = "1e9"  # what a missing number is sorted by
HEADS = ("Statement and its kind", "Place in the paper", "Printed", "Computed", "Verdict and reason", "Results row")


def by_kind(run, verdicts: Sequence[Verdict]) -> TableExhibit | TextExhibit:
    """Checks by kind (down) and verdict (across), with sums."""
    if missing := no_ledger(verdicts, run, "nothing to count"):
        return missing
    table = counts_by_kind(verdicts)
    lines = [[kind_words(kind), *map(str, cells)] for kind, cells in zip(table.index, table.values, strict=True)]
    frame = pd.DataFrame(lines, columns=["Kind of statement", *(str(name).capitalize() for name in table.columns)])
    caption = f"Checks by kind and verdict, {len(verdicts)} in all.{face(run)}"
    note = "A check is one statement, or one member of a list of which something is stated."
    return table_exhibit(frame, "tab-claims-kinds", caption, note=note)


def kind_words(kind: str) -> str:
    """A kind of claim for people.

    >>> kind_words("non_significance"), kind_words("p_value")
    ('Non-significance', 'P value')
    """
    return kind.replace("non_", "non-").replace("_", " ").capitalize()


def every_check(run, verdicts: Sequence[Verdict], chapters: Chapters) -> ListingExhibit | TextExhibit:
    """All checks, searchable: each statement leads to the section that computes it, each row to its results table."""
    if missing := no_ledger(verdicts, run, "nothing to list"):
        return missing
    labels = labels_of(run.study)
    finders = {name: Finder(found) for name, found in chapters.items()}
    rows = [_line(run, item, finders, labels) for item in verdicts]
    caption = (
        f"Every check of the ledger, {len(rows)} in all. A statement leads to the section that computes it, a results "
        f"row to the table that holds it.{face(run)}"
    )
    return listing("tab-ledger", caption, HEADS, rows)


def _line(run, item: Verdict, finders: Mapping[str, Finder], labels: Mapping[str, str]) -> tuple[Cell, ...]:
    claim = item.claim
    return (
        Cell(stated(claim, labels), kind_words(claim.kind), section_link(claim)),
        Cell(claim.place),
        Cell(unbroken(claim.printed), number=True),
        Cell(computed(item), order=LAST if pd.isna(item.computed) else "", number=True),
        Cell(item.verdict, item.reason),
        _results_row(run, claim, finders[claim.notebook]),
    )


def section_link(claim: Claim) -> str:
    """Where the claim is computed, as JupyterLab addresses a heading; the book turns it into its own address.

    >>> section_link(Claim("a", "count", "Methods", "Patients", "66", "01_cohort", {"analysis": "flow"}))
    '01_cohort.ipynb#Data-used'
    """
    return f"{claim.notebook}.ipynb#{heading(claim).replace(' ', '-')}"


def _results_row(run, claim: Claim, find: Finder) -> Cell:
    """The row's own cells, and on which line of which table they are."""
    found = find(**claim.row)
    if not claim.row or len(found) != 1:
        return Cell("–", order="~")
    line = found.index[0] + 2  # the first line holds the headings
    cells = [str(found[name].iloc[0]) for name in TEXT[:7] if found[name].iloc[0]]
    place = f"{claim.read}, line {line} of {claim.notebook}.csv"
    return Cell(" · ".join(cells), place, f"{_results_folder(run)}/{claim.notebook}.csv")


def _results_folder(run) -> str:
    """The results tables as seen from the notebook: in a build and in the book they lie beside its folder."""
    if not run.by_hand:
        return "../results"
    return os.path.relpath(run.output / "results", project_root() / "notebooks").replace(os.sep, "/")
