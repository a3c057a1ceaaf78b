"""Degrees of freedom and tests from a dense fit: Satterthwaite, Kenward-Roger, residual.

Fai & Cornelius, J Stat Comput Simul 1996; 54: 363-378. Kenward & Roger, Biometrics 1997; 53: 983-997.
"""

import numpy as np
from dense_likelihood import Fit
from scipy import stats


def inverse_information(fit: Fit, information: str) -> np.ndarray:
    """W, the covariance of the covariance parameters."""
    return np.linalg.inv(fit.observed if information == "observed" else fit.expected)


def adjusted(fit: Fit, w: np.ndarray) -> np.ndarray:
    """Phi + 2 Phi [sum w_ij (Q_ij - P_i Phi P_j - R_ij / 4)] Phi."""
    inner = np.zeros_like(fit.phi)
    for i in range(len(w)):
        for j in range(len(w)):
            inner += w[i, j] * (fit.q[i, j] - fit.p[i] @ fit.phi @ fit.p[j] - fit.r[i, j] / 4)
    return fit.phi + 2 * fit.phi @ inner @ fit.phi


def satterthwaite_one(fit: Fit, row: np.ndarray, w: np.ndarray) -> float:
    """2 (l Phi l')^2 over the variance of l Phi l'; its derivative is -l Phi P_i Phi l'."""
    a = fit.phi @ row
    slope = np.array([-a @ p @ a for p in fit.p])
    return 2 * (row @ a) ** 2 / (slope @ w @ slope)


def satterthwaite(fit: Fit, rows: np.ndarray, w: np.ndarray) -> tuple[float, float]:
    """F and its denominator degrees of freedom, after the eigen-decomposition of L Phi L'."""
    q = len(rows)
    values, vectors = np.linalg.eigh(rows @ fit.phi @ rows.T)
    turned = vectors.T @ rows
    f = np.sum((turned @ fit.beta) ** 2 / values) / q
    nu = np.array([satterthwaite_one(fit, row, w) for row in turned])
    if q == 1:
        return f, nu[0]
    e = np.sum(nu[nu > 2] / (nu[nu > 2] - 2))
    return f, 2 * e / (e - q) if e > q else np.nan


def kenward_roger(fit: Fit, rows: np.ndarray, w: np.ndarray, vcov: np.ndarray) -> tuple[float, float]:
    """Scaled F and its denominator degrees of freedom, the paper's steps in its notation (l is the rows of L)."""
    size, phi = len(rows), fit.phi
    theta = rows.T @ np.linalg.solve(rows @ phi @ rows.T, rows)
    each = [theta @ phi @ p @ phi for p in fit.p]
    a1 = sum(w[i, j] * np.trace(each[i]) * np.trace(each[j]) for i in range(len(w)) for j in range(len(w)))
    a2 = sum(w[i, j] * np.sum(each[i] * each[j].T) for i in range(len(w)) for j in range(len(w)))
    b = (a1 + 6 * a2) / (2 * size)
    g = ((size + 1) * a1 - (size + 4) * a2) / ((size + 2) * a2)
    c1 = g / (3 * size + 2 * (1 - g))
    c2 = (size - g) / (3 * size + 2 * (1 - g))
    c3 = (size + 2 - g) / (3 * size + 2 * (1 - g))
    mean = 1 / (1 - a2 / size)
    variance = 2 / size * (1 + c1 * b) / ((1 - c2 * b) ** 2 * (1 - c3 * b))
    rho = variance / (2 * mean**2)
    m = 4 + (size + 2) / (size * rho - 1)
    factor = m / (mean * (m - 2))
    estimate = rows @ fit.beta
    return factor * estimate @ np.linalg.solve(rows @ vcov @ rows.T, estimate) / size, m


class Method:
    """One way to degrees of freedom, with the covariance of the coefficients that goes with it."""

    def __init__(self, fit: Fit, df: str, information: str | None, residual: int):
        self.fit, self.df, self.residual = fit, df, float(residual)
        self.w = None if information is None else inverse_information(fit, information)
        self.vcov = adjusted(fit, self.w) if df == "kenward-roger" else fit.phi

    def test(self, rows: np.ndarray) -> tuple[float, float]:
        """F and its denominator degrees of freedom."""
        if self.df == "satterthwaite":
            return satterthwaite(self.fit, rows, self.w)
        if self.df == "kenward-roger":
            return kenward_roger(self.fit, rows, self.w, self.vcov)
        estimate = rows @ self.fit.beta
        return estimate @ np.linalg.solve(rows @ self.vcov @ rows.T, estimate) / len(rows), self.residual

    def one(self, row: np.ndarray) -> tuple[float, float, float]:
        """Estimate, standard error and degrees of freedom of a single row."""
        satterthwaite = self.df == "satterthwaite"
        df = satterthwaite_one(self.fit, row, self.w) if satterthwaite else self.test(row[None, :])[1]
        return row @ self.fit.beta, np.sqrt(row @ self.vcov @ row), df


def test_table(method: Method, terms: dict[str, np.ndarray]) -> dict[str, list]:
    """Type III tests: term, df1, df2, F, p."""
    found = [(term, len(rows), *method.test(rows)) for term, rows in terms.items()]
    return {
        "term": [term for term, *_ in found],
        "df1": [df1 for _, df1, *_ in found],
        "df2": [df2 for *_, df2 in found],
        "F": [f for *_, f, _ in found],
        "p": [stats.f.sf(f, df1, df2) for _, df1, f, df2 in found],
    }


def mean_table(method: Method, rows: np.ndarray, alpha: float = 0.05) -> dict[str, list]:
    """Estimates with their intervals."""
    mean, se, df = np.array([method.one(row) for row in rows]).T
    half = stats.t.isf(alpha / 2, df) * se
    return {"mean": mean, "se": se, "df": df, "ci_low": mean - half, "ci_high": mean + half}


def contrast_table(method: Method, rows: np.ndarray, family: int, alpha: float = 0.05) -> dict[str, list]:
    """Differences; p-values times the size of the family (Bonferroni) and intervals at alpha over it."""
    estimate, se, df = np.array([method.one(row) for row in rows]).T
    t = estimate / se
    p = 2 * stats.t.sf(np.abs(t), df)
    half = stats.t.isf(alpha / family / 2, df) * se
    return {
        **{"estimate": estimate, "se": se, "df": df, "t": t, "p": p, "p_adjusted": np.minimum(1, family * p)},
        **{"ci_low": estimate - half, "ci_high": estimate + half},
    }
