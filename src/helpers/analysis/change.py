"""Does clinical change go with analyte change? One regression an analyte, outcome, group and visit; one mediation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.analysis.frames import analyte_long, change_from_baseline, outcome, outcome_long
from helpers.analysis.results import row, to_frame
from helpers.analysis.settings import Settings
from helpers.models import Mediation, ModelError, adjust, mediate, slope
from helpers.study import Study
from helpers.study.descriptor import ChangeRegression


def analyte_changes(study: Study, samples: pd.DataFrame | None, group: str, visit: str) -> pd.DataFrame:
    """Reductions of every analyte since baseline, indexed by ``id``: baseline − visit on the analysed scale.

    ``samples`` is the completed table, or None for the observed samples. On a log scale the reduction is the log of
    the ratio; positive means a fall.
    """
    columns = list(study.roles.analytes.columns)
    long = analyte_long(study, samples)
    long = long[long["group"] == group].set_index("id")
    first, later = (long.loc[long["visit"] == name, columns] for name in (study.baseline, visit))
    return (first - later).reindex(later.index)


def outcome_change(study: Study, column: str, group: str, visit: str) -> pd.Series:
    """Reduction of a clinical outcome since baseline, indexed by ``id``; positive means a fall."""
    long = outcome_long(study, column)
    return change_from_baseline(study, long[long["group"] == group], visit)


def change_regressions(study: Study, settings: Settings, samples: pd.DataFrame | None) -> pd.DataFrame:
    """Fall in each outcome regressed on the fall in each analyte.

    Rows ``change_regression`` for each outcome, group, follow-up visit and analyte of the descriptor: ``beta``, the
    standardised slope, and ``slope`` in outcome units per unit of analyte fall. p is adjusted over the analytes within
    outcome, group and visit.
    """
    rows: list[dict] = []
    for plan in study.roles.change_regressions:
        for group in plan.groups:
            for visit in regression_visits(study, plan):
                rows += _family(study, settings, samples, plan.outcome, group, visit)
    return to_frame(rows)


def regression_visits(study: Study, plan: ChangeRegression) -> tuple[str, ...]:
    """Follow-up visits with both the outcome and blood samples."""
    both = set(outcome(study, plan.outcome).visits) & set(study.roles.analytes.visits)
    return tuple(visit for visit in study.roles.analytes.visits if visit in both and visit != study.baseline)


def _family(study, settings, samples, outcome_name, group, visit) -> list[dict]:
    """All analytes of one outcome, group and visit: the family over which p is adjusted."""
    falls = analyte_changes(study, samples, group, visit)
    clinical = outcome_change(study, outcome_name, group, visit).reindex(falls.index)
    fits = {}
    for analyte in study.roles.analytes.columns:
        try:
            fits[analyte] = slope(falls[analyte], clinical, alpha=settings.alpha)
        except ModelError as error:
            fits[analyte] = error
    p = pd.Series({name: np.nan if isinstance(fit, ModelError) else fit.p for name, fit in fits.items()})
    adjusted = pd.Series(np.asarray(adjust(p, settings.adjustment), dtype=float), index=p.index)
    cells = {"outcome": outcome_name, "group": group, "visit": visit, "adjustment": settings.adjustment}
    return [r for name, fit in fits.items() for r in _fit_rows(fit, adjusted[name], {**cells, "analyte": name})]


def _fit_rows(fit, p_adjusted: float, cells: dict) -> list[dict]:
    if isinstance(fit, ModelError):
        return [row("change_regression", "beta", float("nan"), method=f"not computed: {fit}", **cells)]
    common = {"df1": 1, "df2": fit.df, "p": fit.p, "p_adjusted": p_adjusted, "n": fit.n, **cells}
    return [
        row("change_regression", "beta", fit.beta, method="standardised slope", **common),
        row("change_regression", "slope", fit.slope, ci_low=fit.ci_low, ci_high=fit.ci_high, **common),
    ]


def mediation_frame(study: Study, samples: pd.DataFrame | None) -> pd.DataFrame:
    """Reductions since baseline of the descriptor's mediation path: ``id, x, m, y``, complete participants only.

    Empty when the study names no path.
    """
    role = study.roles.mediation
    if role is None:
        return pd.DataFrame(columns=["id", "x", "m", "y"])
    parts = {"x": analyte_changes(study, samples, role.group, role.visit)[role.x]}
    for letter in ("m", "y"):
        parts[letter] = outcome_change(study, getattr(role, letter), role.group, role.visit)
    return pd.DataFrame(parts).dropna().rename_axis("id").reset_index()


def mediation(study: Study, settings: Settings, samples: pd.DataFrame | None) -> pd.DataFrame:
    """The path x → m → y of the descriptor, on reductions since baseline.

    Rows ``mediation``: ``path_a``, ``path_b``, ``direct``, ``total``, ``indirect`` with the bootstrap percentile
    interval, ``indirect_bias_corrected`` and ``indirect_bca`` (bias-corrected and accelerated) with theirs, and
    ``indirect_sobel``, ``indirect_aroian`` (z and p).
    An empty table when the study names no path.
    """
    role = study.roles.mediation
    if role is None:
        return to_frame([])
    frame = mediation_frame(study, samples)
    cells = {"outcome": role.y, "analyte": role.x, "group": role.group, "visit": role.visit, "n": len(frame)}
    cells["contrast"] = f"{role.x} > {role.m} > {role.y}"
    try:
        fit = mediate(frame, "x", "m", "y", bootstrap=settings.bootstrap, seed=settings.seed, alpha=settings.alpha)
    except ModelError as error:
        return to_frame([row("mediation", "indirect", float("nan"), method=f"not computed: {error}", **cells)])
    return to_frame(_path_rows(fit, settings, cells))


def _path_rows(fit: Mediation, settings: Settings, cells: dict) -> Iterator[dict]:
    paths = {"path_a": fit.a, "path_b": fit.b, "direct": fit.direct, "total": fit.total}
    for name, path in paths.items():
        yield row("mediation", name, path.estimate, df1=1, df2=path.df, ci_low=path.ci_low, ci_high=path.ci_high,
                  p=path.p, method="least squares", **cells)  # fmt: skip
    intervals = {
        "indirect": fit.percentile,
        "indirect_bias_corrected": fit.bias_corrected,
        "indirect_bca": fit.bca,
    }
    for name, interval in intervals.items():
        yield row("mediation", name, fit.indirect.estimate, ci_low=interval.low, ci_high=interval.high,
                  method=f"bootstrap, {settings.bootstrap} resamples", **cells)  # fmt: skip
    for name, test in (("sobel", fit.sobel), ("aroian", fit.aroian)):
        yield row("mediation", f"indirect_{name}", test.z, p=test.p, method=f"{name.title()} z", **cells)
