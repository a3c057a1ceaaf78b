"""Box's M test that groups have the same covariance matrix, with his F approximation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multivariate import test_cov_oneway as cov_oneway

from .design import aliased
from .errors import ModelError, OneLevelError, SingularCovarianceError, UnknownColumnError


@dataclass(frozen=True)
class BoxM:
    """`F`, `df1`, `df2` and `p` are what SPSS prints; `chi2` has `df1` degrees of freedom and `p_chi2`."""

    M: float
    F: float
    df1: float
    df2: float
    p: float
    chi2: float
    p_chi2: float
    n: int
    groups: tuple[str, ...]


def box_m(data: pd.DataFrame, outcomes: Sequence[str], group: str | Sequence[str]) -> BoxM:
    """Box's (1949) M over the groups, or over the cells of several crossed factors; incomplete rows are left out.

    M = v log|S| - Σ v_i log|S_i|, v_i = n_i - 1, v = Σ v_i, S the pooled covariance. With p outcomes, g groups,
    a₁ = (Σ 1/v_i - 1/v)(2p² + 3p - 1) / (6 (p+1)(g-1)), a₂ = (Σ 1/v_i² - 1/v²)(p-1)(p+2) / (6 (g-1)),
    df1 = p (p+1)(g-1) / 2 and df2 = (df1 + 2) / |a₂ - a₁²|: χ² = (1 - a₁) M on df1; F = M (1 - a₁ - df1/df2) / df1 when
    a₂ > a₁², else df2 M / (df1 (b - M)) with b = df2 / (1 - a₁ + 2/df2) (SPSS algorithms, GLM; Rencher 2002, 7.3.2).
    The test is sensitive to non-normality; many reject at 0.001 only.

    M and χ² are computed by `statsmodels.stats.multivariate.test_cov_oneway`. Its F (0.15) has b + M in place of b - M
    in the second case, and pingouin gives the χ² alone, so F is computed here.

    Raises `UnknownColumnError`, `ModelError` for fewer than two outcomes, `OneLevelError` for fewer than two groups,
    and `SingularCovarianceError`, with the columns, for a group too small or with an outcome that is constant or
    follows from the others. (SPSS leaves such groups out of the test.)

    >>> frame = pd.DataFrame({"a": [1, 2, 4, 3, 6, 5, 9.0, 2], "b": [2, 1, 3, 5, 4, 7.0, 1, 1], "g": list("xxxxyyyy")})
    >>> box = box_m(frame, ["a", "b"], "g")
    >>> round(box.M, 3), round(box.F, 3), box.df1, round(box.df2, 1), round(box.p, 3)
    (3.513, 0.749, 3.0, 6480.0, 0.523)
    """
    outcomes, by = list(outcomes), [group] if isinstance(group, str) else list(group)
    unknown = [name for name in [*outcomes, *by] if name not in data.columns]
    if unknown:
        raise UnknownColumnError(f"{', '.join(unknown)}: not among the columns of the data.", unknown)
    if len(outcomes) < 2:
        raise ModelError("Box's M needs at least two outcomes.", outcomes)
    rows = data[[*outcomes, *by]].dropna()
    parts = {_label(key): part[outcomes].to_numpy(float) for key, part in rows.groupby(by, observed=True)}
    if len(parts) < 2:
        raise OneLevelError(f"{', '.join(by)}: fewer than two groups among the complete rows.", by)
    for name, values in parts.items():
        _regular(name, values, outcomes)
    sizes = [len(values) for values in parts.values()]
    # M does not depend on the outcomes' units; unit spreads keep the determinants accurate.
    scale = np.vstack(list(parts.values())).std(axis=0)
    found = cov_oneway([np.cov(values / scale, rowvar=False) for values in parts.values()], sizes)
    f, df1, df2 = _f(float(found.statistic_base), np.array(sizes) - 1.0, len(outcomes))
    return BoxM(
        M=float(found.statistic_base),
        F=f,
        df1=df1,
        df2=df2,
        p=float(stats.f.sf(f, df1, df2)),
        chi2=float(found.statistic_chi2),
        p_chi2=float(found.pvalue_chi2),
        n=len(rows),
        groups=tuple(parts),
    )


def _label(key: tuple) -> str:
    return ", ".join(map(str, key))


def _regular(group: str, values: np.ndarray, outcomes: list[str]) -> None:
    """Refuse a group whose covariance has no logarithm of its determinant."""
    if len(values) <= len(outcomes):
        raise SingularCovarianceError(
            f"Group {group} has {len(values)} complete rows; {len(outcomes)} outcomes ({', '.join(outcomes)}) "
            f"need at least {len(outcomes) + 1}. Leave the group out or test fewer outcomes.",
            [group, *outcomes],
        )
    flat = [i for i, spread in enumerate(np.ptp(values, axis=0)) if spread == 0]
    surplus = [outcomes[i] for i in flat or aliased(values - values.mean(axis=0))]
    if surplus:
        why = "constant" if flat else "a linear function of the other outcomes"
        raise SingularCovarianceError(f"In group {group}, {', '.join(surplus)}: {why}.", [group, *surplus])


def _f(m: float, v: np.ndarray, p: int) -> tuple[float, float, float]:
    groups = len(v)
    a1 = ((1 / v).sum() - 1 / v.sum()) * (2 * p**2 + 3 * p - 1) / (6 * (p + 1) * (groups - 1))
    a2 = ((1 / v**2).sum() - 1 / v.sum() ** 2) * (p - 1) * (p + 2) / (6 * (groups - 1))
    df1 = p * (p + 1) * (groups - 1) / 2
    df2 = (df1 + 2) / abs(a2 - a1**2)
    if a2 > a1**2:
        f = m * (1 - a1 - df1 / df2) / df1
    else:
        b = df2 / (1 - a1 + 2 / df2)
        # At M = b the approximating F, a transformed beta, is infinite: p is 0 from there on.
        f = df2 * m / (df1 * (b - m)) if m < b else np.inf
    return float(f), float(df1), float(df2)
