"""Satterthwaite's degrees of freedom for linear functions of the coefficients of a mixed model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .design import Design
from .inference import Array, Sensitivity, quadratic


@dataclass(frozen=True)
class Satterthwaite:
    """One row L: ν = 2 (L V Lᵀ)² / (gᵀ S g), g the gradient of L V Lᵀ in θ and S the covariance of θ's estimate.

    Several rows: L V Lᵀ = P diag(d) Pᵀ, ν_m of each row of Pᵀ L, E = Σ over ν_m > 2 of ν_m / (ν_m - 2), and
    ν = 2E / (E - q). Sources: Giesbrecht and Burns (1985), Biometrics 41, 477; Fai and Cornelius (1996), J Stat Comput
    Simul 54, 363; SAS/STAT User's Guide, PROC MIXED, DDFM=SATTERTHWAITE. Where E is not above q, 2 as lmerTest.
    """

    design: Design
    coefficients: Array
    vcov: Array
    sensitivity: Sensitivity

    def row_df(self, rows: Array) -> Array:
        """ν (m,) of each row of L (m, k); infinite where the variance does not depend on θ."""
        half = rows @ self.sensitivity.root
        # Over L V Lᵀ, whose square would leave the range of numbers in small units of the response.
        half = half / np.linalg.norm(half, axis=1, keepdims=True)
        slope = np.einsum("mk,pkl,ml->mp", half, self.sensitivity.slopes, half, optimize=True)
        return ratio(np.full(len(rows), 2.0), np.einsum("mp,pq,mq->m", slope, self.sensitivity.spread, slope))

    def joint(self, rows: Array) -> tuple[float, float]:
        """F and ν of the rows of L (q, k) together."""
        covariance = rows @ self.vcov @ rows.T
        turned = np.linalg.eigh(covariance)[1].T @ rows
        return quadratic(rows @ self.coefficients, covariance), pooled(self.row_df(turned))


def pooled(df: Array) -> float:
    """ν of an F from those of its orthogonal parts (q,).

    >>> pooled(np.array([10.0, 10.0])), pooled(np.array([np.inf, np.inf]))
    (10.0, inf)
    """
    if np.isinf(df).all() or len(df) == 1:
        return float(df[0])
    large = df[df > 2]
    excess = (2 / (large - 2)).sum() - (len(df) - len(large))  # E - q
    total = excess + len(df)
    return float(2 * total / excess) if excess > 0 else 2.0


def ratio(above: Array, below: Array) -> Array:
    """above / below, infinite where below is zero.

    >>> ratio(np.array([2.0, 1.0]), np.array([1.0, 0.0])).tolist()
    [2.0, inf]
    """
    return np.divide(above, below, out=np.full(np.shape(above), np.inf), where=below > 0)
