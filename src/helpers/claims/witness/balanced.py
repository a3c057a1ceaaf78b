"""The printed statistics of a balanced table from its sums.

Compound symmetry, REML, is the repeated-measures analysis of variance,
    F_time = (2n-2) SS_time / SS_error, F_interaction = (2n-2) SS_interaction / SS_error,
    F_group = u² / (W / df); covariates that do not change over the visits touch F_group alone.
All functions take sums of one table or of many (see ``sums``).
"""

from __future__ import annotations

import numpy as np

from .sums import Design, Floats, Sums

TERMS = ("group", "time", "interaction")


def squares(cells: np.ndarray, n: int) -> tuple[Floats, Floats]:
    """SS of time and of the interaction, of cell sums (… × 2 × T).

    With a_v the sum and d_v the difference of a visit's two cell sums, both over 2n:
    SS_time = Σ a_v² - (Σ a_v)² / T, SS_interaction = Σ d_v² - (Σ d_v)² / T.

    >>> [float(value) for value in squares(np.array([[4, 0], [2, 0]]), 1)]
    [9.0, 1.0]
    """
    visits = cells.shape[-1]
    both, gap = cells.sum(axis=-2), cells[..., 0, :] - cells[..., 1, :]
    return tuple(((x**2).sum(axis=-1) - x.sum(axis=-1) ** 2 / visits) / (2 * n) for x in (both, gap))


def error_squares(sums: Sums, n: int) -> Floats:
    """SS of error: what patients and cells leave, ΣY² - ΣS²/T - ΣA²/n + Σ A_g²/(nT)."""
    visits = sums.cells.shape[-1]
    cells = (sums.cells**2).sum(axis=(-1, -2)) / n - (sums.cells.sum(axis=-1) ** 2).sum(axis=-1) / (n * visits)
    return sums.raw.sum(axis=-1) - sums.totals / visits - cells


def compound_symmetry(sums: Sums, design: Design) -> tuple[Floats, Floats, Floats]:
    """F of group, time and interaction."""
    time, interaction = squares(sums.cells, design.n)
    error = error_squares(sums, design.n) / (2 * design.n - 2)
    return sums.u**2 * design.df / sums.w, time / error, interaction / error


def visit_variances(sums: Sums, n: int) -> Floats:
    """Pooled variance of the two groups at each visit."""
    return (sums.raw - (sums.cells**2).sum(axis=-2) / n) / (2 * n - 2)


def effect_sizes(sums: Sums, n: int) -> Floats:
    """Cohen's d at each visit, second - first group over the pooled SD."""
    return (sums.cells[..., 1, :] - sums.cells[..., 0, :]) / n / np.sqrt(visit_variances(sums, n))
