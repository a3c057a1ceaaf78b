"""Exact intervals of noncentrality parameters, from which those of standardised effects follow."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats
from scipy.optimize import brentq

_EXACT = {"xtol": 1e-13, "rtol": 1e-14}


def noncentral_t(t: float, df: float, alpha: float = 0.05) -> tuple[float, float]:
    """Interval of the noncentrality of a t statistic: the δ at which P(T ≤ t; df, δ) is 1 - alpha/2 and alpha/2.

    Steiger and Fouladi (1997). `scipy.special.nctdtrinc` inverts the same function to about six digits; here each end
    is solved until the probability does not change any more.

    >>> [round(end, 4) for end in noncentral_t(2.0, 40)]
    [-0.02, 3.9962]
    """
    if t < 0:
        low, high = noncentral_t(-t, df, alpha)
        return -high, -low
    return (
        _crossing(lambda d: stats.nct.sf(t, df, d) - alpha / 2, t, -1),
        _crossing(lambda d: stats.nct.cdf(t, df, d) - alpha / 2, t, 1),
    )


def noncentral_f(f: float, df1: float, df2: float, alpha: float = 0.05) -> tuple[float, float]:
    """Interval of the noncentrality λ of an F statistic; an end is 0 where even λ = 0 leaves too little probability.

    The λ at which P(F ≤ f; df1, df2, λ) is 1 - alpha/2 and alpha/2 (Steiger 2004). Solved on scipy's distribution:
    `statsmodels.stats.oneway.confint_noncentrality` inverts it to three or four digits only.

    >>> [round(end, 3) for end in noncentral_f(5.0, 2, 60)]
    [0.611, 25.674]
    """
    ends = []
    for p in (1 - alpha / 2, alpha / 2):

        def off(noncentrality: float, p: float = p) -> float:
            return stats.ncf.cdf(f, df1, df2, noncentrality) - p

        ends.append(0.0 if stats.f.cdf(f, df1, df2) <= p else _crossing(off, 0.0, 1, 1 + f * df1))
    return ends[0], ends[1]


def _crossing(function: Callable[[float], float], start: float, direction: int, step: float = 1.0) -> float:
    """Where the function changes sign on the way from `start`; the stretch searched doubles until it does."""
    near, sign = start, np.sign(function(start))
    if sign == 0:
        return start
    while np.sign(function(far := start + direction * step)) == sign:
        near, step = far, 2 * step
    return float(brentq(function, near, far, **_EXACT))
