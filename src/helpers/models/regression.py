"""Simple linear regression of one variable on another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from .arrays import at_least, check_alpha, complete, interval
from .errors import ConstantError


@dataclass(frozen=True)
class SlopeFit:
    """Slope in units of y per unit of x; `beta` is the same in standard deviations."""

    slope: float
    beta: float
    se: float
    df: float
    statistic: float
    p: float
    ci_low: float
    ci_high: float
    r_squared: float
    n: int


def slope(x: ArrayLike, y: ArrayLike, alpha: float = 0.05) -> SlopeFit:
    """Least-squares slope of y on x with intercept, over the pairs in which neither is missing.

    b = Sxy / Sxx, se = √((Syy - b Sxy) / (n-2) / Sxx), t = b / se on n-2 df; β = b sₓ / s_y is Pearson's r.
    Raises `TooFewError` below three pairs, `ConstantError` when x or y does not vary. From `scipy.stats.linregress`.

    >>> fit = slope([1, 2, 3, 4], [2, 4, 5, 8])
    >>> round(fit.slope, 2), round(fit.beta, 4), fit.df, round(fit.p, 4)
    (1.9, 0.9812, 2.0, 0.0188)
    """
    check_alpha(alpha)
    x, y = complete(x, y)
    at_least(len(x), 3, "pairs")
    for name, values in (("x", x), ("y", y)):
        if np.ptp(values) == 0:
            raise ConstantError(
                f"{name} is constant over the {len(x)} complete pairs; a slope needs it to vary.", [name]
            )
    # Over their ranges, so that no product of sums of squares leaves the range of numbers.
    unit = np.ptp(y) / np.ptp(x)
    result = stats.linregress(x / np.ptp(x), y / np.ptp(y))
    df = len(x) - 2.0
    low, high = interval(result.slope * unit, result.stderr * unit, df, alpha)
    return SlopeFit(
        slope=float(result.slope * unit),
        beta=float(result.rvalue),
        se=float(result.stderr * unit),
        df=df,
        # A perfect line has no residual variance: t is infinite, p zero.
        statistic=float(result.slope / result.stderr)
        if result.stderr > 0
        else float(np.copysign(np.inf, result.slope)),
        p=float(result.pvalue),
        ci_low=float(low),
        ci_high=float(high),
        r_squared=float(result.rvalue**2),
        n=len(x),
    )
