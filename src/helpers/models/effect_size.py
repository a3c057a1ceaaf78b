"""Standardised mean differences with their intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from pingouin import compute_effsize, compute_esci

from .arrays import at_least, check_alpha, present
from .errors import ConstantError


@dataclass(frozen=True)
class EffectSize:
    """A standardised effect and its interval."""

    value: float
    ci_low: float
    ci_high: float
    n: int
    method: str


def cohens_d(x: ArrayLike, y: ArrayLike, alpha: float = 0.05) -> EffectSize:
    """Cohen's d of two independent samples, (x̄ - ȳ) / pooled SD; missing values are dropped.

    The interval is d ± t(1 - alpha/2, nₓ + n_y - 2) √((nₓ + n_y) / (nₓ n_y) + d² / (2 (nₓ + n_y))), Hedges and Olkin
    (1985). Both from pingouin. Raises `TooFewError` below two values, `ConstantError` when neither sample varies.

    >>> d = cohens_d([5, 6, 7, 8], [1, 2, 3, 4])
    >>> round(d.value, 3), round(d.ci_low, 3), round(d.ci_high, 3)
    (3.098, 0.532, 5.665)
    """
    check_alpha(alpha)
    x, y = present(x), present(y)
    at_least(min(len(x), len(y)), 2, "values in the smaller sample")
    if np.ptp(x) == 0 and np.ptp(y) == 0:
        raise ConstantError("Neither sample varies, so Cohen's d is not defined.")
    value = float(compute_effsize(x, y, eftype="cohen"))
    low, high = compute_esci(value, nx=len(x), ny=len(y), eftype="cohen", confidence=1.0 - alpha, decimals=14)
    return EffectSize(value, float(low), float(high), len(x) + len(y), "Cohen's d, pooled SD")
