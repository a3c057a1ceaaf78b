"""How large F can be when every standardised difference is bounded: closed forms with their proofs.

Two groups of n, T visits, no covariates; δ_v the difference of the groups' means at visit v, s_v² the pooled variance,
σ² the mean of the s_v², c the mean pooled covariance of two visits, ρ = c / σ², d_v = δ_v / s_v.

Compound symmetry (REML, balanced; as the repeated-measures analysis of variance):
    F_group = (n/2) T δ̄² / (σ² (1 + (T-1) ρ)),  F_interaction = (n/2) Σ (δ_v - δ̄)² / ((T-1) σ² (1 - ρ)).
As Σ δ_v² = T δ̄² + Σ (δ_v - δ̄)²,
    (1 + (T-1) ρ) F_group + (T-1) (1 - ρ) F_interaction = (n/2) Σ δ_v² / σ².
If |d_v| <= D at every visit, Σ δ_v² <= D² Σ s_v² = T D² σ², so the right side is at most n T D² / 2, whatever
the visits' variances.
Each F alone is bounded by dropping the other; for even T both single bounds are attained (equal δ; half the
visits +D, half -D).

Diagonal covariance: F_group = (n/2) (Σ d_v s_v)² / Σ s_v² <= n T D² / 2 (Cauchy and Schwarz), and F_interaction =
(n/2) (Σ d_v² - (Σ d_v / s_v)² / Σ 1/s_v²) / (T-1) <= n T D² / (2 (T-1)).

Maximum likelihood divides by 2n instead of 2n - 2, which multiplies the limits by n / (n-1).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from .finding import interval, text
from .words import whole

VISITS = 8


def limit(d: float, n: int, visits: int = VISITS) -> float:
    """Largest (n/2) Σ d_v² when no |d_v| exceeds d: n T d² / 2.

    >>> round(limit(0.5, 33), 2)
    33.0
    """
    return n * visits * d**2 / 2


def needed(group_f: float, interaction_f: float, rho: ArrayLike, visits: int = VISITS) -> np.ndarray:
    """(n/2) Σ δ_v² / σ² that two F's under compound symmetry amount to (the identity above).

    >>> needed(10.0, 5.0, [0.0, 0.5]).tolist()
    [45.0, 62.5]
    """
    rho = np.asarray(rho, dtype=float)
    return (1 + (visits - 1) * rho) * group_f + (visits - 1) * (1 - rho) * interaction_f


def largest_group_f(top: float, rho: ArrayLike, visits: int = VISITS) -> np.ndarray:
    """Largest group F under compound symmetry for a limit from `limit`.

    >>> largest_group_f(33.0, [0.0, 1.0]).tolist()
    [33.0, 4.125]
    """
    return top / (1 + (visits - 1) * np.asarray(rho, dtype=float))


def largest_interaction_f(top: float, rho: ArrayLike, group_f: float = 0.0, visits: int = VISITS) -> np.ndarray:
    """Largest interaction F under compound symmetry beside a group F of at least `group_f`; below 0: none.

    >>> largest_interaction_f(35.0, [0.0, 0.5]).tolist()
    [5.0, 10.0]
    """
    rho = np.asarray(rho, dtype=float)
    return (top - (1 + (visits - 1) * rho) * group_f) / ((visits - 1) * (1 - rho))


def printed_limit() -> float:
    """The limit at the upper end of the printed d's rounding interval and the printed n.

    >>> round(printed_limit(), 2)
    31.76
    """
    return limit(interval(text("madrs-d-third"))[1], whole("n-pain"))


def bounds(rho: ArrayLike) -> pd.DataFrame:
    """The bounds for MADRS, one row a within-person correlation; -1/7 < rho < 1.

    Columns: rho; group_f, interaction_f (each alone); interaction_f_given_group (beside the printed group F);
    diagonal_group_f, diagonal_interaction_f (free of rho); d_needed, the largest |d_v| that must at least occur for
    both printed F's; printed_group_f, printed_interaction_f. Raises ValueError outside the range of rho.

    >>> frame = bounds([0.0, 0.5])
    >>> frame["group_f"].round(2).tolist(), frame["interaction_f"].round(2).tolist()
    ([31.76, 7.06], [4.54, 9.07])
    """
    rho = np.atleast_1d(np.asarray(rho, dtype=float))
    if not ((rho > -1 / (VISITS - 1)) & (rho < 1)).all():
        raise ValueError(f"a within-person correlation of {VISITS} visits lies above -1/{VISITS - 1} and below 1")
    top, group, interaction = printed_limit(), float(text("madrs-group-f")), float(text("madrs-interaction-f"))
    return pd.DataFrame(
        {
            "rho": rho,
            "group_f": largest_group_f(top, rho),
            "interaction_f": largest_interaction_f(top, rho),
            "interaction_f_given_group": largest_interaction_f(top, rho, group),
            "diagonal_group_f": top,
            "diagonal_interaction_f": top / (VISITS - 1),
            "d_needed": np.sqrt(needed(group, interaction, rho) * 2 / (whole("n-pain") * VISITS)),
            "printed_group_f": group,
            "printed_interaction_f": interaction,
        }
    )
