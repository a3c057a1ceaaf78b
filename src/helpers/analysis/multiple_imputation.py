"""Missing blood samples imputed several times, and the changes from baseline pooled over the imputations."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analysis.frames import analyte_levels, group_indicators, people
from helpers.analysis.mixed import structure_options
from helpers.analysis.results import row, to_frame
from helpers.analysis.settings import Settings
from helpers.models import Imputations, ModelError, RepeatedFit, fit_repeated_many, impute_multiple, pool_over
from helpers.study import Study

ANALYSIS = "cytokine_multiple_imputation"
# Standard errors are within 1 % of those of infinitely many while the fraction of missing information is below 0.2.
IMPUTATIONS = 10
OWN_VISITS = "from the analyte’s other visits and the groups alone, as there are more columns than patients"


def pooled_changes(study: Study, settings: Settings) -> pd.DataFrame:
    """Change of every analyte from baseline within each group, by multiple imputation and Rubin's rules.

    Every patient with any sample enters; a missing level is imputed from the other analytes and visits and the group
    by predictive mean matching. With more columns (analytes times visits, and groups) than patients, correlations
    between columns are largely chance, and a level is imputed from the same analyte's other visits and the groups
    alone, as :mod:`helpers.analysis.missing_samples` does. Each completed data set is analysed as the model of all
    visits is.

    Rows of analysis ``cytokine_multiple_imputation``: ``change`` (visit − baseline, p adjusted by Bonferroni over the
    visits of the group, df of Barnard and Rubin) and ``fmi``, the fraction of missing information. A study without a
    gap, or whose gaps cannot be imputed, gives one row ``change`` without a value that says why.
    """
    if len(study.roles.analytes.visits) < 2:
        return to_frame([])
    wide, patients = _wide(study), people(study).set_index("id")
    try:
        named, imputed = _imputed(wide, settings.seed)
        frames = [_long(study, frame, patients) for frame in imputed.frames]
        pooled = pool_over(frames, lambda frame: _changes(study, settings, frame), settings.alpha)
    except ModelError as error:
        return to_frame([row(ANALYSIS, "change", float("nan"), n=len(wide), method=f"not computed: {error}")])
    method = imputed.method + (f", {OWN_VISITS}" if named else "")
    return to_frame(found for part in pooled.itertuples() for found in _rows(study, part, len(wide), method))


def completed_several_times(study: Study, seed: int) -> list[pd.DataFrame]:
    """The imputed tables themselves: ``id, visit`` and every analyte, on the analysed scale.

    Empty where there is no gap, or where the gaps cannot be imputed (:func:`pooled_changes` says why).
    """
    wide, patients = _wide(study), people(study).set_index("id")
    try:
        _, imputed = _imputed(wide, seed)
    except ModelError:
        return []
    tables = [_long(study, frame, patients) for frame in imputed.frames]
    return [table.drop(columns=["day", "group"]).astype({"visit": str}) for table in tables]


def _imputed(wide: pd.DataFrame, seed: int) -> tuple[dict[str, list[str]] | None, Imputations]:
    named = own_visits(wide) if wide.shape[1] > len(wide) else None
    return named, impute_multiple(wide, IMPUTATIONS, named=named, seed=seed)


def _wide(study: Study) -> pd.DataFrame:
    """One row a patient, one column an analyte and visit that was sampled at all, and the groups."""
    patients = people(study).set_index("id")
    levels = analyte_levels(study)
    levels = levels[levels["id"].isin(patients.index) & levels["visit"].isin(study.roles.analytes.visits)]
    wide = levels.assign(visit=levels["visit"].astype(str)).pivot(index="id", columns="visit")
    wide.columns = [f"{analyte}@{visit}" for analyte, visit in wide.columns]
    wide = wide.dropna(axis="columns", how="all").dropna(how="all")
    return wide.join(group_indicators(study, patients["group"].reindex(wide.index)))


def own_visits(wide: pd.DataFrame) -> dict[str, list[str]]:
    """For each level the columns of the same analyte at other visits, then those of the groups.

    >>> own_visits(pd.DataFrame(columns=["il_6@first", "il_6@last", "tnf@last", "group"]))["il_6@last"]
    ['il_6@first', 'group']
    """
    groups = [name for name in wide.columns if "@" not in name]
    of: dict[str, list[str]] = {}
    for name in (name for name in wide.columns if "@" in name):
        of.setdefault(name.rpartition("@")[0], []).append(name)
    return {name: [*(other for other in own if other != name), *groups] for own in of.values() for name in own}


def _long(study: Study, wide: pd.DataFrame, patients: pd.DataFrame) -> pd.DataFrame:
    levels = wide[[name for name in wide.columns if "@" in name]]
    levels.columns = pd.MultiIndex.from_tuples([tuple(name.rsplit("@", 1)) for name in levels.columns])
    long = levels.stack(future_stack=True).rename_axis(["id", "visit"]).reset_index()
    visits = [visit for visit in study.roles.analytes.visits if visit in set(long["visit"])]
    days = {visit.name: float(visit.day) for visit in study.roles.visits}
    return long.assign(
        visit=pd.Categorical(long["visit"], visits),
        day=long["visit"].map(days),
        group=patients["group"].reindex(long["id"]).cat.remove_unused_categories().to_numpy(),
    )


def _changes(study: Study, settings: Settings, long: pd.DataFrame) -> pd.DataFrame:
    """The changes of all analytes in one completed data set, those that could be fitted."""
    options = structure_options(settings.covariance)
    analytes = [name for name in study.roles.analytes.columns if name in long.columns]
    fits = fit_repeated_many(long, analytes, "~ group * visit", "id", "visit", **options)
    tables = [
        fit.contrasts("visit", by="group", df=settings.df, reference=study.baseline).assign(analyte=name)
        for name, fit in fits.items()
        if isinstance(fit, RepeatedFit)
    ]
    if not tables:
        raise ModelError("no analyte's model could be fitted.")
    found = pd.concat(tables, ignore_index=True)
    return found[["analyte", "group", "level", "estimate", "se", "df"]].astype({"group": str})


def _rows(study: Study, part, n: int, method: str) -> list[dict]:
    cells = {"analyte": part.analyte, "group": part.group, "visit": part.level, "n": n}
    cells["contrast"] = f"{part.level} - {study.baseline}"
    comparisons = len(study.roles.analytes.visits) - 1
    change = row(
        ANALYSIS, "change", part.estimate, df1=1, df2=part.df if np.isfinite(part.df) else None, ci_low=part.ci_low,
        ci_high=part.ci_high, p=part.p, p_adjusted=min(1.0, comparisons * part.p), adjustment="bonferroni",
        method=method, **cells,
    )  # fmt: skip
    return [change, row(ANALYSIS, "fmi", part.fmi, method="fraction of missing information", **cells)]
