"""Reading a table as text first, so that a cell of the wrong type can be named instead of guessed at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from helpers.study.descriptor import Field, Resource
from helpers.study.finding import ERROR, SHOWN, Finding, rows_finding, shown
from helpers.study.table_file import read_table
from helpers.study.unread import advice_on

TRUE, FALSE = {"true", "1", "yes"}, {"false", "0", "no"}
TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false (or 1, 0, yes, no)",
    "date": "a date, year-month-day as in 2021-08-23",
}


@dataclass(frozen=True, eq=False)
class TypedTable:
    """A table in its types, and which of its cells hold something that is not of the type (they are missing there).

    Both frames are indexed by the line of the table, the first after the heading being 0; lines without any text are
    left out.
    """

    frame: pd.DataFrame
    unreadable: pd.DataFrame


def typed_table(
    path: Path, resource: Resource, identifier: str, rows_needed: bool = True
) -> tuple[TypedTable | None, list[Finding]]:
    """Read a CSV table (UTF-8, comma) and give each column the descriptor's type.

    Returns
    -------
    table : TypedTable or None
        ``Int64``, ``float64``, ``boolean``, ``datetime64`` or ``string`` columns, in the descriptor's order. None when
        the file or its heading cannot be used.
    findings : list of Finding
        By file, column, row (the header is row 1) and participant.
    """
    text, findings = read_table(path, resource.path, [field.name for field in resource.fields], rows_needed)
    if text is None:
        return None, findings
    codes = list(resource.missing_values)
    text = pd.DataFrame({name: column.mask(column.isin(codes)) for name, column in text.items()})
    frame = pd.DataFrame({field.name: _typed(text[field.name], field) for field in resource.fields})
    unreadable = frame.isna() & text[list(frame)].notna()
    who = text.get(identifier)
    for field in resource.fields:
        bad = unreadable[field.name]
        if bad.any():
            advice = advice_on(text.loc[bad, field.name], field.type)
            rule = Finding(ERROR, "type", "", f"expected {TYPES[field.type]}", advice, resource.path, field.name)
            findings += cell_findings(rule, text[field.name], bad, who)
    return TypedTable(frame, unreadable), findings


def _typed(text: pd.Series, field: Field) -> pd.Series:
    """The column in its type; a cell that cannot be read becomes missing, which the caller reports."""
    if field.type == "string":
        return text
    if field.type == "date":
        return pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    if field.type == "boolean":
        lower = text.str.lower()
        return lower.isin(TRUE).astype("boolean").mask(~lower.isin(TRUE | FALSE))
    numbers = pd.to_numeric(text, errors="coerce").astype("Float64")
    numbers = numbers.mask(numbers.abs() == float("inf"))
    if field.type == "integer":
        return numbers.mask(numbers.notna() & (numbers % 1 != 0)).astype("Int64")
    return numbers.astype("float64")


def cell_findings(finding: Finding, column: pd.Series, bad: pd.Series, who: pd.Series | None) -> Iterator[Finding]:
    """What is said of the cells marked ``bad``; the first few by name, the rest counted. The index is the line.

    What a cell holds is a patient's: it is not repeated in a message, except for identifiers and visits, which say
    where. ``who`` holds the identifiers; without it, ``column`` does.
    """
    bad = bad.fillna(False).astype(bool)
    if who is not None and column.name not in (who.name, "visit"):
        empty = column.isna() & bad
        yield from rows_finding(replace(finding, what="nothing there"), empty, who)
        yield from rows_finding(replace(finding, what="a value that does not fit"), bad & ~empty, who)
        return
    for value, part in _by_value(column, bad):
        yield from rows_finding(replace(finding, what=value), part, who)


def _by_value(column: pd.Series, bad: pd.Series) -> Iterator[tuple[str, pd.Series]]:
    """Rows that hold the same, for the first few values; then all the others."""
    values = column[bad]
    if values.isna().any():
        yield "nothing there", bad & column.isna()
    found = list(values.dropna().unique()[:SHOWN])
    for value in found:
        yield f"found {shown(value)!r}", bad & (column == value)
    yield "other values that do not fit", bad & column.notna() & ~column.isin(found)
