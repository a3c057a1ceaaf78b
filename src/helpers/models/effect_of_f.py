"""Effect sizes of an F test: partial η², ω², ε² and Cohen's f, with exact intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .arrays import check_alpha
from .errors import OptionError
from .noncentral import noncentral_f


def effects_of_f(f: float, df1: float, df2: float, alpha: float = 0.05, n: float | None = None) -> pd.DataFrame:
    """Partial effect sizes of the term that an F test is about; one row each: `effect, value, ci_low, ci_high`.

    partial_eta2 = df1 F / (df1 F + df2), epsilon2 = df1 (F - 1) / (df1 F + df2) (Kelley 1935),
    omega2 = df1 (F - 1) / (df1 F + df2 + 1) (Hays 1963, for N = df1 + df2 + 1), cohens_f = √(η² / (1 - η²)).
    epsilon2 and omega2 correct the upward bias of η² and are negative when F < 1; they are kept negative, as SPSS
    keeps them: cut at 0 they would be biased again.

    All of the first three estimate λ / (λ + N), λ the noncentrality, so they share its interval, and √(λ / N) is that
    of cohens_f (Steiger 2004). It is two-sided at 1 - alpha; at alpha 0.1 it leaves out 0 exactly when the test at
    0.05 is significant. `n` is N, by default df1 + df2 + 1, the rows of a one-way design: give the rows for a factorial
    or adjusted one, or `n=df2` for the intervals of R's effectsize. With df2 from Satterthwaite or Kenward and Roger
    all of this is an approximation.

    Raises `OptionError` for a negative F, df that are not positive and finite, or an n that is not positive.

    >>> effects_of_f(5.0, 2, 63).round(3).values.tolist()  # doctest: +NORMALIZE_WHITESPACE
    [['partial_eta2', 0.137, 0.009, 0.28], ['epsilon2', 0.11, 0.009, 0.28],
     ['omega2', 0.108, 0.009, 0.28], ['cohens_f', 0.398, 0.097, 0.623]]
    """
    check_alpha(alpha)
    n = df1 + df2 + 1 if n is None else n
    for name, number in {"df1": df1, "df2": df2, "n": n}.items():
        if not 0 < number < np.inf:
            raise OptionError(f"{name} is {number}; it must be positive and finite.", [name])
    if not 0 <= f < np.inf:
        raise OptionError(f"F is {f}; it must not be negative, missing or infinite.", ["F"])
    low, high = (end / n for end in noncentral_f(f, df1, df2, alpha))
    share = (low / (low + 1), high / (high + 1))
    values = {
        "partial_eta2": df1 * f / (df1 * f + df2),
        "epsilon2": df1 * (f - 1) / (df1 * f + df2),
        "omega2": df1 * (f - 1) / (df1 * f + df2 + 1),
    }
    rows = [(effect, value, *share) for effect, value in values.items()]
    rows.append(("cohens_f", float(np.sqrt(df1 * f / df2)), float(np.sqrt(low)), float(np.sqrt(high))))
    return pd.DataFrame(rows, columns=["effect", "value", "ci_low", "ci_high"])
