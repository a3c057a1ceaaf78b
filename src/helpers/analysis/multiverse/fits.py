"""The longitudinal models of a specification, in one table or pooled over several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.analysis.frames import analyte_long
from helpers.analysis.longitudinal_cytokines import ALL_VISITS, after_baseline
from helpers.analysis.mixed import TERMS, Fitted, Spec, fit_model, fit_models, model_rows
from helpers.analysis.results import row
from helpers.analysis.settings import Settings
from helpers.models import ModelError, RepeatedFit, pool_joint, pool_over
from helpers.models.inference import term_rows
from helpers.study import Study

Fits = Mapping[str, Sequence[Fitted]]


def all_visit_fits(study: Study, settings: Settings, tables: Sequence, covariates: Sequence[str]) -> Fits:
    """Level ~ group × visit + covariates over all visits: for each analyte one fit a table."""
    names = study.roles.analytes.columns
    found = []
    for samples in tables:
        long = analyte_long(study, samples).dropna(subset=list(covariates))
        found.append(fit_models(long, names, settings.covariance, _spec(covariates), covariates))
    return {name: [fits[name] for fits in found] for name in names}


def follow_up_fits(study: Study, settings: Settings, tables: Sequence, covariates: Sequence[str]) -> Fits:
    """Follow-up level ~ group × visit + baseline level + covariates: for each analyte one fit a table."""
    names = study.roles.analytes.columns
    longs = [analyte_long(study, samples) for samples in tables]

    def fitted(long: pd.DataFrame, name: str) -> Fitted:
        rest = long[[column for column in long.columns if column not in names]]
        values = after_baseline(study, rest.assign(value=long[name]).dropna(subset=["value"]))
        cells = {"analyte": name}
        return fit_model(settings, values, Spec(ALL_VISITS, cells, ("baseline_level", *covariates), within=False))

    return {name: [fitted(long, name) for long in longs] for name in names}


def fit_rows(study: Study, settings: Settings, fits: Fits) -> list[dict]:
    """Rows of the models: as the notebooks give them for one table, pooled by Rubin's rules for several."""
    rows: list[dict] = []
    for several in fits.values():
        rows += model_rows(study, settings, several[0]) if len(several) == 1 else _pooled(study, settings, several)
    return rows


def _spec(covariates: Sequence[str]):
    return lambda name: Spec(ALL_VISITS, {"analyte": name}, tuple(covariates))


def _pooled(study: Study, settings: Settings, several: Sequence[Fitted]) -> list[dict]:
    spec, fits = several[0].spec, [fitted.fit for fitted in several]
    problems = [fitted.problem for fitted in several if fitted.fit is None]
    try:
        if problems:
            raise ModelError(problems[0])
        return [*_tests(settings, spec, fits), *(_changes(study, settings, spec, fits) if spec.within else ())]
    except ModelError as error:
        return [row(spec.analysis, "converged", 0, **spec.cells, method=f"not fitted: {error}")]


def _tests(settings: Settings, spec: Spec, fits: Sequence[RepeatedFit]) -> Iterator[dict]:
    """F of each term, D₁ over the imputations; df of the complete data the mean of the imputations'."""
    known = [fit.inference(settings.df) for fit in fits]
    for term in fits[0].design.terms:
        rows = [term_rows(fit.design, term) for fit in fits]
        estimates = np.array([l_rows @ one.coefficients for l_rows, one in zip(rows, known, strict=True)])
        spreads = np.array([l_rows @ one.vcov @ l_rows.T for l_rows, one in zip(rows, known, strict=True)])
        df = float(np.mean([one.joint(l_rows)[1] for l_rows, one in zip(rows, known, strict=True)]))
        test = pool_joint(estimates, spreads, df)
        yield row(spec.analysis, "F", test.F, **spec.cells, contrast=TERMS.get(term, term), df1=test.df1,
                  df2=test.df2, p=test.p, n=fits[0].n_subjects, method="pooled over imputations, D1")  # fmt: skip


def _changes(study: Study, settings: Settings, spec: Spec, fits: Sequence[RepeatedFit]) -> Iterator[dict]:
    """Change from baseline within each group, pooled; p unadjusted and by Bonferroni over the visits of the group."""
    pooled = pool_over(fits, lambda fit: _against_baseline(study, settings, fit), settings.alpha)
    count = pooled["level"].nunique()
    for found in pooled.itertuples():
        visit = str(found.level)
        yield row(
            spec.analysis, "change", found.estimate, **spec.cells, group=str(found.group), visit=visit,
            contrast=f"{visit} - {study.baseline}", df1=1, df2=found.df if np.isfinite(found.df) else None,
            ci_low=found.ci_low, ci_high=found.ci_high, p=found.p, p_adjusted=min(1.0, count * found.p),
            adjustment="bonferroni", n=fits[0].n_subjects, method="pooled over imputations",
        )  # fmt: skip


def _against_baseline(study: Study, settings: Settings, fit: RepeatedFit) -> pd.DataFrame:
    table = fit.contrasts("visit", by="group", df=settings.df, reference=study.baseline)
    return table[["group", "level", "estimate", "se", "df"]].astype({"group": str, "level": str})
