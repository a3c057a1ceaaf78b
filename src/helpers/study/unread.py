"""Why cells could not be read as their type, told from their shape, and what to do. No cell is repeated."""

from __future__ import annotations

import pandas as pd

DETECTION = "values below the detection limit need a number, or a missing code that the descriptor lists"
# Shape of the text, what to do; the first that fits more cells than any other is said.
SHAPES = (
    (r"^=|^\+[A-Za-z]|^@", "a formula: save the values, not the formulas"),
    (r"^#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)", "an error of the spreadsheet: mend it there"),
    (r"^[<>≤≥]", DETECTION),
    (r"^[+-]?\d{1,3}(?:\.\d{3})*,\d+$", "a decimal comma: write decimals with a point"),
    (r"^[−–—]\d", "a dash for a minus sign: write a hyphen"),
    (r"^\d[\d.,]*\s*[A-Za-zµ%°²³]", "a unit behind the number: keep the number, and name the unit in the descriptor"),
    (r"^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|^\d{4}[./]\d{1,2}[./]\d{1,2}", "another order or mark of the date"),
    (r"^[\d.,\s]*\d[\d.,\s]*$", "digits in another shape: write plain numbers, decimals with a point, no spaces"),
    (r"^(?:\.|-+|\?|n\.?/?a\.?|nan|null|none|missing|k\.?\s?a\.?)$",
     "if it means missing, add the code to missingValues of the table in the descriptor"),
)  # fmt: skip
DAY_NUMBERS = "whole numbers look like a spreadsheet's count of days: format the column as year-month-day before saving"
CHECK = "correct the cell, or add the code to missingValues of the table in the descriptor if it means missing"


def advice_on(cells: pd.Series, kind: str) -> str:
    """What to do about cells that could not be read as ``kind``.

    >>> advice_on(pd.Series(["21,2", "3,4"]), "number")
    'a decimal comma: write decimals with a point'
    >>> advice_on(pd.Series(["44431"]), "date") == DAY_NUMBERS
    True
    """
    # A sample says as much as all of a column that is wrong throughout.
    text = cells.head(200).astype(str).str.strip()
    if kind == "date" and text.str.fullmatch(r"\d{4,5}(\.0)?").mean() > 0.5:
        return DAY_NUMBERS
    if kind == "integer" and text.str.fullmatch(r"[+-]?\d+\.\d+").all():
        return "decimals in a column of whole numbers: correct them, or give the column type number in the descriptor"
    shapes = [(int(text.str.contains(shape, case=False, regex=True).sum()), advice) for shape, advice in SHAPES]
    most, advice = max(shapes, key=lambda shape: shape[0])
    return advice if most else CHECK
