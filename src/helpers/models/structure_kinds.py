"""The structures with few parameters: what each one's parameters mean, and where a search may start."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .structures import Array, Parametric


def _diagonal(values: Array) -> Array:
    return values[..., :, None] * np.eye(values.shape[-1])


def _scaled(variances: Array, correlations: Array) -> Array:
    deviations = np.sqrt(variances)
    return deviations[..., :, None] * deviations[..., None, :] * correlations


def _lags(size: int) -> Array:
    return np.abs(np.subtract.outer(np.arange(size), np.arange(size)))


def _powers(rho: Array, size: int) -> Array:
    """ρ^|i-j|, by repeated products so that ρ = 0 keeps its derivative."""
    columns = [np.ones_like(rho)]
    for _ in range(1, size):
        columns.append(columns[-1] * rho)
    return np.stack(columns, axis=-1)[..., _lags(size)]


def _same(rho: Array, size: int) -> Array:
    return np.eye(size) + rho[..., None, None] * (1 - np.eye(size))


def _autocorrelations(partial: Array) -> Array:
    """Autocorrelations at lags 0, 1, ... from partial ones, by the Durbin-Levinson recursion.

    Every set of partial autocorrelations in (-1, 1) gives a positive definite Toeplitz matrix, and the reverse
    (Barndorff-Nielsen and Schou 1973, J Multivar Anal 3, 408).
    """
    found, weights, left = [np.ones_like(partial[..., 0])], [], np.ones_like(partial[..., 0])
    for order in range(partial.shape[-1]):
        kappa = partial[..., order]
        found.append(kappa * left + sum(w * found[order - i] for i, w in enumerate(weights)))
        weights = [w - kappa * v for w, v in zip(weights, reversed(weights), strict=True)] + [kappa]
        left = left * (1 - kappa**2)
    return np.stack(found, axis=-1)


def _partial(correlation: Array) -> Array:
    """Free parameters of a Toeplitz matrix that decays as the mean correlation at lag one."""
    near = np.diagonal(correlation, 1).mean()
    return np.arctanh(np.r_[near, np.full(len(correlation) - 2, near / 4)])


def _between(free: Array, low: float) -> Array:
    """Any real number into (low, 1)."""
    return low + (1 - low) / (1 + np.exp(-free))


def _unbetween(value: float, low: float) -> float:
    return float(np.log((value - low) / (1 - value)))


def _moments(sigma: Array) -> tuple[Array, Array, float]:
    """Variances, correlations, and their mean, of a rough estimate."""
    variances = np.diag(sigma)
    correlation = sigma / np.sqrt(np.outer(variances, variances))
    size = len(sigma)
    return variances, correlation, float((correlation.sum() - size) / (size * (size - 1))) if size > 1 else 0.0


def _identity(name: str, visits: list[str]) -> Parametric:
    eye = np.eye(len(visits))
    return Parametric(
        ("variance",),
        natural=np.exp,
        matrix=lambda p: p[..., None] * eye,
        first=lambda s: np.log([np.diag(s).mean()]),
        linear=True,
    )


def _heterogeneous_diagonal(name: str, visits: list[str]) -> Parametric:
    return Parametric(
        tuple(f"variance {visit}" for visit in visits),
        natural=np.exp,
        matrix=_diagonal,
        first=lambda s: np.log(np.diag(s)),
        linear=True,
    )


def _compound_symmetry(name: str, visits: list[str]) -> Parametric:
    """Free: logarithms of the two eigenvalues, s² and s² + visits c."""
    size = len(visits)

    def natural(free: Array) -> Array:
        within, between = np.exp(free[..., 0]), np.exp(free[..., 1])
        return np.stack([within, (between - within) / size], axis=-1)

    def start(sigma: Array) -> Array:
        total, mean = np.diag(sigma).mean(), _moments(sigma)[2]
        return np.log(total * np.array([1 - mean, 1 + (size - 1) * mean]))

    def matrix(p: Array) -> Array:
        return p[..., 0, None, None] * np.eye(size) + p[..., 1, None, None] * np.ones((size, size))

    return Parametric(("residual variance", "covariance"), natural, matrix, start, linear=True)


def _one_correlation(name: str, visits: list[str]) -> Parametric:
    """ar1, heterogeneous_ar1 and heterogeneous_cs: variance(s) and one correlation."""
    size, own = len(visits), name.startswith("heterogeneous")
    pattern, low = (_same, -1 / (size - 1)) if name.endswith("cs") else (_powers, -1.0)

    def matrix(p: Array) -> Array:
        variances = p[..., :-1] if own else np.repeat(p[..., :1], size, axis=-1)
        return _scaled(variances, pattern(p[..., -1], size))

    def start(sigma: Array) -> Array:
        variances, correlation, mean = _moments(sigma)
        rho = mean if pattern is _same else float(np.diagonal(correlation, 1).mean())
        return np.r_[np.log(variances if own else [variances.mean()]), _unbetween(rho, low)]

    labels = tuple(f"variance {visit}" for visit in visits) if own else ("variance",)
    return Parametric(
        (*labels, "correlation"),
        natural=lambda f: np.concatenate([np.exp(f[..., :-1]), _between(f[..., -1:], low)], axis=-1),
        matrix=matrix,
        first=start,
        linear=False,
    )


def _toeplitz(name: str, visits: list[str]) -> Parametric:
    size, own = len(visits), name.startswith("heterogeneous")
    count = size if own else 1

    def natural(free: Array) -> Array:
        variances, series = np.exp(free[..., :count]), _autocorrelations(np.tanh(free[..., count:]))
        return np.concatenate([variances, series[..., 1:]], axis=-1) if own else variances * series

    def matrix(p: Array) -> Array:
        if not own:
            return p[..., _lags(size)]
        series = np.concatenate([np.ones_like(p[..., :1]), p[..., size:]], axis=-1)
        return _scaled(p[..., :size], series[..., _lags(size)])

    def start(sigma: Array) -> Array:
        variances, correlation, _ = _moments(sigma)
        return np.r_[np.log(variances if own else [variances.mean()]), _partial(correlation)]

    first = tuple(f"variance {visit}" for visit in visits) if own else ("variance",)
    kind = "correlation" if own else "covariance"
    labels = (*first, *(f"{kind} at lag {lag}" for lag in range(1, size)))
    return Parametric(labels, natural, matrix, start, linear=not own)


def random_effects(z: Array) -> Parametric:
    """Z D Zᵀ + s² I for Z (visits, 1 or 2): a random intercept, or intercept and slope.

    Free: the Cholesky factor of D relative to s², then log s²; so D may be singular, where a factor is zero.

    >>> random_effects(np.ones((2, 1))).labels
    ('intercept variance', 'residual variance')
    """
    size, q = z.shape
    rows, columns = np.tril_indices(q)

    def natural(free: Array) -> Array:
        low = np.zeros((*free.shape[:-1], q, q), free.dtype)
        low[..., rows, columns] = free[..., :-1]
        variance = np.exp(free[..., -1:])
        return np.concatenate([variance * (low @ low.swapaxes(-1, -2))[..., rows, columns], variance], axis=-1)

    def matrix(p: Array) -> Array:
        d = np.empty((*p.shape[:-1], q, q), p.dtype)
        d[..., rows, columns] = d[..., columns, rows] = p[..., :-1]
        return z @ d @ z.T + p[..., -1, None, None] * np.eye(size)

    def start(sigma: Array) -> Array:
        mean = min(max(_moments(sigma)[2], 0.1), 0.9)
        ratio = np.sqrt(mean / (1 - mean))
        return np.r_[np.where(rows == columns, ratio, 0.0), np.log(np.diag(sigma).mean() * (1 - mean))]

    names = ("intercept", "slope")[:q]
    labels = [
        f"{names[i]} variance" if i == j else "intercept-slope covariance" for i, j in zip(rows, columns, strict=True)
    ]
    return Parametric((*labels, "residual variance"), natural, matrix, start, linear=True)


def parametric(name: str, visits: list[str]) -> Parametric:
    """The structure called `name` over the named visits, i and j their positions.

    identity s² [i = j]; diagonal v_i [i = j]; compound_symmetry s² [i = j] + c; heterogeneous_cs √(v_i v_j) ρ; ar1
    v ρ^|i-j|; heterogeneous_ar1 √(v_i v_j) ρ^|i-j|; toeplitz c_|i-j|; heterogeneous_toeplitz √(v_i v_j) ρ_|i-j|.
    Lags count visits, not days. Sources: IBM SPSS Statistics Algorithms, "MIXED"; SAS/STAT User's Guide, "The MIXED
    Procedure", covariance structures.

    >>> cs = parametric("compound_symmetry", ["a", "b"])
    >>> cs.labels, cs.matrix(np.array([1.0, 0.5])).tolist()
    (('residual variance', 'covariance'), [[1.5, 0.5], [0.5, 1.5]])
    """
    return _BUILDERS[name](name, visits)


_BUILDERS: dict[str, Callable[[str, list[str]], Parametric]] = {
    "compound_symmetry": _compound_symmetry,
    "heterogeneous_cs": _one_correlation,
    "ar1": _one_correlation,
    "heterogeneous_ar1": _one_correlation,
    "toeplitz": _toeplitz,
    "heterogeneous_toeplitz": _toeplitz,
    "diagonal": _heterogeneous_diagonal,
    "identity": _identity,
}
