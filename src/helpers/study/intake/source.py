"""A laboratory's table in memory: every cell as text, with what its file says about the columns."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.study.intake.errors import SourceError

NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


@dataclass(frozen=True, eq=False)
class Column:
    """A column as its file describes it.

    Attributes
    ----------
    name : str
        As in the file, blanks at its ends and line breaks apart.
    label : str
        The variable label of SPSS; empty elsewhere.
    labels : mapping of str to str
        Value labels of SPSS: code, meaning.
    user_missing : tuple of str
        Codes that SPSS calls missing; a range is written ``low:high``.
    kind : str
        ``number``, ``text``, ``date`` or ``mixed``.
    """

    name: str
    label: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    user_missing: tuple[str, ...] = ()
    kind: str = "text"


@dataclass(frozen=True, eq=False)
class Table:
    """A sheet or file: its columns, and a frame of text with a row a line.

    In the frame, an empty text and a missing value are different things: the first was typed, or is a text variable of
    SPSS without content; the second is the file's own *nothing here* (system-missing, an empty cell). ``first_row`` is
    the row of the file that the frame's first row is, for messages. ``result`` is the column of the file that holds
    the values, where the frame is one analyte's part of an assay's export.
    """

    alias: str
    path: Path
    sheet: str
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    first_row: int = 2
    result: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What messages call it: file, and sheet where there are several."""
        return f"{self.path.name}, sheet {self.sheet}" if self.sheet else self.path.name

    def column(self, name: str) -> Column:
        """The column called ``name``."""
        return next(c for c in self.columns if c.name == name)

    def row(self, position: int) -> int:
        """The row of the file for a position in the frame."""
        return position + self.first_row


def cell_text(value: Any) -> Any:
    """A cell as text: numbers without a needless point, days as ISO dates; missing stays missing.

    Examples
    --------
    >>> cell_text(40.0), cell_text(0.13), cell_text(True), cell_text(" a "), cell_text(float("nan"))
    ('40', '0.13', 'true', 'a', <NA>)
    """
    if value is None or value is pd.NaT or (isinstance(value, float) and value != value):
        return pd.NA
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(float(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value).strip()


def number_text(value: float) -> str:
    """The shortest text of a number that reads back as the same.

    Examples
    --------
    >>> number_text(999.0), number_text(1e-7), number_text(0.1)
    ('999', '1e-07', '0.1')
    """
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def canonical(text: Any) -> str:
    """A code in one spelling, so that ``1``, ``1.0`` and ``01`` are the same code.

    Examples
    --------
    >>> canonical("01"), canonical(1.0), canonical(" yes ")
    ('1', '1', 'yes')
    """
    text = str(text).strip()
    return number_text(float(text)) if NUMBER.fullmatch(text) and len(text) < 16 else text


def clean_headings(raw: Sequence[Any], where: str, row: int = 1) -> list[str]:
    """The names of the columns, refused when a column has none or two have the same.

    Raises
    ------
    SourceError
        Names every column that has no name, a name without any letter or digit, or the name of another.
    """
    names = [re.sub(r"\s+", " ", "" if cell is None or cell is pd.NA else str(cell)).strip() for cell in raw]
    problems = [
        f"row {row}, column {place + 1}: no name; every column with values needs one"
        for place, name in enumerate(names)
        if not name
    ]
    problems += [
        f"row {row}, column {place + 1}: a name without a letter or digit; rename the column"
        for place, name in enumerate(names)
        if name and not any(sign.isalnum() for sign in name)
    ]
    for name in dict.fromkeys(names):
        places = [str(place + 1) for place, other in enumerate(names) if other == name]
        if name and len(places) > 1:
            problems.append(
                f"row {row}: columns {', '.join(places)} are all called {name!r}; expected each name once "
                "(merged heading cells and headings over two rows look like this too)"
            )
    if problems:
        raise SourceError(where, problems)
    return names
