"""Rows of repeated measures laid out by subject and visit, and one response posed on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

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
    """The problem of one response y (n,).

    >>> layout = lay_out(np.ones((4, 1)), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2)
    >>> pose(layout, np.array([1.0, 3, 5, 7]), reml=True).m
    3
    """
    start = layout.basis.T @ y
    left = y - layout.basis @ start
    scale = float(np.sqrt(left @ left / len(y)))
    return Problem(layout, layout.spread(left / scale), start, scale, reml)


def rough_covariance(problem: Problem) -> Array:
    """A positive definite first guess of Σ: moments of the residuals of each pair of visits, drawn to each other.

    Correlations from pairs need not fit together when visits are missing; they are averaged with one common
    correlation, in the smallest share that leaves every eigenvalue above 0.001.

    >>> layout = lay_out(np.ones((4, 1)), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2)
    >>> rough_covariance(pose(layout, np.array([1.0, 3, 5, 7]), reml=True)).round(3).tolist()
    [[1.0, 0.6], [0.6, 1.0]]
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
