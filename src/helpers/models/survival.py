"""Time to an event: Kaplan-Meier, log-rank, restricted mean."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from lifelines import KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
from numpy.typing import ArrayLike

from .arrays import at_least, check_alpha, complete, interval, two_sided
from .errors import ModelError, OneLevelError, OptionError


@dataclass(frozen=True)
class LogRank:
    """Equality of survival curves."""

    statistic: float
    df: int
    p: float
    n: int
    method: str


@dataclass(frozen=True)
class RestrictedMean:
    """Mean time free of the event up to `tau`."""

    value: float
    se: float
    ci_low: float
    ci_high: float
    tau: float
    n: int


@dataclass(frozen=True)
class RestrictedMeanDifference:
    """Restricted mean of the first sample minus that of the second."""

    estimate: float
    se: float
    statistic: float
    p: float
    ci_low: float
    ci_high: float
    tau: float
    n: int
    method: str


def _event_data(durations: ArrayLike, events: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    durations, events = complete(durations, events)
    at_least(len(durations), 1, "durations")
    if (durations < 0).any():
        raise ModelError("Durations must not be negative.")
    if not np.isin(events, (0, 1)).all():
        raise ModelError("events must be 0 (censored) or 1 (event).")
    return durations, events


def kaplan_meier(durations: ArrayLike, events: ArrayLike, alpha: float = 0.05) -> pd.DataFrame:
    """Product-limit estimate of the proportion still free of the event.

    S(t) = Π over event times tᵢ ≤ t of (1 - dᵢ / nᵢ). The interval is log(-log) with Greenwood's variance, so it
    stays between 0 and 1. One row per distinct time, from 0: `time, at_risk, events, survival, ci_low, ci_high`;
    `at_risk` counts those under observation just before the time. Rows with a missing duration or event are dropped;
    raises `ModelError` for negative durations or events other than 0 and 1. From lifelines.

    >>> kaplan_meier([1, 2, 2, 3], [1, 1, 0, 1])[["time", "at_risk", "events", "survival"]].round(4).values.tolist()
    [[0.0, 4.0, 0.0, 1.0], [1.0, 4.0, 1.0, 0.75], [2.0, 3.0, 1.0, 0.5], [3.0, 1.0, 1.0, 0.0]]
    """
    check_alpha(alpha)
    durations, events = _event_data(durations, events)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lifelines warns of log(0) where the curve touches 0 or 1
        fit = KaplanMeierFitter(alpha=alpha).fit(durations, events)
    table = fit.event_table
    bounds = fit.confidence_interval_survival_function_.to_numpy()
    curve = fit.survival_function_.iloc[:, 0].to_numpy()
    return pd.DataFrame(
        {
            "time": table.index.to_numpy(float),
            "at_risk": table["at_risk"].to_numpy(int),
            "events": table["observed"].to_numpy(int),
            "survival": curve,
            # At a curve of exactly 0 or 1 Greenwood's variance is not defined; the bounds are the curve.
            "ci_low": np.where(np.isfinite(bounds[:, 0]), bounds[:, 0], curve),
            "ci_high": np.where(np.isfinite(bounds[:, 1]), bounds[:, 1], curve),
        }
    )


def log_rank(durations: ArrayLike, events: ArrayLike, groups: ArrayLike) -> LogRank:
    """Log-rank (Mantel-Cox) test of two or more groups.

    (O - E)ᵀ V⁻¹ (O - E) over all groups but one, V the hypergeometric covariance summed over event times;
    chi-square on groups - 1 df. Raises `OneLevelError` for a single group, `ModelError` without any event.

    >>> result = log_rank([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 0, 0], ["a", "a", "a", "b", "b", "b"])
    >>> round(result.statistic, 3), result.df
    (5.052, 1)
    """
    frame = pd.DataFrame({"time": np.asarray(durations), "event": np.asarray(events), "group": np.asarray(groups)})
    frame = frame.dropna()
    levels = frame["group"].nunique()
    if levels < 2:
        raise OneLevelError("The log-rank test needs at least two groups.", frame["group"].unique())
    time, event = _event_data(frame["time"], frame["event"])
    if not event.any():
        raise ModelError("No event was observed, so the log-rank test is not defined.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lifelines calls pandas in a way its next major version drops
        result = multivariate_logrank_test(time, frame["group"], event)
    return LogRank(float(result.test_statistic), levels - 1, float(result.p_value), len(frame), "log-rank")


def restricted_mean(durations: ArrayLike, events: ArrayLike, tau: float, alpha: float = 0.05) -> RestrictedMean:
    """Area under the Kaplan-Meier curve from 0 to `tau`, in the unit of the durations.

    Var = Σ over event times tᵢ < tau of (∫ from tᵢ to tau of S)² dᵢ / (nᵢ (nᵢ - dᵢ)) (Klein and Moeschberger 2003,
    eq. 4.5.2), as R's survfit and survRM2. Raises `OptionError` unless 0 < tau, and when tau lies beyond the last
    observation while the curve is above 0, since nothing is known there.

    >>> result = restricted_mean([1, 2, 2, 3], [1, 1, 0, 1], tau=3)
    >>> round(result.value, 4), round(result.se, 4)
    (2.25, 0.4146)
    """
    check_alpha(alpha)
    curve = kaplan_meier(durations, events)
    last = curve.iloc[-1]
    if not tau > 0 or (tau > last["time"] and last["survival"] > 0):
        raise OptionError(f"tau is {tau}; it must be above 0 and at most the last observed time, {last['time']:g}.")
    curve = curve[curve["time"] < tau]
    widths = np.diff(np.append(curve["time"], tau))
    areas = widths * curve["survival"].to_numpy()
    # What is left of the area from each time on; an event that empties the risk set leaves none.
    left = areas[::-1].cumsum()[::-1]
    died, at_risk = curve["events"].to_numpy(float), curve["at_risk"].to_numpy(float)
    some = (died > 0) & (died < at_risk)
    variance = (left[some] ** 2 * died[some] / (at_risk[some] * (at_risk[some] - died[some]))).sum()
    value, se = float(areas.sum()), float(np.sqrt(variance))
    low, high = interval(value, se, np.inf, alpha)
    return RestrictedMean(value, se, float(low), float(high), float(tau), len(_event_data(durations, events)[0]))


def restricted_mean_difference(
    durations: ArrayLike,
    events: ArrayLike,
    groups: ArrayLike,
    first: object,
    second: object,
    tau: float | None = None,
    alpha: float = 0.05,
) -> RestrictedMeanDifference:
    """Difference of restricted means, group `first` minus group `second`, with the normal test.

    z = (μ₁ - μ₂) / √(se₁² + se₂²). `tau` None takes the smaller of the two groups' last observed times. Raises
    `OneLevelError` when a group is absent, and what `restricted_mean` raises.

    >>> d = restricted_mean_difference([1, 2, 3, 4, 5, 6], [1] * 6, list("aaabbb"), "a", "b", tau=3)
    >>> round(d.estimate, 3), round(d.se, 3)
    (-1.0, 0.471)
    """
    durations, events, groups = np.asarray(durations), np.asarray(events), np.asarray(groups)
    for name in (first, second):
        if not (groups == name).any():
            raise OneLevelError(f"No row has group {name!r}.", [name])
    samples = [_event_data(durations[groups == name], events[groups == name]) for name in (first, second)]
    tau = min(time.max() for time, _ in samples) if tau is None else tau
    one, two = (restricted_mean(time, event, tau) for time, event in samples)
    estimate, se = one.value - two.value, float(np.hypot(one.se, two.se))
    low, high = interval(estimate, se, np.inf, alpha)
    z = estimate / se if se > 0 else float(np.sign(estimate) * np.inf if estimate else 0.0)
    return RestrictedMeanDifference(
        estimate=estimate,
        se=se,
        statistic=z,
        p=float(two_sided(z, np.inf)),
        ci_low=float(low),
        ci_high=float(high),
        tau=float(tau),
        n=one.n + two.n,
        method="difference of restricted means, normal",
    )
