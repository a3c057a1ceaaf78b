"""Standardised mean differences: Cohen's d in its several definitions, Hedges' g, and their intervals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from .arrays import at_least, check_alpha, complete, present
from .arrays import interval as central_interval
from .errors import ConstantError, ModelError, OptionError, one_of
from .noncentral import noncentral_t

Standardiser = Literal["pooled", "average", "second"]
PairedStandardiser = Literal["change", "average", "repeated"]
Interval = Literal["large-sample", "noncentral"]


@dataclass(frozen=True)
class EffectSize:
    """A standardised effect and its interval."""

    value: float
    ci_low: float
    ci_high: float
    n: int
    method: str


@dataclass(frozen=True)
class _Standardised:
    """A difference, its standard error and df, the SD it is divided by, and the large-sample variance of the ratio."""

    difference: float
    se: float
    df: float
    sd: float
    variance: float
    variance_df: float
    n: int

    @property
    def value(self) -> float:
        return self.difference / self.sd


def hedges_j(df: ArrayLike) -> np.ndarray:
    """Hedges' exact correction J = Γ(df/2) / (√(df/2) Γ((df-1)/2)); g = J d is unbiased (Hedges 1981).

    1 - 3 / (4 df - 1), which most programs use, is its approximation. Raises `OptionError` unless df > 1.

    >>> hedges_j([6, 64]).round(4).tolist()
    [0.8686, 0.9882]
    """
    df = np.asarray(df, dtype=float)
    if not (df > 1).all():
        raise OptionError("Hedges' correction needs more than 1 degree of freedom.", [df])
    return np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2)


def cohens_d(
    x: ArrayLike,
    y: ArrayLike,
    alpha: float = 0.05,
    *,
    standardiser: Standardiser = "pooled",
    interval: Interval = "large-sample",
    hedges: bool = False,
) -> EffectSize:
    """Cohen's d of two independent samples, (x̄ - ȳ) / SD; missing values are dropped.

    SD: `pooled` √(((nₓ-1) sₓ² + (n_y-1) s_y²) / df), df = nₓ + n_y - 2; `average` √((sₓ² + s_y²) / 2), for unequal
    variances; `second` s_y, the control group's (Glass's Δ).

    Interval `large-sample`: pooled d ± t(1 - alpha/2, df) √((nₓ + n_y) / (nₓ n_y) + d² / (2 (nₓ + n_y))), Hedges and
    Olkin (1985), as pingouin; average and second with z and Bonett's (2008) variances,
    d² (sₓ⁴/(nₓ-1) + s_y⁴/(n_y-1)) / (8 SD⁴) + (sₓ²/(nₓ-1) + s_y²/(n_y-1)) / SD² and
    d² / (2 (n_y-1)) + sₓ² / (s_y² (nₓ-1)) + 1 / (n_y-1). Interval `noncentral`: the interval of the noncentrality of
    t = (x̄ - ȳ) / se times se / SD; exact for pooled (Steiger and Fouladi 1997), approximate for the others (Welch's
    se, with Welch's df for average and n_y - 1 for second), as R's effectsize.

    `hedges` multiplies value and interval by `hedges_j` of the degrees of freedom. Raises `TooFewError` below two
    values, `ConstantError` when the standardiser is zero, `OptionError` for an unknown option.

    >>> d = cohens_d([5, 6, 7, 8], [1, 2, 3, 4])
    >>> round(d.value, 3), round(d.ci_low, 3), round(d.ci_high, 3)
    (3.098, 0.532, 5.665)
    >>> d = cohens_d([5, 6, 7, 8], [1, 2, 3, 4], interval="noncentral")
    >>> round(d.value, 3), round(d.ci_low, 3), round(d.ci_high, 3)
    (3.098, 0.853, 5.254)
    """
    one_of("standardiser", standardiser, get_args(Standardiser))
    x, y = present(x), present(y)
    at_least(min(len(x), len(y)), 2, "values in the smaller sample")
    n, v = np.array([len(x), len(y)], dtype=float), np.array([_variance(x), _variance(y)])
    if not v.any():
        raise ConstantError("Neither sample varies, so Cohen's d is not defined.")
    if standardiser == "second" and not v[1]:
        raise ConstantError("The second sample does not vary, so it gives no standardiser.")
    parts = {"pooled": _pooled, "average": _average, "second": _second}[standardiser](float(x.mean() - y.mean()), n, v)
    label = {"pooled": "pooled SD", "average": "average SD", "second": "SD of the second sample"}[standardiser]
    return _effect(parts, alpha, interval, hedges, label)


def cohens_d_paired(
    x: ArrayLike,
    y: ArrayLike,
    alpha: float = 0.05,
    *,
    standardiser: PairedStandardiser = "average",
    interval: Interval = "noncentral",
    hedges: bool = False,
) -> EffectSize:
    """Cohen's d of paired values, mean of x - y over an SD; pairs with a missing value are dropped.

    SD: `change` s of the differences (d_z, what a paired t and its power depend on); `average` √((sₓ² + s_y²) / 2)
    (d_av, Cumming 2012; in units of the raw scores); `repeated` s / √(2 (1 - r)) (d_rm, Morris and DeShon 2002:
    d_z √(2 (1 - r)), in units of raw scores if the two variances are equal).

    Interval `noncentral`: that of the noncentrality of t on n - 1 df times d / t: exact for change, Algina and
    Keselman's (2003) approximation for the others. `large-sample`: change d ± t(n-1) √(1/n + d²/2n), as pingouin;
    average with z and Bonett's (2008) variance d² (sₓ⁴ + s_y⁴ + 2 r² sₓ² s_y²) / (8 (n-1) SD⁴) + s² / ((n-1) SD²);
    repeated with z and 2 (1 - r) (1/n + d²/2n), Borenstein et al. (2009). `hedges` multiplies by `hedges_j(n - 1)`.

    Raises `OptionError` for vectors of different length or unknown options, `TooFewError` below three pairs,
    `ConstantError` when the differences do not vary.

    >>> d = cohens_d_paired([5, 7, 6, 9], [4, 5, 5, 6])
    >>> round(d.value, 3), round(d.ci_low, 3), round(d.ci_high, 3)
    (1.307, 0.072, 2.499)
    """
    one_of("standardiser", standardiser, get_args(PairedStandardiser))
    x, y = complete(x, y)
    at_least(len(x), 3, "pairs")
    spread = np.sqrt(_variance(x - y))
    if not spread:
        raise ConstantError("The differences do not vary, so Cohen's d is not defined.")
    parts = _paired(float((x - y).mean()), spread, x, y, standardiser)
    label = {"change": "SD of the changes", "average": "average SD", "repeated": "SD of the changes / √(2(1-r))"}
    return _effect(parts, alpha, interval, hedges, f"{label[standardiser]}, paired")


def cohens_d_from_t(
    t: float, nx: int, ny: int, alpha: float = 0.05, *, interval: Interval = "noncentral", hedges: bool = False
) -> EffectSize:
    """Cohen's d with the pooled SD from Student's t and the sizes of the groups: d = t √(1/nₓ + 1/n_y).

    Intervals as `cohens_d`. The rule d = 2t / √df, which R's `t_to_d` uses, is its approximation for equal groups.

    >>> d = cohens_d_from_t(2.13, 33, 33)
    >>> round(d.value, 3), round(d.ci_low, 3), round(d.ci_high, 3)
    (0.524, 0.031, 1.013)
    """
    at_least(min(nx, ny), 2, "values in the smaller group")
    scale = float(np.sqrt(1 / nx + 1 / ny))
    return _effect(_pooled(t * scale, np.array([nx, ny]), np.ones(2)), alpha, interval, hedges, "pooled SD, from t")


def cohens_d_from_difference(
    difference: float, sd: float, se: float, df: float, alpha: float = 0.05, *, sd_df: float = np.inf, n: int = 0
) -> EffectSize:
    """A model's difference over a given SD, with an interval from the difference's own standard error and df.

    d = difference / sd, d ± t(1 - alpha/2, df) √(se² / sd² + d² / (2 sd_df)): with `sd_df` infinite the SD counts as
    known and the interval is the difference's own, rescaled; otherwise its uncertainty is added by the delta method,
    as R's `emmeans::eff_size` does with `edf`. `sd` is for instance the model's SD at the visit or the residual one.
    `n` is carried along. Raises `OptionError` for an sd, se or df that is not positive.

    >>> d = cohens_d_from_difference(-4.2, 7.0, 1.75, 64)
    >>> round(d.value, 3), round(d.ci_low, 3), round(d.ci_high, 3)
    (-0.6, -1.099, -0.101)
    """
    check_alpha(alpha)
    for name, number in {"sd": sd, "se": se, "df": df, "sd_df": sd_df}.items():
        if not number > 0:
            raise OptionError(f"{name} is {number}; it must be positive.", [name])
    value = difference / sd
    low, high = central_interval(value, np.sqrt((se / sd) ** 2 + value**2 / (2 * sd_df)), df, alpha)
    known = "" if np.isfinite(sd_df) else " taken as known"
    return EffectSize(float(value), float(low), float(high), n, f"Cohen's d, model SD{known}")


def _variance(values: np.ndarray) -> float:
    """Unbiased variance; exactly 0 for equal values, whatever their mean rounds to."""
    return float(values.var(ddof=1)) if np.ptp(values) else 0.0


def _pooled(difference: float, n: np.ndarray, v: np.ndarray) -> _Standardised:
    total, df = n.sum(), n.sum() - 2
    sd = np.sqrt((n - 1) @ v / df)
    variance = (1 / n).sum() + (difference / sd) ** 2 / (2 * total)
    return _Standardised(difference, sd * np.sqrt((1 / n).sum()), df, sd, variance, df, int(total))


def _average(difference: float, n: np.ndarray, v: np.ndarray) -> _Standardised:
    sd, se = np.sqrt(v.mean()), np.sqrt((v / n).sum())
    # Squares of variances in units of their mean, as those of very small or large ones are no numbers.
    w = v / v.mean()
    df = (w / n).sum() ** 2 / ((w / n) ** 2 / (n - 1)).sum()
    variance = (difference / sd) ** 2 * (w**2 / (n - 1)).sum() / 8 + (w / (n - 1)).sum()
    return _Standardised(difference, se, df, sd, variance, np.inf, int(n.sum()))


def _second(difference: float, n: np.ndarray, v: np.ndarray) -> _Standardised:
    sd, df = np.sqrt(v[1]), n - 1
    variance = (difference / sd) ** 2 / (2 * df[1]) + v[0] / (v[1] * df[0]) + 1 / df[1]
    return _Standardised(difference, np.sqrt((v / n).sum()), df[1], sd, variance, np.inf, int(n.sum()))


def _paired(difference: float, spread: float, x: np.ndarray, y: np.ndarray, standardiser: str) -> _Standardised:
    n, v, covariance = len(x), np.array([_variance(x), _variance(y)]), float(np.cov(x, y)[0, 1])
    df, se = n - 1, spread / np.sqrt(n)
    if standardiser == "change":
        return _Standardised(difference, se, df, spread, 1 / n + (difference / spread) ** 2 / (2 * n), df, n)
    if standardiser == "average":
        sd, square = np.sqrt(v.mean()), v.mean()
        variance = (difference / sd) ** 2 * (((v / square) ** 2).sum() + 2 * (covariance / square) ** 2) / (8 * df)
        return _Standardised(difference, se, df, sd, variance + spread**2 / (df * sd**2), np.inf, n)
    if not v.min() > 0:
        raise ConstantError("One of the samples does not vary, so the pairs have no correlation.")
    apart = 2 * (1 - covariance / np.sqrt(v).prod())
    if not apart > 1e-12:
        raise ModelError("The pairs are perfectly correlated, so d_rm is not defined; use another standardiser.")
    sd = spread / np.sqrt(apart)
    return _Standardised(difference, se, df, sd, apart * (1 / n + (difference / sd) ** 2 / (2 * n)), np.inf, n)


def _effect(parts: _Standardised, alpha: float, interval: str, hedges: bool, label: str) -> EffectSize:
    check_alpha(alpha)
    one_of("interval", interval, get_args(Interval))
    if interval == "noncentral":
        ends = np.array(noncentral_t(parts.difference / parts.se, parts.df, alpha)) * parts.se / parts.sd
    else:
        ends = np.array(central_interval(parts.value, np.sqrt(parts.variance), parts.variance_df, alpha))
    effect = EffectSize(float(parts.value), float(ends[0]), float(ends[1]), parts.n, f"Cohen's d, {label}")
    if not hedges:
        return effect
    j = float(hedges_j(parts.df))
    scaled = {name: j * getattr(effect, name) for name in ("value", "ci_low", "ci_high")}
    return replace(effect, **scaled, method=f"Hedges' g, {label}")
