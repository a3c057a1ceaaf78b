"""Reading a table as text first, so that a cell of the wrong type can be named instead of guessed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.study.descriptor import Field, Resource

SHOWN = 5
TRUE, FALSE = {"true", "1", "yes"}, {"false", "0", "no"}


@dataclass(frozen=True, eq=False)
class TypedTable:
    """A table in its types, and which of its cells hold something that is not of the type (they are missing there).

    Both frames are indexed by the line of the table, the first after the heading being 0; lines without any text are
    left out.
    """

    frame: pd.DataFrame
    unreadable: pd.DataFrame


def typed_table(path: Path, resource: Resource, identifier: str) -> tuple[TypedTable | None, list[str]]:
    """Read a CSV table (UTF-8, comma) and give each column the descriptor's type.

    Returns
    -------
    table : TypedTable or None
        ``Int64``, ``float64``, ``boolean`` or ``string`` columns, in the descriptor's order. None when the file or its
        heading cannot be used.
    problems : list of str
        Sentences that name file, column, row (the header is row 1) and participant.
    """
    try:
        text = pd.read_csv(path, dtype="string", keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        return None, [f"{resource.path}: not a comma-separated table in UTF-8 ({error})"]
    problems = _heading_problems(list(text.columns), resource)
    if not problems and not isinstance(text.index, pd.RangeIndex):
        # pandas takes the surplus cells for row names, and every column would be one off.
        problems = [f"{resource.path}: the rows have more cells than the heading; expected {len(text.columns)} cells"]
    if problems:
        return None, problems
    text = text[~(text.isna() | (text == "")).all(axis=1)]
    text = text.mask(text.isin(list(resource.missing_values)))
    frame = pd.DataFrame({field.name: _typed(text[field.name], field) for field in resource.fields})
    unreadable = frame.isna() & text[list(frame)].notna()
    who = text.get(identifier, None)
    for field in resource.fields:
        expected = f"expected {_article(field.type)}"
        problems += cell_problems(resource.path, text[field.name], unreadable[field.name], who, expected)
    return TypedTable(frame, unreadable), problems


def _heading_problems(found: Sequence[str], resource: Resource) -> list[str]:
    expected = [field.name for field in resource.fields]
    problems = [
        f"{resource.path}: no column {name!r}, which the descriptor lists" for name in expected if name not in found
    ]
    problems += [
        f"{resource.path}: column {name!r} is not in the descriptor; describe it there or remove it"
        for name in found
        if name not in expected
    ]
    return problems


def _typed(text: pd.Series, field: Field) -> pd.Series:
    """The column in its type; a cell that cannot be read becomes missing, which the caller reports."""
    if field.type == "string":
        return text
    if field.type == "boolean":
        lower = text.str.lower()
        return lower.isin(TRUE).astype("boolean").mask(~lower.isin(TRUE | FALSE))
    numbers = pd.to_numeric(text, errors="coerce").astype("Float64")
    numbers = numbers.mask(numbers.abs() == float("inf"))
    if field.type == "integer":
        return numbers.mask(numbers.notna() & (numbers % 1 != 0)).astype("Int64")
    return numbers.astype("float64")


def cell_problems(path: str, column: pd.Series, bad: pd.Series, who: pd.Series | None, expected: str) -> list[str]:
    """Sentences for the cells marked ``bad``; the first few by name, the rest counted. The index is the line.

    What a cell holds is a patient's: it is not repeated in a message, except for identifiers and visits, which say
    where. ``who`` holds the identifiers; without it, ``column`` does.
    """
    place = who is None or column.name in (who.name, "visit")
    rows = [position for position, flag in enumerate(bad.fillna(False)) if flag]
    sentences = [
        f"{path}, column {column.name}, row {column.index[row] + 2}{_whose(who, row)}: "
        f"{_found(column.iloc[row], place)}; {expected}"
        for row in rows[:SHOWN]
    ]
    if len(rows) > SHOWN:
        sentences.append(f"{path}, column {column.name}: and {len(rows) - SHOWN} more rows like these")
    return sentences


def _found(value, shown: bool) -> str:
    if pd.isna(value):
        return "nothing there"
    return f"found {str(value)!r}" if shown else "a value that does not fit"


def _whose(who: pd.Series | None, row: int) -> str:
    return "" if who is None or pd.isna(who.iloc[row]) else f" (participant {who.iloc[row]})"


def _article(kind: str) -> str:
    words = {
        "string": "text",
        "integer": "a whole number",
        "number": "a number",
        "boolean": "true or false (or 1, 0, yes, no)",
    }
    return words[kind]
