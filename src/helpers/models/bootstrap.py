"""The bootstrap of an indirect effect: all resamples at once, and intervals from what they give."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from .arrays import check_alpha
from .errors import OptionError, TooFewError, one_of

Quantiles = Literal["order", "normal", "linear"]

_SINGULAR = 1e-9  # smallest eigenvalue of the predictors' cross-products, in standard units
_FEWEST = 100  # resamples below which the ends of a 95 % interval are the extremes


def bootstrap_indirect(values: np.ndarray, indices: np.ndarray) -> np.ndarray:
    """Indirect effect ab in each resample: values (n, 3 + covariates) as x, m, y, covariates; indices (B, n).

    A resample is its count of each row, so all its cross-products are one product of the counts (B, n) with the rows'
    own cross-products (n, k²); the two regressions are then solved for all resamples at once. Resamples in which a
    regression is singular are left out, so up to B values come back.

    >>> rows = np.array([[0.0, 0, 0], [1, 1, 2], [2, 2, 3], [3, 5, 7]])
    >>> bootstrap_indirect(rows, np.array([[0, 1, 2, 3], [0, 0, 0, 0]])).round(4).tolist()
    [1.8667]
    """
    draws, n = indices.shape
    flat = (indices + n * np.arange(draws)[:, None]).ravel()
    return _indirect(values, np.bincount(flat, minlength=draws * n).reshape(draws, n).astype(float))


def jackknife_indirect(values: np.ndarray) -> np.ndarray:
    """Indirect effect with each row left out in turn; fewer than n values if a regression is singular without one.

    >>> rows = np.array([[0.0, 0, 0], [1, 1, 2], [2, 2, 3], [3, 5, 7], [4, 3, 6]])
    >>> jackknife_indirect(rows).round(3).tolist()
    [0.823, 0.907, 0.895, 0.124, 1.867]
    """
    return _indirect(values, 1 - np.eye(len(values)))


def _indirect(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Effect ab for each row of weights (B, n)."""
    n = len(values)
    centred = values - values.mean(axis=0)
    spread = centred.std(axis=0)
    order = [0, *range(3, values.shape[1]), 1, 2]  # x, covariates, m, y: each regression is then a leading block
    rows = np.column_stack([np.ones(n), (centred / spread)[:, order]])
    k = rows.shape[1]
    sums = (counts @ (rows[:, :, None] * rows[:, None, :]).reshape(n, k * k)).reshape(-1, k, k)
    sums = sums[np.linalg.eigvalsh(sums[:, : k - 1, : k - 1])[:, 0] > _SINGULAR]
    first = np.linalg.solve(sums[:, : k - 2, : k - 2], sums[:, : k - 2, k - 2 : k - 1])[:, 1, 0]
    second = np.linalg.solve(sums[:, : k - 1, : k - 1], sums[:, : k - 1, k - 1 :])[:, k - 2, 0]
    return first * second * spread[2] / spread[0]


def acceleration(left_out: ArrayLike) -> float:
    """Efron's a = Σ L³ / (6 (Σ L²)^1.5), L the mean of the leave-one-out estimates minus each of them.

    0 when they are all equal or symmetric. Efron (1987), section 7, as R's `boot::empinf(type = "jack")`.

    >>> round(acceleration([1.0, 1.1, 1.2, 0.2]), 4)
    0.0871
    """
    left_out = np.asarray(left_out, dtype=float)
    away = left_out.mean() - left_out
    largest = np.abs(away).max()
    if not largest > 0:
        return 0.0
    # In units of the largest: cubes of very small or large numbers are none.
    away = away / largest
    return float((away**3).sum() / (6 * (away**2).sum() ** 1.5))


def bootstrap_interval(
    draws: ArrayLike,
    alpha: float = 0.05,
    estimate: float | None = None,
    a: float = 0.0,
    quantiles: Quantiles = "order",
) -> tuple[float, float]:
    """Percentile, bias-corrected or BCa interval from bootstrap estimates (B,).

    Without `estimate` the quantiles at α/2 and 1 - α/2. With it those at Φ(z₀ + (z₀ ± z) / (1 - a (z₀ ± z))), z₀ the
    normal quantile of the share of draws below the estimate: bias-corrected at a = 0, BCa at the `acceleration`
    (Efron 1987). A share of 0 or 1 counts as 1/B or 1 - 1/B.

    `quantiles` says how they are read off: `order`, as PROCESS v2, the sorted draws at round(B p) below and
    floor(B p) + 1 above, so an end is always a draw; `normal`, as R's boot, (B + 1) p interpolated on the normal scale
    (Davison and Hinkley 1997, eq. 5.8); `linear`, numpy's and R's default. They differ by about one draw.

    Raises `TooFewError` for fewer than 100 draws, `OptionError` for an unknown rule.

    >>> draws = np.arange(1.0, 1001)
    >>> bootstrap_interval(draws), bootstrap_interval(draws, quantiles="linear")
    ((25.0, 976.0), (25.975, 975.025))
    """
    check_alpha(alpha)
    one_of("quantiles", quantiles, get_args(Quantiles))
    draws = np.sort(np.asarray(draws, dtype=float))
    if len(draws) < _FEWEST:
        raise TooFewError(f"Only {len(draws)} usable resamples; at least {_FEWEST} are needed for an interval.")
    p = np.array([alpha / 2, 1 - alpha / 2])
    if estimate is not None:
        p = _corrected(p, (draws < estimate).mean(), a, len(draws))
    ends = {"order": _order, "normal": _normal, "linear": np.quantile}[quantiles](draws, p)
    return float(ends[0]), float(ends[1])


def _corrected(p: np.ndarray, below: float, a: float, draws: int) -> np.ndarray:
    shift = stats.norm.ppf(np.clip(below, 1 / draws, 1 - 1 / draws))
    moved = shift + stats.norm.ppf(p)
    if (a * moved >= 1).any():
        raise OptionError(f"The acceleration is {a:.3f}, too large for these limits; the BCa interval does not exist.")
    return stats.norm.cdf(shift + moved / (1 - a * moved))


def _order(draws: np.ndarray, p: np.ndarray) -> np.ndarray:
    count = len(draws)
    # 9 decimals: B p is a whole number in the usual cases, and must not fall below it by rounding.
    low, high = np.floor(np.round(count * p[0], 9) + 0.5), np.floor(np.round(count * p[1], 9)) + 1
    return draws[np.clip([low, high], 1, count).astype(int) - 1]


def _normal(draws: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Between the k-th and the next draw, k = floor((B + 1) p), linear in normal quantiles; the extremes beyond."""
    count = len(draws)
    rank = np.round((count + 1) * p, 9)
    k = np.clip(np.floor(rank), 1, count - 1).astype(int)
    at, below, above = (
        stats.norm.ppf(q) for q in (np.clip(rank, 1, count) / (count + 1), k / (count + 1), (k + 1) / (count + 1))
    )
    return draws[k - 1] + (at - below) / (above - below) * (draws[k] - draws[k - 1])
