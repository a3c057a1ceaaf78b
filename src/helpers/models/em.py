"""EM estimation of a multivariate normal distribution from incomplete data, imputation, and Little's test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from scipy.linalg import cho_factor, cho_solve

from .arrays import at_least
from .errors import ConstantError, ModelError, OptionError, SingularCovarianceError

_SMALLEST = 1e-10  # eigenvalue of the correlation matrix below which it is called singular


@dataclass(frozen=True)
class LittleTest:
    """Little's test that values are missing completely at random; df 0 and p missing with a single pattern."""

    statistic: float
    df: int
    p: float


@dataclass(frozen=True)
class EmFit:
    """`completed` holds conditional means in its gaps; `mean` and `covariance` are maximum-likelihood estimates."""

    completed: pd.DataFrame
    mean: pd.Series
    covariance: pd.DataFrame
    loglik: float
    iterations: int
    converged: bool
    message: str
    little: LittleTest


@dataclass(frozen=True)
class _Pattern:
    """Rows that have the same columns observed."""

    rows: np.ndarray
    seen: np.ndarray
    gone: np.ndarray
    values: np.ndarray


def impute_em(frame: pd.DataFrame, tolerance: float = 1e-8, iterations: int = 1000) -> EmFit:
    """Maximum-likelihood mean and covariance of rows ~ N(μ, Σ) with values missing at random, and the imputed frame.

    E step: in a row with columns o observed and m missing, E[x_m] = μ_m + Σ_mo Σ_oo⁻¹ (x_o - μ_o) and
    Cov[x_m] = Σ_mm - Σ_mo Σ_oo⁻¹ Σ_om. M step: mean and covariance (divisor n) of the completed rows, the conditional
    covariances added (Little and Rubin 2019, ch. 11; SPSS MVA's EM). Gaps are filled with E[x_m]: later analyses
    that treat them as data have standard errors that are too small. `loglik` is that of the observed values.

    Stops when no standardised mean or covariance moves by more than `tolerance`; reaching `iterations` first gives
    `converged` False. (SPSS MVA stops after 25 iterations by default, converged or not.) Little (1988):
    d² = Σ over patterns n_j (x̄_j - μ_o)ᵀ Σ_oo⁻¹ (x̄_j - μ_o), on Σ p_j - p df, with the maximum-likelihood Σ (as R's
    BaylorEdPsych and naniar); with the divisor n - 1 it would be (n - 1) / n of that.

    `frame` (n, p) is numeric. Raises `OptionError` for a tolerance or number of iterations that is not positive,
    `ModelError` for a row or column without values or an infinite value, `ConstantError` for a column that does not
    vary, and `SingularCovarianceError` when Σ is or becomes singular (smallest eigenvalue of the correlations under
    1e-10), naming the columns most involved: nothing is added to the diagonal to hide it. That happens with collinear
    columns, or with about as many columns as complete rows; fit fewer columns at a time then.

    >>> frame = pd.DataFrame({"a": [1.0, 2, 3, 4, 5], "b": [2.0, 4, 5, None, None]})
    >>> fit = impute_em(frame)
    >>> fit.completed["b"].round(4).tolist(), fit.converged
    ([2.0, 4.0, 5.0, 6.6667, 8.1667], True)
    """
    if iterations < 1 or not tolerance > 0:
        raise OptionError(f"tolerance is {tolerance}, iterations {iterations}; both must be positive.")
    values = _checked(frame)
    # Unit scales make the tolerance and the test of singularity independent of units.
    centre, scale = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    standard = (values - centre) / scale
    patterns = list(_patterns(standard))
    mean, covariance = np.zeros(len(scale)), np.eye(len(scale))
    converged, step = False, 0
    while not converged and step < iterations:
        step += 1
        before = mean, covariance
        mean, covariance = _maximise(*_expect(standard, patterns, mean, covariance))
        _refuse_singular(covariance, frame.columns)
        converged = bool(max(np.abs(mean - before[0]).max(), np.abs(covariance - before[1]).max()) < tolerance)
    completed, _ = _expect(standard, patterns, mean, covariance)
    loglik = _log_likelihood(patterns, mean, covariance) - float((~np.isnan(values)).sum(axis=0) @ np.log(scale))
    return EmFit(
        completed=pd.DataFrame(
            np.where(np.isnan(values), completed * scale + centre, values), frame.index, frame.columns
        ),
        mean=pd.Series(mean * scale + centre, frame.columns),
        covariance=pd.DataFrame(covariance * np.outer(scale, scale), frame.columns, frame.columns),
        loglik=loglik,
        iterations=step,
        converged=converged,
        message="converged" if converged else f"not converged in {iterations} iterations",
        little=_little(patterns, mean, covariance),
    )


def _checked(frame: pd.DataFrame) -> np.ndarray:
    values = frame.apply(pd.to_numeric).to_numpy(float, na_value=np.nan)
    at_least(len(values), 2, "rows")
    if np.isinf(values).any():
        raise ModelError("The frame has infinite values.")
    empty = frame.columns[np.isnan(values).all(axis=0)]
    if len(empty):
        raise ModelError(f"{', '.join(map(str, empty))}: no value at all.", empty)
    gone = frame.index[np.isnan(values).all(axis=1)]
    if len(gone):
        raise ModelError(f"Rows {', '.join(map(str, gone[:5]))} have no value at all; leave them out.", gone)
    flat = frame.columns[np.nanmax(values, axis=0) == np.nanmin(values, axis=0)]
    if len(flat):
        raise ConstantError(f"{', '.join(map(str, flat))}: constant, so it has no covariance.", flat)
    return values


def _patterns(values: np.ndarray) -> Iterator[_Pattern]:
    kinds, which = np.unique(~np.isnan(values), axis=0, return_inverse=True)
    for number, kind in enumerate(kinds):
        rows = np.flatnonzero(which.ravel() == number)
        seen = np.flatnonzero(kind)
        yield _Pattern(rows, seen, np.flatnonzero(~kind), values[np.ix_(rows, seen)])


def _expect(values, patterns: list[_Pattern], mean, covariance) -> tuple[np.ndarray, np.ndarray]:
    """Completed rows (n, p) and the summed conditional covariance (p, p) of what was missing."""
    completed, spread = values.copy(), np.zeros_like(covariance)
    for pattern in patterns:
        seen, gone = pattern.seen, pattern.gone
        if not len(gone):
            continue
        weights = cho_solve(_factor(covariance, seen), covariance[np.ix_(seen, gone)])
        completed[np.ix_(pattern.rows, gone)] = mean[gone] + (pattern.values - mean[seen]) @ weights
        left = covariance[np.ix_(gone, gone)] - covariance[np.ix_(gone, seen)] @ weights
        spread[np.ix_(gone, gone)] += len(pattern.rows) * left
    return completed, spread


def _maximise(completed: np.ndarray, spread: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mean = completed.mean(axis=0)
    centred = completed - mean
    covariance = (centred.T @ centred + spread) / len(completed)
    return mean, (covariance + covariance.T) / 2


def _factor(covariance: np.ndarray, seen: np.ndarray):
    return cho_factor(covariance[np.ix_(seen, seen)], lower=True)


def _refuse_singular(covariance: np.ndarray, names: pd.Index) -> None:
    deviation = np.sqrt(np.diag(covariance))
    with np.errstate(all="ignore"):
        correlation = covariance / np.outer(deviation, deviation)
    if np.isfinite(correlation).all():
        sizes, vectors = np.linalg.eigh(correlation)
        if sizes[0] >= _SMALLEST:
            return
        worst = names[np.abs(vectors[:, 0]) > 0.1 * np.abs(vectors[:, 0]).max()]
    else:
        worst = names[~(deviation > 0)]
    raise SingularCovarianceError(
        f"The covariance of the {len(names)} columns is singular; involved are {', '.join(map(str, worst))}. "
        "Leave out collinear columns or fit fewer columns at a time.",
        worst,
    )


def _log_likelihood(patterns: list[_Pattern], mean: np.ndarray, covariance: np.ndarray) -> float:
    """Σ over rows of log N(x_o; μ_o, Σ_oo)."""
    total = 0.0
    for pattern in patterns:
        factor = _factor(covariance, pattern.seen)
        residual = pattern.values - mean[pattern.seen]
        log_det = 2 * np.log(np.diag(factor[0])).sum() + len(pattern.seen) * np.log(2 * np.pi)
        total -= 0.5 * (len(residual) * log_det + (residual * cho_solve(factor, residual.T).T).sum())
    return float(total)


def _little(patterns: list[_Pattern], mean: np.ndarray, covariance: np.ndarray) -> LittleTest:
    statistic, df = 0.0, -len(mean)
    for pattern in patterns:
        away = pattern.values.mean(axis=0) - mean[pattern.seen]
        statistic += len(pattern.rows) * float(away @ cho_solve(_factor(covariance, pattern.seen), away))
        df += len(pattern.seen)
    return LittleTest(statistic, df, float(stats.chi2.sf(statistic, df)) if df > 0 else float("nan"))
