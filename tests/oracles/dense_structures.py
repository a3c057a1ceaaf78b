"""The covariance structures as functions of their natural parameters, one textbook formula each.

Natural parameters are those SAS and SPSS print. Each structure also has a map from unconstrained numbers to natural
parameters, so that any search stays among positive definite matrices, and a start. No code of `helpers` is used.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

STEP = 1e-30  # of the complex step, which has no cancellation and so no smallest useful step


@dataclass(frozen=True)
class Structure:
    """`sigma(natural)` (T, T); `natural(free)`; `start` the free numbers to begin at; `linear` in the natural ones."""

    names: list[str]
    sigma: Callable[[np.ndarray], np.ndarray]
    natural: Callable[[np.ndarray], np.ndarray]
    start: np.ndarray
    linear: bool


def structure(name: str, moments: np.ndarray, times: np.ndarray | None = None) -> Structure:
    """The named structure over T visits; `moments` (T, T) is a rough covariance to start from."""
    return random_effects(moments, times) if name in ("intercept", "slope") else MAKERS[name](moments)


def whitened(structure: Structure, natural: np.ndarray) -> tuple[Structure, np.ndarray]:
    """The structure in coordinates z, with natural + turn z the natural parameters, and `turn`.

    At z = 0 its first derivatives are L E_i L', with Sigma = L L' and orthonormal E_i. A fixed linear change of the
    parameters changes neither degrees of freedom nor adjusted covariances, but it saves their digits: for variances
    and covariances of nearly collinear visits, the information is as ill conditioned as Sigma, squared.
    """
    root = np.linalg.cholesky(structure.sigma(natural))
    tangents = np.linalg.solve(root, np.linalg.solve(root, jacobian(structure.sigma, natural)).swapaxes(1, 2))
    turn = np.linalg.inv(np.linalg.qr(tangents.reshape(len(natural), -1).T, mode="r"))
    return replace(structure, sigma=lambda z: structure.sigma(natural + turn @ z)), turn


def unstructured(moments: np.ndarray) -> Structure:
    t = len(moments)
    return Structure(
        cells("covariance", t),
        lambda v: symmetric(v, t),
        lambda u: log_cholesky(u, t),
        free_cholesky(moments),
        True,
    )


def diagonal(moments: np.ndarray) -> Structure:
    return Structure(variances(len(moments)), np.diag, np.exp, np.log(np.diag(moments)), True)


def identity(moments: np.ndarray) -> Structure:
    return Structure(["variance"], lambda v: v[0] * np.eye(len(moments)), np.exp, overall(moments), True)


def compound_symmetry(moments: np.ndarray) -> Structure:
    t = len(moments)

    def natural(u):
        rho = exchangeable(u[1], t)
        return np.exp(u[0]) * np.array([1 - rho, rho])

    start = np.append(overall(moments), 0.0)
    return Structure(["residual", "common"], lambda v: v[0] * np.eye(t) + v[1], natural, start, True)


def toeplitz(moments: np.ndarray) -> Structure:
    t = len(moments)
    return Structure(
        ["variance", *(f"covariance[{k}]" for k in range(1, t))],
        lambda v: v[lags(t)],
        lambda u: np.exp(u[0]) * np.append(1.0, correlations(np.tanh(u[1:]))),
        np.concatenate([overall(moments), [0.5], np.zeros(t - 2)]),
        True,
    )


def ar1(moments: np.ndarray) -> Structure:
    return Structure(
        ["variance", "rho"],
        lambda v: v[0] * v[1] ** lags(len(moments)),
        lambda u: np.append(np.exp(u[:1]), np.tanh(u[1:])),
        np.append(overall(moments), 0.5),
        False,
    )


def heterogeneous_ar1(moments: np.ndarray) -> Structure:
    t = len(moments)
    return heterogeneous(moments, ["rho"], lambda v: v[0] ** lags(t), np.tanh, [0.5])


def heterogeneous_cs(moments: np.ndarray) -> Structure:
    t = len(moments)
    return heterogeneous(
        moments, ["rho"], lambda v: np.where(lags(t) == 0, 1.0, v[0]), lambda u: exchangeable(u, t), [0.0]
    )


def heterogeneous_toeplitz(moments: np.ndarray) -> Structure:
    t = len(moments)
    names = [f"rho[{k}]" for k in range(1, t)]
    start = [0.5, *np.zeros(t - 2)]
    return heterogeneous(
        moments, names, lambda v: np.append(1.0, v)[lags(t)], lambda u: correlations(np.tanh(u)), start
    )


def heterogeneous(moments: np.ndarray, names: list[str], correlation, natural, start) -> Structure:
    """Variances of their own at each visit, and a correlation matrix of a few parameters."""
    t = len(moments)

    def sigma(v):
        sd = np.sqrt(v[:t])
        return sd[:, None] * correlation(v[t:]) * sd[None, :]

    return Structure(
        [*variances(t), *names],
        sigma,
        lambda u: np.append(np.exp(u[:t]), natural(u[t:])),
        np.append(np.log(np.diag(moments)), start),
        False,
    )


def random_effects(moments: np.ndarray, times: np.ndarray | None) -> Structure:
    """Z D Z' + s2 I with Z = 1, or 1 and the times."""
    t = len(moments)
    z = np.ones((t, 1)) if times is None else np.column_stack([np.ones(t), times])
    q = z.shape[1]
    size = q * (q + 1) // 2
    half = np.log(np.mean(np.diag(moments)) / 2)
    scale = np.array([1.0] if times is None else [1.0, 1 / np.ptp(times)])
    return Structure(
        [*cells("random", q), "residual"],
        lambda v: z @ symmetric(v[:size], q) @ z.T + v[size] * np.eye(t),
        lambda u: np.append(log_cholesky(u[:size], q), np.exp(u[size:])),
        np.append(free_cholesky(np.exp(half) * np.diag(scale**2)), half),
        True,
    )


MAKERS = {
    maker.__name__: maker
    for maker in (
        *(unstructured, compound_symmetry, heterogeneous_cs, ar1, heterogeneous_ar1),
        *(toeplitz, heterogeneous_toeplitz, diagonal, identity),
    )
}


def jacobian(function: Callable, at: np.ndarray) -> np.ndarray:
    """First derivatives along a new first axis, by complex step."""
    at = np.asarray(at, dtype=complex)
    return np.array([np.imag(function(at + 1j * STEP * unit)) / STEP for unit in np.eye(len(at))])


def second_derivatives(structure: Structure, at: np.ndarray) -> np.ndarray:
    """d2 Sigma / d i d j, shape (r, r, T, T): differences of the complex step."""
    r, size = len(at), structure.sigma(at).shape[0]
    found = np.zeros((r, r, size, size))
    for j in () if structure.linear else range(r):
        step = 0.02 * abs(at[j]) + 1e-3
        found[j] = extrapolated(lambda z: jacobian(structure.sigma, z), at, np.eye(r)[j], step)
    return (found + found.swapaxes(0, 1)) / 2


def extrapolated(function: Callable, at: np.ndarray, direction: np.ndarray, step: float) -> np.ndarray:
    """Derivative of `function` along `direction`: central differences at three steps, Richardson to sixth order."""
    wide, half, quarter = (
        (function(at + h * direction) - function(at - h * direction)) / (2 * h) for h in (step, step / 2, step / 4)
    )
    first = [(4 * half - wide) / 3, (4 * quarter - half) / 3]
    return (16 * first[1] - first[0]) / 15


def symmetric(entries: np.ndarray, size: int) -> np.ndarray:
    """Matrix from its lower triangle, row by row."""
    matrix = np.zeros((size, size), dtype=entries.dtype)
    matrix[np.tril_indices(size)] = entries
    return matrix + matrix.T - np.diag(np.diag(matrix))


def log_cholesky(free: np.ndarray, size: int) -> np.ndarray:
    """Lower triangle of C C', C lower triangular with exp(.) on its diagonal."""
    factor = np.zeros((size, size), dtype=free.dtype)
    factor[np.tril_indices(size)] = free
    np.fill_diagonal(factor, np.exp(np.diag(factor)))
    return (factor @ factor.T)[np.tril_indices(size)]


def free_cholesky(matrix: np.ndarray) -> np.ndarray:
    """The inverse of `log_cholesky`."""
    factor = np.linalg.cholesky(matrix)
    np.fill_diagonal(factor, np.log(np.diag(factor)))
    return factor[np.tril_indices(len(matrix))]


def correlations(partial: np.ndarray) -> np.ndarray:
    """Autocorrelations at lags 1, 2, ... of a stationary series from its partial ones (Durbin-Levinson)."""
    rho, phi = np.zeros(0, dtype=partial.dtype), np.zeros(0, dtype=partial.dtype)
    for last in partial:
        found = last * (1 - phi @ rho) + phi @ rho[::-1]
        rho, phi = np.append(rho, found), np.append(phi - last * phi[::-1], last)
    return rho


def exchangeable(free: np.ndarray, size: int) -> np.ndarray:
    """A common correlation between -1 / (T - 1) and 1."""
    low = -1 / (size - 1)
    return low + (1 - low) / (1 + np.exp(-free))


def lags(size: int) -> np.ndarray:
    return np.abs(np.subtract.outer(np.arange(size), np.arange(size)))


def overall(moments: np.ndarray) -> np.ndarray:
    """Log of the mean variance, shape (1,)."""
    return np.log([np.mean(np.diag(moments))])


def cells(letter: str, size: int) -> list[str]:
    """Names of the lower triangle, row by row."""
    return [f"{letter}[{i + 1},{j + 1}]" for i, j in zip(*np.tril_indices(size), strict=True)]


def variances(size: int) -> list[str]:
    return [f"variance[{i + 1}]" for i in range(size)]
