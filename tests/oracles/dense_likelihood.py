"""-2 log-likelihood of repeated measures, its gradient, its observed and its expected information: loops over subjects.

y_i = X_i b + e_i, e_i ~ N(0, V_i), V_i the rows and columns of Sigma at the visits of subject i. With P_i, Q_ij and
R_ij as Kenward and Roger (Biometrics 1997; 53: 983-997) name them.
"""

from dataclasses import dataclass

import numpy as np
from dense_structures import Structure, extrapolated, jacobian, second_derivatives, whitened
from scipy import optimize

GRADIENT = 1e-7  # of -2 log-likelihood along one standard error: what is left to gain is its square
STEP = 0.04  # standard errors, of the differences of the gradient
STARTS = 3
CHECK = 1e-5  # relative, of the curvature of the values against that of the gradient; differences of values reach 1e-7


@dataclass(frozen=True)
class Subject:
    """Positions of the visits seen, design rows and responses of one subject."""

    seen: np.ndarray
    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True)
class Fit:
    """The optimum, and what the inference needs there; `apart` is how much higher the worst search ended.

    `p`, `q`, `r` and the informations are in the coordinates of `whitened`, the same for all of them.
    """

    structure: Structure
    natural: np.ndarray
    deviance: float
    apart: float
    gradient: float
    beta: np.ndarray
    phi: np.ndarray
    p: np.ndarray
    q: np.ndarray
    r: np.ndarray
    observed: np.ndarray
    expected: np.ndarray


def solved(subjects: list[Subject], sigma: np.ndarray):
    """Generalised least squares: coefficients, their covariance and the inverse of each V_i."""
    inverses = [np.linalg.inv(sigma[np.ix_(s.seen, s.seen)]) for s in subjects]
    information = sum(s.x.T @ v @ s.x for s, v in zip(subjects, inverses, strict=True))
    phi = np.linalg.inv(information)
    beta = phi @ sum(s.x.T @ v @ s.y for s, v in zip(subjects, inverses, strict=True))
    return beta, phi, inverses


def deviance(subjects: list[Subject], sigma: np.ndarray, reml: bool) -> float:
    """-2 log-likelihood with every constant; REML: (n - p) log 2 pi + log|V| + log|X'V^-1 X| + r'V^-1 r."""
    beta, phi, inverses = solved(subjects, sigma)
    value = 0.0
    for s, v in zip(subjects, inverses, strict=True):
        residual = s.y - s.x @ beta
        value += len(s.y) * np.log(2 * np.pi) - np.linalg.slogdet(v)[1] + residual @ v @ residual
    return value - reml * (len(beta) * np.log(2 * np.pi) + np.linalg.slogdet(phi)[1])


def gradient(subjects: list[Subject], structure: Structure, natural: np.ndarray, reml: bool) -> np.ndarray:
    """Of the deviance: sum over subjects of tr[(V^-1 - V^-1 r r' V^-1 - V^-1 X Phi X' V^-1) dV], the last by REML."""
    sigma = structure.sigma(natural)
    beta, phi, inverses = solved(subjects, sigma)
    weight = np.zeros_like(sigma)
    for s, v in zip(subjects, inverses, strict=True):
        residual, vx = v @ (s.y - s.x @ beta), v @ s.x
        weight[np.ix_(s.seen, s.seen)] += v - np.outer(residual, residual) - reml * vx @ phi @ vx.T
    return np.array([np.sum(weight * d) for d in jacobian(structure.sigma, natural)])


def sums(subjects: list[Subject], structure: Structure, natural: np.ndarray):
    """P_i, Q_ij, R_ij (p x p each) and tr(V^-1 dV_i V^-1 dV_j), summed over subjects."""
    _, phi, inverses = solved(subjects, structure.sigma(natural))
    first, second = jacobian(structure.sigma, natural), second_derivatives(structure, natural)
    k, size = len(natural), len(phi)
    p, q, r = np.zeros((k, size, size)), np.zeros((k, k, size, size)), np.zeros((k, k, size, size))
    traces = np.zeros((k, k))
    for s, v in zip(subjects, inverses, strict=True):
        dv = [d[np.ix_(s.seen, s.seen)] for d in first]
        vx, vdv = v @ s.x, [v @ d for d in dv]
        dvx = [d @ vx for d in dv]
        for i in range(k):
            p[i] -= vx.T @ dvx[i]
            for j in range(i + 1):
                q[i, j] += dvx[i].T @ v @ dvx[j]
                traces[i, j] += np.sum(vdv[i] * vdv[j].T)
                if not structure.linear:
                    r[i, j] += vx.T @ second[i, j][np.ix_(s.seen, s.seen)] @ vx
    for i in range(k):
        for j in range(i):
            q[j, i], r[j, i], traces[j, i] = q[i, j].T, r[i, j], traces[i, j]
    return p, q, r, traces


def expected_information(phi, p, q, traces, reml: bool) -> np.ndarray:
    """Half of tr(V^-1 dV_i V^-1 dV_j), less tr(2 Phi Q_ij - Phi P_i Phi P_j) by REML."""
    k = len(p)
    lost = np.array([[np.trace(2 * phi @ q[i, j] - phi @ p[i] @ phi @ p[j]) for j in range(k)] for i in range(k)])
    return (traces - reml * lost) / 2


def observed_information(subjects, structure, natural, reml: bool, expected) -> np.ndarray:
    """Half the Hessian of the deviance: differences of its gradient along the standard errors."""
    axes = np.linalg.inv(np.linalg.cholesky(expected)).T
    slopes = [extrapolated(lambda z: gradient(subjects, structure, z, reml), natural, axis, STEP) for axis in axes.T]
    half = np.linalg.solve(axes.T, np.array(slopes)) / 2
    return (half + half.T) / 2


def search(subjects: list[Subject], structure: Structure, reml: bool, start: np.ndarray) -> np.ndarray:
    """Minimum over the unconstrained numbers by BFGS."""

    def both(free):
        natural = structure.natural(free)
        with np.errstate(all="ignore"):
            try:
                value = deviance(subjects, structure.sigma(natural), reml)
                slope = jacobian(structure.natural, free) @ gradient(subjects, structure, natural, reml)
            except np.linalg.LinAlgError:
                return np.inf, np.zeros_like(free)
        return (value, slope) if np.isfinite(value) else (np.inf, np.zeros_like(free))

    found = optimize.minimize(both, start, jac=True, method="BFGS", options={"gtol": 1e-6, "maxiter": 2000})
    return structure.natural(found.x)


def polished(subjects, structure, natural, reml: bool):
    """Newton steps from the end of the search until the slope along every standard error is tiny."""
    for _ in range(8):
        _, phi, _ = solved(subjects, structure.sigma(natural))
        p, q, r, traces = sums(subjects, structure, natural)
        expected = expected_information(phi, p, q, traces, reml)
        slope = gradient(subjects, structure, natural, reml)
        size = np.sqrt(slope @ np.linalg.solve(expected, slope))
        observed = observed_information(subjects, structure, natural, reml, expected)
        if size < GRADIENT:
            return natural, size, p, q, r, observed, expected
        natural = natural - np.linalg.solve(2 * observed, slope)
    raise RuntimeError(f"the slope along a standard error is still {size:.1e}")


def curvature_checked(subjects, structure, natural, reml: bool, observed, expected) -> None:
    """The values alone, without the gradient's formula, curve along each standard error as `observed` says."""

    def value(at):
        return deviance(subjects, structure.sigma(at), reml)

    middle = value(natural)
    for axis in np.linalg.inv(np.linalg.cholesky(expected)):
        wide, narrow = (
            (value(natural + h * axis) - 2 * middle + value(natural - h * axis)) / h**2 for h in (0.06, 0.03)
        )
        curvature = (4 * narrow - wide) / 3
        if abs(curvature - 2 * axis @ observed @ axis) > CHECK * max(curvature, 2):
            raise RuntimeError(f"curvature {curvature} where the gradient says {2 * axis @ observed @ axis}")


def fit(subjects: list[Subject], structure: Structure, reml: bool) -> Fit:
    """The lowest of several searches, polished; an indefinite observed information is refused."""
    rng = np.random.default_rng(1)
    ends = []
    for attempt in range(STARTS):
        away = rng.normal(0, 0.3, len(structure.start)) if attempt else 0.0
        ends.append(search(subjects, structure, reml, structure.start + away))
    values = [deviance(subjects, structure.sigma(end), reml) for end in ends]
    best = ends[int(np.argmin(values))]
    white, turn = whitened(structure, best)
    z, size, p, q, r, observed, expected = polished(subjects, white, np.zeros_like(best), reml)
    if np.linalg.eigvalsh(observed).min() <= 0:
        raise RuntimeError("not a minimum: the observed information is indefinite")
    curvature_checked(subjects, white, z, reml, observed, expected)
    natural = best + turn @ z
    sigma = structure.sigma(natural)
    beta, phi, _ = solved(subjects, sigma)
    value = deviance(subjects, sigma, reml)
    if value > min(values) + 1e-8:
        raise RuntimeError(f"polishing went up: {value} from {min(values)}")
    return Fit(structure, natural, value, max(values) - value, size, beta, phi, p, q, r, observed, expected)
