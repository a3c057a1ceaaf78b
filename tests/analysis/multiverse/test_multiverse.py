"""The paper's specification gives the notebooks' rows; a grid that cannot be is refused by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.analysis import efficacy, response
from helpers.analysis.baseline_cytokines import univariate_tests
from helpers.analysis.baseline_table import choose, recorded_covariates
from helpers.analysis.change import mediation
from helpers.analysis.longitudinal_cytokines import ALL_VISITS, analyte_models
from helpers.analysis.missing_samples import complete
from helpers.analysis.multiple_imputation import pooled_changes
from helpers.analysis.multiverse import Evaluation, read_grid
from helpers.analysis.multiverse.grid import grid_of
from helpers.analysis.multiverse.pooling import pooled_rows
from helpers.analysis.multiverse.variants import regrouped, rescaled
from helpers.analysis.places import project_root
from helpers.analysis.results import ROUNDING, row, to_frame, value_of
from helpers.analysis.scenarios import load_scenario
from helpers.analysis.settings import SettingsError
from helpers.models import pool, pool_joint, slope
from helpers.study import StudyError, load_study

NUMBERS = ["value", "df2", "p", "p_adjusted"]


@pytest.fixture(scope="module")
def grid():
    return read_grid(project_root() / "scenarios" / "multiverse.yaml")


@pytest.fixture(scope="module")
def bundled():
    return load_study(project_root() / "data" / "synthetic", name="data/synthetic")


@pytest.fixture(scope="module")
def evaluation(bundled):
    return Evaluation(bundled, load_scenario("published"))


def test_the_papers_specification_gives_the_notebooks_rows(grid, bundled, evaluation):
    settings = load_scenario("published")
    fits = efficacy.fit_outcomes(bundled, settings, recorded_covariates(choose(bundled, settings)))
    longitudinal = analyte_models(bundled, settings, complete(bundled, settings), sensitivity=False)
    expected = {
        "outcome_tests": efficacy.outcome_models(bundled, settings, fits),
        "baseline_tests": univariate_tests(bundled, settings),
        "longitudinal_tests": longitudinal[longitudinal["analysis"] == ALL_VISITS],
    }
    for family, rows in expected.items():
        found = evaluation.rows(grid.published(family))
        found, rows = (part[part["statistic"] == "F"].reset_index(drop=True) for part in (found, rows))
        pd.testing.assert_frame_equal(found[["analyte", "contrast"]], rows[["analyte", "contrast"]])
        np.testing.assert_allclose(found[NUMBERS], rows[NUMBERS], rtol=1e-12)


def test_every_choice_that_bears_on_a_family_is_in_its_key(grid):
    keys = [one.key for one in grid.specifications()]
    assert len(keys) == len(set(keys))


def test_a_definition_of_pain_forms_the_groups_anew(bundled):
    highest = bundled.assessments.query("visit == 'baseline'").set_index("id")["vas"].astype(float)
    groups = regrouped(bundled, {"vas": 4}).participants.set_index("id")["group"]
    patients = groups[groups != "control"]
    assert set(patients.index[patients == "pain"]) == set(highest.index[highest > 4])
    assert (groups[groups == "control"].index == bundled.participants.query("group == 'control'")["id"]).all()


def test_a_choice_changes_what_it_should(grid, evaluation):
    usual = grid.published("outcome_tests")
    other = changed(usual, df="residual")
    first, second = (evaluation.rows(one).query("statistic == 'F'") for one in (usual, other))
    np.testing.assert_allclose(first["value"], second["value"])
    assert (first["df2"] != second["df2"]).all()


def changed(specification, **values):
    """The specification with other values of some choices."""
    return replace(specification, choices=tuple((n, values.get(n, v)) for n, v in specification.choices))


def test_several_imputations_are_pooled_by_rubins_rules(grid, bundled, evaluation):
    usual = grid.published("longitudinal_comparisons")
    found = evaluation.rows(changed(usual, imputation="multiple")).query("statistic == 'change'")
    settings = load_scenario("published")
    expected = pooled_changes(bundled, settings).query("statistic == 'change'")
    by = ["analyte", "group", "visit"]
    found, expected = (part.set_index(by).sort_index()[[*NUMBERS, "ci_low"]] for part in (found, expected))
    pd.testing.assert_frame_equal(found, expected, rtol=1e-12)


def test_tests_of_several_imputations_are_d1(grid, evaluation):
    usual = changed(grid.published("longitudinal_tests"), imputation="multiple", df="residual")
    fits = evaluation._longitudinal_fits("described", "multiple", "none", "compound_symmetry", "response", None)
    found = evaluation.rows(usual).query("statistic == 'F' and analyte == 'il_6'").set_index("contrast")
    models = [fitted.fit for fitted in fits["il_6"]]
    # Coefficients of a factor are zero together when its rows of the test are: F is the same for either.
    columns = [name for name in models[0].coefficients.index if name.startswith("visit") and ":" not in name]
    test = pool_joint(
        [model.coefficients[columns] for model in models],
        [model.vcov.loc[columns, columns] for model in models],
        models[0].n_rows - len(models[0].coefficients),
    )
    np.testing.assert_allclose(found.loc["time", ["value", "df2", "p"]].astype(float), [test.F, test.df2, test.p])


def test_slopes_of_several_imputations_are_pooled_with_their_standard_errors():
    rng = np.random.default_rng(3)
    x, noise = rng.normal(size=(2, 30))
    fits = [slope(x + shift, 0.5 * x + noise + shift * rng.normal(size=30)) for shift in (0.1, 0.2, 0.3)]
    row_of = lambda fit: row("change_regression", "slope", fit.slope, p=fit.p, df2=fit.df)  # noqa: E731
    found = pooled_rows([to_frame([row_of(fit)]) for fit in fits]).iloc[0]
    expected = pool([fit.slope for fit in fits], [fit.se**2 for fit in fits], fits[0].df).iloc[0]
    np.testing.assert_allclose(
        found[["value", "p", "df2", "ci_low", "ci_high"]].astype(float),
        expected[["estimate", "p", "df", "ci_low", "ci_high"]].astype(float),
        rtol=100 * ROUNDING,  # standard errors are taken from the written p
    )


def test_ranks_keep_the_order_of_each_analyte_and_nothing_else(bundled):
    before, after = bundled.analytes, rescaled(bundled, "rank").analytes
    for analyte in bundled.roles.analytes.columns:
        assert (before[analyte].rank() == after[analyte].rank()).all()
        assert abs(after[analyte].mean()) < 0.01
    assert rescaled(bundled, "rank").roles.analytes.transform == "none"


def test_corrections_go_over_what_they_say(grid, evaluation):
    usual = grid.published("outcome_comparisons")
    plain, all_of_them = (
        evaluation.rows(changed(usual, posthoc=name)).query("statistic == 'change' and outcome == 'madrs'")
        for name in ("none", "bonferroni_all")
    )
    np.testing.assert_allclose(plain["p_adjusted"], plain["p"])
    np.testing.assert_allclose(all_of_them["p_adjusted"], np.minimum(1, len(plain) * plain["p"]))


def test_another_test_stands_where_the_papers_stood(grid, bundled, evaluation):
    settings = load_scenario("published")
    usual = grid.published("endpoints")
    found = evaluation.rows(changed(usual, rate_test="fisher", time_test="log_rank"))
    rates, times = response.response_rates(bundled, settings), response.time_to_endpoint(bundled, settings)
    for analysis, name, statistic, rows in (
        ("response", "chi_square", "odds_ratio", rates),
        ("time_to_response", "t", "log_rank", times),
    ):
        asked = value_of(found, "p", analysis=analysis, statistic=name)
        assert asked == value_of(rows, "p", analysis=analysis, statistic=statistic)


def test_mediation_without_another_choice_is_the_chapters(grid, bundled, evaluation):
    settings = load_scenario("published")
    chapter = mediation(bundled, settings, complete(bundled, settings))
    for test in ("sobel", "percentile"):
        found = evaluation.rows(changed(grid.published("mediation"), indirect_test=test))
        assert value_of(found, statistic="direct") == value_of(chapter, statistic="direct")
        row_of_test = found[found["statistic"] == "indirect_sobel"].iloc[0]
        if test == "sobel":
            assert row_of_test["p"] == value_of(chapter, "p", statistic="indirect_sobel")
        else:
            assert row_of_test["ci_low"] == value_of(chapter, "ci_low", statistic="indirect")
            assert pd.isna(row_of_test["p"])


def test_a_score_that_the_study_has_not_is_named(bundled):
    with pytest.raises(StudyError, match="no outcome is called vsa; there are madrs, vas"):
        regrouped(bundled, {"vsa": 4})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"choices": {"covarience": ["ar1"]}}, "covarience: no such choice; did you mean covariance"),
        ({"choices": {"df": ["kenward"]}}, "df: found 'kenward'; expected one of satterthwaite"),
        ({"choices": {"df": []}}, "df: expected a list of values"),
        ({"choices": {}, "families": {"change": {"df": ["residual"]}}}, "change, df: has no bearing"),
        ({"choices": {}, "families": ["change"]}, "families: expected a family's name"),
        (None, "expected `choices:`"),
    ],
)
def test_a_grid_that_cannot_be_is_refused_by_name(content, message):
    with pytest.raises(SettingsError, match=message):
        grid_of(content)
