"""Kenward and Roger's covariance of the coefficients and degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .design import Design
from .errors import TooFewError
from .inference import Array, Sensitivity, quadratic
from .likelihood import Evaluation
from .satterthwaite import ratio

_SAME = 1e-9  # difference of two computed moments that is rounding


@dataclass(frozen=True)
class KenwardRoger:
    """F scaled by λ on m denominator degrees of freedom, from the adjusted covariance `vcov`.

    With N the rows of L made orthonormal in the unadjusted covariance and Tᵢ = N slopesᵢ Nᵀ (q, q):
    A₁ = Σ S_ij tr Tᵢ tr Tⱼ, A₂ = Σ S_ij tr TᵢTⱼ, B = (A₁ + 6 A₂) / 2q, and m and λ match the mean and variance of F
    (Kenward and Roger 1997, Biometrics 53, 983, section 4). For one row λ = 1 and m = 2 / A₂.

    `joint` raises `TooFewError` where no F with positive λ and m has these moments: some subjects too few.
    """

    design: Design
    coefficients: Array
    vcov: Array
    sensitivity: Sensitivity

    def row_df(self, rows: Array) -> Array:
        """m (rows,) of each row of L."""
        half = rows @ self.sensitivity.root
        half = half / np.sqrt(np.square(half).sum(axis=1, keepdims=True))
        slope = np.einsum("mk,pkl,ml->mp", half, self.sensitivity.slopes, half, optimize=True)
        return ratio(np.full(len(rows), 2.0), np.einsum("mp,pq,mq->m", slope, self.sensitivity.spread, slope))

    def joint(self, rows: Array) -> tuple[float, float]:
        """λ F and m for the rows of L (q, k) together."""
        scale, df = self._scale(rows)
        return scale * quadratic(rows @ self.coefficients, rows @ self.vcov @ rows.T), df

    def _scale(self, rows: Array) -> tuple[float, float]:
        """λ and m."""
        half, q = rows @ self.sensitivity.root, len(rows)
        normal = np.linalg.solve(np.linalg.cholesky(half @ half.T), half)
        t = normal @ self.sensitivity.slopes @ normal.T
        traces, spread = np.trace(t, axis1=1, axis2=2), self.sensitivity.spread
        a1 = float(traces @ spread @ traces)
        a2 = float(np.einsum("ij,iab,jba->", spread, t, t, optimize=True))
        if not a2 > 0:
            return 1.0, np.inf
        scale, df = _matched(a1, a2, q)
        if scale > 0 and df > 0:
            return scale, df
        terms = [term for term, columns in self.design.terms.items() if rows[:, columns].any()]
        raise TooFewError(
            f"Kenward and Roger's F does not exist for {', '.join(terms)}: too few subjects for {q} effects at once "
            "and the parameters of this covariance. Choose a covariance with fewer parameters, or df='satterthwaite'.",
            terms,
        )


def _matched(a1: float, a2: float, q: int) -> tuple[float, float]:
    """λ and m from A₁ and A₂.

    1 - A₂/q and 1 - c₂B are equal where the F is exact (one variance, or Hotelling's T²). They cancel then, and have
    to: where both are 0 the F has no mean, but λ and m.

    >>> _matched(2 * 2 * 0.1, 2 * 0.1, 2)  # one variance, estimated on 2 / 0.1 degrees of freedom
    (1.0, 20.0)
    """
    b = (a1 + 6 * a2) / (2 * q)
    g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
    below = 3 * q + 2 * (1 - g)
    c1, c2, c3 = g / below, (q - g) / below, (q + 2 - g) / below
    mean, other = 1 - a2 / q, 1 - c2 * b
    if abs(mean - other) < _SAME * max(1.0, abs(mean)):
        return 1 + b * (g - q + 2) / below, below / b + 2 - q + g
    above, under = mean**2 * (1 + c1 * b), other**2 * (1 - c3 * b)
    df = 4 + (q + 2) * under / (above - under)
    return df * mean / (df - 2), df


def adjusted_root(point: Evaluation, tangent: Array, bent: Array | None, slopes: Array, spread: Array) -> Array:
    """The adjusted covariance in the basis of `root`: I + 2 (Σ S_ij (Q_ij - PᵢPⱼ - R_ij / 4)), (k, k).

    Q_ij = rootᵀ Xᵀ W ∂ᵢ W ∂ⱼ W X root, Pᵢ = rootᵀ Xᵀ W ∂ᵢ W X root, and R_ij the same with the second derivative of
    Σ, zero where Σ is linear in its parameters (`bent` None). tangent (p, visits, visits), bent (p, p, visits, visits),
    slopes (p, k, k) = Pᵢ, spread (p, p). One variance for all visits leaves nothing to adjust:

    >>> from .layout import lay_out, pose
    >>> from .likelihood import evaluate
    >>> layout = lay_out(np.ones((4, 1)), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2)
    >>> point = evaluate(pose(layout, np.array([1.0, 3, 5, 7]), reml=True), np.eye(2))
    >>> tangent = np.eye(2)[None]
    >>> adjusted_root(point, tangent, None, point.precision_slopes(tangent), np.eye(1)).round(9).tolist()
    [[1.0]]
    """
    visits, k = tangent.shape[1], slopes.shape[1]
    flat = tangent.reshape(len(tangent), -1)
    pairs = (flat.T @ spread @ flat).reshape((visits,) * 4)
    inner = np.einsum("abcd,pbc->pad", pairs, point.weights, optimize=True)
    if bent is not None:
        inner = inner - np.einsum("ij,ijab->ab", spread, bent) / 4
    layout = point.problem.layout
    moved = inner[layout.pattern] @ point.wx
    q = point.wx.reshape(-1, k).T @ moved.reshape(-1, k)
    p = np.einsum("ij,iab,jbc->ac", spread, slopes, slopes, optimize=True)
    total = q - p
    return np.eye(k) + total + total.T
