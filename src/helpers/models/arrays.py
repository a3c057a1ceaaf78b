"""Small helpers shared by the statistics: complete cases, intervals, two-sided p-values."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from .errors import OptionError, TooFewError


def present(values: ArrayLike) -> np.ndarray:
    """The finite values of a vector, as floats.

    >>> present([1, None, 3]).tolist()
    [1.0, 3.0]
    """
    values = pd.to_numeric(pd.Series(np.asarray(values).ravel()), errors="raise").to_numpy(float, na_value=np.nan)
    return values[np.isfinite(values)]


def complete(*vectors: ArrayLike) -> list[np.ndarray]:
    """The vectors (n,) without the positions at which any of them is missing.

    >>> [v.tolist() for v in complete([1, 2, None], [4, 5, 6])]
    [[1.0, 2.0], [4.0, 5.0]]
    """
    columns = [pd.to_numeric(pd.Series(np.asarray(v))).to_numpy(float, na_value=np.nan) for v in vectors]
    if len({len(column) for column in columns}) > 1:
        raise OptionError("The vectors have different lengths: " + ", ".join(str(len(c)) for c in columns) + ".")
    keep = np.all([np.isfinite(column) for column in columns], axis=0)
    return [column[keep] for column in columns]


def at_least(n: int, needed: int, what: str) -> None:
    """Raise `TooFewError` when fewer than `needed` observations are left.

    >>> at_least(5, 3, "pairs")
    """
    if n < needed:
        raise TooFewError(f"Only {n} complete {what}; at least {needed} are needed.")


def check_alpha(alpha: float) -> None:
    """Raise `OptionError` unless 0 < alpha < 1.

    >>> check_alpha(0.05)
    """
    if not 0 < alpha < 1:
        raise OptionError(f"alpha is {alpha}; it must lie between 0 and 1.", [alpha])


def interval(estimate, se, df, alpha=0.05):
    """estimate ± t(1 - alpha/2, df) se; an infinite df gives the normal interval.

    >>> low, high = interval(0.0, 1.0, float("inf"))
    >>> round(float(low), 2), round(float(high), 2)
    (-1.96, 1.96)
    """
    half = stats.t.isf(np.asarray(alpha) / 2, df) * se
    return estimate - half, estimate + half


def two_sided(statistic, df):
    """Two-sided p-value of a t statistic; an infinite df gives the normal one.

    >>> round(float(two_sided(1.959964, float("inf"))), 4)
    0.05
    """
    return 2 * stats.t.sf(np.abs(statistic), df)
