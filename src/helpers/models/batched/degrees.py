"""Degrees of freedom and F of many responses at once, by Satterthwaite's and by Kenward and Roger's method."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..kenward_roger import _SAME
from ..satterthwaite import ratio
from .moments import Array


@dataclass(frozen=True)
class BatchedInference:
    """Coefficients b (B, k) in the basis of the design, and what their tests need.

    `root` (B, k, k) with root rootᵀ the unadjusted covariance, `half` the same for the covariance used (Kenward and
    Roger adjust it). `slopes` (B, p, k, k) and `spread` (B, p, p) as in `inference.Sensitivity`; None where the degrees
    of freedom are fixed at `df`.
    """

    coefficients: Array
    root: Array
    half: Array
    slopes: Array | None
    spread: Array | None
    df: float
    scaled: bool

    def row_df(self, rows: Array) -> Array:
        """Degrees of freedom (B, m) of each of rows (B or 1, m, k)."""
        if self.slopes is None:
            return np.full((len(self.root), rows.shape[1]), self.df)
        half = rows @ self.root
        half = half / np.linalg.norm(half, axis=2, keepdims=True)
        size, p, k, _ = self.slopes.shape
        moved = (half @ self.slopes.transpose(0, 2, 1, 3).reshape(size, k, p * k)).reshape(size, -1, p, k)
        slope = (moved * half[:, :, None]).sum(axis=3)
        below = ((slope @ self.spread) * slope).sum(axis=2)
        return ratio(np.full(below.shape, 2.0), below)

    def joint(self, rows: Array) -> tuple[Array, Array]:
        """F and its denominator degrees of freedom, (B,), of rows (B or 1, q, k) together; nan where there is no F."""
        estimate = (rows @ self.coefficients[:, :, None])[:, :, 0]
        half = rows @ self.half
        covariance = half @ half.swapaxes(1, 2)
        f = (estimate * np.linalg.solve(covariance, estimate[:, :, None])[:, :, 0]).sum(axis=1) / rows.shape[1]
        if self.slopes is None:
            return f, np.full(len(f), self.df)
        if not self.scaled:
            turned = np.linalg.eigh(covariance)[1].swapaxes(1, 2) @ rows
            return f, pooled_batched(self.row_df(turned))
        scale, df = self._matched(rows @ self.root)
        return scale * f, df

    def _matched(self, half: Array) -> tuple[Array, Array]:
        """Kenward and Roger's λ and m of rows L root = half (B, q, k)."""
        q = half.shape[1]
        normal = np.linalg.solve(np.linalg.cholesky(half @ half.swapaxes(1, 2)), half)
        t = normal[:, None] @ self.slopes @ normal.swapaxes(1, 2)[:, None]
        traces = np.trace(t, axis1=2, axis2=3)
        a1 = ((traces[:, None] @ self.spread)[:, 0] * traces).sum(axis=1)
        flat = t.reshape(*t.shape[:2], q * q)
        a2 = ((self.spread @ flat) * t.swapaxes(2, 3).reshape(flat.shape)).sum(axis=(1, 2))
        return matched_batched(a1, a2, q)


def pooled_batched(df: Array) -> Array:
    """ν (B,) of F from those of its orthogonal parts (B, q), as `satterthwaite.pooled`.

    >>> pooled_batched(np.array([[10.0, 10.0], [np.inf, np.inf]])).tolist()
    [10.0, inf]
    """
    if df.shape[1] == 1:
        return df[:, 0]
    q = df.shape[1]
    large = df > 2
    excess = np.where(large, 2 / np.where(large, df - 2, 1.0), -1.0).sum(axis=1)
    total = excess + q
    found = np.where(excess > 0, 2 * total / np.where(excess > 0, excess, 1.0), 2.0)
    return np.where(np.isinf(df).all(axis=1), np.inf, found)


def matched_batched(a1: Array, a2: Array, q: int) -> tuple[Array, Array]:
    """λ and m (B,) from A₁ and A₂ (B,), as `kenward_roger._matched`; nan where no such F exists.

    >>> scale, df = matched_batched(np.array([0.4]), np.array([0.2]), 2)
    >>> scale.tolist(), df.round(9).tolist()
    ([1.0], [20.0])
    """
    with np.errstate(all="ignore"):
        b = (a1 + 6 * a2) / (2 * q)
        g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
        below = 3 * q + 2 * (1 - g)
        c1, c2, c3 = g / below, (q - g) / below, (q + 2 - g) / below
        mean, other = 1 - a2 / q, 1 - c2 * b
        exact = np.abs(mean - other) < _SAME * np.maximum(1.0, np.abs(mean))
        above, under = mean**2 * (1 + c1 * b), other**2 * (1 - c3 * b)
        df = np.where(exact, below / b + 2 - q + g, 4 + (q + 2) * under / (above - under))
        scale = np.where(exact, 1 + b * (g - q + 2) / below, df * mean / (df - 2))
    scale, df = np.where(a2 > 0, scale, 1.0), np.where(a2 > 0, df, np.inf)
    exists = (scale > 0) & (df > 0)
    return np.where(exists, scale, np.nan), np.where(exists, df, np.nan)
