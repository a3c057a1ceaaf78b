"""Reading a table as text first, so that a cell of the wrong type can be named instead of guessed at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers.study.descriptor import Field, Resource

SHOWN = 5
TRUE, FALSE = {"true", "1", "yes"}, {"false", "0", "no"}


def typed_table(path: Path, resource: Resource, identifier: str) -> tuple[pd.DataFrame, list[str]]:
    """Read a CSV table (UTF-8, comma) and give each column the descriptor's type.

    Returns
    -------
    frame : DataFrame
        ``Int64``, ``float64``, ``boolean`` or ``string`` columns, in the descriptor's order. Empty when there are
        problems.
    problems : list of str
        Sentences that name file, column, row (the header is row 1) and participant.
    """
    try:
        text = pd.read_csv(path, dtype="string", keep_default_na=False, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        return pd.DataFrame(), [f"{resource.path}: not a comma-separated table in UTF-8 ({error})"]
    problems = _heading_problems(list(text.columns), resource)
    if problems:
        return pd.DataFrame(), problems
    text = text.mask(text.isin(list(resource.missing_values)))
    columns = {field.name: _typed(text[field.name], field) for field in resource.fields}
    who = text.get(identifier, None)
    for field in resource.fields:
        bad = columns[field.name].isna() & text[field.name].notna()
        expected = f"expected {_article(field.type)}"
        problems += cell_problems(resource.path, text[field.name], bad, who, expected)
    return pd.DataFrame(columns), problems


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
    """Sentences for the cells marked ``bad``; the first few by name, the rest counted."""
    rows = [position for position, flag in enumerate(bad.fillna(False)) if flag]
    sentences = [
        f"{path}, column {column.name}, row {row + 2}{_whose(who, row)}: {_found(column.iloc[row])}; {expected}"
        for row in rows[:SHOWN]
    ]
    if len(rows) > SHOWN:
        sentences.append(f"{path}, column {column.name}: and {len(rows) - SHOWN} more rows like these")
    return sentences


def _found(value) -> str:
    return "nothing there" if pd.isna(value) else f"found {str(value)!r}"


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
