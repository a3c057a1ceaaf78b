"""Rubin's rules: one estimate, standard error and test from the analyses of several imputations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .arrays import check_alpha, interval, two_sided
from .errors import ConstantError, ModelError, TooFewError

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


def pool_over(
    frames: Sequence[pd.DataFrame], estimator: Callable[[pd.DataFrame], pd.DataFrame], alpha: float = 0.05
) -> pd.DataFrame:
    """Run an analysis on every imputed frame and pool its rows.

    `estimator` takes a frame and returns a table with the columns `estimate` and `se`, and `df` unless it is infinite,
    as `adjusted_pairs` and the contrasts of a repeated-measures model do; what stands before `estimate` labels the
    rows. Rows are pooled by `pool`, its complete-data df being the mean of the imputations' `df` (they differ where
    they are estimated). Raises as `pool`, and `ModelError` when a column is missing or the labels differ from one
    imputation to another.

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
