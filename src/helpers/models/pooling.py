"""Rubin's rules: one estimate, standard error and test from the analyses of several imputations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from .arrays import check_alpha, interval, two_sided
from .errors import ConstantError, ModelError, SingularCovarianceError, TooFewError

T = TypeVar("T")
_COLUMNS = ["estimate", "within", "between", "total", "se", "df", "t", "p", "ci_low", "ci_high", "riv", "lambda", "fmi"]


def pool(estimates: ArrayLike, variances: ArrayLike, df: ArrayLike = np.inf, alpha: float = 0.05) -> pd.DataFrame:
    """Rubin's (1987) pooling of estimates (m,) or (m, k) and their squared standard errors from m imputations.

    `estimate` Q̄ the mean, `within` Ū the mean variance, `between` B the variance of the estimates (divisor m - 1),
    `total` T = Ū + (1 + 1/m) B, `se` √T. `riv` r = (1 + 1/m) B / Ū, the relative increase in variance; `lambda`
    (1 + 1/m) B / T, the share of variance due to the gaps; `fmi` (r + 2 / (df + 3)) / (1 + r), the fraction of missing
    information. Degrees of freedom of Barnard and Rubin (1999): with ν the complete-data `df`, old (m - 1) / lambda²,
    observed (ν + 1) / (ν + 3) ν (1 - lambda), df = old observed / (old + observed); with ν infinite the old, Rubin's
    own. `t` = Q̄ / √T. As R's `mice::pool`; SPSS and statsmodels print other degrees of freedom (old, and normal).

    One row a parameter, the index from the columns of a DataFrame. Raises `TooFewError` for fewer than two
    imputations, `ModelError` for unlike shapes, missing numbers or negative variances, `ConstantError` for a within
    variance of 0.

    >>> pooled = pool([2.1, 2.4, 1.9], [0.25, 0.2, 0.3], df=60)
    >>> pooled[["estimate", "se", "df", "fmi"]].round(3).values.tolist()
    [[2.133, 0.578, 18.214, 0.323]]
    """
    check_alpha(alpha)
    names = estimates.columns if isinstance(estimates, pd.DataFrame) else None
    q, u = (np.asarray(part, dtype=float) for part in (estimates, variances))
    if q.shape != u.shape or q.ndim not in (1, 2):
        raise ModelError(f"Estimates of shape {q.shape} and variances of shape {u.shape} do not belong together.")
    m = len(q)
    if m < 2:
        raise TooFewError(f"Pooling needs at least two imputations; there is {m}.")
    q, u = q.reshape(m, -1), u.reshape(m, -1)
    if not (np.isfinite(q).all() and np.isfinite(u).all() and (u >= 0).all()):
        raise ModelError("An imputation has a missing estimate, or a variance that is missing or negative.")
    within, between = u.mean(axis=0), q.var(axis=0, ddof=1)
    if not (within > 0).all():
        raise ConstantError("The variance within imputations is 0, so there is nothing to test against.")
    added = (1 + 1 / m) * between
    total, riv = within + added, added / within
    pooled_df = _degrees(added / total, m, np.broadcast_to(np.asarray(df, dtype=float), within.shape))
    estimate, se = q.mean(axis=0), np.sqrt(total)
    low, high = interval(estimate, se, pooled_df, alpha)
    t, fmi = estimate / se, (riv + 2 / (pooled_df + 3)) / (1 + riv)
    numbers = [estimate, within, between, total, se, pooled_df, t, two_sided(t, pooled_df), low, high]
    return pd.DataFrame(dict(zip(_COLUMNS, [*numbers, riv, added / total, fmi], strict=True)), names).assign(m=m)


def _degrees(share: np.ndarray, m: int, complete: np.ndarray) -> np.ndarray:
    """Barnard and Rubin's degrees of freedom; the reciprocals add up, so an infinite part drops out."""
    known = np.isfinite(complete)
    v = np.where(known, complete, 1.0)
    observed = np.where(known, (v + 3) / ((v + 1) * v * (1 - share)), 0.0)
    reciprocal = share**2 / (m - 1) + observed
    return np.divide(1.0, reciprocal, out=np.full_like(share, np.inf), where=reciprocal > 0)


@dataclass(frozen=True)
class JointTest:
    """One F of several parameters together; `riv` is their average relative increase in variance."""

    F: float
    df1: int
    df2: float
    p: float
    riv: float


def pool_joint(estimates: ArrayLike, covariances: ArrayLike, df: float = np.inf) -> JointTest:
    """Test that k parameters are all 0, from their estimates (m, k) and covariances (m, k, k) in m imputations.

    D₁ of Li, Raghunathan and Rubin (1991, J Am Stat Assoc 86:1065): with Q̄ and Ū the means over imputations, B the
    covariance of the estimates (divisor m - 1) and r = (1 + 1/m) tr(B Ū⁻¹) / k, F = Q̄ᵀ Ū⁻¹ Q̄ / (k (1 + r)) on k and
    df2. It takes the gaps to cost all parameters alike, as B of few imputations is too unsure to be used whole. df2 is
    Reiter's (2007, Biometrika 94:502) for complete-data `df`, or with `df` infinite that of Li and others. As R's
    mitml, which mice calls.

    Raises `TooFewError` for fewer than two imputations or, with `df` finite, k (m - 1) of 4 or less, `ModelError` for
    unlike shapes or missing numbers, `SingularCovarianceError` when Ū is singular.

    >>> found = pool_joint([[1.0, 2], [1.4, 2.2], [0.9, 1.7], [1.2, 2.4]], [np.eye(2)] * 4, df=60)
    >>> round(found.F, 3), found.df1, round(found.df2, 1), round(found.p, 3)
    (2.564, 2, 40.6, 0.089)
    """
    q, u = np.asarray(estimates, dtype=float), np.asarray(covariances, dtype=float)
    if q.ndim != 2 or u.shape != (*q.shape, q.shape[-1]):
        raise ModelError(f"Estimates of shape {q.shape} and covariances of shape {u.shape} do not belong together.")
    m, k = q.shape
    if m < 2 or (np.isfinite(df) and k * (m - 1) <= 4):
        raise TooFewError(f"{m} imputations of {k} parameters are too few to be tested together.")
    if not (np.isfinite(q).all() and np.isfinite(u).all()):
        raise ModelError("An imputation has a missing estimate or covariance.")
    mean, within, between = q.mean(axis=0), u.mean(axis=0), np.cov(q, rowvar=False).reshape(k, k)
    if np.linalg.matrix_rank(within) < k:
        raise SingularCovarianceError("The covariance within imputations is singular; leave a parameter out.", [])
    riv = float((1 + 1 / m) * np.trace(np.linalg.solve(within, between)) / k)
    f = float(mean @ np.linalg.solve(within, mean) / (k * (1 + riv)))
    df2 = _joint_degrees(riv, k * (m - 1), k, df)
    p = stats.f.sf(f, k, df2) if np.isfinite(df2) else stats.chi2.sf(k * f, k)
    return JointTest(f, k, df2, float(p), riv)


def _joint_degrees(r: float, t: int, k: int, df: float) -> float:
    """Denominator degrees of freedom of D₁; t = k (m - 1)."""
    if np.isinf(df) and r == 0:
        return float("inf")
    if np.isinf(df):
        return 4 + (t - 4) * (1 + (1 - 2 / t) / r) ** 2 if t > 4 else t * (1 + 1 / k) * (1 + 1 / r) ** 2 / 2
    a, seen = r * t / (t - 2), (df + 1) / (df + 3) * df
    c0, c1, c2 = 1 / (t - 4), seen - 2 * (1 + a), seen - 4 * (1 + a)
    if c2 <= 0:  # the approximation's lower end: so few observations that the gaps took all of them
        return 4.0
    z = 1 / c2 + c0 * (a**2 * c1 / ((1 + a) ** 2 * c2) + 8 * a**2 * c1 / ((1 + a) * c2**2) + 4 * a**2 / ((1 + a) * c2))
    z += c0 * (4 * a**2 / (c2 * c1) + 16 * a**2 * c1 / c2**3 + 8 * a**2 / c2**2)
    return float(4 + 1 / z)


def pool_over(frames: Sequence[T], estimator: Callable[[T], pd.DataFrame], alpha: float = 0.05) -> pd.DataFrame:
    """Run an analysis on every imputed frame and pool its rows.

    `estimator` takes a frame (or whatever `frames` holds, such as fits) and returns a table with the columns `estimate`
    and `se`, and `df` unless it is infinite, as `adjusted_pairs` and the contrasts of a repeated-measures model do;
    what stands before `estimate` labels the rows. Rows are pooled by `pool`, its complete-data df being the mean of the
    imputations' `df` (they differ where they are estimated). Raises as `pool`, and `ModelError` when a column is
    missing or the labels differ from one imputation to another.

    >>> frames = [pd.DataFrame({"y": [1.0, 2, 3, 5, 6, last], "g": list("aaabbb")}) for last in (6, 7, 8)]
    >>> from .manova import adjusted_pairs
    >>> pool_over(frames, lambda frame: adjusted_pairs(frame, "y", "~ g", "g"))[["contrast", "estimate", "se"]].round(3)
      contrast  estimate     se
    0    a - b      -4.0  0.943
    """
    tables = [estimator(frame) for frame in frames]
    if not tables:
        raise TooFewError("Pooling needs at least two imputations; there is none.")
    first = tables[0]
    for needed in ("estimate", "se"):
        if needed not in first.columns:
            raise ModelError(f"The estimator's table has no column {needed!r}.", [needed])
    labels = first[first.columns[: first.columns.get_loc("estimate")]].reset_index(drop=True)
    for table in tables[1:]:
        if not table[labels.columns].reset_index(drop=True).equals(labels):
            raise ModelError("The estimator's rows differ from one imputation to another.")
    column = {name: np.array([table[name] for table in tables], dtype=float) for name in ("estimate", "se")}
    df = np.mean([table["df"] for table in tables], axis=0) if "df" in first.columns else np.inf
    return pd.concat([labels, pool(column["estimate"], column["se"] ** 2, df, alpha)], axis=1)
