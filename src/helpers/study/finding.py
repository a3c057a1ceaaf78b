"""Everything that is said of a study: one problem in one shape, for a person and for a program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd

ERROR, WARNING = "error", "warning"
# Rows and participants that are named; the rest are counted. A message stays short whatever the study's size.
SHOWN = 5
# What is shown of an identifier or a visit: a broken table may hold whole pages in one cell.
WIDTH = 40


@dataclass(frozen=True)
class Finding:
    """One thing the check of a study found.

    What a cell holds is a patient's and is never repeated, except identifiers, visits and groups, which say where.

    Attributes
    ----------
    severity : str
        ``error`` (an analysis is impossible or certainly wrong: nothing runs) or ``warning`` (it goes on, and the book
        shows the warning).
    rule : str
        Short stable name of the rule.
    what : str
        What is wrong.
    expected : str
        What was expected instead.
    advice : str
        What to do.
    file, column : str
        Where; empty when the finding is about more than one.
    rows : tuple of int
        Lines of the file (the heading is row 1), the first few.
    participants : tuple of str
        Whose rows they are, in the same order; or participants, where no row is concerned.
    visit, group : str
        Where, when all of it is at one visit or in one group.
    count : int
        Rows or participants concerned, named or not.

    Examples
    --------
    >>> found = Finding(ERROR, "type", "a value that does not fit", "expected a number", file="a.csv", column="bmi",
    ...                 rows=(3, 9), participants=("S1", "S7"), count=7)
    >>> print(found.sentence)
    a.csv, column bmi, rows 3, 9 and 5 more (participants S1, S7 …): a value that does not fit; expected a number
    >>> print(*found.lines(), sep="\\n")
    a.csv, column bmi, row 3 (participant S1): a value that does not fit; expected a number
    a.csv, column bmi, row 9 (participant S7): a value that does not fit; expected a number
    a.csv, column bmi: and 5 more rows like these
    """

    severity: str
    rule: str
    what: str
    expected: str = ""
    advice: str = ""
    file: str = ""
    column: str = ""
    rows: tuple[int, ...] = ()
    participants: tuple[str, ...] = ()
    visit: str = ""
    group: str = ""
    count: int = 1

    @property
    def said(self) -> str:
        """What is wrong and what was expected, without the place."""
        return "; ".join(part for part in (self.what, self.expected) if part)

    @property
    def place(self) -> str:
        """File, column, rows, participants, visit and group, as far as they are known."""
        more = f" and {self.count - len(self.rows)} more" if self.rows and self.count > len(self.rows) else ""
        rows = f"row{'s' * (len(self.rows) > 1)} {', '.join(map(str, self.rows))}{more}" if self.rows else ""
        parts = [self.file, f"column {self.column}" if self.column else "", rows]
        parts += [f"visit {self.visit}" if self.visit else "", f"group {self.group}" if self.group else ""]
        return ", ".join(part for part in parts if part) + self._people()

    @property
    def sentence(self) -> str:
        """The whole finding in one line that can be printed, without the advice."""
        return _printable(f"{self.place}: {self.said}" if self.place else self.said)

    def _people(self) -> str:
        named = list(dict.fromkeys(who for who in self.participants if who))
        if not named:
            return ""
        dots = " …" if self.count > max(len(self.rows), len(self.participants)) else ""
        return f" (participant{'s' * (len(named) > 1)} {', '.join(named)}{dots})"

    def lines(self) -> Iterator[str]:
        """One sentence a named row; the rest counted."""
        if len(self.rows) < 2 and self.count <= max(1, len(self.rows)):
            yield self.sentence
            return
        if not self.rows:
            yield self.sentence
            return
        whom = self.participants or ("",) * len(self.rows)
        for row, who in zip(self.rows, whom, strict=True):
            yield replace(self, rows=(row,), participants=(who,), count=1).sentence
        if self.count > len(self.rows):
            place = f"{self.file}, column {self.column}" if self.column else self.file
            yield f"{place}: and {self.count - len(self.rows)} more rows like these"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def rows_finding(finding: Finding, bad: pd.Series, who: pd.Series | None = None) -> Iterator[Finding]:
    """The finding with the rows marked in ``bad``, if there are any.

    Parameters
    ----------
    finding : Finding
        Everything but rows, participants and count.
    bad : Series of bool
        Its index is the line of the table, the first after the heading being 0.
    who : Series, optional
        Identifiers, one a row of ``bad``.
    """
    marked = bad.fillna(False).to_numpy(dtype=bool)
    count = int(marked.sum())
    if not count:
        return
    positions = marked.nonzero()[0][:SHOWN]
    rows = tuple(int(line) + 2 for line in bad.index[positions])
    people = () if who is None else tuple(shown(who.iloc[position]) for position in positions)
    yield replace(finding, rows=rows, participants=people if any(people) else (), count=count)


def people_finding(finding: Finding, who: Sequence[str]) -> Iterator[Finding]:
    """The finding with the participants concerned, if there are any."""
    if len(who):
        named = tuple(shown(name) for name in list(who)[:SHOWN])
        yield replace(finding, participants=named, count=len(who))


def _printable(text: str) -> str:
    """The text with what a screen cannot show written as Python writes it.

    >>> _printable("no such key '\\x1a'")
    "no such key '\\\\x1a'"
    """
    return text if text.isprintable() else "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)


def shown(value: Any) -> str:
    """An identifier or a visit as a message shows it; nothing for a missing one.

    >>> shown("S001"), shown(None), len(shown("x" * 500))
    ('S001', '', 40)
    """
    if value is None or pd.isna(value):
        return ""
    text = _printable(str(value))
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"
