"""The paper's specification gives the notebooks' rows; a grid that cannot be is refused by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.analysis import efficacy
from helpers.analysis.baseline_cytokines import univariate_tests
from helpers.analysis.baseline_table import choose, recorded_covariates
from helpers.analysis.longitudinal_cytokines import ALL_VISITS, analyte_models
from helpers.analysis.missing_samples import complete
from helpers.analysis.multiverse import Evaluation, read_grid
from helpers.analysis.multiverse.grid import grid_of
from helpers.analysis.multiverse.variants import regrouped
from helpers.analysis.places import project_root
from helpers.analysis.scenarios import load_scenario
from helpers.analysis.settings import SettingsError
from helpers.study import load_study

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
    other = replace(usual, choices=tuple((n, "residual" if n == "df" else v) for n, v in usual.choices))
    first, second = (evaluation.rows(one).query("statistic == 'F'") for one in (usual, other))
    np.testing.assert_allclose(first["value"], second["value"])
    assert (first["df2"] != second["df2"]).all()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"choices": {"covarience": ["ar1"]}}, "covarience: no such choice; did you mean covariance"),
        ({"choices": {"df": ["kenward"]}}, "df: found 'kenward'; expected one of satterthwaite"),
        ({"choices": {"df": []}}, "df: expected a list of values"),
        ({"choices": {}, "families": {"change": {"df": ["residual"]}}}, "change, df: has no bearing"),
        (None, "expected `choices:`"),
    ],
)
def test_a_grid_that_cannot_be_is_refused_by_name(content, message):
    with pytest.raises(SettingsError, match=message):
        grid_of(content)
