"""Analytes over the visits: levels and mixed models, with and without baseline as a covariate or imputation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.analysis.baseline_cytokines import adjust_over_analytes
from helpers.analysis.frames import analyte_long
from helpers.analysis.mixed import Spec, fit_model, fit_models, model_rows
from helpers.analysis.results import row, to_frame
from helpers.analysis.settings import Settings
from helpers.study import Study

DATA = {"em": "missing samples completed by EM", "none": "observed samples only"}
ALL_VISITS, ADJUSTED = "cytokine_all_visits", "cytokine_adjusted"
SENSITIVITY = "_sensitivity"


def levels_by_visit(study: Study, settings: Settings, completed: pd.DataFrame) -> pd.DataFrame:
    """Rows ``level``: ``mean`` and ``sd`` of each analyte by group and visit, on the analysed scale.

    From the completed samples when the scenario imputes, else from the observed ones.
    """
    long, rows = analyte_long(study, completed if settings.imputation == "em" else None), []
    for analyte in study.roles.analytes.columns:
        for (group, visit), values in long.groupby(["group", "visit"], observed=True)[analyte]:
            seen = values.dropna()
            cells = {"analyte": analyte, "group": str(group), "visit": str(visit), "n": len(seen)}
            reason = "" if len(seen) > 1 else "fewer than two values"
            rows.append(row("level", "mean", seen.mean(), method=reason, **cells))
            rows.append(row("level", "sd", seen.std(ddof=1), method=reason, **cells))
    return to_frame(rows)


def analyte_models(study: Study, settings: Settings, completed: pd.DataFrame, sensitivity: bool = True) -> pd.DataFrame:
    """Two models an analyte, each on the scenario's data and on the other version of the data.

    ``cytokine_all_visits``: level ~ group × visit over baseline and follow-up, which is what comparisons with baseline
    inside a group need. ``cytokine_adjusted``: follow-up level ~ group × visit + baseline level, the paper's wording.
    The same names with ``_sensitivity`` hold the models on the data the scenario did not choose (observed samples
    where it imputes, completed ones where it does not), unless ``sensitivity`` is False. F tests are adjusted over the
    analytes, term by term.
    """
    if len(study.roles.analytes.visits) < 2:
        return to_frame([])
    other = "none" if settings.imputation == "em" else "em"
    samples = {"em": completed, "none": None}
    rows = [*_models(study, settings, samples[settings.imputation], DATA[settings.imputation], "")]
    if sensitivity:
        rows += _models(study, settings, samples[other], DATA[other], SENSITIVITY)
    return adjust_over_analytes(to_frame(rows), settings, by=("analysis", "contrast"))


def _models(study: Study, settings: Settings, samples, data: str, suffix: str) -> Iterator[dict]:
    long = analyte_long(study, samples)
    analytes = study.roles.analytes.columns
    fits = fit_models(
        long, analytes, settings.covariance, lambda name: Spec(ALL_VISITS + suffix, {"analyte": name}, (), data)
    )
    rest = long[[name for name in long.columns if name not in analytes]]
    for analyte, fitted in fits.items():
        yield from model_rows(study, settings, fitted)
        values = rest.assign(value=long[analyte]).dropna(subset=["value"])
        words = f"{data}, baseline level as covariate"
        spec = Spec(ADJUSTED + suffix, {"analyte": analyte}, ("baseline_level",), words, within=False)
        yield from model_rows(study, settings, fit_model(settings, after_baseline(study, values), spec))


def residuals(study: Study, settings: Settings, completed: pd.DataFrame) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Fitted values and normalised residuals of all analytes' models of all visits, pooled, on the scenario's data.

    Fitted values in units of their own SD about their mean, as the analytes' levels differ by orders of magnitude.
    """
    if len(study.roles.analytes.visits) < 2:
        return {}
    long = analyte_long(study, completed if settings.imputation == "em" else None)
    models = fit_models(long, study.roles.analytes.columns, settings.covariance, lambda name: Spec(ALL_VISITS, {}))
    fits = [fitted.fit for fitted in models.values() if fitted.fit is not None]
    if not fits:
        return {}
    predicted = [(fit.fitted - fit.fitted.mean()) / fit.fitted.std() for fit in fits]
    left = [fit.normalised_residuals for fit in fits]
    return {"All analytes": (np.concatenate(predicted), np.concatenate(left))}


def after_baseline(study: Study, long: pd.DataFrame) -> pd.DataFrame:
    """Follow-up rows, with each participant's baseline value as the column ``baseline_level``."""
    first = long[long["visit"] == study.baseline].set_index("id")["value"]
    later = long[long["visit"] != study.baseline]
    return later.assign(baseline_level=later["id"].map(first)).reset_index(drop=True)
