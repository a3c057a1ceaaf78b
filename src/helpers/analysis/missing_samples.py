"""Missing blood samples completed by expectation-maximisation, as the paper did."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analysis.frames import analyte_levels, group_indicators, people
from helpers.analysis.results import row, to_frame
from helpers.analysis.settings import Settings
from helpers.models import EmFit, ModelError, impute_em
from helpers.study import Study


def complete(study: Study, settings: Settings) -> pd.DataFrame:
    """The completed samples alone, for a notebook that is run without the one before it."""
    return completed_samples(study)[0]


def completed_samples(study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Complete every patient's samples, analyte by analyte.

    For each analyte the frame is one row a patient: its levels at the visits (analysed scale) and indicators of the
    groups, taken as multivariate normal; a missing level becomes its conditional mean at the maximum-likelihood
    estimate. One model for all analytes and visits would have more columns than patients could identify.

    Returns
    -------
    samples : DataFrame
        ``id, visit`` and every analyte, all planned visits of every patient who gave any sample.
    rows : DataFrame
        Rows ``imputation``: ``imputed`` values an analyte, ``iterations``, and ``little`` (Little's test of values
        missing completely at random). Patients whose analyte cannot be completed keep their observed values.
    """
    patients = people(study).set_index("id")
    long = analyte_levels(study)
    long = long[long["id"].isin(patients.index)]
    columns, rows = {}, []
    for analyte in study.roles.analytes.columns:
        wide = _wide(study, long, analyte)
        columns[analyte], found = _complete(study, wide, patients["group"], analyte)
        rows += found
    if not columns:
        return pd.DataFrame(columns=["id", "visit"]), to_frame(rows)
    samples = pd.DataFrame(columns).rename_axis(["id", "visit"]).reset_index()
    return samples, to_frame(rows)


def _wide(study: Study, long: pd.DataFrame, analyte: str) -> pd.DataFrame:
    wide = long.assign(visit=long["visit"].astype(str)).pivot(index="id", columns="visit", values=analyte)
    wide = wide.reindex(columns=list(study.roles.analytes.visits))
    return wide.dropna(how="all")


def _complete(study: Study, wide: pd.DataFrame, group: pd.Series, analyte: str) -> tuple[pd.Series, list[dict]]:
    missing = int(wide.isna().sum().sum())
    cells = {"analyte": analyte, "n": wide.size}
    if not missing:
        return wide.stack(), [row("imputation", "imputed", 0, method="nothing missing", **cells)]
    indicators = group_indicators(study, group.reindex(wide.index))
    try:
        fit = impute_em(wide.join(indicators))
    except ModelError as error:
        return wide.stack(), [row("imputation", "imputed", 0, method=f"left as observed: {error}", **cells)]
    return fit.completed[wide.columns].stack(), _fit_rows(fit, missing, cells)


def _fit_rows(fit: EmFit, missing: int, cells: dict) -> list[dict]:
    state = "converged" if fit.converged else f"not converged: {fit.message}"
    rows = [
        row("imputation", "imputed", missing, method="EM conditional means", **cells),
        row("imputation", "iterations", fit.iterations, method=state, **cells),
    ]
    little = fit.little
    if little is not None and np.isfinite(little.statistic):
        rows.append(row("imputation", "little", little.statistic, df1=little.df, p=little.p, **cells))
    return rows
