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

Array = np.ndarray


@dataclass(frozen=True)
class Layout:
    """Rows laid out by subject and visit, shared by all responses seen at the same visits.

    `subject`, `visit` (n,) positions of each row; `pattern` (subjects,) the missingness pattern of each subject;
    `seen` (patterns, visits) 1 or 0; `x` (subjects, visits, k) the columns of an orthonormal basis of X, zero where
    unseen; `basis` (n, k) the same by rows and `triangle` (k, k) with X = basis triangle.
    """

    subject: Array
    visit: Array
    pattern: Array
    seen: Array
    x: Array
    basis: Array
    triangle: Array

    @cached_property
    def counts(self) -> Array:
        """Subjects of each pattern."""
        return np.bincount(self.pattern, minlength=len(self.seen)).astype(float)

    def spread(self, values: Array) -> Array:
        """Values by row (n, ...) as (subjects, visits, ...), zero where unseen."""
        out = np.zeros((len(self.pattern), self.seen.shape[1], *values.shape[1:]))
        out[self.subject, self.visit] = values
        return out

    def by_pattern(self, values: Array) -> Array:
        """Sums (patterns, ...) over the subjects of each pattern."""
        member = np.zeros((len(self.seen), len(self.pattern)))
        member[self.pattern, np.arange(len(self.pattern))] = 1
        return (member @ values.reshape(len(values), -1)).reshape(-1, *values.shape[1:])


@dataclass(frozen=True)
class Problem:
    """One response on a layout: what least squares leaves of it, over its spread `scale` (units drop out so).

    `y` (subjects, visits) scaled residuals; `least_squares` (k,) coefficients in the basis, in units of y.
    """

    layout: Layout
    y: Array
    least_squares: Array
    scale: float
    reml: bool

    @property
    def m(self) -> int:
        """Rows [less columns]."""
        rows, columns = self.layout.basis.shape
        return rows - columns if self.reml else rows

    @property
    def constant(self) -> float:
        """What -2 log L has besides the terms in Σ: that of 2π, of the units, and of the basis."""
        fixed = self.m * (np.log(2 * np.pi) + 2 * np.log(self.scale))
        return fixed + self.reml * 2 * np.log(np.abs(np.diag(self.layout.triangle))).sum()


def lay_out(x: Array, subject: Array, visit: Array, visits: int) -> Layout:
    """Layout of design rows x (n, k), subject (n,) and visit (n,) as positions from 0.

    >>> layout = lay_out(np.ones((3, 1)), np.array([0, 0, 1]), np.array([0, 1, 1]), 2)
    >>> layout.seen.tolist(), layout.pattern.tolist()
    ([[0.0, 1.0], [1.0, 1.0]], [1, 0])
    """
    basis, triangle = np.linalg.qr(x)
    seen = np.zeros((subject.max() + 1, visits))
    seen[subject, visit] = 1
    kinds, pattern = np.unique(seen, axis=0, return_inverse=True)
    spread = np.zeros((len(seen), visits, x.shape[1]))
    spread[subject, visit] = basis
    return Layout(subject, visit, pattern.ravel(), kinds, spread, basis, triangle)


def pose(layout: Layout, y: Array, reml: bool) -> Problem:
    """The problem of one response y (n,)."""
    start = layout.basis.T @ y
    left = y - layout.basis @ start
    scale = float(np.sqrt(left @ left / len(y)))
    return Problem(layout, layout.spread(left / scale), start, scale, reml)


def rough_covariance(problem: Problem) -> Array:
    """A positive definite first guess of Σ: moments of the residuals of each pair of visits, drawn to each other.

    Correlations from pairs need not fit together when visits are missing; they are averaged with one common
    correlation, in the smallest share that leaves every eigenvalue above 0.001.
    """
    seen = problem.layout.seen[problem.layout.pattern]
    pairs = seen.T @ seen
    moments = problem.y.T @ problem.y / np.maximum(pairs, 1)
    variances = np.maximum(np.diag(moments), 1e-3 * np.diag(moments).max())
    scale = np.sqrt(np.outer(variances, variances))
    size = len(variances)
    own, apart = np.eye(size), ~np.eye(size, dtype=bool)
    correlation = np.where(apart, moments / scale, 1.0)
    mean = np.clip((correlation * pairs)[apart].sum() / max(pairs[apart].sum(), 1), -0.5 / size, 0.9)
    common = (1 - mean) * own + mean
    for share in (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0):
        blend = (1 - share) * correlation + share * common
        if np.linalg.eigvalsh(blend)[0] > 1e-3:
            break
    return scale * blend


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
    """-2 log L at Σ (visits, visits), in scaled units. Raises `NotPositiveDefiniteError`."""
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
    """L⁻¹ r of each subject (subjects, visits), L Lᵀ the seen part of Σ: unit variance, independent."""
    seen = problem.layout.seen
    own = np.eye(seen.shape[1]) * (1 - seen)[:, :, None]
    low = np.linalg.cholesky(sigma * seen[:, :, None] * seen[:, None, :] + own)
    return np.linalg.solve(low[problem.layout.pattern], residuals[:, :, None])[:, :, 0]
