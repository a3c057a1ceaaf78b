"""EM completion of many incomplete normal samples with the same gaps, one iteration for all of them at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..errors import OptionError
from .moments import Array

_SMALLEST = 1e-10  # eigenvalue of the correlations below which Σ is called singular, as in `em`


def complete_batched(values: Array, tolerance: float = 1e-8, iterations: int = 1000) -> tuple[Array, Array]:
    """Samples (B, n, p) with their gaps at the conditional means of the maximum-likelihood normal distribution.

    Gaps (nan) are in the same places in every sample, so that each pattern of them is one regression of all samples at
    once: E[x_m] = μ_m + Σ_mo Σ_oo⁻¹ (x_o - μ_o), the M step as in `em.impute_em`, and the same rule to stop; samples
    that have converged drop out. Returns the completed samples, and (B,) whether each converged to a Σ that is not
    singular. Raises `OptionError` where gaps differ between samples, or a row or column has no value.

    >>> from ..em import impute_em
    >>> import pandas as pd
    >>> one = np.array([[1.0, 2], [2, 4], [3, 5], [4, np.nan], [5, np.nan]])
    >>> found, converged = complete_batched(np.stack([one, 10 * one]))
    >>> found[1, 3:, 1].round(3).tolist(), converged.tolist()
    ([66.667, 81.667], [True, True])
    >>> impute_em(pd.DataFrame(one)).completed.to_numpy()[3:, 1].round(4).tolist()
    [6.6667, 8.1667]
    """
    seen = ~np.isnan(values[0])
    if not (seen == ~np.isnan(values)).all():
        raise OptionError("The gaps must be in the same places in every sample.")
    if not (seen.any(axis=0).all() and seen.any(axis=1).all()):
        raise OptionError("A row or column of the samples has no value at all.")
    centre, scale = np.nanmean(values, axis=1, keepdims=True), np.nanstd(values, axis=1, keepdims=True)
    standard = np.nan_to_num((values - centre) / scale)
    patterns = _patterns(standard, seen)
    size, n, p = values.shape
    mean, covariance = np.zeros((size, p)), np.broadcast_to(np.eye(p), (size, p, p)).copy()
    converged, active = np.zeros(size, dtype=bool), np.arange(size)
    for _ in range(iterations):
        new_mean, new = _step(patterns, active, mean[active], covariance[active], n)
        moved = np.maximum(
            np.abs(new_mean - mean[active]).max(axis=1), np.abs(new - covariance[active]).max(axis=(1, 2))
        )
        spread = np.sqrt(np.diagonal(new, axis1=1, axis2=2))
        sound = np.linalg.eigvalsh(new / (spread[:, :, None] * spread[:, None, :]))[:, 0] > _SMALLEST
        # One whose Σ has become singular stays at the last that was not, and ends there.
        mean[active[sound]], covariance[active[sound]] = new_mean[sound], new[sound]
        done = (moved < tolerance) & sound
        converged[active[done]] = True
        active = active[~done & sound]
        if not len(active):
            break
    filled = standard.copy()
    for pattern in patterns:
        if len(pattern.gone):
            slope, start, _ = pattern.regression(mean, covariance)
            seen_values = standard[:, pattern.rows][:, :, pattern.seen]
            filled[:, pattern.rows[:, None], pattern.gone] = start[:, None] + seen_values @ slope.swapaxes(1, 2)
    return np.where(seen, values, filled * scale + centre), converged


@dataclass(frozen=True)
class _Pattern:
    """Rows with the same gaps: columns `seen` and `gone`, and of the seen the sums (B, o) and products (B, o, o)."""

    rows: Array
    seen: Array
    gone: Array
    sums: Array
    products: Array

    def regression(self, mean: Array, covariance: Array) -> tuple[Array, Array, Array]:
        """Slopes (B, m, o) and constants (B, m) of the conditional means, and the conditional covariance (B, m, m)."""
        o, m = self.seen, self.gone
        across = covariance[:, m][:, :, o]
        slope = np.linalg.solve(covariance[:, o][:, :, o], across.swapaxes(1, 2)).swapaxes(1, 2)
        start = mean[:, m] - (slope @ mean[:, o, None])[:, :, 0]
        return slope, start, covariance[:, m][:, :, m] - slope @ across.swapaxes(1, 2)


def _patterns(values: Array, seen: Array) -> list[_Pattern]:
    kinds, which = np.unique(seen, axis=0, return_inverse=True)
    found = []
    for place, kind in enumerate(kinds):
        rows, columns = np.flatnonzero(which.ravel() == place), np.flatnonzero(kind)
        part = values[:, rows][:, :, columns]
        found.append(_Pattern(rows, columns, np.flatnonzero(~kind), part.sum(axis=1), part.swapaxes(1, 2) @ part))
    return found


def _step(patterns: list[_Pattern], active: Array, mean: Array, covariance: Array, n: int) -> tuple[Array, Array]:
    """One E and M step from sums alone: a completed row is A x_o + c, whatever the number of rows."""
    size, p = mean.shape
    total, products = np.zeros((size, p)), np.zeros((size, p, p))
    for pattern in patterns:
        whole, constant = np.zeros((size, p, len(pattern.seen))), np.zeros((size, p))
        whole[:, pattern.seen, np.arange(len(pattern.seen))] = 1
        left = np.zeros((size, p, p))
        if len(pattern.gone):
            slope, constant[:, pattern.gone], within = pattern.regression(mean, covariance)
            whole[:, pattern.gone] = slope
            left[:, pattern.gone[:, None], pattern.gone] = len(pattern.rows) * within
        sums = (whole @ pattern.sums[active, :, None])[:, :, 0]
        cross = sums[:, :, None] * constant[:, None]
        total += sums + len(pattern.rows) * constant
        products += whole @ pattern.products[active] @ whole.swapaxes(1, 2) + cross + cross.swapaxes(1, 2)
        products += len(pattern.rows) * constant[:, :, None] * constant[:, None] + left
    found = total / n
    return found, products / n - found[:, :, None] * found[:, None]
