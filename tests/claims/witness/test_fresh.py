"""Fresh cohorts of the witness's model: every model of the pipeline gives a converged fit or says why it does not.

A few seeds here; ``COHORTS=1000 make test TEST_ARGS=tests/claims/witness/test_fresh.py`` tries a thousand.
"""

from __future__ import annotations

import os

import pandas as pd
import pytest

from helpers.analysis.settings import Settings
from helpers.claims.witness.score import as_study, study_rows
from helpers.study.synthetic import make_cohort

SEEDS = range(50_000, 50_000 + int(os.environ.get("COHORTS", "3")))
SETTINGS = Settings(bootstrap=200)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_fresh_cohort_runs_to_the_end(seed):
    rows = study_rows(as_study(make_cohort(seed)), SETTINGS)
    fits = rows[rows["statistic"] == "converged"]
    assert len(fits) == 5 + 2 * 19
    assert (fits["value"].eq(1) | fits["method"].str.len().gt(0)).all()
    unexplained = rows[rows["value"].isna() & rows["method"].fillna("").eq("")]
    assert unexplained.empty, unexplained


@pytest.mark.parametrize("n", [8, 60])
def test_a_cohort_of_another_size_runs_to_the_end(n):
    rows = study_rows(as_study(make_cohort(7, n)), SETTINGS)
    assert not rows[rows["analysis"].eq("mixed_model") & rows["statistic"].eq("F")].empty
    assert pd.notna(rows.loc[rows["statistic"] == "converged", "value"]).all()
