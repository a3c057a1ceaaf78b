"""Least squares of many responses at once, each on predictors of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import interval, two_sided
from .moments import Array


@dataclass(frozen=True)
class BatchedSlopes:
    """Coefficients of one column of the design: `estimate`, `se`, `p` (B,), on `df` degrees of freedom."""

    estimate: Array
    se: Array
    df: int

    @property
    def p(self) -> Array:
        """Two-sided, by t."""
        return two_sided(self.estimate / self.se, self.df)

    def interval(self, alpha: float = 0.05) -> tuple[Array, Array]:
        """Ends of the confidence intervals (B,)."""
        return interval(self.estimate, self.se, self.df, alpha)


def regress_batched(y: Array, *predictors: Array) -> list[BatchedSlopes]:
    """Slopes of y (B, n) on predictors (B, n) each, an intercept among them: one `BatchedSlopes` a predictor.

    By the normal equations of the centred columns; se² = s² [(XᵀX)⁻¹]ⱼⱼ with s² the residual mean square.

    >>> y, x = np.array([[1.0, 2, 2, 4]]), np.array([[0.0, 1, 2, 3]])
    >>> (slope,) = regress_batched(y, x)
    >>> slope.estimate.round(3).tolist(), slope.se.round(3).tolist(), slope.df
    ([0.9], [0.265], 2)
    """
    x = np.stack([column - column.mean(axis=1, keepdims=True) for column in predictors], axis=2)
    y = y - y.mean(axis=1, keepdims=True)
    inverse = np.linalg.inv(x.swapaxes(1, 2) @ x)
    beta = (inverse @ (x.swapaxes(1, 2) @ y[:, :, None]))[:, :, 0]
    df = y.shape[1] - x.shape[2] - 1
    left = y - (x @ beta[:, :, None])[:, :, 0]
    s2 = (left**2).sum(axis=1) / df
    se = np.sqrt(s2[:, None] * np.diagonal(inverse, axis1=1, axis2=2))
    return [BatchedSlopes(beta[:, j], se[:, j], df) for j in range(x.shape[2])]
