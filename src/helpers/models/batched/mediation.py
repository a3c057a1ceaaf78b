"""Mediation of many samples at once: paths, normal tests and bootstrap intervals of the indirect effect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from ..arrays import two_sided
from .moments import Array
from .regression import BatchedSlopes, regress_batched

_CHUNK = 5_000_000  # resampled effects and their sums that one part may hold


@dataclass(frozen=True)
class BatchedMediation:
    """Simple mediation of B samples; `draws` (B, R) the indirect effect in each resample, sorted.

    `left_out` (B, n) is the indirect effect without each row, for the acceleration of the BCa interval.
    """

    a: BatchedSlopes
    b: BatchedSlopes
    direct: BatchedSlopes
    total: BatchedSlopes
    draws: Array
    left_out: Array

    @property
    def indirect(self) -> Array:
        """ab, (B,)."""
        return self.a.estimate * self.b.estimate

    def normal(self, aroian: bool = False) -> tuple[Array, Array]:
        """Standard error and p (B,) of ab by Sobel's variance, or by Aroian's; as `mediation.mediate`."""
        variance = self.a.estimate**2 * self.b.se**2 + self.b.estimate**2 * self.a.se**2
        se = np.sqrt(variance + (self.a.se**2 * self.b.se**2 if aroian else 0.0))
        return se, two_sided(self.indirect / se, np.inf)

    def percentile(self, alpha: float = 0.05) -> tuple[Array, Array]:
        """Ends (B,) of the percentile interval."""
        return self._ends(np.broadcast_to([alpha / 2, 1 - alpha / 2], (len(self.draws), 2)))

    def corrected(self, alpha: float = 0.05, accelerated: bool = False) -> tuple[Array, Array]:
        """Ends (B,) of the bias-corrected interval, or of the BCa interval; as `bootstrap.bootstrap_interval`."""
        count = self.draws.shape[1]
        below = (self.draws < self.indirect[:, None]).mean(axis=1)
        shift = stats.norm.ppf(np.clip(below, 1 / count, 1 - 1 / count))[:, None]
        moved = shift + stats.norm.ppf([alpha / 2, 1 - alpha / 2])
        speed = self._acceleration()[:, None] if accelerated else 0.0
        # Where the acceleration is too large for these limits there is no interval.
        with np.errstate(divide="ignore", invalid="ignore"):
            p = np.where(speed * moved < 1, stats.norm.cdf(shift + moved / (1 - speed * moved)), np.nan)
        return self._ends(p)

    def _acceleration(self) -> Array:
        away = self.left_out.mean(axis=1, keepdims=True) - self.left_out
        largest = np.abs(away).max(axis=1, keepdims=True)
        away = away / np.where(largest > 0, largest, 1)
        square = (away**2).sum(axis=1)
        return np.divide((away**3).sum(axis=1), 6 * square**1.5, out=np.zeros(len(away)), where=square > 0)

    def _ends(self, p: Array) -> tuple[Array, Array]:
        """Draws at round(R p) below and floor(R p) + 1 above, the rule `order` of `bootstrap_interval`."""
        count = self.draws.shape[1]
        places = np.round(count * np.nan_to_num(p, nan=0.5), 9)
        low, high = np.floor(places[:, 0] + 0.5), np.floor(places[:, 1]) + 1
        missing = np.isnan(p).any(axis=1)
        found = (np.clip(ends, 1, count).astype(int)[:, None] - 1 for ends in (low, high))
        low, high = (np.take_along_axis(self.draws, place, axis=1)[:, 0] for place in found)
        return np.where(missing, np.nan, low), np.where(missing, np.nan, high)


def mediate_batched(x: Array, m: Array, y: Array, counts: Array) -> BatchedMediation:
    """Mediation of x on y by m in B samples (B, n), resampled by the counts (R, n) of each row in each resample.

    Resamples are shared by the samples, so that all cross-products are one matrix product; each sample's own bootstrap
    is as if they had been drawn for it alone. With fewer than about ten rows a resample can be singular; it then sorts
    last. Paths as `mediation.mediate` computes them.

    >>> x, m, y = (np.array([values]) for values in ([0.0, 1, 2, 3, 4], [0.0, 1, 2, 5, 3], [0.0, 2, 3, 7, 6]))
    >>> counts = np.random.default_rng(1).multinomial(5, [0.2] * 5, 200).astype(float)
    >>> found = mediate_batched(x, m, y, counts)
    >>> found.indirect.round(3).tolist(), found.left_out.round(3).tolist()
    ([0.917], [[0.823, 0.907, 0.895, 0.124, 1.867]])
    """
    (a,), (total,) = regress_batched(m, x), regress_batched(y, x)
    direct, b = regress_batched(y, x, m)
    n = x.shape[1]
    step = max(1, _CHUNK // (8 * len(counts)))
    parts = [slice(first, first + step) for first in range(0, len(x), step)]
    draws = np.concatenate([_indirect(x[part], m[part], y[part], counts) for part in parts])
    left_out = _indirect(x, m, y, 1 - np.eye(n))
    return BatchedMediation(a, b, direct, total, np.sort(draws, axis=1), left_out)


def _indirect(x: Array, m: Array, y: Array, counts: Array) -> Array:
    """ab (B, R) of samples (B, n) under weights (R, n)."""
    scale = [values.std(axis=1, keepdims=True) for values in (x, m, y)]
    centred = [(v - v.mean(axis=1, keepdims=True)) / s for v, s in zip((x, m, y), scale, strict=True)]
    x, m, y = centred
    sums = np.stack([x, m, y, x * x, x * m, m * m, x * y, m * y], axis=1) @ counts.T
    total = counts.sum(axis=1)
    sx, sm, sy = sums[:, 0], sums[:, 1], sums[:, 2]
    xx, xm, mm = sums[:, 3] - sx * sx / total, sums[:, 4] - sx * sm / total, sums[:, 5] - sm * sm / total
    xy, my = sums[:, 6] - sx * sy / total, sums[:, 7] - sm * sy / total
    with np.errstate(divide="ignore", invalid="ignore"):
        found = xm / xx * (my * xx - xm * xy) / (xx * mm - xm**2)
    return found * (scale[2] / scale[0])
