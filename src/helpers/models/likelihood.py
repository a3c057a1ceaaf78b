"""REML and ML of y = X b + e, where the subjects share one covariance Σ of the visits, of which each saw some.

For the subjects of one missingness pattern, W is the inverse of the seen part of Σ, with zeros elsewhere. With
A = Σ Xᵀ W X, b = A⁻¹ Σ Xᵀ W y and r = y - X b,

    -2 log L = m log 2π + Σ log |seen part| + rᵀ W r [+ log |A|],    m = n [- p]

with the brackets for REML (Harville 1977, J Am Stat Assoc 72, 320). First and second derivatives in the entries of Σ
are products of W, r and X, so one evaluation serves every structure: those of its parameters follow by the chain rule.
Everything is done for all subjects at once, with zeros where a visit is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import solve_triangular

from .layout import Problem

Array = np.ndarray


class NotPositiveDefiniteError(ArithmeticError):
    """Σ, or its seen part, has no Cholesky factor."""


@dataclass(frozen=True)
class Evaluation:
    """-2 log L at one Σ (scaled), and what its derivatives are made of.

    `weights` (patterns, visits, visits) the W; `shift` (k,) b in the basis; `root` (k, k) with A⁻¹ = root rootᵀ;
    `wr` (subjects, visits) W r; `wx` (subjects, visits, k) W X root.
    """

    problem: Problem
    deviance: float
    weights: Array
    shift: Array
    root: Array
    wr: Array
    wx: Array

    @cached_property
    def _outer(self) -> Array:
        """Σ over a pattern's subjects of W r rᵀ W [+ W X A⁻¹ Xᵀ W], (patterns, visits, visits)."""
        return self.problem.layout.by_pattern(self.wr[:, :, None] * self.wr[:, None, :]) + (
            self._explained if self.problem.reml else 0.0
        )

    @cached_property
    def _explained(self) -> Array:
        return self.problem.layout.by_pattern(self.wx @ self.wx.swapaxes(1, 2))

    @cached_property
    def slope(self) -> Array:
        """∂(-2 log L)/∂Σ, (visits, visits): Σ W - W (r rᵀ [+ X A⁻¹ Xᵀ]) W."""
        return np.tensordot(self.problem.layout.counts, self.weights, 1) - self._outer.sum(axis=0)

    @cached_property
    def cross(self) -> Array:
        """Σ over subjects of (rootᵀ Xᵀ W)ₖₐ (W X root)ᵦₗ, (visits², k²): rootᵀ Xᵀ W dΣ W X root is dΣ times this."""
        visits, k = self.wx.shape[1:]
        flat = self.wx.reshape(len(self.wx), -1)
        product = (flat.T @ flat).reshape(visits, k, visits, k)
        return product.transpose(0, 2, 1, 3).reshape(visits**2, k**2)

    def precision_slopes(self, tangent: Array) -> Array:
        """rootᵀ Xᵀ W ∂Σ W X root for each direction of tangent (p, visits, visits): (p, k, k)."""
        k = self.wx.shape[2]
        found = (tangent.reshape(len(tangent), -1) @ self.cross).reshape(-1, k, k)
        return (found + found.swapaxes(1, 2)) / 2

    def _traces(self, left: Array, right: Array, tangent: Array) -> Array:
        """Σ over patterns of tr(∂ᵢΣ left ∂ⱼΣ right), (p, p)."""
        visits, p = tangent.shape[1], len(tangent)
        count = len(left)
        # Entry (ab, cd) is left[b, c] right[d, a]: one product over the patterns, then the directions on both sides.
        kernel = left.reshape(count, -1).T @ right.reshape(count, -1)
        kernel = kernel.reshape((visits,) * 4).transpose(3, 0, 1, 2).reshape(visits**2, visits**2)
        flat = tangent.reshape(p, -1)
        found = flat @ kernel @ flat.T
        return (found + found.T) / 2

    def hessian(self, tangent: Array) -> Array:
        """∂²(-2 log L) (p, p) along tangent (p, visits, visits), Σ taken as linear in the parameters.

        -tr(W ∂ᵢ W ∂ⱼ) + 2 tr(∂ᵢ W ∂ⱼ W (r rᵀ [+ X A⁻¹ Xᵀ]) W) - 2 cᵢᵀ cⱼ [- tr(Pᵢ Pⱼ)], cᵢ = rootᵀ Xᵀ W ∂ᵢ W r.
        Where Σ is not linear, the sum of slope and its second derivatives is to be added.
        """
        weighted = self.problem.layout.counts[:, None, None] * self.weights
        found = self._traces(self.weights, 2 * self._outer - weighted, tangent)
        flat = tangent.reshape(len(tangent), -1)
        moved = np.tensordot(self.wx, self.wr, axes=([0], [0])).transpose(0, 2, 1).reshape(flat.shape[1], -1)
        c = flat @ moved
        found = found - 2 * c @ c.T
        return found - self._shared(tangent) if self.problem.reml else found

    def expected(self, tangent: Array) -> Array:
        """Expectation of the Hessian of -2 log L over the data, (p, p); twice Fisher's information."""
        weighted = self.problem.layout.counts[:, None, None] * self.weights
        found = self._traces(self.weights, weighted, tangent)
        if self.problem.reml:
            found = found - 2 * self._traces(self.weights, self._explained, tangent) + self._shared(tangent)
        return found

    def _shared(self, tangent: Array) -> Array:
        slopes = self.precision_slopes(tangent).reshape(len(tangent), -1)
        return slopes @ slopes.T

    def residuals(self) -> Array:
        """y - X b (subjects, visits), scaled."""
        return self.problem.y - self.problem.layout.x @ self.shift


def evaluate(problem: Problem, sigma: Array) -> Evaluation:
    """-2 log L at Σ (visits, visits), in scaled units. Raises `NotPositiveDefiniteError`.

    >>> from .layout import lay_out, pose
    >>> layout = lay_out(np.ones((4, 1)), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2)
    >>> problem = pose(layout, np.array([1.0, 3, 5, 7]), reml=True)
    >>> round(float(evaluate(problem, np.eye(2)).deviance), 4)
    15.7282
    """
    layout = problem.layout
    weights, log_det = _inverses(layout.seen, sigma)
    columns = np.concatenate([layout.x, problem.y[:, :, None]], axis=2)
    white = weights[layout.pattern] @ columns
    flat = columns.shape[2]
    product = columns.reshape(-1, flat).T @ white.reshape(-1, flat)
    low = _cholesky(product[:-1, :-1])
    root = solve_triangular(low, np.eye(flat - 1), lower=True).T
    shift = root @ (root.T @ product[:-1, -1])
    deviance = float(layout.counts @ log_det + product[-1, -1] - product[-1, :-1] @ shift)
    deviance += problem.reml * 2 * np.log(np.diag(low)).sum() + problem.constant
    wr = white[:, :, -1] - white[:, :, :-1] @ shift
    return Evaluation(problem, deviance, weights, shift, root, wr, white[:, :, :-1] @ root)


def _inverses(seen: Array, sigma: Array) -> tuple[Array, Array]:
    """Inverse of the seen part of Σ, zero elsewhere, and its log determinant, by pattern."""
    both = seen[:, :, None] * seen[:, None, :]
    own = np.eye(seen.shape[1]) * (1 - seen)[:, :, None]
    low = _cholesky(sigma * both + own)
    inverse = np.linalg.inv(low)
    weights = (inverse.swapaxes(1, 2) @ inverse) * both
    return weights, 2 * np.log(np.diagonal(low, axis1=1, axis2=2)).sum(axis=1)


def _cholesky(matrix: Array) -> Array:
    try:
        return np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        raise NotPositiveDefiniteError from None


def whitened(problem: Problem, sigma: Array, residuals: Array) -> Array:
    """L⁻¹ r of each subject (subjects, visits), L Lᵀ the seen part of Σ: unit variance, independent.

    >>> from .layout import lay_out, pose
    >>> layout = lay_out(np.ones((4, 1)), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2)
    >>> problem = pose(layout, np.array([1.0, 3, 5, 7]), reml=True)
    >>> whitened(problem, 4 * np.eye(2), np.array([[2.0, 4], [6, 8]])).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """
    seen = problem.layout.seen
    own = np.eye(seen.shape[1]) * (1 - seen)[:, :, None]
    low = np.linalg.cholesky(sigma * seen[:, :, None] * seen[:, None, :] + own)
    return np.linalg.solve(low[problem.layout.pattern], residuals[:, :, None])[:, :, 0]
