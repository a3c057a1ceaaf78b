"""Mixed models against R's lme4, car and emmeans with asymptotic tests, and the likelihood of statsmodels."""

import numpy as np
import pytest
from statsmodels.regression.mixed_linear_model import MixedLM

from helpers.models import fit_repeated

CASES = {
    "intercept": {"random": "intercept", "method": "reml"},
    "intercept_ml": {"random": "intercept", "method": "ml"},
    "slope": {"random": "slope", "method": "reml", "time": "day"},
}
# Both programs search for the maximum. -2 log-likelihood is flat there, so it agrees to 1e-6; estimates keep a
# first-order error in the variance ratio, of which lme4's search leaves about 1e-7 (random slope, three parameters).
DEVIANCE = 1e-6
ESTIMATE = 1e-5


def fitted(table, case):
    data = table("slope" if case == "slope" else "intercept")
    return fit_repeated(data, "score ~ group * visit + age", subject="id", visit="visit", **CASES[case])


@pytest.fixture(scope="module", params=CASES)
def pair(request, answers, table):
    """Our fit and R's, one case at a time."""
    return fitted(table, request.param), answers[request.param]


def test_every_model_of_r_is_here(answers):
    assert {name for name, answer in answers.items() if "deviance" in answer} == set(CASES)


def test_fit_is_that_of_lme4(pair):
    ours, r = pair
    assert ours.converged
    assert ours.n_rows == r["rows"]
    assert ours.deviance == pytest.approx(r["deviance"], abs=DEVIANCE)
    assert ours.coefficients.to_numpy() == pytest.approx(r["coefficients"], rel=ESTIMATE)
    largest = np.abs(r["vcov"]).max()
    assert ours.vcov.to_numpy() == pytest.approx(np.array(r["vcov"]), abs=1e-4 * largest)
    variance, effects = r["residual_variance"], np.atleast_2d(r["visit_variance"])
    assert ours.parameters["residual variance"] == pytest.approx(variance, rel=ESTIMATE)
    days = np.arange(len(ours.covariance)) if len(effects) == 1 else ours.design.data["day"].unique() / 26
    z = np.column_stack([np.ones(len(days)), days])[:, : len(effects)]
    expected = z @ effects @ z.T + variance * np.eye(len(z))
    assert ours.covariance.to_numpy() == pytest.approx(expected, rel=1e-4)


def test_effects_are_in_units_of_the_time_given(answers, table):
    ours, r = fitted(table, "slope"), np.array(answers["slope"]["visit_variance"])
    # R was given day / 26.
    expected = {
        "intercept variance": r[0, 0],
        "intercept-slope covariance": r[0, 1] / 26,
        "slope variance": r[1, 1] / 676,
    }
    for name, value in expected.items():
        assert ours.parameters[name] == pytest.approx(value, rel=1e-4)
    later = table("slope").assign(day=lambda frame: frame["day"] + 10)
    moved = fit_repeated(later, "score ~ group * visit + age", "id", "visit", **CASES["slope"]).parameters
    assert moved["slope variance"] == pytest.approx(ours.parameters["slope variance"], rel=1e-8)
    # The intercept is that of day 0, ten days before the first visit now.
    at_zero = ours.parameters.iloc[:3] @ [1, -20, 100]
    assert moved["intercept variance"] == pytest.approx(at_zero, rel=1e-8)


def test_tests_are_those_of_car(pair):
    ours, r = pair[0].tests(df="asymptotic"), pair[1]["tests"]
    assert ours["term"].tolist() == r["term"]
    assert (ours["F"] * ours["df1"]).to_numpy() == pytest.approx(r["chisq"], rel=ESTIMATE)
    assert ours["p"].to_numpy() == pytest.approx(r["p"], abs=1e-6)
    assert np.isinf(ours["df2"]).all()


def test_means_are_those_of_emmeans(pair):
    ours, r = pair[0].means("group", by="visit", df="asymptotic"), pair[1]["means"]
    assert ours[["group", "visit"]].values.tolist() == [list(pair) for pair in zip(r["group"], r["visit"], strict=True)]
    for column, name in {"mean": "emmean", "se": "SE", "ci_low": "asymp.LCL", "ci_high": "asymp.UCL"}.items():
        assert ours[column].to_numpy() == pytest.approx(r[name], rel=ESTIMATE)


@pytest.mark.parametrize(("answer", "over", "by"), [("groups", "group", "visit"), ("visits", "visit", "group")])
def test_contrasts_are_those_of_emmeans(pair, answer, over, by):
    reference = "v1" if answer == "visits" else None
    ours, r = pair[0].contrasts(over, by, df="asymptotic", reference=reference), pair[1][answer]
    assert ours["contrast"].tolist() == r["contrast"]
    for column, name in {"estimate": "estimate", "se": "SE", "t": "z.ratio", "ci_low": "asymp.LCL"}.items():
        assert ours[column].to_numpy() == pytest.approx(r[name], rel=ESTIMATE)
    assert ours["p_adjusted"].to_numpy() == pytest.approx(r["p.value"], abs=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_likelihood_is_that_of_statsmodels(table, case):
    ours = fitted(table, case)
    rows = ours.design.data
    columns = [np.ones(len(rows))] + ([rows["day"] / 26] if case == "slope" else [])
    model = MixedLM(ours.design.y, ours.design.x, rows["id"], exog_re=np.column_stack(columns))
    theirs = model.fit(reml=CASES[case]["method"] == "reml", method="lbfgs")
    # Its search stops earlier than ours; the likelihood is flat there.
    assert ours.deviance == pytest.approx(-2 * theirs.llf, abs=1e-4)
    assert ours.deviance <= -2 * theirs.llf + DEVIANCE
