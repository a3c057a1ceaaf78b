"""REML and ML estimation of a random-intercept or random-slope model.

y = X b + Z u + e with u ~ N(0, s² G) for each subject and e ~ N(0, s² I). With V = Z G Zᵀ + I, both b and s² have
closed forms given G, so that one number (intercept) or three (intercept and slope) are searched: the Cholesky factor of
G, as in lme4 (Bates et al. 2015, J Stat Softw 67(1)). A singular G is an ordinary point of this search. statsmodels'
MixedLM inverts G and so loses its way there; inside, the tests hold its likelihood against this one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, cholesky, solve_triangular
from scipy.optimize import minimize

_FLAT = 1e-3  # largest slope of -2 log-likelihood along a unit of the Cholesky factor at a stationary point
_BOUNDARY = 1e-6  # smallest eigenvalue of G (times with a range of 1) still called positive
_STARTS = (1.0, 0.2, 5.0)
_TRIES = 6  # searches before giving up
_STEP = 1e-3  # variance put back, times the residual variance, to leave a boundary that is no minimum


@dataclass(frozen=True)
class MixedEstimate:
    """What was found: coefficients (k,), vcov (k, k), s² G (q, q), s², -2 log-likelihood, and how the search ended."""

    coefficients: np.ndarray
    vcov: np.ndarray
    random_covariance: np.ndarray
    residual_variance: float
    deviance: float
    normalised: np.ndarray
    converged: bool
    singular: bool
    message: str


@dataclass(frozen=True)
class _Pattern:
    """Subjects sharing one Z, so one V: rows (subjects, times), z (times, q), block (times, subjects, k + 1)."""

    rows: np.ndarray
    z: np.ndarray
    block: np.ndarray


@dataclass(frozen=True)
class _Problem:
    """Orthonormal columns in place of X, and what least squares leaves of y: both keep the products accurate."""

    patterns: list[_Pattern]
    triangle: np.ndarray
    least_squares: np.ndarray
    m: int
    reml: bool


@dataclass(frozen=True)
class _Point:
    """The criterion at one factor: its slope is trace(slope dG)."""

    deviance: float
    slope: np.ndarray
    shift: np.ndarray
    information: tuple
    variance: float


def estimate(y: np.ndarray, x: np.ndarray, z: np.ndarray, subjects: np.ndarray, reml: bool) -> MixedEstimate:
    """REML or ML estimate for y (n,), x (n, k) of full rank, z (n, q), subjects (n,).

    A search that does not end at a stationary point, or ends where G is singular, comes back with `converged` False
    and the reason in `message`; its numbers are those of the best point met.
    """
    problem = _prepare(y, x, z, subjects, reml)
    factor = _search(problem, z.shape[1])
    point = _evaluate(problem, factor)
    relative = factor @ factor.T
    singular, flat = _is_singular(relative), _stationary(point, factor)
    if not flat:
        message = "the search did not end at a stationary point of the likelihood"
    elif singular:
        message = "singular: a variance of the random effects is estimated at zero (boundary)"
    else:
        message = "converged"
    inverse = solve_triangular(problem.triangle, np.eye(x.shape[1]))
    return MixedEstimate(
        coefficients=problem.least_squares + inverse @ point.shift,
        vcov=point.variance * inverse @ cho_solve(point.information, inverse.T),
        random_covariance=point.variance * relative,
        residual_variance=point.variance,
        deviance=point.deviance,
        normalised=_normalised(problem, factor, point, len(y)),
        converged=flat and not singular,
        singular=singular,
        message=message,
    )


def _prepare(y, x, z, subjects, reml: bool) -> _Problem:
    basis, triangle = np.linalg.qr(x)
    start = basis.T @ y
    white = np.column_stack([basis, y - basis @ start])
    order = np.argsort(subjects, kind="stable")
    alike: dict[tuple, list[np.ndarray]] = {}
    for rows in np.split(order, np.flatnonzero(np.diff(subjects[order])) + 1):
        alike.setdefault((len(rows), z[rows].tobytes()), []).append(rows)
    groups = [np.array(rows) for rows in alike.values()]
    # Times come first, so that one triangular solve serves all subjects of a pattern.
    patterns = [_Pattern(rows, z[rows[0]], white[rows].transpose(1, 0, 2)) for rows in groups]
    m = len(y) - x.shape[1] if reml else len(y)
    return _Problem(patterns, triangle, solve_triangular(triangle, start), m, reml)


def _whitened(pattern: _Pattern, factor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The triangle L of V = L Lᵀ and L⁻¹ times the pattern's block."""
    spread = pattern.z @ factor
    low = cholesky(spread @ spread.T + np.eye(len(spread)), lower=True)
    solved = solve_triangular(low, pattern.block.reshape(len(low), -1), lower=True)
    return low, solved.reshape(pattern.block.shape)


def _evaluate(problem: _Problem, factor: np.ndarray) -> _Point:
    """-2 log-likelihood m (1 + log 2π s²) + log|V| [+ log|Xᵀ V⁻¹ X|], s² = rᵀ V⁻¹ r / m, and its slope.

    With C = Zᵀ V⁻¹ Z, A = Zᵀ V⁻¹ X, b = Zᵀ V⁻¹ r by subject, the slope in G is Σ C - b bᵀ / s² [- A (Xᵀ V⁻¹ X)⁻¹ Aᵀ].
    """
    cross, log_v, curvature, projected = 0.0, 0.0, 0.0, []
    for pattern in problem.patterns:
        low, white = _whitened(pattern, factor)
        white_z = solve_triangular(low, pattern.z, lower=True)
        flat = white.reshape(-1, white.shape[-1])
        cross = cross + flat.T @ flat
        log_v += 2 * white.shape[1] * np.log(np.diag(low)).sum()
        curvature = curvature + white.shape[1] * white_z.T @ white_z
        projected.append(np.einsum("tq,tsk->sqk", white_z, white))
    information = cho_factor(cross[:-1, :-1], lower=True)
    shift = cho_solve(information, cross[:-1, -1])
    variance = float(cross[-1, -1] - shift @ cross[:-1, -1]) / problem.m
    rows = np.concatenate(projected)
    b = rows[:, :, -1] - rows[:, :, :-1] @ shift
    deviance = problem.m * (1 + np.log(2 * np.pi * variance)) + log_v
    slope = curvature - b.T @ b / variance
    if problem.reml:
        deviance += 2 * np.log(np.abs(np.diag(information[0]) * np.diag(problem.triangle))).sum()
        a = rows[:, :, :-1].transpose(1, 0, 2).reshape(len(slope), -1)
        solved = cho_solve(information, rows[:, :, :-1].reshape(-1, len(shift)).T).T
        slope = slope - a @ solved.reshape(rows[:, :, :-1].shape).transpose(1, 0, 2).reshape(len(slope), -1).T
    return _Point(float(deviance), slope, shift, information, variance)


def _search(problem: _Problem, size: int) -> np.ndarray:
    """Lower Cholesky factor (size, size) of the best G, from the first start that ends at a stationary point."""
    lower = np.tril_indices(size)

    def factor_of(theta: np.ndarray) -> np.ndarray:
        factor = np.zeros((size, size))
        factor[lower] = theta
        return factor

    def criterion(theta: np.ndarray) -> tuple[float, np.ndarray]:
        factor = factor_of(theta)
        point = _evaluate(problem, factor)
        return point.deviance, 2 * (point.slope @ factor)[lower]

    bounds = [(0, None) if row == column else (None, None) for row, column in zip(*lower, strict=True)]
    best, lowest = np.eye(size), np.inf
    starts = [start * np.eye(size) for start in _STARTS]
    for _ in range(_TRIES):
        options = {"ftol": 1e-15, "gtol": _FLAT / 100, "maxiter": 500}
        theta = starts.pop(0)[lower]
        found = minimize(criterion, theta, jac=True, method="L-BFGS-B", bounds=bounds, options=options)
        if found.fun < lowest:
            best, lowest = _cleared(factor_of(found.x)), found.fun
        point = _evaluate(problem, best)
        if _stationary(point, best):
            break
        starts.insert(0, _left_boundary(point, best))
    return best


def _left_boundary(point: _Point, factor: np.ndarray) -> np.ndarray:
    """The factor of G a little way along the direction in which -2 log-likelihood falls most.

    At a variance of exactly zero the slope along the Cholesky factor vanishes whatever the likelihood does, so that a
    search that stepped there by chance stays; this leads it out again.
    """
    downhill = np.linalg.eigh(point.slope)[1][:, :1]
    moved = factor @ factor.T + _STEP * downhill @ downhill.T
    return np.linalg.cholesky(moved + _BOUNDARY * np.eye(len(moved)))


def _cleared(factor: np.ndarray) -> np.ndarray:
    """The factor with a variance too small to matter set to exactly zero."""
    small = np.sqrt(np.square(factor).sum(axis=1)) < np.sqrt(_BOUNDARY)
    return np.where(small[:, None], 0.0, factor)


def _is_singular(relative: np.ndarray) -> bool:
    return bool(np.linalg.eigvalsh(relative)[0] < _BOUNDARY)


def _stationary(point: _Point, factor: np.ndarray) -> bool:
    """No direction leads down: flat along the factor, and rising where G has no extent yet."""
    if np.abs(point.slope @ factor).max() > _FLAT:
        return False
    sizes, vectors = np.linalg.eigh(factor @ factor.T)
    empty = vectors[:, sizes < _BOUNDARY]
    return empty.shape[1] == 0 or bool(np.linalg.eigvalsh(empty.T @ point.slope @ empty)[0] > -_FLAT)


def _normalised(problem: _Problem, factor: np.ndarray, point: _Point, n: int) -> np.ndarray:
    """Residuals whitened by L⁻¹ and divided by s: independent and of unit variance if the model holds."""
    values = np.empty(n)
    for pattern in problem.patterns:
        white = _whitened(pattern, factor)[1]
        values[pattern.rows] = (white[:, :, -1] - white[:, :, :-1] @ point.shift).T
    return values / np.sqrt(point.variance)
