"""The main outcome's tests by REML and ML, and under reference coding."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.analysis.conventions import ML, REFERENCE, REML, conventions
from helpers.analysis.frames import main_outcome, outcome_long
from helpers.analysis.mixed import Spec, fit_model
from helpers.analysis.results import pick, value_of
from helpers.analysis.settings import Settings

STUDIES = ("synthetic", "pbc")


@pytest.fixture(scope="module")
def made(studies):
    return {name: conventions(studies[name], Settings(), []) for name in STUDIES}


@pytest.mark.parametrize("name", STUDIES)
def test_reml_is_the_model_of_the_chapter(name, made, studies):
    study = studies[name]
    fitted = fit_model(Settings(), outcome_long(study, main_outcome(study)), Spec("x", {}))
    for term, contrast in (("group", "group"), ("visit", "time"), ("group:visit", "interaction")):
        tests = fitted.fit.tests()
        expected = tests.loc[tests["term"] == term, "F"].item()
        assert value_of(made[name], analysis=REML, contrast=contrast, statistic="F") == pytest.approx(expected)


@pytest.mark.parametrize("name", STUDIES)
def test_ml_has_the_larger_tests(name, made):
    for contrast in ("group", "time", "interaction"):
        reml, ml = (value_of(made[name], analysis=a, contrast=contrast, statistic="F") for a in (REML, ML))
        assert ml > reml
    assert len(pick(made[name], statistic="deviance")) == 2


@pytest.mark.parametrize("name", STUDIES)
def test_group_under_reference_coding_is_the_comparison_at_the_first_visit(name, made, studies):
    study = studies[name]
    fitted = fit_model(Settings(), outcome_long(study, main_outcome(study)), Spec("x", {}))
    first = fitted.fit.contrasts("group", by="visit").iloc[0]
    found = pick(made[name], analysis=REFERENCE, contrast="group").iloc[0]
    assert found["value"] == pytest.approx(first["t"] ** 2)
    assert found["p"] == pytest.approx(first["p"])
    assert found["df2"] == pytest.approx(first["df"])


def test_time_under_reference_coding_is_the_change_in_the_first_group(made, studies):
    """Equal to type III of a model in which the groups' order is kept: fitted anew with indicator columns."""
    import statsmodels.formula.api as smf

    study = studies["synthetic"]
    long = outcome_long(study, main_outcome(study)).dropna(subset=["value"])
    model = smf.mixedlm("value ~ C(group) * C(visit)", long.astype({"group": str, "visit": str}).assign(
        group=long["group"].cat.codes, visit=long["visit"].cat.codes), groups=long["id"])  # fmt: skip
    fit = model.fit(reml=True)
    names = [name for name in fit.fe_params.index if name.startswith("C(visit)")]
    places = [list(fit.fe_params.index).index(name) for name in names]
    estimate = fit.fe_params.to_numpy()[places]
    covariance = fit.cov_params().to_numpy()[np.ix_(places, places)]
    f = estimate @ np.linalg.solve(covariance, estimate) / len(places)
    # statsmodels stops its search of the variance earlier than ours.
    assert value_of(made["synthetic"], analysis=REFERENCE, contrast="time") == pytest.approx(f, rel=1e-3)
