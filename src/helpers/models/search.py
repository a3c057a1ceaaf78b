"""Newton's method for the covariance parameters of a repeated-measures model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .layout import Problem, rough_covariance
from .likelihood import Evaluation, NotPositiveDefiniteError, evaluate
from .structures import Array, Structure

_ENOUGH = 1e-10  # predicted fall of -2 log L at which the search ends; one more full step is then taken
_STEPS = 100
_LONGEST = 1.5  # of a step in the largest parameter: logarithms of variances, or X of the unstructured search
_HALVINGS = 25
_FLAT = 1e-7  # eigenvalue of the Hessian, relative to the largest, below which a direction is flat
_SINGULAR = 1e-6  # smallest eigenvalue of the correlations that is not singular
_VANISHED = 1e-8  # smallest variance, relative to the largest, that is not zero


@dataclass(frozen=True)
class Optimum:
    """Where the search ended: state of the structure, evaluation there, and `problem`, empty when it converged."""

    state: Array
    point: Evaluation
    sigma: Array
    steps: int
    problem: str


def optimise(problem: Problem, structure: Structure, labels: list[str]) -> Optimum:
    """Minimum of -2 log L from a rough estimate of Σ; `labels` name the visits in messages.

    Newton's step with the analytic Hessian where that is positive definite, else Fisher's scoring; halved until
    -2 log L falls. Ends when the predicted fall is below 1e-10, which leaves parameters exact to about 1e-7 standard
    errors before the last step and to rounding after it.

    >>> from .layout import lay_out, pose
    >>> from .structure_kinds import parametric
    >>> layout = lay_out(np.ones((4, 1)), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2)
    >>> problem = pose(layout, np.array([1.0, 3, 5, 7]), reml=True)
    >>> found = optimise(problem, parametric("identity", ["a", "b"]), ["a", "b"])
    >>> round(float(found.sigma[0, 0]) * problem.scale**2, 6), found.problem
    (6.666667, '')
    """
    state = structure.start(rough_covariance(problem))
    point = evaluate(problem, structure.sigma(state))
    for step in range(_STEPS):
        direction, fall, definite = _direction(structure, state, point)
        if fall < _ENOUGH and definite:
            state, point = _last(structure, state, point, direction)
            return _finish(structure, state, point, labels, step, "")
        moved = _downhill(structure, state, point, direction)
        if moved is None:
            stuck = "" if fall < 1e-6 and definite else "the search found no lower point, but the slope is not zero"
            return _finish(structure, state, point, labels, step, stuck)
        state, point = moved
        if degenerate(structure.sigma(state), labels):
            return _finish(structure, state, point, labels, step + 1, "")
    return _finish(structure, state, point, labels, _STEPS, f"not converged in {_STEPS} steps")


def _direction(structure: Structure, state: Array, point: Evaluation) -> tuple[Array, float, bool]:
    """Step, the fall of -2 log L it promises, and whether the Hessian was positive definite."""
    tangent = structure.tangent(state)
    slope = np.tensordot(tangent, point.slope, 2)
    hessian = point.hessian(tangent) + structure.bend(state, point.slope)
    sizes, vectors = np.linalg.eigh(hessian)
    definite = bool(sizes[0] > _FLAT * sizes[-1])
    if not definite:
        if sizes[0] < -_FLAT * sizes[-1] and np.abs(slope).max() < 1e-6:
            # A saddle: no slope, but a way down.
            return vectors[:, 0], np.inf, False
        sizes, vectors = np.linalg.eigh(point.expected(tangent))
        sizes = np.maximum(sizes, _FLAT * sizes[-1])
    along = vectors.T @ slope / sizes
    return -(vectors @ along), float(along @ (sizes * along)) / 2, definite


def _downhill(structure, state, point: Evaluation, direction: Array) -> tuple[Array, Evaluation] | None:
    size = _LONGEST / max(_LONGEST, np.abs(direction).max())
    for _ in range(_HALVINGS):
        moved = structure.move(state, size * direction)
        found = _try(structure, moved, point)
        if found is not None and found.deviance < point.deviance:
            return moved, found
        size /= 2
    return None


def _last(structure, state, point: Evaluation, direction: Array) -> tuple[Array, Evaluation]:
    """One full step more: so near the minimum it squares the error, though -2 log L no longer shows it."""
    moved = structure.move(state, direction)
    found = _try(structure, moved, point)
    return (state, point) if found is None or found.deviance > point.deviance + 1e-8 else (moved, found)


def _try(structure, state: Array, point: Evaluation) -> Evaluation | None:
    try:
        found = evaluate(point.problem, structure.sigma(state))
    except NotPositiveDefiniteError:
        return None
    return found if np.isfinite(found.deviance) else None


def _finish(structure, state, point: Evaluation, labels, steps: int, stuck: str) -> Optimum:
    sigma = structure.sigma(state)
    return Optimum(state, point, sigma, steps, degenerate(sigma, labels) or stuck)


def degenerate(sigma: Array, labels: list[str]) -> str:
    """What is singular about Σ, in words; empty when nothing is.

    >>> degenerate(np.array([[1.0, 1.0], [1.0, 1.0]]), ["a", "b"])
    'the covariance of the visits is singular: a and b are perfectly correlated'
    """
    variances = np.diag(sigma)
    gone = [label for label, v in zip(labels, variances, strict=True) if not v > _VANISHED * variances.max()]
    if gone:
        return f"the covariance of the visits is singular: no variance is left at {', '.join(gone)}"
    correlation = sigma / np.sqrt(np.outer(variances, variances))
    sizes, vectors = np.linalg.eigh(correlation)
    if sizes[0] > _SINGULAR:
        return ""
    involved = [label for label, part in zip(labels, vectors[:, 0], strict=True) if abs(part) > 0.1]
    how = "are perfectly correlated" if len(involved) == 2 else "follow from one another"
    named = f"{', '.join(involved[:-1])} and {involved[-1]}" if len(involved) > 1 else "the visits"
    return f"the covariance of the visits is singular: {named} {how}"
