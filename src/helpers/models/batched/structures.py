"""Covariance structures of many responses at once: those that are linear in their parameters, and the unstructured."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np

from ..errors import one_of
from ..structures import unstructured
from .moments import Array, Moments

Covariance = Literal["unstructured", "compound_symmetry", "diagonal", "identity"]


@dataclass(frozen=True)
class BatchedLinear:
    """Σ = Σ θᵢ Gᵢ with known Gᵢ `parts` (p, visits, visits); the state of the search is θ (B, p)."""

    parts: Array

    def start(self, rough: Array) -> Array:
        """θ nearest to rough Σ (B, visits, visits), the parts being weighted by their size."""
        flat = self.parts.reshape(len(self.parts), -1)
        return rough.reshape(len(rough), -1) @ np.linalg.pinv(flat)

    def sigma(self, state: Array) -> Array:
        """Σ (B, visits, visits)."""
        return np.tensordot(state, self.parts, 1)

    def tangent(self, state: Array) -> Array:
        """∂Σ (1, p, visits, visits), the same for every response."""
        return self.parts[None]

    def bend(self, state: Array, slope: Array) -> float:
        """Nothing: Σ is linear."""
        return 0.0

    def move(self, state: Array, step: Array) -> Array:
        """θ one step on."""
        return state + step


@dataclass(frozen=True)
class BatchedUnstructured:
    """Every variance and covariance its own parameter: `structures.Unstructured` with states (B, visits, visits)."""

    size: int

    @cached_property
    def _basis(self) -> Array:
        return unstructured([str(i) for i in range(self.size)])._basis

    def start(self, rough: Array) -> Array:
        """The rough Σ."""
        return rough

    def sigma(self, state: Array) -> Array:
        """The state."""
        return state

    def tangent(self, state: Array) -> Array:
        """L E Lᵀ (B, p, visits, visits) for each elementary symmetric E."""
        low = np.linalg.cholesky(state)[:, None]
        return low @ self._basis @ low.swapaxes(2, 3)

    def bend(self, state: Array, slope: Array) -> Array:
        """Σ over entries of slope times L (Eᵢ Eⱼ + Eⱼ Eᵢ) Lᵀ / 2, (B, p, p)."""
        low, basis = np.linalg.cholesky(state), self._basis
        turned = low.swapaxes(1, 2) @ slope @ low
        p = len(basis)
        found = basis.reshape(p, -1) @ (basis @ turned[:, None]).reshape(len(state), p, -1).swapaxes(1, 2)
        return (found + found.swapaxes(1, 2)) / 2

    def move(self, state: Array, step: Array) -> Array:
        """L (I + X + X²/2) Lᵀ, X the step."""
        low, turn = np.linalg.cholesky(state), np.tensordot(step, self._basis, 1)
        moved = low @ (np.eye(self.size) + turn + turn @ turn / 2) @ low.swapaxes(1, 2)
        return (moved + moved.swapaxes(1, 2)) / 2


BatchedStructure = BatchedLinear | BatchedUnstructured


def batched_structure(name: Covariance, visits: int) -> BatchedStructure:
    """The structure of that name. Raises `OptionError` for another.

    >>> batched_structure("compound_symmetry", 2).sigma(np.array([[1.0, 0.5]])).tolist()
    [[[1.5, 0.5], [0.5, 1.5]]]
    """
    one_of("covariance", name, get_args(Covariance))
    eye = np.eye(visits)
    parts = {
        "identity": lambda: eye[None],
        "diagonal": lambda: eye[:, :, None] * eye[:, None, :],
        "compound_symmetry": lambda: np.stack([eye, np.ones((visits, visits))]),
    }
    return BatchedUnstructured(visits) if name == "unstructured" else BatchedLinear(parts[name]())


def rough_covariances(moments: Moments) -> Array:
    """First guesses of Σ (B, visits, visits), positive definite; as `layout.rough_covariance`.

    >>> from ..layout import lay_out
    >>> from .moments import gather
    >>> layout = lay_out(np.ones((4, 1)), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2)
    >>> rough_covariances(gather(layout, np.array([[1.0], [3], [5], [7]]))).round(3).tolist()
    [[[1.0, 0.6], [0.6, 1.0]]]
    """
    pairs = sum(p.count * np.outer(p.seen, p.seen) for p in moments.patterns)
    products = sum(p.yy for p in moments.patterns) / np.maximum(pairs, 1)
    own = np.diagonal(products, axis1=1, axis2=2)
    variances = np.maximum(own, 1e-3 * own.max(axis=1, keepdims=True))
    scale = np.sqrt(variances[:, :, None] * variances[:, None, :])
    size = moments.visits
    apart = ~np.eye(size, dtype=bool)
    correlation = np.where(apart, products / scale, 1.0)
    mean = (correlation * pairs)[:, apart].sum(axis=1) / max(pairs[apart].sum(), 1)
    mean = np.clip(mean, -0.5 / size, 0.9)[:, None, None]
    common = (1 - mean) * np.eye(size) + mean
    blend = correlation
    for share in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0):
        bad = np.linalg.eigvalsh(blend)[:, 0] <= 1e-3
        if not bad.any():
            break
        blend = np.where(bad[:, None, None], (1 - share) * correlation + share * common, blend)
    return scale * blend
