"""Fits of many responses at once are those of each response alone."""

import numpy as np
import pytest

from helpers.models import ConstantError, OptionError, fit_repeated
from helpers.models.batched import fit_batched
from helpers.models.batched.degrees import matched_batched
from helpers.models.design import build_design
from helpers.models.inference import term_rows
from helpers.models.kenward_roger import _matched
from helpers.models.marginal import mean_rows
from helpers.models.repeated_data import prepare

FORMULA = "score ~ group * visit + age"
STRUCTURES = ["unstructured", "compound_symmetry", "diagonal", "identity"]
METHODS = ["satterthwaite", "kenward-roger", "residual", "asymptotic"]
# Both searches end within 1e-7 standard errors of the minimum and then take one more step; what is left is rounding,
# larger in degrees of freedom, which come from second derivatives.
CLOSE = 1e-8


@pytest.fixture(scope="module", params=["dropout", "complete", "gaps", "few"])
def data(request, table):
    """66 x 8 with drop-out thinned to four visits; its completers; holes at random; twelve subjects."""
    frame = table("trial_66x8")
    frame = frame[frame["visit"].isin(["v1", "v3", "v5", "v8"])].dropna(subset=["score"]).reset_index(drop=True)
    whole = frame.groupby("id")["visit"].transform("size") == 4
    if request.param == "gaps":
        return frame[np.random.default_rng(3).random(len(frame)) < 0.85].reset_index(drop=True)
    if request.param == "few":
        few = [name for _, part in frame[whole].groupby("group") for name in part["id"].unique()[:6]]
        return frame[frame["id"].isin(few)].reset_index(drop=True)
    return frame[whole].reset_index(drop=True) if request.param == "complete" else frame


@pytest.fixture(scope="module")
def prepared(data):
    return prepare(data, FORMULA, "id", "visit")


@pytest.fixture(scope="module")
def responses(prepared):
    """Of several scales, since a fit must not depend on its neighbours'."""
    rng = np.random.default_rng(11)
    n = len(prepared.design.x)
    shared = rng.normal(0, 2, (prepared.layout.pattern.size, 5))[prepared.layout.subject]
    made = prepared.responses + shared + rng.normal(0, 3, (n, 5)) * (1 + prepared.layout.visit[:, None])
    return made * np.array([1.0, 1e-3, 1e4, 1.0, 2.0])


def alone(data, y, covariance, formula=FORMULA):
    return fit_repeated(data.assign(score=y), formula, "id", "visit", covariance=covariance)


@pytest.mark.parametrize("covariance", STRUCTURES)
def test_each_fit_is_that_of_the_response_alone(data, prepared, responses, covariance):
    many = fit_batched(prepared.layout, responses, covariance)
    for place, y in enumerate(responses.T):
        one = alone(data, y, covariance)
        assert many.converged[place] == one.converged
        np.testing.assert_allclose(many.deviance[place], one.deviance, rtol=CLOSE)
        if one.converged:
            np.testing.assert_allclose(many.covariance[place], one.covariance, rtol=1e-6, atol=1e-6 * np.var(y))
            np.testing.assert_allclose(many.coefficients[place], one.coefficients, rtol=CLOSE, atol=CLOSE * np.std(y))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("covariance", STRUCTURES)
def test_each_test_is_that_of_the_response_alone(data, prepared, responses, covariance, method):
    many = fit_batched(prepared.layout, responses, covariance)
    found = many.tests(prepared.design, prepared.design.terms, method)
    for place, y in enumerate(responses.T):
        one = alone(data, y, covariance)
        if not one.converged:
            continue
        for expected in one.tests(method).itertuples():
            test = found[expected.term]
            assert test.df1 == expected.df1
            np.testing.assert_allclose(test.f[place], expected.F, rtol=1e-6)
            np.testing.assert_allclose(test.df2[place], expected.df2, rtol=1e-5)
            np.testing.assert_allclose(test.p[place], expected.p, rtol=1e-5, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("covariance", STRUCTURES)
def test_each_contrast_is_that_of_the_response_alone(data, prepared, responses, covariance, method):
    cells, rows = mean_rows(prepared.design, ["visit", "group"])
    differences = rows[::2] - rows[1::2]
    found = fit_batched(prepared.layout, responses, covariance).contrasts(differences, method)
    low, high = found.interval(0.05)
    for place, y in enumerate(responses.T):
        one = alone(data, y, covariance)
        if not one.converged:
            continue
        expected = one.contrasts("group", by="visit", df=method, adjust="none")
        assert expected["visit"].tolist() == cells["visit"][::2].tolist()
        for ours, theirs in ((found.estimate, "estimate"), (found.se, "se"), (low, "ci_low"), (high, "ci_high")):
            np.testing.assert_allclose(ours[place], expected[theirs], rtol=1e-6, atol=1e-7 * np.std(y))
        np.testing.assert_allclose(found.df[place], expected["df"], rtol=1e-5)
        np.testing.assert_allclose(found.p[place], expected["p"], rtol=1e-5, atol=1e-12)


def test_a_covariate_may_differ_between_responses(data):
    rng = np.random.default_rng(5)
    layout = prepare(data, FORMULA, "id", "visit").layout
    own = rng.normal(size=(4, layout.pattern.size))[:, layout.subject]
    y = rng.normal(size=(len(data), 4)) + own.T
    designs = [build_design(data.assign(score=y[:, i], age=own[i]), FORMULA, factors=["visit"]) for i in range(4)]
    many = fit_batched(layout, y, "compound_symmetry", x=np.stack([design.x for design in designs]))
    found = many.test(term_rows(designs[0], "age"), "kenward-roger")
    for place in range(4):
        one = alone(data.assign(age=own[place]), y[:, place], "compound_symmetry").tests("kenward-roger")
        expected = one.set_index("term").loc["age"]
        np.testing.assert_allclose([found.f[place], found.df2[place]], [expected["F"], expected["df2"]], rtol=1e-6)


def test_neighbours_do_not_matter(prepared, responses):
    together = fit_batched(prepared.layout, np.tile(responses, 100), "unstructured")
    apart = fit_batched(prepared.layout, responses[:, 2:3], "unstructured")
    np.testing.assert_allclose(together.deviance[2::5], apart.deviance[0], rtol=1e-12)


def test_a_fit_that_ends_at_a_singular_covariance_says_so_and_spoils_no_other(prepared, responses, data):
    same = responses.copy()
    level = np.random.default_rng(8).normal(size=prepared.layout.pattern.size)[prepared.layout.subject]
    same[:, 1] = level * (1 + prepared.layout.visit)  # perfectly correlated visits
    many = fit_batched(prepared.layout, same, "unstructured")
    assert not many.converged[1]
    assert not alone(data, same[:, 1], "unstructured").converged
    kept = fit_batched(prepared.layout, responses, "unstructured")
    others = [0, 2, 3, 4]
    assert many.converged[others].tolist() == kept.converged[others].tolist()
    np.testing.assert_allclose(many.deviance[others], kept.deviance[others], rtol=1e-10)


def test_an_unknown_structure_is_refused(prepared, responses):
    with pytest.raises(OptionError, match="ar9"):
        fit_batched(prepared.layout, responses, "ar9")


def test_responses_that_leave_nothing_to_vary_are_named(prepared, responses):
    flat = responses.copy()
    flat[:, [1, 3]] = 7.0
    with pytest.raises(ConstantError, match=r"\[1, 3\] perfectly"):
        fit_batched(prepared.layout, flat)


@pytest.mark.parametrize("q", [1, 2, 5])
def test_kenward_rogers_scale_and_df_are_those_of_one_fit_or_missing_where_it_has_none(q):
    a1, a2 = (grid.ravel() for grid in np.meshgrid(np.linspace(0.05, 6, 40), np.linspace(0.05, 6, 40)))
    scale, df = matched_batched(a1, a2, q)
    alone = np.array([_matched(*pair, q) for pair in zip(a1, a2, strict=True)])
    exists = (alone > 0).all(axis=1)
    assert exists.any()
    np.testing.assert_allclose(np.column_stack([scale, df])[exists], alone[exists], rtol=1e-12)
    assert np.isnan(scale[~exists]).all()
    assert np.isnan(df[~exists]).all()
