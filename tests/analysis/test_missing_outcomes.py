"""The treatments of missing outcomes: their contrasts against plain arithmetic, and what cannot be computed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.missing_outcomes import TREATMENTS, analysis_of, treatments
from helpers.analysis.results import pick
from helpers.analysis.settings import Settings
from helpers.models import impute_em
from helpers.study import load_study

DATA = Path(__file__).parents[2] / "data"


def only(study, column: str, keep: int | None = None):
    """A study with one outcome, and the first participants only."""
    outcomes = tuple(item for item in study.roles.outcomes if item.column == column)
    descriptor = replace(study.descriptor, roles=replace(study.roles, outcomes=outcomes))
    return replace(study, descriptor=descriptor)


@pytest.fixture(scope="module")
def pbc():
    return only(load_study(DATA / "pbc"), "bilirubin")


@pytest.fixture(scope="module")
def rows(pbc):
    return treatments(pbc, Settings())


@pytest.fixture(scope="module")
def wide():
    table = pd.read_csv(DATA / "pbc" / "laboratory.csv")
    people = pd.read_csv(DATA / "pbc" / "participants.csv").set_index("id")
    frame = np.log(table.pivot(index="id", columns="visit", values="bilirubin"))
    frame = frame[["baseline", "month_6", "month_12", "month_24", "month_36"]]
    return frame.assign(group=(people["group"].reindex(frame.index) == "d_penicillamine").astype(float))


def mean_differences(frame: pd.DataFrame) -> pd.Series:
    change = frame.drop(columns=["baseline", "group"]).sub(frame["baseline"], axis=0)
    means = change.groupby(frame["group"]).mean()
    return means.loc[1.0] - means.loc[0.0]


def found(rows, treatment):
    part = pick(rows, analysis=analysis_of(treatment), statistic="change_difference")
    return part.set_index("visit")


def test_complete_cases_are_those_with_everything(rows, wide):
    part, whole = found(rows, "complete"), wide.dropna()
    assert (part["n"] == len(whole)).all()
    expected = mean_differences(whole)
    pd.testing.assert_series_equal(part["value"], expected.loc[part.index], check_names=False, check_index_type=False)


def test_filled_once_is_the_mean_of_the_filled(rows, wide):
    expected = mean_differences(impute_em(wide).completed)
    part = found(rows, "em")
    np.testing.assert_allclose(part["value"], expected.loc[part.index], rtol=1e-6)
    assert (part["n"] == len(wide)).all()


def test_filling_once_narrows_intervals_that_the_gaps_should_widen(rows):
    width = {name: (part["ci_high"] - part["ci_low"]) for name in TREATMENTS for part in [found(rows, name)]}
    assert (width["em"] < width["likelihood"]).all()
    assert (width["em"] < width["mi"]).all()
    assert (width["likelihood"] < width["complete"]).all()


def test_multiple_imputation_and_likelihood_agree_roughly(rows):
    one, other = found(rows, "mi"), found(rows, "likelihood")
    error = (other["ci_high"] - other["ci_low"]) / 4
    assert ((one["value"] - other["value"]).abs() < error).all()


def test_gaps_and_littles_test_are_rows(rows, wide):
    missing = pick(rows, analysis="missing_outcome", statistic="missing").iloc[0]
    assert missing["value"] == wide.drop(columns="group").isna().sum().sum()
    assert missing["n"] == 312 * 5
    tested = pick(rows, analysis="missing_outcome", statistic="little").iloc[0]
    fit = impute_em(wide).little
    assert (tested["value"], tested["df1"], tested["p"]) == pytest.approx((fit.statistic, fit.df, fit.p))


def test_without_a_gap_there_is_nothing_to_treat():
    rows = treatments(load_study(DATA / "synthetic"), Settings())
    assert set(rows["statistic"]) == {"missing"}
    assert (rows["value"] == 0).all()
    assert rows["method"].str.startswith("nothing missing").all()


def test_what_fails_is_a_row_with_its_reason(pbc):
    table = pbc.assessments.copy()
    table.loc[table["visit"] != "baseline", "bilirubin"] = np.nan
    first = pbc.participants["id"].iloc[0]
    table.loc[(table["id"] == first) & (table["visit"] == "month_6"), "bilirubin"] = 2.0
    study = replace(pbc, tables={**pbc.tables, "assessments": table})
    rows = treatments(study, Settings())
    failed = rows[rows["value"].isna()]
    assert {analysis_of(name) for name in TREATMENTS} <= set(failed["analysis"])
    assert failed["method"].str.startswith("not computed: ").all()
    assert rows.loc[rows["statistic"] == "missing", "value"].item() > 0
