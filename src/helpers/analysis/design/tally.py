"""What a block of simulated cohorts says of one test: counts and sums that add up over blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray
CELLS = ("method", "test", "adjustment", "null", "true")
SUMS = ("used", "rejected", "error", "error2", "intervals", "covered")


def tallied(
    method: str,
    test: str,
    rejected: Array,
    null: bool,
    adjustment: str = "none",
    true: float = np.nan,
    estimate: Array | None = None,
    ends: tuple[Array, Array] | None = None,
) -> dict[str, Any]:
    """One row of tallies.

    Parameters
    ----------
    rejected : array (B,)
        1 or 0 a cohort, missing where the test could not be had; for a rate other than one of rejections, that.
    null : bool
        Whether the hypothesis tested holds in the population.
    true : float
        The parameter's value there, where ``estimate`` (B,) estimates one and ``ends`` hold its interval.

    >>> row = tallied("published", "slope", np.array([1.0, 0, np.nan]), True, true=0.0,
    ...               estimate=np.array([0.5, -0.1, np.nan]))
    >>> row["used"], row["rejected"], round(row["error"], 3)
    (2, 1.0, 0.4)
    """
    usable = np.isfinite(rejected)
    made = {"method": method, "test": test, "adjustment": adjustment, "null": null, "true": true}
    made |= dict.fromkeys(SUMS, 0.0) | {"used": int(usable.sum()), "rejected": float(rejected[usable].sum())}
    if estimate is not None:
        away = estimate[usable] - true
        made |= {"error": float(away.sum()), "error2": float((away**2).sum())}
    if ends is not None:
        low, high = ends
        known = usable & np.isfinite(low) & np.isfinite(high)
        inside = (low[known] <= true) & (true <= high[known])
        made |= {"intervals": int(known.sum()), "covered": float(inside.sum())}
    return made


def rejections(p: Array, alpha: float, usable: Array | None = None) -> Array:
    """1 where p < alpha, 0 where not, missing where there is no p or the fit cannot be used.

    >>> rejections(np.array([0.01, 0.2, np.nan]), 0.05).tolist()
    [1.0, 0.0, nan]
    """
    known = np.isfinite(p) if usable is None else np.isfinite(p) & usable
    return np.where(known, (p < alpha).astype(float), np.nan)


def excluded(ends: tuple[Array, Array]) -> Array:
    """1 where an interval excludes 0, missing where there is none."""
    low, high = ends
    return np.where(np.isfinite(low) & np.isfinite(high), ((low > 0) | (high < 0)).astype(float), np.nan)


def summed(blocks: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Tallies of several blocks together, with rates and their Monte-Carlo standard errors.

    ``rate`` is the share of cohorts in which the test rejects, ``rate_se`` √(r (1 - r) / n), for shares of 0 and 1 that
    of half a cohort; ``bias`` the mean of estimate - true with ``bias_se``; ``coverage`` of the intervals and
    ``coverage_se``.
    """
    found = blocks.groupby([*by, *CELLS], sort=False, dropna=False)[list(SUMS)].sum().reset_index()
    n, k = found["used"].to_numpy(float), found["intervals"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        bias = found["error"] / n
        spread = np.sqrt(np.maximum(found["error2"] / n - bias**2, 0) / n)
        return found.assign(
            rate=found["rejected"] / n,
            rate_se=standard_error(found["rejected"].to_numpy(float), n),
            bias=np.where(found["true"].notna(), bias, np.nan),
            bias_se=np.where(found["true"].notna(), spread, np.nan),
            coverage=found["covered"] / np.where(k > 0, k, np.nan),
            coverage_se=np.where(k > 0, standard_error(found["covered"].to_numpy(float), k), np.nan),
        )


def standard_error(count: Array, n: Array) -> Array:
    """Monte-Carlo standard error of a share; a share of 0 or 1 counts as half a cohort away from it.

    >>> standard_error(np.array([0.0, 50]), np.array([100.0, 100])).round(4).tolist()
    [0.0071, 0.05]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.clip(count, 0.5, np.maximum(n - 0.5, 0.5)) / n
        return np.sqrt(share * (1 - share) / n)
