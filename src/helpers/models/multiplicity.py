"""Adjustment of p-values for multiple comparisons."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from pingouin import multicomp

from .errors import ModelError, one_of

Adjustment = Literal["none", "bonferroni", "holm", "fdr_bh", "fdr_by"]


def adjust(p: ArrayLike | pd.Series, method: Adjustment = "bonferroni") -> np.ndarray | pd.Series:
    """Adjusted p-values; missing ones stay missing and are not counted.

    With m p-values present: `bonferroni` min(1, m p); `holm` the step-down of it; `fdr_bh` Benjamini and Hochberg
    (1995), min over larger ones of m p(k) / k; `fdr_by` Benjamini and Yekutieli (2001), that times 1 + 1/2 + ... + 1/m.

    A Series keeps its index and name; anything else returns an array. Raises `OptionError` for an unknown method and
    `ModelError` for a value outside 0 to 1. Computed by `pingouin.multicomp`.

    >>> adjust([0.01, 0.04, float("nan"), 0.03], "holm").round(2).tolist()
    [0.03, 0.06, nan, 0.06]
    """
    one_of("method", method, get_args(Adjustment))
    values = np.array(p, dtype=float)
    present = ~np.isnan(values)
    if ((values[present] < 0) | (values[present] > 1)).any():
        raise ModelError("p-values must lie between 0 and 1.")
    if method != "none" and present.any():
        values[present] = multicomp(values[present], method=method)[1]
    return pd.Series(values, index=p.index, name=p.name) if isinstance(p, pd.Series) else values
