"""Clinical outcomes over the visits: mixed models, effect sizes, adverse events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd

from helpers.analysis.frames import outcome_long
from helpers.analysis.mixed import Fitted, Spec, fit_model, model_rows
from helpers.analysis.pairs import Pair, pairs, turned
from helpers.analysis.results import row, to_frame
from helpers.analysis.settings import Settings
from helpers.models import ModelError, RepeatedFit, cohens_d, cohens_d_from_difference
from helpers.study import Study


def fit_outcomes(study: Study, settings: Settings, covariates: Sequence[str]) -> dict[str, Fitted]:
    """One mixed model an outcome: group × visit with the covariates that differ at baseline."""
    return {
        item.column: fit_model(
            settings,
            outcome_long(study, item.column),
            Spec("mixed_model", {"outcome": item.column}, tuple(covariates)),
        )
        for item in study.roles.outcomes
    }


def outcome_models(study: Study, settings: Settings, fits: Mapping[str, Fitted]) -> pd.DataFrame:
    """Rows ``mixed_model`` of every outcome's model, as :func:`helpers.analysis.mixed.model_rows` gives them."""
    return to_frame(found for fitted in fits.values() for found in model_rows(study, settings, fitted))


def residuals(study: Study, fits: Mapping[str, Fitted]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Fitted values and normalised residuals of every model that was fitted, by the outcome's label.

    Normalised: whitened by the model's covariance of the visits, so of unit variance and uncorrelated if it holds.
    """
    labels = {item.column: item.label for item in study.roles.outcomes}
    return {
        labels[name]: (np.asarray(fitted.fit.fitted), np.asarray(fitted.fit.normalised_residuals))
        for name, fitted in fits.items()
        if fitted.fit is not None
    }


def describe_outcomes(study: Study, settings: Settings) -> pd.DataFrame:
    """Observed mean and SD of each outcome by group and visit, and Cohen's d of every pair of groups at each visit.

    Rows ``observed``: ``mean``, ``sd``; ``cohens_d`` is second group − first group over the pooled SD of the visit, so
    that a lower score in the first group is positive, as the paper prints it.
    """
    rows: list[dict] = []
    for item in study.roles.outcomes:
        long = outcome_long(study, item.column)
        for visit in item.visits:
            here = long[long["visit"] == visit]
            values = {group: here.loc[here["group"] == group, "value"] for group in study.roles.compared}
            for group, seen in values.items():
                rows += _moments(item.column, group, visit, seen)
            rows += [_effect_size(settings, item.column, visit, pair, values) for pair in pairs(study)]
    return to_frame(rows)


def effect_sizes(study: Study, settings: Settings, fits: Mapping[str, Fitted]) -> pd.DataFrame:
    """Other definitions of the standardised difference of a pair of groups, of each outcome at each visit.

    Rows ``effect_size``, second group − first group as ``cohens_d``: ``hedges_g`` (pooled SD of the visit, exact
    correction, noncentral interval), ``d_model`` (adjusted difference over the model's SD of the visit) and
    ``d_baseline`` (adjusted difference over the pooled SD at baseline, the same unit at every visit).
    """
    rows: list[dict] = []
    for item in study.roles.outcomes:
        rows += _hedges(study, settings, item)
        if fits[item.column].fit is not None:
            rows += _model_sizes(study, settings, item.column, fits[item.column].fit)
    return to_frame(rows)


def _hedges(study: Study, settings: Settings, item) -> Iterator[dict]:
    long = outcome_long(study, item.column)
    for visit, pair in product(item.visits, pairs(study)):
        first, second = (long.loc[(long["visit"] == visit) & (long["group"] == g), "value"] for g in pair)
        try:
            size = cohens_d(second, first, alpha=settings.alpha, interval="noncentral", hedges=True)
        except ModelError as error:
            yield _size_row("hedges_g", item.column, visit, pair, float("nan"), method=f"not computed: {error}")
            continue
        yield _size_row("hedges_g", item.column, visit, pair, size.value, ci_low=size.ci_low, ci_high=size.ci_high,
                        n=len(first) + len(second), method=size.method)  # fmt: skip


def _model_sizes(study: Study, settings: Settings, outcome: str, fit: RepeatedFit) -> Iterator[dict]:
    model = pd.Series(np.sqrt(np.diag(fit.covariance)), fit.covariance.index.astype(str))
    first = _baseline_deviation(study, outcome)
    for pair in fit.contrasts("group", by="visit", df=settings.df, alpha=settings.alpha).itertuples():
        visit, groups = str(pair.visit), (str(pair.level), str(pair.versus))
        for name, deviation in (("d_model", model[visit]), ("d_baseline", first)):
            if not deviation > 0:
                continue
            # The contrast is first − second group; the effect size has the sign of the paper's d.
            size = cohens_d_from_difference(-pair.estimate, deviation, pair.se, pair.df, settings.alpha)
            yield _size_row(name, outcome, visit, groups, size.value, ci_low=size.ci_low, ci_high=size.ci_high,
                            n=fit.n_subjects, method=size.method)  # fmt: skip


def _baseline_deviation(study: Study, outcome: str) -> float:
    """Pooled SD of the compared groups at baseline."""
    long = outcome_long(study, outcome)
    groups = long[long["visit"] == study.baseline].groupby("group", observed=True)["value"]
    freedom = groups.size() - 1
    return float(np.sqrt((groups.var(ddof=1) * freedom).sum() / freedom.sum()))


def _size_row(statistic: str, outcome: str, visit: str, pair: Pair, value: float, **cells) -> dict:
    return row("effect_size", statistic, value, outcome=outcome, visit=visit, contrast=turned(pair), **cells)


def _moments(outcome: str, group: str, visit: str, values: pd.Series) -> list[dict]:
    cells = {"outcome": outcome, "group": group, "visit": visit, "n": len(values)}
    reason = "" if len(values) > 1 else "fewer than two values"
    return [
        row("observed", "mean", values.mean(), method=reason, **cells),
        row("observed", "sd", values.std(ddof=1), method=reason, **cells),
    ]


def _effect_size(settings: Settings, column: str, visit: str, pair: Pair, values: Mapping[str, pd.Series]) -> dict:
    first, second = (values[group] for group in pair)
    cells = {"outcome": column, "visit": visit, "contrast": turned(pair), "n": len(first) + len(second)}
    try:
        size = cohens_d(second, first, alpha=settings.alpha)
    except ModelError as error:
        return row("observed", "cohens_d", float("nan"), method=f"not computed: {error}", **cells)
    return row(
        "observed", "cohens_d", size.value, ci_low=size.ci_low, ci_high=size.ci_high, method=size.method, **cells
    )


def adverse_events(study: Study) -> pd.DataFrame:
    """Exposures at which the event was reported: ``count`` and ``percent``, in all and by group.

    Rows ``adverse_event``; ``n`` the number of exposures. An empty table when the study records none.
    """
    role = study.roles.adverse_events
    if role is None:
        return to_frame([])
    table = study.tables[role.table].merge(study.participants, on=study.roles.identifier)
    parts = {"": table} | {g: table[table[study.roles.group_column] == g] for g in study.roles.compared}
    rows = []
    for group, part in parts.items():
        events, n = int(part[role.column].astype("float64").sum()), len(part)
        rows.append(row("adverse_event", "count", events, outcome=role.column, group=group, n=n))
        share, reason = (100 * events / n, "") if n else (float("nan"), f"no {role.unit} recorded")
        rows.append(row("adverse_event", "percent", share, outcome=role.column, group=group, n=n, method=reason))
    return to_frame(rows)
