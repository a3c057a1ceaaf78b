"""Rank correlations of every two columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

LEAST_PAIRS = 10  # with fewer, the distribution that p and the interval rest on does not hold
FEW, CONSTANT = f"fewer than {LEAST_PAIRS} pairs of values", "values that do not vary"


def rank_correlations(frame: pd.DataFrame, alpha: float = 0.05) -> pd.DataFrame:
    """Spearman's correlation of every two columns, each over the rows that have both.

    p is that of Student's t with n − 2 degrees of freedom, the interval that of Fisher's z with the standard error
    √((1 + r²/2) / (n − 3)) (Bonett & Wright 2000, Psychometrika 65:23).

    Returns
    -------
    DataFrame
        One row a pair, in the columns' order: ``first, second, n, r, df, ci_low, ci_high, p, reason``; ``reason`` says
        why a correlation is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": range(12), "b": [0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11]})
    >>> found = rank_correlations(frame).iloc[0]
    >>> found["first"], found["second"], int(found["n"]), round(float(found["r"]), 3)
    ('a', 'b', 12, 0.979)
    """
    values = frame.astype("float64")
    above = np.triu_indices(values.shape[1], k=1)
    seen = values.notna().to_numpy(float)
    n = (seen.T @ seen)[above]
    r = values.corr(method="spearman", min_periods=LEAST_PAIRS).to_numpy()[above]
    names = values.columns.to_numpy()
    reason = np.where(n < LEAST_PAIRS, FEW, np.where(np.isnan(r), CONSTANT, ""))
    return pd.DataFrame(
        {
            "first": names[above[0]],
            "second": names[above[1]],
            "n": n,
            "r": r,
            **_inference(r, n, alpha),
            "reason": reason,
        }
    )


def _inference(r: np.ndarray, n: np.ndarray, alpha: float) -> dict[str, np.ndarray]:
    df = n - 2
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * stats.t.sf(np.abs(r) * np.sqrt(df / np.maximum(1 - r**2, 0)), df)
        half = stats.norm.ppf(1 - alpha / 2) * np.sqrt((1 + r**2 / 2) / (n - 3))
        low, high = np.tanh(np.arctanh(np.clip(r, -1, 1)) + half * np.array([[-1.0], [1.0]]))
    return {"df": df, "ci_low": low, "ci_high": high, "p": p}
