"""Mediation of the effect of x on y by m: paths, tests of the indirect effect, bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.regression.linear_model import OLS

from .arrays import at_least, check_alpha, interval, two_sided
from .design import aliased
from .errors import ConstantError, ModelError, OptionError, RankDeficientError, UnknownColumnError


@dataclass(frozen=True)
class Path:
    """One effect; `statistic` is t on `df` degrees of freedom, or z when `df` is infinite."""

    estimate: float
    se: float
    df: float
    statistic: float
    p: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True)
class NormalTest:
    """A normal-theory test of the indirect effect."""

    se: float
    z: float
    p: float


@dataclass(frozen=True)
class Interval:
    """A bootstrap interval of the indirect effect."""

    low: float
    high: float


@dataclass(frozen=True)
class Mediation:
    """Paths a (x to m), b (m to y given x), direct c', total c and indirect ab, with the tests of ab.

    `indirect` carries Sobel's standard error and test; `bootstrap_se` and `bootstrap` (the number of usable resamples)
    belong to the two bootstrap intervals.
    """

    a: Path
    b: Path
    direct: Path
    indirect: Path
    total: Path
    sobel: NormalTest
    aroian: NormalTest
    percentile: Interval
    bias_corrected: Interval
    bootstrap_se: float
    bootstrap: int
    seed: int
    n: int
    method: str


def mediate(
    data: pd.DataFrame,
    x: str,
    m: str,
    y: str,
    *,
    covariates: Sequence[str] = (),
    bootstrap: int = 5000,
    seed: int = 0,
    alpha: float = 0.05,
) -> Mediation:
    """Simple mediation over the rows complete in `x`, `m`, `y` and `covariates` (which enter every equation).

    m = i + a x, y = i + c' x + b m, y = i + c x, by least squares; indirect ab = c - c'. Its variance is
    a² s_b² + b² s_a² (Sobel 1982), plus s_a² s_b² (Aroian 1947, what PROCESS v2 prints); z = ab / se. Bootstrap
    intervals: percentile, and bias-corrected (Efron 1987), whose percentiles are Φ(2 z₀ ± z) with z₀ the normal
    quantile of the proportion of resamples below the estimate, as PROCESS v2's default.

    Raises `UnknownColumnError`, `TooFewError` (fewer rows than coefficients plus 2), `ConstantError` (x, m or y does
    not vary), `RankDeficientError` (m is a linear function of x), `OptionError` (fewer than 100 resamples).

    >>> rng = np.random.default_rng(3)
    >>> frame = pd.DataFrame({"x": rng.normal(size=40)})
    >>> frame["m"] = 0.8 * frame["x"] + rng.normal(size=40)
    >>> frame["y"] = 0.5 * frame["m"] + rng.normal(size=40)
    >>> result = mediate(frame, "x", "m", "y", bootstrap=1000, seed=1)
    >>> abs(result.indirect.estimate + result.direct.estimate - result.total.estimate) < 1e-12
    True
    """
    check_alpha(alpha)
    if bootstrap < 100:
        raise OptionError(f"bootstrap is {bootstrap}; at least 100 resamples are needed for an interval.", [bootstrap])
    columns = [x, m, y, *covariates]
    values = _complete_rows(data, columns)
    _identified(values, columns)
    n = len(values)
    one, rest = np.ones((n, 1)), values[:, 3:]
    a = _path(values[:, 1], np.hstack([one, values[:, :1], rest]), 1, alpha)
    total = _path(values[:, 2], np.hstack([one, values[:, :1], rest]), 1, alpha)
    full = np.hstack([one, values[:, :2], rest])
    direct, b = _path(values[:, 2], full, 1, alpha), _path(values[:, 2], full, 2, alpha)
    sobel, aroian = (_product_test(a, b, both) for both in (False, True))
    indices = np.random.default_rng(seed).integers(0, n, (bootstrap, n))
    draws = bootstrap_indirect(values, indices)
    estimate = a.estimate * b.estimate
    return Mediation(
        a=a,
        b=b,
        direct=direct,
        indirect=Path(
            estimate, sobel.se, np.inf, sobel.z, sobel.p, *map(float, interval(estimate, sobel.se, np.inf, alpha))
        ),
        total=total,
        sobel=sobel,
        aroian=aroian,
        percentile=Interval(*np.quantile(draws, [alpha / 2, 1 - alpha / 2]).tolist()),
        bias_corrected=_bias_corrected(draws, estimate, alpha),
        bootstrap_se=float(draws.std(ddof=1)),
        bootstrap=len(draws),
        seed=seed,
        n=n,
        method="least squares; bootstrap of rows",
    )


def bootstrap_indirect(values: np.ndarray, indices: np.ndarray) -> np.ndarray:
    """Indirect effect ab in each resample: values (n, 3 + covariates) as x, m, y, covariates; indices (B, n).

    A resample is its count of each row, so all its cross-products are one product of the counts (B, n) with the rows'
    own cross-products (n, k²); the two regressions are then solved for all resamples at once. Resamples in which a
    regression is singular are left out, so up to B values come back.

    >>> rows = np.array([[0.0, 0, 0], [1, 1, 2], [2, 2, 3], [3, 5, 7]])
    >>> bootstrap_indirect(rows, np.array([[0, 1, 2, 3], [0, 0, 0, 0]])).round(4).tolist()
    [1.8667]
    """
    draws, n = indices.shape
    centred = values - values.mean(axis=0)
    spread = centred.std(axis=0)
    order = [0, *range(3, values.shape[1]), 1, 2]  # x, covariates, m, y: each regression is then a leading block
    rows = np.column_stack([np.ones(n), (centred / spread)[:, order]])
    flat = (indices + n * np.arange(draws)[:, None]).ravel()
    counts = np.bincount(flat, minlength=draws * n).reshape(draws, n).astype(float)
    k = rows.shape[1]
    sums = (counts @ (rows[:, :, None] * rows[:, None, :]).reshape(n, k * k)).reshape(draws, k, k)
    sums = sums[np.linalg.eigvalsh(sums[:, : k - 1, : k - 1])[:, 0] > 1e-9]
    first = np.linalg.solve(sums[:, : k - 2, : k - 2], sums[:, : k - 2, k - 2 : k - 1])[:, 1, 0]
    second = np.linalg.solve(sums[:, : k - 1, : k - 1], sums[:, : k - 1, k - 1 :])[:, k - 2, 0]
    return first * second * spread[2] / spread[0]


def _complete_rows(data: pd.DataFrame, columns: list[str]) -> np.ndarray:
    unknown = [name for name in columns if name not in data.columns]
    if unknown:
        raise UnknownColumnError(f"{', '.join(unknown)}: not among the columns of the data.", unknown)
    if len(set(columns)) < len(columns):
        raise ModelError("x, m, y and the covariates must be different columns.", columns)
    return data[columns].apply(pd.to_numeric).dropna().to_numpy(float)


def _identified(values: np.ndarray, columns: list[str]) -> None:
    at_least(len(values), len(columns) + 2, f"rows in {', '.join(columns)}")
    flat = [name for name, column in zip(columns, values.T, strict=True) if np.ptp(column) == 0]
    if flat:
        raise ConstantError(f"{', '.join(flat)}: constant over the {len(values)} complete rows.", flat)
    surplus = [[*columns[:2], *columns[3:]][i] for i in aliased(np.delete(values - values.mean(axis=0), 2, axis=1))]
    if surplus:
        raise RankDeficientError(f"{', '.join(surplus)}: a linear function of the other predictors.", surplus)


def _path(outcome: np.ndarray, predictors: np.ndarray, which: int, alpha: float) -> Path:
    fit = OLS(outcome, predictors).fit()
    low, high = fit.conf_int(alpha)[which]
    numbers = fit.params[which], fit.bse[which], fit.df_resid, fit.tvalues[which], fit.pvalues[which], low, high
    return Path(*map(float, numbers))


def _product_test(a: Path, b: Path, both: bool) -> NormalTest:
    variance = a.estimate**2 * b.se**2 + b.estimate**2 * a.se**2 + (a.se**2 * b.se**2 if both else 0.0)
    se = float(np.sqrt(variance))
    z = a.estimate * b.estimate / se
    return NormalTest(se, z, float(two_sided(z, np.inf)))


def _bias_corrected(draws: np.ndarray, estimate: float, alpha: float) -> Interval:
    below = np.clip((draws < estimate).mean(), 1 / len(draws), 1 - 1 / len(draws))
    shift = 2 * stats.norm.ppf(below)
    tail = stats.norm.isf(alpha / 2)
    return Interval(*np.quantile(draws, stats.norm.cdf([shift - tail, shift + tail])).tolist())
