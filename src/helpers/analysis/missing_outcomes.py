"""What each treatment of missing outcomes makes of the difference between the groups' changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from helpers.analysis.frames import outcome_long, people
from helpers.analysis.mixed import structure_options
from helpers.analysis.multiple_imputation import IMPUTATIONS
from helpers.analysis.results import row, to_frame
from helpers.analysis.settings import Settings
from helpers.models import ModelError, fit_repeated, impute_em, impute_multiple, pool_over
from helpers.models.marginal import contrast_of_contrasts
from helpers.study import Study
from helpers.study.descriptor import Outcome

ANALYSIS = "missing_outcome"
TREATMENTS = ("complete", "em", "mi", "likelihood")
DIFFERENCE, LITTLE, MISSING = "change_difference", "little", "missing"


def analysis_of(treatment: str) -> str:
    """The name under which a treatment's rows are written.

    >>> analysis_of("em")
    'missing_outcome_em'
    """
    return f"{ANALYSIS}_{treatment}"


def treatments(study: Study, settings: Settings) -> pd.DataFrame:
    """Each outcome's contrast group × time under four treatments of missing values, and Little's test.

    The contrast is the difference between the two groups in the change from baseline, at each later visit, of the
    model ``value ~ group × visit`` by REML with the settings' covariance structure; covariates are left out, so that
    the treatments differ in nothing else. The treatments: ``complete``, participants with every planned value; ``em``,
    gaps filled once with their conditional means; ``mi``, multiple imputation and Rubin's rules; ``likelihood``, all
    observed values and none imputed. Imputed from are the outcome's other visits and the group.

    Rows of analysis ``missing_outcome``: ``missing`` (values, of ``n`` planned among participants with any) and
    ``little``; of ``missing_outcome_<treatment>``: ``change_difference`` at each visit. An outcome without a gap has
    ``missing`` 0 and nothing else; what cannot be computed is a row that says why. A study of more than two groups has
    no rows of treatments.
    """
    return to_frame(found for item in study.roles.outcomes for found in _outcome_rows(study, settings, item))


def _outcome_rows(study: Study, settings: Settings, item: Outcome) -> Iterator[dict]:
    wide = _wide(study, item)
    gaps, cells = int(wide.isna().sum().sum()), {"outcome": item.column}
    planned = wide.size - len(wide)
    method = "count" if gaps else "nothing missing: every treatment is the likelihood fit"
    yield row(ANALYSIS, MISSING, gaps, n=planned, method=method, **cells)
    if not gaps:
        return
    yield _little(wide, cells)
    if len(study.roles.compared) != 2:
        return  # one difference of two groups is what the treatments are compared by
    for treatment, compute in _computations(study, settings).items():
        yield from _treatment_rows(study, wide, treatment, compute, cells)


def _wide(study: Study, item: Outcome) -> pd.DataFrame:
    """One row a participant with any value: the visits in order, and an indicator of the first group."""
    long = outcome_long(study, item.column)
    wide = long.assign(visit=long["visit"].astype(str)).pivot(index="id", columns="visit", values="value")
    wide = wide.reindex(columns=[visit for visit in item.visits if visit in wide.columns])
    group = people(study).set_index("id")["group"].reindex(wide.index)
    return wide.assign(group=(group == study.roles.compared[0]).astype(float))


def _little(wide: pd.DataFrame, cells: dict) -> dict:
    try:
        found = impute_em(wide).little
    except ModelError as error:
        return row(ANALYSIS, LITTLE, float("nan"), n=len(wide), method=f"not computed: {error}", **cells)
    if not found.df:
        return row(ANALYSIS, LITTLE, float("nan"), n=len(wide), method="not computed: one pattern only", **cells)
    return row(ANALYSIS, LITTLE, found.statistic, df1=found.df, p=found.p, n=len(wide), method="Little (1988)", **cells)


Treatment = Callable[[pd.DataFrame], tuple[pd.DataFrame, int, str]]


def _computations(study: Study, settings: Settings) -> dict[str, Treatment]:
    def fitted(wide: pd.DataFrame) -> pd.DataFrame:
        return _differences(study, settings, wide)

    def complete(wide: pd.DataFrame):
        whole = wide.dropna()
        return fitted(whole), len(whole), "participants with every planned value"

    def em(wide: pd.DataFrame):
        fit = impute_em(wide)
        state = "" if fit.converged else f", {fit.message}"
        return fitted(fit.completed), len(wide), f"EM conditional means{state}"

    def mi(wide: pd.DataFrame):
        made = impute_multiple(wide, IMPUTATIONS, seed=settings.seed)
        return pool_over(made.frames, fitted, settings.alpha), len(wide), made.method

    def likelihood(wide: pd.DataFrame):
        return fitted(wide), len(wide), "all observed values, REML"

    return {"complete": complete, "em": em, "mi": mi, "likelihood": likelihood}


def _treatment_rows(study: Study, wide: pd.DataFrame, treatment: str, compute: Treatment, cells: dict):
    first, second = study.roles.compared
    cells = {**cells, "contrast": f"{first} - {second}"}
    try:
        table, n, method = compute(wide)
    except ModelError as error:
        reason = f"not computed: {error}"
        yield row(analysis_of(treatment), DIFFERENCE, float("nan"), n=len(wide), method=reason, **cells)
        return
    for part in table.itertuples():
        yield row(
            analysis_of(treatment), DIFFERENCE, _settled(part.estimate, part.se), visit=part.level, df1=1,
            df2=part.df if np.isfinite(part.df) else None, ci_low=part.ci_low, ci_high=part.ci_high, p=part.p, n=n,
            method=method, **cells,
        )  # fmt: skip


def _settled(estimate: float, se: float) -> float:
    """An estimate that is 0 but for rounding is 0, whatever the processor."""
    return 0.0 if abs(estimate) < 1e-9 * se else estimate


def _differences(study: Study, settings: Settings, wide: pd.DataFrame) -> pd.DataFrame:
    """Differences between the groups in the change from baseline, one row a later visit."""
    visits = [name for name in wide.columns if name != "group"]
    long = wide.melt("group", visits, "visit", "value", ignore_index=False).rename_axis("id").reset_index()
    days = {visit.name: float(visit.day) for visit in study.roles.visits}
    first, second = study.roles.compared
    long = long.dropna(subset=["value"]).assign(
        group=lambda frame: pd.Categorical(np.where(frame["group"] == 1, first, second), [first, second]),
        visit=lambda frame: pd.Categorical(frame["visit"], visits),
        day=lambda frame: frame["visit"].astype(str).map(days),
    )
    fit = fit_repeated(long, "value ~ group * visit", "id", "visit", **structure_options(settings.covariance))
    if not fit.converged:
        raise ModelError(f"the model did not converge: {fit.message}")
    inference = fit.inference(settings.df)
    return contrast_of_contrasts(inference, ("group", first, second), ("visit", study.baseline), settings.alpha)
