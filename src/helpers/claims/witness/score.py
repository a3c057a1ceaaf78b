"""The checker: a cohort's tables through the analyses that the notebooks call, and the ledger over their rows.

Nothing of the search is used here: not its sums, not its closed forms.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from helpers.analysis import (
    baseline_cytokines,
    baseline_table,
    change,
    cohort,
    efficacy,
    longitudinal_cytokines,
    missing_samples,
    response,
)
from helpers.analysis.results import join
from helpers.analysis.scenarios import load_scenario
from helpers.analysis.settings import Settings
from helpers.claims.ledger import load_ledger
from helpers.claims.verdicts import Verdict, judge
from helpers.study import Study, load_study
from helpers.study.synthetic import write_cohort

from .readings import LEDGER, SCENARIO, Reading


def as_study(tables: Mapping[str, pd.DataFrame]) -> Study:
    """Tables of a synthetic cohort as a study, by way of the files that would be committed."""
    with tempfile.TemporaryDirectory() as folder:
        write_cohort(folder, tables, {})
        return load_study(Path(folder), name="witness")


def study_rows(study: Study, settings: Settings) -> pd.DataFrame:
    """The results rows that the ledger reads, of all five analyses."""
    described = baseline_table.baseline_table(study, settings)
    chosen = baseline_table.covariate_rows(study, described, settings)
    covariates = baseline_table.recorded_covariates(chosen)
    fits = efficacy.fit_outcomes(study, settings, covariates)
    samples, imputed = missing_samples.completed_samples(study)
    used = samples if settings.imputation == "em" else None
    return join(
        described,
        chosen,
        cohort.participant_flow(study),
        cohort.eligibility(study),
        cohort.missing_data(study),
        cohort.classification(study),
        response.response_rates(study, settings),
        response.time_to_endpoint(study, settings),
        efficacy.outcome_models(study, settings, fits),
        efficacy.describe_outcomes(study, settings),
        efficacy.adverse_events(study),
        baseline_cytokines.multivariate_test(study),
        baseline_cytokines.univariate_tests(study, settings),
        imputed,
        longitudinal_cytokines.analyte_models(study, settings, samples, sensitivity=False),
        change.change_regressions(study, settings, used),
        change.mediation(study, settings, used),
    )


def verdicts_of(tables: Mapping[str, pd.DataFrame], reading: Reading) -> tuple[list[Verdict], pd.DataFrame]:
    """The ledger as a reading takes it, judged on a cohort; and the results rows."""
    # No claim reads a bootstrap interval.
    settings = replace(load_scenario(SCENARIO), bootstrap=200)
    rows = study_rows(as_study(tables), settings)
    return judge(reading.read(load_ledger(LEDGER)), rows, synthetic=True), rows
