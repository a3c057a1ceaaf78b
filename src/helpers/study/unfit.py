"""What to do about values that are of the right type and outside what the descriptor allows. No value is repeated."""

from __future__ import annotations

import pandas as pd

from helpers.study.descriptor import Field
from helpers.study.spelling import folded

# Numbers that stand for a missing value in files of many programs, when they lie outside what is possible.
MISSING_CODES = (-1, -7, -8, -9, -88, -99, -999, -9999, 77, 88, 99, 777, 888, 999, 7777, 8888, 9999, 99999, 999999)
ADVICE = {
    "unique": "each participant has one row: merge the rows, or give the other person a code of their own",
    "required": "fill the cell, or take `required` out of the descriptor if the value may be missing",
    "category": "correct the cells, or add the value to constraints.enum in the descriptor",
    "pattern": "correct the cells, or the pattern in the descriptor",
    "range": "correct the cells, or the limits in the descriptor if such values are possible",
}


def advice_on_values(bad: pd.Series, field: Field, kind: str) -> str:
    """What to do about the values ``bad`` of a column that break a constraint of its field."""
    if kind == "category":
        return _on_categories(bad.dropna(), field)
    if kind == "range" and len(bad) and bad.isin(MISSING_CODES).all():
        return "they look like a code for missing: add it to missingValues of the table in the descriptor"
    return ADVICE[kind]


def _on_categories(bad: pd.Series, field: Field) -> str:
    known = {folded(str(value)) for value in field.constraints["enum"]}
    labels = {folded(label) for label in field.labels.values()} - known
    found = [folded(str(value)) for value in bad.unique()[:50]]
    if any(value in known for value in found):
        return "they differ from an allowed value only by case, spaces or look-alike letters: write it as listed"
    if any(value in labels for value in found):
        return "these are labels for readers: write the values that the descriptor lists"
    return ADVICE["category"]
