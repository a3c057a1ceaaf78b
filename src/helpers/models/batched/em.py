"""EM completion of many incomplete normal samples with the same gaps, one iteration for all of them at a time."""

from __future__ import annotations

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
    kinds, which = np.unique(seen, axis=0, return_inverse=True)
    patterns = [(kind, np.flatnonzero(which.ravel() == place)) for place, kind in enumerate(kinds)]
    size, _, p = values.shape
    mean, covariance = np.zeros((size, p)), np.broadcast_to(np.eye(p), (size, p, p)).copy()
    converged, active = np.zeros(size, dtype=bool), np.arange(size)
    for _ in range(iterations):
        filled, extra = _expect(standard[active], patterns, mean[active], covariance[active])
        new_mean, new = _maximise(filled, extra)
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
    filled, _ = _expect(standard, patterns, mean, covariance)
    return np.where(seen, values, filled * scale + centre), converged


def _expect(values: Array, patterns: list, mean: Array, covariance: Array) -> tuple[Array, Array]:
    """Values (B, n, p) with conditional means in their gaps, and the sum (B, p, p) of the conditional covariances."""
    filled, extra = values.copy(), np.zeros_like(covariance)
    for seen, rows in patterns:
        if seen.all():
            continue
        o, m = np.flatnonzero(seen), np.flatnonzero(~seen)
        across = covariance[:, m][:, :, o]
        slope = np.linalg.solve(covariance[:, o][:, :, o], across.swapaxes(1, 2)).swapaxes(1, 2)
        away = values[:, rows][:, :, o] - mean[:, None, o]
        filled[:, rows[:, None], m] = mean[:, None, m] + away @ slope.swapaxes(1, 2)
        left = covariance[:, m][:, :, m] - slope @ across.swapaxes(1, 2)
        extra[:, m[:, None], m] += len(rows) * left
    return filled, extra


def _maximise(filled: Array, extra: Array) -> tuple[Array, Array]:
    n = filled.shape[1]
    mean = filled.mean(axis=1)
    away = filled - mean[:, None]
    return mean, (away.swapaxes(1, 2) @ away + extra) / n
