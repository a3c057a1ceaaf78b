"""What the results may not depend on, and what they do."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.models import fit_repeated

FORMULA = "score ~ group * visit + age"
STRUCTURES = ["unstructured", "heterogeneous_toeplitz", "ar1", "compound_symmetry"]
METHODS = ["satterthwaite", "kenward-roger"]
VISITS = ["v1", "v2", "v3", "v4"]
# Rounding enters otherwise, and the search ends elsewhere within 1e-8 of the covariance parameters; second derivatives,
# and so degrees of freedom, keep seven digits of that.
CLOSE = 1e-6
quick = settings(max_examples=5, deadline=None)


def fit(data, formula=FORMULA, **options):
    return fit_repeated(data, formula, "id", "visit", **options)


@pytest.fixture(scope="module")
def data(table):
    """66 x 8 with drop-out, thinned to four visits."""
    frame = table("trial_66x8")
    return frame[frame["visit"].isin(["v1", "v3", "v5", "v8"])].assign(
        visit=lambda f: f["visit"].map(dict(zip(["v1", "v3", "v5", "v8"], VISITS, strict=True)))
    )


@pytest.fixture(scope="module")
def plain(data):
    return {structure: fit(data, covariance=structure) for structure in STRUCTURES}


def same_tests(one, two, terms=None, df=METHODS, columns=("df1", "df2", "F")):
    """F and degrees of freedom of the named terms, whatever order the terms have."""
    for method in df:
        left, right = (fit.tests(method).set_index("term") for fit in (one, two))
        terms = list(left.index) if terms is None else terms
        pd.testing.assert_frame_equal(
            left.loc[terms, list(columns)], right.loc[terms, list(columns)], rtol=CLOSE, check_dtype=False
        )


def same_means(one, two, over=("group", "visit")):
    for method in METHODS:
        left, right = (fit.means(list(over), df=method).set_index(list(over)).sort_index() for fit in (one, two))
        right.index = left.index
        pd.testing.assert_frame_equal(left, right, rtol=CLOSE)


@pytest.mark.parametrize("structure", STRUCTURES)
@quick
@given(st.randoms(use_true_random=False))
def test_order_of_rows_and_names_of_subjects(data, plain, structure, random):
    names = data["id"].unique().tolist()
    random.shuffle(names)
    other = data.assign(id=data["id"].map(dict(zip(data["id"].unique(), names, strict=True))))
    moved = fit(other.sample(frac=1, random_state=random.randrange(1000)), covariance=structure)
    assert moved.deviance == pytest.approx(plain[structure].deviance, abs=1e-8)
    same_tests(plain[structure], moved)
    same_means(plain[structure], moved)


@pytest.mark.parametrize("structure", STRUCTURES)
@quick
@given(st.floats(1e-6, 1e6), st.floats(-1e2, 1e2))
def test_shift_and_scale_of_the_response(data, plain, structure, scale, shift):
    one, moved = plain[structure], fit(data.assign(score=(data["score"] + shift) * scale), covariance=structure)
    rows = one.n_rows - len(one.coefficients)
    assert moved.deviance == pytest.approx(one.deviance + 2 * rows * np.log(scale), abs=1e-6)
    assert moved.covariance.to_numpy() == pytest.approx(one.covariance.to_numpy() * scale**2, rel=1e-6)
    assert (moved.parameters / one.parameters).to_numpy() == pytest.approx(
        [1 if label.startswith("correlation") else scale**2 for label in one.parameters.index], rel=1e-5
    )
    same_tests(one, moved)
    for method in METHODS:
        left, right = one.means("group", by="visit", df=method), moved.means("group", by="visit", df=method)
        assert right["mean"].to_numpy() == pytest.approx((left["mean"] + shift).to_numpy() * scale, rel=1e-7)
        assert right["se"].to_numpy() == pytest.approx(left["se"].to_numpy() * scale, rel=CLOSE)
        assert right["df"].to_numpy() == pytest.approx(left["df"].to_numpy(), rel=CLOSE)


@quick
@given(st.floats(1e-4, 1e4), st.floats(-1e3, 1e3))
def test_units_of_a_covariate(data, plain, scale, shift):
    one, moved = plain["unstructured"], fit(data.assign(age=(data["age"] + shift) * scale))
    # The restricted likelihood has the volume of the design's columns in it.
    assert moved.deviance == pytest.approx(one.deviance + 2 * np.log(scale), abs=1e-6)
    assert moved.coefficients["age"] * scale == pytest.approx(one.coefficients["age"], rel=CLOSE)
    same_tests(one, moved)
    same_means(one, moved)


@pytest.mark.parametrize("structure", ["unstructured", "compound_symmetry", "heterogeneous_cs", "diagonal", "identity"])
@quick
@given(st.permutations(VISITS))
def test_order_of_visits_where_the_structure_has_none(data, structure, order):
    one, moved = fit(data, covariance=structure), fit(_ordered(data, order), covariance=structure)
    assert moved.deviance == pytest.approx(one.deviance, abs=1e-7)
    assert moved.covariance.loc[VISITS, VISITS].to_numpy() == pytest.approx(one.covariance.to_numpy(), rel=1e-5)
    same_tests(one, moved, df=["kenward-roger"])
    same_tests(one, moved, columns=("df1", "F"))
    same_means(one, moved)


@pytest.mark.parametrize("structure", ["ar1", "heterogeneous_ar1", "toeplitz", "heterogeneous_toeplitz"])
def test_visits_backwards_where_the_structure_has_lags(data, structure):
    one, moved = fit(data, covariance=structure), fit(_ordered(data, VISITS[::-1]), covariance=structure)
    assert moved.deviance == pytest.approx(one.deviance, abs=1e-7)
    assert moved.covariance.to_numpy()[::-1, ::-1] == pytest.approx(one.covariance.to_numpy(), rel=1e-5)
    same_tests(one, moved, df=["kenward-roger"])
    same_means(one, moved)
    # Any other order is another model: lags count visits in their order.
    other = fit(_ordered(data, ["v2", "v1", "v3", "v4"]), covariance=structure)
    assert abs(other.deviance - one.deviance) > 0.1


def _ordered(data, visits=None, **levels):
    levels = levels or {"visit": visits}
    return data.assign(**{name: pd.Categorical(data[name], order) for name, order in levels.items()})


@pytest.fixture(scope="module")
def three(data):
    """A third group, so that tests of groups have several rows of L."""
    return data.assign(group=np.where(data["age"] > data["age"].median(), data["group"], "third"))


@pytest.mark.parametrize("order", [["placebo", "active", "third"], ["third", "active", "placebo"]])
def test_order_of_levels(three, order):
    """Type III F, every single-row result and Kenward-Roger's df do not depend on the order of the levels.

    Satterthwaite's df of several rows do on the level that is last, since the rows are "level i - last level" and only
    their span, not they themselves, is a matter of the hypothesis.
    """
    one = fit(three, covariance="heterogeneous_ar1")
    moved = fit(_ordered(three, group=order), covariance="heterogeneous_ar1")
    assert moved.deviance == pytest.approx(one.deviance, abs=1e-7)
    same_tests(one, moved, df=["kenward-roger"])
    same_tests(one, moved, columns=("df1", "F"))
    same_means(one, moved)
    # The rows of these have nothing to do with the groups' order.
    same_tests(one, moved, terms=["visit", "age"])
    left, right = (fit.tests().set_index("term")["df2"] for fit in (one, moved))
    changed = np.abs(left / right - 1)[["group", "group:visit"]]
    if order[-1] == "third":
        assert changed.max() < CLOSE
    else:
        assert changed.min() > 1e-4


def test_names_of_levels_turn_the_signs(data, plain):
    other = fit(data.assign(group=data["group"].map({"active": "z", "placebo": "a"})))
    one, two = (found.contrasts("group", by="visit") for found in (plain["unstructured"], other))
    assert two["estimate"].to_numpy() == pytest.approx(-one["estimate"].to_numpy(), rel=CLOSE)
    same_tests(plain["unstructured"], other)


@pytest.mark.parametrize("name", ["trial_66x8", "trial_66x3", "trial_16x4"])
@pytest.mark.parametrize("method", ["reml", "ml"])
def test_a_positive_covariance_is_a_random_intercept(table, name, method):
    one = fit(table(name), covariance="compound_symmetry", method=method)
    two = fit(table(name), random="intercept", method=method)
    assert one.parameters["covariance"] > 0
    assert two.deviance == pytest.approx(one.deviance, abs=1e-8)
    assert two.parameters["intercept variance"] == pytest.approx(one.parameters["covariance"], rel=1e-5)
    for information in ("observed", "expected"):
        for df in METHODS if method == "reml" else METHODS[:1]:
            pd.testing.assert_frame_equal(one.tests(df, information), two.tests(df, information), rtol=CLOSE)
            left, right = (f.contrasts("visit", by="group", df=df, information=information) for f in (one, two))
            pd.testing.assert_frame_equal(left, right, rtol=1e-5, atol=1e-9)


def test_two_visits_leave_structures_no_choice(data):
    """Of equal variances ar1, toeplitz and compound symmetry are one model; so are those of unequal ones."""
    two = data[data["visit"].isin(["v1", "v4"])]
    for alike in (
        ["compound_symmetry", "toeplitz", "ar1"],
        ["unstructured", "heterogeneous_cs", "heterogeneous_ar1", "heterogeneous_toeplitz"],
    ):
        first, *others = (fit(two, covariance=structure) for structure in alike)
        for other in others:
            assert other.deviance == pytest.approx(first.deviance, abs=1e-8)
            same_tests(first, other, df=["satterthwaite"])
    # Kenward-Roger's adjusted covariance depends on the parameters where Σ is not linear in them, and so F; df do not.
    one, other = fit(two), fit(two, covariance="heterogeneous_cs")
    assert other.tests("kenward-roger")["df2"].to_numpy() == pytest.approx(
        one.tests("kenward-roger")["df2"].to_numpy(), rel=CLOSE
    )


def test_times_in_other_units(data):
    one = fit(data, random="slope", time="time")
    moved = fit(data.assign(time=3 + data["time"] / 365), random="slope", time="time")
    assert moved.deviance == pytest.approx(one.deviance, abs=1e-8)
    assert moved.parameters["slope variance"] == pytest.approx(one.parameters["slope variance"] * 365**2, rel=1e-6)
    same_tests(one, moved)
    same_means(one, moved)


@quick
@given(st.lists(st.floats(0.05, 20), min_size=4, max_size=4))
def test_units_of_each_visit_under_unstructured_leave_its_groups_alone(data, units):
    """With all visits' means and variances free, a comparison at one visit knows nothing of the others' units."""
    factor = data["visit"].map(dict(zip(VISITS, units, strict=True)))
    one, moved = (fit(frame, "score ~ group * visit") for frame in (data, data.assign(score=data["score"] * factor)))
    assert moved.converged
    for method in METHODS:
        left, right = (found.contrasts("group", by="visit", df=method) for found in (one, moved))
        pd.testing.assert_frame_equal(left[["df", "t", "p"]], right[["df", "t", "p"]], rtol=CLOSE)
