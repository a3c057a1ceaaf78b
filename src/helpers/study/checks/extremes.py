"""Single values far outside the rest, as a shifted decimal or another unit makes them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.study.checks.view import View
from helpers.study.finding import WARNING, Finding, rows_finding
from helpers.study.unfit import MISSING_CODES

FACTOR = 100  # from the median
GAP, ISOLATED = 10, 30  # from the next value, and then from the median
SHARE, FEW = 0.01, 10  # more than this share is a tail, not a slip


def findings(view: View) -> Iterator[Finding]:
    """Every column of positive numbers: values a hundred times the median, or one alone above all others."""
    advice = "check the decimal sign and the unit of these values"
    for resource, column, values in view.numeric():
        far = far_values(values.where(~values.isin(MISSING_CODES)))
        what = "far outside all other values of the column"
        rule = Finding(
            WARNING, "far-value", what, "expected the same order of magnitude", advice, resource.path, column
        )
        yield from rows_finding(rule, far, view.tables[resource.name].get(view.roles.identifier))


def far_values(values: pd.Series) -> pd.Series:
    """Which values are far from all others on the logarithmic scale.

    >>> far_values(pd.Series([1.0, 2, 3, 2, 1, 2, 3, 2, 1, 2, 250])).tolist()[-1]
    True
    """
    logs = np.log(values.where(values > 0))
    known = logs.dropna().to_numpy()
    none = pd.Series(False, index=values.index)
    if len(known) < FEW:
        return none
    off = (logs - np.median(known)).abs()
    far = (off >= np.log(FACTOR)).fillna(False)
    far = far if far.sum() <= max(1, SHARE * len(known)) else none
    return far | (logs == _alone(known, upper=True)) | (logs == _alone(known, upper=False))


def _alone(known: np.ndarray, upper: bool) -> float:
    """The outermost value when it stands alone, far from the next and from the median; nan otherwise."""
    outer = np.sort(known if upper else -known)[::-1]
    alone = outer[0] - outer[1] >= np.log(GAP) and outer[0] - np.median(outer) >= np.log(ISOLATED)
    return float(outer[0] if upper else -outer[0]) if alone else np.nan
