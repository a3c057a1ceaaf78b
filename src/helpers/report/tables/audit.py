"""What the printed figures say of each other, and the readings under which they can stand together."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from helpers.claims.audit import Finding
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import typeset
from helpers.report.ledger import PRINTED_ONLY, audited
from helpers.report.words import NOTHING, not_applicable

MOST_NAMED = 4  # members of a printed list that are shown; its length says the rest
FOLLOWS = "follows"
MEANING = (
    "Follows: the stated method gives it. Consistent under a stated reading: the stated method does not, another "
    "reading does. Inconsistent as printed: no reading that was tried allows it. No power: arithmetic cannot tell."
)


def findings(run, found: Sequence[Finding]) -> TableExhibit | TextExhibit:
    """Every finding: what was printed, what arithmetic makes of it, and whether it follows."""
    if not audited(run):
        return not_applicable("the arithmetic is about printed figures of the study that this compendium was made for.")
    lines = [
        [_subject(item), item.place, printed_words(item.printed), typeset(item.arithmetic), item.verdict]
        for item in found
    ]
    frame = pd.DataFrame(lines, columns=["Subject", "Place in the paper", "Printed", "Arithmetic", "Verdict"])
    caption = f"What the printed figures say of each other, {len(found)} findings. {PRINTED_ONLY}"
    return table_exhibit(frame, "tab-audit", caption, "lllll", MEANING, wordy=True)


def readings(run, found: Sequence[Finding]) -> TableExhibit | TextExhibit:
    """The readings tried of each finding that does not simply follow, the paper's stated method first."""
    if not audited(run):
        return NOTHING
    lines = [
        [
            _subject(item) if place == 0 else "",
            typeset(tried.name),
            "yes" if tried.allowed else "no",
            typeset(tried.detail),
        ]
        for item in found
        if item.verdict != FOLLOWS
        for place, tried in enumerate(item.readings)
    ]
    if not lines:
        return TextExhibit("Every printed figure follows under the stated methods.")
    frame = pd.DataFrame(lines, columns=["Subject", "Reading", "Possible", "Because"])
    caption = f"Readings of the figures that do not follow under the stated method. {PRINTED_ONLY}"
    note = "The stated method comes first. Possible: some data have the printed figures under this reading."
    return table_exhibit(frame, "tab-audit-readings", caption, "llll", note, wordy=True)


def _subject(item: Finding) -> str:
    """A subject with its first letter, or its scale's name, as a heading has it.

    >>> _subject(Finding("a", "ppi, time and interaction F", "", (), "", "follows", ()))
    'PPI, time and interaction F'
    """
    first, comma, rest = item.subject.partition(",")
    first = first.upper() if first in ("vas", "ppi", "madrs") else first[:1].upper() + first[1:]
    return typeset(first + comma + rest)


def printed_words(printed: Sequence[str]) -> str:
    """The printed strings, long lists cut.

    >>> printed_words(["Nineteen", "ITAC, GM-CSF, fractalkine, IFN-γ, IL-10, MIP-3a"])
    'Nineteen; ITAC, GM-CSF, … (list of 6)'
    """
    return "; ".join(_shortened(typeset(text)) for text in printed)


def _shortened(text: str) -> str:
    members = re.split(r", ", text)
    if len(members) <= MOST_NAMED:
        return text
    return f"{', '.join(members[: MOST_NAMED // 2])}, … (list of {len(members)})"
