"""Mediation of the effect of x on y by m: paths, tests of the indirect effect, bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.regression.linear_model import OLS

from .arrays import at_least, check_alpha, interval, two_sided
from .bootstrap import Quantiles, acceleration, bootstrap_indirect, bootstrap_interval, jackknife_indirect
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
    belong to the three bootstrap intervals, `acceleration` to `bca`. Where `bca` cannot be had it holds nan and
    `method` says why.
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
    bca: Interval
    acceleration: float
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
    covariates: Sequence[str] = (),
    bootstrap: int = 10_000,
    seed: int = 0,
    *,
    alpha: float = 0.05,
    quantiles: Quantiles = "order",
) -> Mediation:
    """Simple mediation over the rows complete in `x`, `m`, `y` and `covariates` (which enter every equation).

    m = i + a x, y = i + c' x + b m, y = i + c x, by least squares; indirect ab = c - c'. Its variance is
    a² s_b² + b² s_a² (Sobel 1982), plus s_a² s_b² (Aroian 1947, what PROCESS v2 prints); z = ab / se.

    Bootstrap intervals over `bootstrap` resamples of the rows: `percentile`, what PROCESS prints since version 3;
    `bias_corrected`, version 2's default, and `bca`, which also allows for the standard error changing with the effect
    (Efron 1987; acceleration by the jackknife). With z₀ the normal quantile of the share of resamples below the
    estimate, their percentiles are Φ(2 z₀ ± z) and Φ(z₀ + (z₀ ± z) / (1 - a (z₀ ± z))). `quantiles` is how they are
    read off the sorted resamples: PROCESS's way by default; see `bootstrap_interval`.

    Raises `UnknownColumnError`, `TooFewError` (fewer rows than coefficients plus 2, or fewer than 100 resamples in
    which both regressions exist), `ConstantError` (x, m, y or a covariate does not vary), `RankDeficientError` (m is a
    linear function of x and the covariates), `OptionError` (fewer than 100 resamples).

    >>> rng = np.random.default_rng(3)
    >>> frame = pd.DataFrame({"x": rng.normal(size=40)})
    >>> frame["m"] = 0.8 * frame["x"] + rng.normal(size=40)
    >>> frame["y"] = 0.5 * frame["m"] + rng.normal(size=40)
    >>> result = mediate(frame, "x", "m", "y", seed=1)
    >>> abs(result.indirect.estimate + result.direct.estimate - result.total.estimate) < 1e-12
    True
    >>> result.bca.low < result.indirect.estimate < result.bca.high
    True
    """
    check_alpha(alpha)
    if bootstrap < 100:
        raise OptionError(f"bootstrap is {bootstrap}; at least 100 resamples are needed for an interval.", [bootstrap])
    columns = [x, m, y, *covariates]
    values = _complete_rows(data, columns)
    _identified(values, columns)
    n = len(values)
    # In standard units: least squares would take a column in a unit much smaller than the others' for none.
    unit = values.std(axis=0)
    standard = (values - values.mean(axis=0)) / unit
    one, rest = np.ones((n, 1)), standard[:, 3:]
    reduced, full = np.hstack([one, standard[:, :1], rest]), np.hstack([one, standard[:, :2], rest])
    a = _path(standard[:, 1], reduced, 1, unit[1] / unit[0], alpha)
    total = _path(standard[:, 2], reduced, 1, unit[2] / unit[0], alpha)
    direct = _path(standard[:, 2], full, 1, unit[2] / unit[0], alpha)
    b = _path(standard[:, 2], full, 2, unit[2] / unit[1], alpha)
    sobel, aroian = (_product_test(a, b, both) for both in (False, True))
    draws = bootstrap_indirect(values, np.random.default_rng(seed).integers(0, n, (bootstrap, n)))
    estimate = a.estimate * b.estimate
    ends = interval(estimate, sobel.se, np.inf, alpha)
    speed, bca, remark = _accelerated(values, draws, estimate, alpha, quantiles)
    return Mediation(
        a=a,
        b=b,
        direct=direct,
        indirect=Path(estimate, sobel.se, np.inf, sobel.z, sobel.p, *map(float, ends)),
        total=total,
        sobel=sobel,
        aroian=aroian,
        percentile=Interval(*bootstrap_interval(draws, alpha, quantiles=quantiles)),
        bias_corrected=Interval(*bootstrap_interval(draws, alpha, estimate, quantiles=quantiles)),
        bca=bca,
        acceleration=speed,
        bootstrap_se=_deviation(draws),
        bootstrap=len(draws),
        seed=seed,
        n=n,
        method="least squares; bootstrap of rows" + remark,
    )


def _accelerated(
    values: np.ndarray, draws: np.ndarray, estimate: float, alpha: float, quantiles: Quantiles
) -> tuple[float, Interval, str]:
    """Acceleration and BCa interval, or nan and a remark where they do not exist."""
    left_out = jackknife_indirect(values)
    if len(left_out) < len(values):
        return np.nan, Interval(np.nan, np.nan), "; no BCa interval: without one of the rows a regression is singular"
    a = acceleration(left_out)
    return a, Interval(*bootstrap_interval(draws, alpha, estimate, a, quantiles)), ""


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


def _deviation(draws: np.ndarray) -> float:
    """Their standard deviation, in units of the largest: effects may be numbers whose squares are none."""
    largest = float(np.abs(draws).max()) or 1.0
    return largest * float((draws / largest).std(ddof=1))


def _path(outcome: np.ndarray, predictors: np.ndarray, which: int, unit: float, alpha: float) -> Path:
    """One coefficient of a regression in standard units, in its own `unit`."""
    fit = OLS(outcome, predictors).fit()
    low, high = fit.conf_int(alpha)[which] * unit
    estimate, se = fit.params[which] * unit, fit.bse[which] * unit
    return Path(*map(float, (estimate, se, fit.df_resid, fit.tvalues[which], fit.pvalues[which], low, high)))


def _product_test(a: Path, b: Path, both: bool) -> NormalTest:
    # √ of a sum of squares, none of which has to be a number itself.
    se = float(np.hypot(np.hypot(a.estimate * b.se, b.estimate * a.se), a.se * b.se if both else 0.0))
    if se == 0:
        raise ConstantError("The paths have no residual variance, so the indirect effect has no standard error.")
    z = a.estimate * b.estimate / se
    return NormalTest(se, z, float(two_sided(z, np.inf)))
