"""Codes for missing values that were left as numbers."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpers.study.checks.view import View
from helpers.study.finding import WARNING, Finding, rows_finding
from helpers.study.unfit import MISSING_CODES

FEW = 5
ADVICE = "add the code to missingValues of the table in the descriptor"


def findings(view: View) -> Iterator[Finding]:
    """Columns of numbers with usual codes for missing (999, -9, 88 …) outside the range of all other values."""
    for resource, column, values in view.numeric():
        left = codes_left(values)
        if left.any():
            named = ", ".join(f"{code:g}" for code in sorted(set(values[left])))
            what = f"a number outside all others that usually stands for missing (one of {named})"
            rule = Finding(WARNING, "missing-code", what, "", ADVICE, resource.path, column)
            yield from rows_finding(rule, left, view.tables[resource.name].get(view.roles.identifier))


def codes_left(values: pd.Series) -> pd.Series:
    """Which values are a usual code, further outside all others than the others are apart.

    >>> codes_left(pd.Series([4.0, 9, 7, 5, 6, 999, -9])).tolist()
    [False, False, False, False, False, True, True]
    >>> codes_left(pd.Series([40.0, 90, 70, 85, 88, 99])).any()
    np.False_
    """
    coded = values.isin(MISSING_CODES)
    others = values[~coded].dropna()
    if not coded.any() or len(others) < FEW:
        return coded & False
    low, high = others.min(), others.max()
    reach = max(high - low, abs(high), 1)
    below = (values < 0) if low >= 0 else values < low - reach
    return coded & (below | (values > high + reach))
