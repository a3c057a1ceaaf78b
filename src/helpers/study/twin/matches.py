"""Rows of the twin that are also in the study, and categories that few participants have."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .wide import FEWEST, Wide

# A row of one or two values on a scale of a few points recurs by chance.
AT_LEAST = 3


def row_matches(real: Wide, twin: pd.DataFrame) -> dict[str, dict]:
    """For each table, rows of three values or more, and how many the study has too (same level, all values the same).

    Beside it, how many real rows another real participant has as well: on scales of whole points some rows recur.
    Counts under five are given as ``"<5"``.
    """
    found = {}
    for name, layout in real.layouts.items():
        counted = [_matched(real, twin, [c for c in layout.cells() if c.level == level]) for level in layout.levels]
        rows, matched, recurring = (sum(part) for part in zip(*counted, strict=True))
        found[name] = {
            "rows": counted_or_few(rows),
            "also in the study": counted_or_few(matched),
            "real rows of two participants or more": counted_or_few(recurring),
        }
    return found


def _matched(real: Wide, twin: pd.DataFrame, cells: list) -> tuple[int, int, int]:
    cells = [cell for cell in cells if cell in real.values.columns]
    if len(cells) < AT_LEAST:
        return 0, 0, 0
    theirs, ours = _rows(real.values[cells]), _rows(twin[cells])
    return len(ours), int(ours.isin(set(theirs)).sum()), int(theirs.duplicated(keep=False).sum())


def _rows(values: pd.DataFrame) -> pd.Series:
    """Each row's values as one text; rows with fewer than three values are left out."""
    full = values[values.notna().sum(axis=1) >= AT_LEAST]
    return full.map(_text).agg("\t".join, axis=1) if len(full) else pd.Series(dtype=object)


def _text(value) -> str:
    if pd.isna(value):
        return ""
    return f"{value:.12g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def rare_categories(real: Wide, twin: pd.DataFrame) -> dict[str, str | int]:
    """How many categories of columns fewer than five participants have, and in how many cells the twin has such a one.

    Their probability in the twin is smoothed, so that having one says nothing of who has.
    """
    rare = cells = 0
    for cell in real.values.columns:
        if real.field(cell).is_category:
            counts = real.values[cell].value_counts()
            few = counts.index[counts < FEWEST]
            rare += len(few)
            cells += int(twin[cell].isin(list(few)).sum())
    return {"categories": counted_or_few(rare), "cells of the twin": counted_or_few(cells)}


def counted_or_few(count: int) -> int | str:
    """A count, or ``"<5"`` for one to four.

    >>> [counted_or_few(n) for n in (0, 3, 5)]
    [0, '<5', 5]
    """
    return f"<{FEWEST}" if 0 < count < FEWEST else count


def total(tables: Mapping[str, dict]) -> int:
    """Rows compared over all tables, those under five left out."""
    return sum(table["rows"] for table in tables.values() if isinstance(table["rows"], int))
