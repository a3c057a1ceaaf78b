"""Populations are those of the study, and what is made true of them is true."""

import numpy as np
import pytest

from helpers.analysis.design.analytes import Baseline, Course
from helpers.analysis.design.attendance import variants
from helpers.analysis.design.changing import Falls, Path
from helpers.analysis.design.outcomes import Outcome
from helpers.analysis.design.repeated import nulls_of, truths_of
from helpers.analysis.frames import outcome_long
from helpers.analysis.results import ROUNDING


@pytest.fixture
def madrs(study, settings):
    return Outcome(study, settings, "madrs")


def test_means_and_covariance_of_an_outcome_are_those_within_the_groups(study, madrs):
    wide = outcome_long(study, "madrs").pivot(index=["group", "id"], columns="visit", values="value")[
        list(madrs.visits)
    ]
    # Everybody came to every visit, so that REML is the pooled covariance; the search ends within 1e-6 of it.
    for place, group in enumerate(study.roles.compared):
        np.testing.assert_allclose(madrs.population.means[place], wide.loc[group].mean(), rtol=1e-8)
    left = wide - wide.groupby("group", observed=True).transform("mean")
    np.testing.assert_allclose(madrs.population.covariance, left.T @ left / (len(wide) - 2), rtol=1e-5, atol=1e-5)


def test_a_hypothesis_that_is_made_true_is_true():
    made = {name: nulls_of(means) for name, means in variants(np.array([[30.0, 20, 12], [28, 21, 15]])).items()}
    assert not any(made["fitted"].values())
    assert made["equal"] == {"group": True, "time": False, "interaction": True}
    assert made["flat"] == {"group": False, "time": True, "interaction": True}
    half = truths_of(variants(np.array([[30.0, 20], [28, 24]]))["half"], ("a", "b"), ("v", "w"))
    assert half["difference, w"] == pytest.approx(-2)


def test_only_analytes_that_were_found_differ_in_some(study, settings):
    for family in (Baseline(study, settings), Course(study, settings)):
        shape = (len(family.population.names), -1, len(study.roles.analytes.columns))
        some, fitted = (family.truth(name).means.reshape(shape) for name in ("some", "fitted"))
        assert 0 < family.found.sum() < len(family.found)
        assert (some[:, :, family.found] == fitted[:, :, family.found]).all()
        assert (np.ptp(some[:, :, ~family.found], axis=0) < 1e-12).all()


def test_shrinking_keeps_the_variances_and_what_is_drawn_can_be_inverted(study, settings):
    course = Course(study, settings).population
    assert np.linalg.eigvalsh(course.covariance)[0] > 0
    drawn = course.draw(np.random.default_rng(0), 2000, 1)[0]
    spread = np.sqrt(np.diag(course.covariance))
    left = drawn - course.means[course.groups(2000)]
    np.testing.assert_allclose(left.std(axis=0), spread, rtol=0.06)  # 4 standard errors of an SD of 4,000 values


def test_paths_of_the_falls_are_the_regressions_of_the_analysis(study, settings, mediation_rows):
    path = Path(study, settings)
    expected = mediation_rows.set_index("statistic")["value"]
    found = [path.falls[name] for name in ("a", "b", "direct")]
    np.testing.assert_allclose(found, expected[["path_a", "path_b", "direct"]], rtol=ROUNDING)
    assert path.truth("neither")["a"] == path.truth("neither")["b"] == 0
    assert path.truth("no a")["b"] == path.falls["b"]


def test_an_outcome_that_goes_with_nothing_keeps_its_variance(study, settings):
    falls = Falls(study, settings)
    none = falls.truth("none").covariance
    assert (none[-1, :-1] == 0).all()
    np.testing.assert_array_equal(np.diag(none), np.diag(falls.population.covariance))


@pytest.mark.parametrize("truth", ["fitted", "baseline only", "independent"])
def test_levels_have_a_correlation_matrix(study, settings, truth):
    found = Path(study, settings)._levels(truth)
    assert np.linalg.eigvalsh(found)[0] > 0
    np.testing.assert_array_equal(np.diag(found), 1)
    if truth == "baseline only":  # x1 and y1 are independent given the baseline levels
        given = found[np.ix_([1, 3], [1, 3])] - found[[1, 3]][:, [0, 2]] @ np.linalg.solve(
            found[np.ix_([0, 2], [0, 2])], found[[0, 2]][:, [1, 3]]
        )
        assert given[0, 1] == pytest.approx(0, abs=1e-12)
