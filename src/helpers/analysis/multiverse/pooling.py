"""Rows of several imputations as one row each, by Rubin's rules."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from helpers.models import ModelError, pool


def pooled_rows(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Estimates that carry p and df2, pooled over tables with the same rows.

    A row's standard error is |estimate| / t, with t the quantile of t on df2 that its two-sided p belongs to. Rows that
    an imputation could not compute, or whose estimate is 0, stay as they are in the first.
    """
    first = parts[0].copy()
    value, p, df = (np.array([part[name].to_numpy() for part in parts]) for name in ("value", "p", "df2"))
    t = stats.t.isf(p / 2, df)
    usable = (np.isfinite(value) & np.isfinite(t) & (t > 0) & (value != 0)).all(axis=0)
    if not usable.any():
        return first
    se = np.abs(value[:, usable]) / t[:, usable]
    try:
        found = pool(value[:, usable], se**2, df[:, usable].mean(axis=0))
    except ModelError:
        return first
    for name, column in {"value": "estimate", "p": "p", "df2": "df", "ci_low": "ci_low", "ci_high": "ci_high"}.items():
        first.loc[usable, name] = found[column].to_numpy()
    first.loc[usable, "method"] = "pooled over imputations"
    return first
