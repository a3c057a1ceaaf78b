"""Covariance structures of a response over the visits: Σ(θ), a visits x visits matrix, and its derivatives.

The *natural* parameters are those that SPSS and SAS print (variances, covariances, correlations); degrees of freedom
are computed in them. The search moves in others, which may be any real numbers and always give a positive definite Σ.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

Array = np.ndarray


@dataclass(frozen=True)
class Parametric:
    """A structure with few parameters.

    `natural` maps free parameters (..., p) to natural ones (..., p), `matrix` these to Σ (..., visits, visits); both
    take complex numbers, and many vectors at once, so that they can be differentiated by complex step. `first`
    proposes free parameters from a rough Σ. `labels` name the natural parameters; `linear` says that Σ is linear in
    them, so that its second derivatives vanish.
    """

    labels: tuple[str, ...]
    natural: Callable[[Array], Array]
    matrix: Callable[[Array], Array]
    first: Callable[[Array], Array]
    linear: bool

    def start(self, rough: Array) -> Array:
        """State of the search: the free parameters."""
        return self.first(rough)

    def sigma(self, state: Array) -> Array:
        """Σ at the state."""
        return self.matrix(self.natural(state))

    def tangent(self, state: Array) -> Array:
        """∂Σ (p, visits, visits) by the free parameters."""
        return directions(self.sigma, state)

    def bend(self, state: Array, slope: Array) -> Array:
        """Σ over entries of slope ∂²Σ, (p, p)."""
        return np.einsum("ijab,ab->ij", curvature(self.sigma, state), slope)

    def move(self, state: Array, step: Array) -> Array:
        """The state one step on."""
        return state + step

    def values(self, state: Array) -> Array:
        """The natural parameters (p,)."""
        return self.natural(state)

    def natural_tangent(self, state: Array) -> Array:
        """∂Σ (p, visits, visits) by the natural parameters."""
        return directions(self.matrix, self.natural(state))

    def natural_curvature(self, state: Array) -> Array | None:
        """∂²Σ (p, p, visits, visits) by the natural parameters; None where Σ is linear in them."""
        if self.linear:
            return None
        at = self.natural(state)
        sizes = [1.0 if label.startswith("correlation") else v for label, v in zip(self.labels, at, strict=True)]
        return curvature(self.matrix, at, np.array(sizes))


@dataclass(frozen=True)
class Unstructured:
    """Every variance and covariance its own parameter; the state of the search is Σ itself.

    From Σ = L Lᵀ a step X (symmetric) leads to L (I + X + X²/2) Lᵀ: positive definite whatever X, and a search that
    does not depend on the visits' units or order (Absil, Mahony and Sepulchre 2008, Optimization Algorithms on Matrix
    Manifolds, ch. 4 and 6).
    """

    labels: tuple[str, ...]
    size: int
    linear: bool = True

    def start(self, rough: Array) -> Array:
        """State of the search: the rough Σ."""
        return rough

    def sigma(self, state: Array) -> Array:
        """Σ at the state."""
        return state

    def tangent(self, state: Array) -> Array:
        """L E Lᵀ (p, visits, visits) for each elementary symmetric E."""
        low = np.linalg.cholesky(state)
        return low @ self._basis @ low.T

    def bend(self, state: Array, slope: Array) -> Array:
        """Σ over entries of slope times L (Eᵢ Eⱼ + Eⱼ Eᵢ) Lᵀ / 2, (p, p)."""
        low, basis = np.linalg.cholesky(state), self._basis
        p = len(basis)
        found = basis.reshape(p, -1) @ (basis @ (low.T @ slope @ low)).reshape(p, -1).T
        return (found + found.T) / 2

    def move(self, state: Array, step: Array) -> Array:
        """The state one step on."""
        low, turn = np.linalg.cholesky(state), np.tensordot(step, self._basis, 1)
        moved = low @ (np.eye(self.size) + turn + turn @ turn / 2) @ low.T
        return (moved + moved.T) / 2

    def values(self, state: Array) -> Array:
        """The variances and covariances (p,), row by row of the lower triangle."""
        return state[np.tril_indices(self.size)]

    def natural_tangent(self, state: Array) -> Array:
        """As `tangent`: a fixed linear change of the variances and covariances.

        Degrees of freedom do not depend on it, and its information matrix stays well conditioned near singularity.
        """
        return self.tangent(state)

    def natural_curvature(self, state: Array) -> None:
        """None: Σ is linear in its entries."""
        return None

    @cached_property
    def _basis(self) -> Array:
        """Elementary symmetric matrices (p, visits, visits)."""
        rows, columns = np.tril_indices(self.size)
        basis = np.zeros((len(rows), self.size, self.size))
        basis[np.arange(len(rows)), rows, columns] = basis[np.arange(len(rows)), columns, rows] = 1
        return basis


Structure = Parametric | Unstructured


def unstructured(visits: list[str]) -> Unstructured:
    """The unstructured covariance of the named visits.

    >>> unstructured(["a", "b"]).labels
    ('variance a', 'covariance a, b', 'variance b')
    """
    pairs = zip(*np.tril_indices(len(visits)), strict=True)
    labels = [f"variance {visits[i]}" if i == j else f"covariance {visits[j]}, {visits[i]}" for i, j in pairs]
    return Unstructured(tuple(labels), len(visits))


def directions(function: Callable[[Array], Array], at: Array) -> Array:
    """∂Σ/∂θ (p, visits, visits) by complex step, exact to rounding (Squire and Trapp 1998, SIAM Rev 40, 110).

    >>> directions(lambda p: p[..., None] ** 2 * np.eye(2), np.array([3.0])).tolist()
    [[[6.0, 0.0], [0.0, 6.0]]]
    """
    step = 1e-30
    return function(at + 1j * step * np.eye(len(at))).imag / step


def curvature(function: Callable[[Array], Array], at: Array, sizes: Array | float = 1.0) -> Array:
    """∂²Σ/∂θ∂θ (p, p, visits, visits): central differences of the complex step, good to about nine digits.

    `sizes` (p,) of the parameters: a variance may be far from 1 where the visits' units differ.

    >>> curvature(lambda p: p[..., None] ** 2 * np.eye(2), np.array([3.0])).round(6).tolist()
    [[[[2.0, 0.0], [0.0, 2.0]]]]
    """
    steps, p = 1e-5 * sizes * np.ones(len(at)), len(at)
    moved = at + np.vstack([np.diag(steps), -np.diag(steps)])
    slopes = function(moved[:, None, :] + 1e-30j * np.eye(p)).imag / 1e-30
    second = (slopes[:p] - slopes[p:]) / (2 * steps[:, None, None, None])
    return (second + second.swapaxes(0, 1)) / 2
