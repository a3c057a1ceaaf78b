"""Newton's method for the covariance parameters of many responses; those that have converged drop out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..search import _ENOUGH, _FLAT, _HALVINGS, _LONGEST, _SINGULAR, _STEPS, _VANISHED
from .likelihood import BatchedEvaluation, evaluate_batched
from .moments import Array, Moments
from .structures import BatchedStructure, rough_covariances


@dataclass(frozen=True)
class BatchedOptimum:
    """Where the searches ended: `state` of the structure, `converged` (B,), `steps` (B,)."""

    state: Array
    converged: Array
    steps: Array


def optimise_batched(moments: Moments, structure: BatchedStructure) -> BatchedOptimum:
    """Minima of -2 log L, each as `search.optimise` finds it: the same rules, one search a response.

    But that a search at a saddle ends there, without having converged, where `search.optimise` looks for a way down.

    >>> from ..layout import lay_out
    >>> from .moments import gather
    >>> from .structures import batched_structure
    >>> layout = lay_out(np.ones((4, 1)), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2)
    >>> moments = gather(layout, np.array([[1.0, 2], [3, 6], [5, 10], [7, 14]]))
    >>> found = optimise_batched(moments, batched_structure("identity", 2))
    >>> (found.state[:, 0] * moments.scale**2).round(4).tolist()
    [6.6667, 26.6667]
    """
    state = structure.start(rough_covariances(moments))
    size = moments.size
    converged, steps = np.zeros(size, dtype=bool), np.zeros(size, dtype=int)
    active, part = np.arange(size), moments
    for step in range(_STEPS):
        here = state[active]
        point = evaluate_batched(part, structure.sigma(here))
        direction, fall, definite = _directions(structure, here, point)
        done = (fall < _ENOUGH) & definite
        moved, lower = _downhill(structure, part, here, point.deviance, direction, done)
        state[active] = np.where(_like(lower, moved), moved, here)
        gone = ~done & (~lower | _singular(structure.sigma(state[active])))
        converged[active[done]] = True
        converged[active[~done & ~lower & (fall < 1e-6) & definite]] = True
        steps[active] = step
        keep = ~(done | gone)
        if not keep.any():
            break
        active, part = active[keep], part.take(np.flatnonzero(keep))
    return BatchedOptimum(state, converged & ~_singular(structure.sigma(state)), steps)


def _directions(structure: BatchedStructure, state: Array, point: BatchedEvaluation) -> tuple[Array, Array, Array]:
    """Steps (B, p), the falls they promise (B,), and where the Hessian was positive definite."""
    tangent = structure.tangent(state)
    size, p = len(state), tangent.shape[1]
    flat = np.broadcast_to(tangent, (size, *tangent.shape[1:])).reshape(size, p, -1)
    slope = (flat @ point.slope.reshape(size, -1, 1))[:, :, 0]
    slopes = point.precision_slopes(tangent)
    hessian = point.hessian(tangent, slopes) + structure.bend(state, point.slope)
    sizes, vectors = np.linalg.eigh(hessian)
    definite = sizes[:, 0] > _FLAT * sizes[:, -1]
    if not definite.all():
        # Fisher's scoring where Newton's step may lead uphill.
        other, turned = np.linalg.eigh(point.expected(tangent, slopes))
        other = np.maximum(other, _FLAT * other[:, -1:])
        sizes = np.where(definite[:, None], sizes, other)
        vectors = np.where(definite[:, None, None], vectors, turned)
    along = (vectors.swapaxes(1, 2) @ slope[:, :, None])[:, :, 0] / sizes
    return -(vectors @ along[:, :, None])[:, :, 0], (along**2 * sizes).sum(axis=1) / 2, definite


def _downhill(structure, moments: Moments, state, deviance, direction, last) -> tuple[Array, Array]:
    """States one step on, and which are lower; a `last` step is a full one, and may be level to rounding."""
    size = np.where(last, 1.0, np.minimum(1.0, _LONGEST / np.maximum(np.abs(direction).max(axis=1), 1e-300)))
    moved, lower = state.copy(), np.zeros(len(state), dtype=bool)
    open_ = np.arange(len(state))
    for _ in range(_HALVINGS):
        trial = structure.move(state[open_], size[open_, None] * direction[open_])
        part = moments if len(open_) == len(state) else moments.take(open_)
        found = evaluate_batched(part, structure.sigma(trial)).deviance
        good = found < deviance[open_] + np.where(last[open_], 1e-8, 0.0)
        moved[open_[good]], lower[open_[good]] = trial[good], True
        open_ = open_[~good & ~last[open_]]
        if not len(open_):
            break
        size[open_] /= 2
    return moved, lower


def _like(which: Array, state: Array) -> Array:
    return which.reshape(-1, *(1,) * (state.ndim - 1))


def _singular(sigma: Array) -> Array:
    """Where Σ is singular, (B,), by the rules of `search.degenerate`."""
    variances = np.diagonal(sigma, axis1=1, axis2=2)
    gone = ~(variances > _VANISHED * variances.max(axis=1, keepdims=True)).all(axis=1)
    safe = np.where(gone[:, None], 1.0, variances)
    correlation = sigma / np.sqrt(safe[:, :, None] * safe[:, None, :])
    return gone | ~(np.linalg.eigvalsh(correlation)[:, 0] > _SINGULAR)
