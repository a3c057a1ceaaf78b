import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.regression.mixed_linear_model import MixedLM

from helpers.models import (
    ConstantError,
    DuplicateVisitError,
    MissingValuesError,
    ModelError,
    OneLevelError,
    OptionError,
    RankDeficientError,
    TooFewError,
    UnknownColumnError,
    UnknownLevelError,
    fit_repeated,
)

FORMULA = "score ~ group * visit + age"
CASES = {
    "intercept": {"covariance": "compound_symmetry", "method": "reml"},
    "intercept_ml": {"covariance": "compound_symmetry", "method": "ml"},
    "slope": {"covariance": "random_slope", "method": "reml", "time": "day"},
}
# Both programs search for the maximum. -2 log-likelihood is flat there, so it agrees to 1e-6; estimates keep a
# first-order error in the variance ratio, of which lme4's search leaves about 1e-7 (random slope, three parameters).
DEVIANCE = 1e-6
ESTIMATE = 1e-5


def fit(data, formula=FORMULA, **more):
    return fit_repeated(data, formula, subject="id", visit="visit", **more)


@pytest.fixture(scope="module", params=CASES)
def pair(request, answers, table):
    """Our fit and R's, one structure at a time."""
    data = table("slope" if request.param == "slope" else "intercept")
    return fit(data, **CASES[request.param]), answers[request.param]


def test_fit_is_that_of_lme4(pair):
    ours, r = pair
    assert ours.converged
    assert ours.n_rows == r["rows"]
    assert ours.deviance == pytest.approx(r["deviance"], abs=DEVIANCE)
    assert ours.coefficients.to_numpy() == pytest.approx(r["coefficients"], rel=ESTIMATE)
    largest = np.abs(r["vcov"]).max()
    assert ours.vcov.to_numpy() == pytest.approx(np.array(r["vcov"]), abs=1e-4 * largest)
    assert ours.residual_variance == pytest.approx(r["residual_variance"], rel=ESTIMATE)
    assert ours.random_covariance == pytest.approx(np.atleast_2d(r["visit_variance"]), rel=1e-4)


def test_tests_are_those_of_car(pair):
    ours, r = pair[0].tests(), pair[1]["tests"]
    assert ours["term"].tolist() == r["term"]
    assert (ours["F"] * ours["df1"]).to_numpy() == pytest.approx(r["chisq"], rel=ESTIMATE)
    assert ours["p"].to_numpy() == pytest.approx(r["p"], abs=1e-6)
    assert np.isinf(ours["df2"]).all()


def test_means_are_those_of_emmeans(pair):
    ours, r = pair[0].means("group", by="visit"), pair[1]["means"]
    assert ours[["group", "visit"]].values.tolist() == [list(pair) for pair in zip(r["group"], r["visit"], strict=True)]
    for column, name in {"mean": "emmean", "se": "SE", "ci_low": "asymp.LCL", "ci_high": "asymp.UCL"}.items():
        assert ours[column].to_numpy() == pytest.approx(r[name], rel=ESTIMATE)


@pytest.mark.parametrize(
    ("answer", "arguments"),
    [("groups", ("group", "visit")), ("visits", ("visit", "group"))],
)
def test_contrasts_are_those_of_emmeans(pair, answer, arguments):
    reference = "v1" if answer == "visits" else None
    ours, r = pair[0].contrasts(*arguments, adjust="bonferroni", reference=reference), pair[1][answer]
    assert ours["contrast"].tolist() == r["contrast"]
    for column, name in {"estimate": "estimate", "se": "SE", "t": "z.ratio", "ci_low": "asymp.LCL"}.items():
        assert ours[column].to_numpy() == pytest.approx(r[name], rel=ESTIMATE)
    assert ours["p_adjusted"].to_numpy() == pytest.approx(r["p.value"], abs=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_likelihood_is_that_of_statsmodels(table, case):
    options = CASES[case]
    ours = fit(table("slope" if case == "slope" else "intercept"), **options)
    rows = ours.design.data
    columns = [np.ones(len(rows))] + ([rows["day"] / 26] if case == "slope" else [])
    model = MixedLM(ours.design.y, ours.design.x, rows["id"], exog_re=np.column_stack(columns))
    theirs = model.fit(reml=options["method"] == "reml", method="lbfgs")
    # Its search stops earlier than ours; the likelihood is flat there.
    assert ours.deviance == pytest.approx(-2 * theirs.llf, abs=1e-4)
    assert ours.deviance <= -2 * theirs.llf + DEVIANCE


def dense(ours, reml):
    """-2 log-likelihood from the whole n x n covariance matrix, term by term as in the textbooks."""
    rows, x, y = ours.design.data, ours.design.x, ours.design.y
    same = np.equal.outer(rows["id"].to_numpy(), rows["id"].to_numpy())
    v = ours.visit_covariance.loc[rows["visit"], rows["visit"]].to_numpy() * same
    information = x.T @ np.linalg.solve(v, x)
    b = np.linalg.solve(information, x.T @ np.linalg.solve(v, y))
    r = y - x @ b
    value = np.linalg.slogdet(v)[1] + r @ np.linalg.solve(v, r) + (len(y) - reml * x.shape[1]) * np.log(2 * np.pi)
    return b, np.linalg.inv(information), value + reml * np.linalg.slogdet(information)[1]


@pytest.mark.parametrize("case", CASES)
def test_everything_follows_from_the_visit_covariance(table, case):
    ours = fit(table("slope" if case == "slope" else "intercept"), **CASES[case])
    b, vcov, deviance = dense(ours, CASES[case]["method"] == "reml")
    assert ours.coefficients.to_numpy() == pytest.approx(b, rel=1e-9, abs=1e-9)
    assert ours.vcov.to_numpy() == pytest.approx(vcov, rel=1e-8, abs=1e-10)
    assert ours.deviance == pytest.approx(deviance, abs=1e-8)


def test_balanced_data_have_closed_forms():
    rng = np.random.default_rng(4)
    wide = rng.normal(0, 3, (20, 1)) + rng.normal(0, 1, (20, 4)) + np.arange(4)
    long = pd.DataFrame({"id": np.repeat(range(20), 4), "visit": list("abcd") * 20, "score": wide.ravel()})
    ours = fit(long, "score ~ visit")
    between = 4 * wide.mean(axis=1).var(ddof=1)
    within = ((wide - wide.mean(axis=1, keepdims=True) - wide.mean(axis=0) + wide.mean()) ** 2).sum() / (19 * 3)
    assert ours.residual_variance == pytest.approx(within, rel=1e-6)
    assert ours.random_covariance[0, 0] == pytest.approx((between - within) / 4, rel=1e-6)
    effect = 20 * ((wide.mean(axis=0) - wide.mean()) ** 2).sum() / 3
    assert ours.tests()["F"][0] == pytest.approx(effect / within, rel=1e-6)
    assert ours.normalised_residuals.var() == pytest.approx(1, abs=0.1)


@settings(max_examples=8, deadline=None)
@given(st.floats(1e-6, 1e6), st.floats(-1e3, 1e3))
def test_shifting_and_scaling_the_response(table, scale, shift):
    data = table("intercept")
    plain, moved = fit(data), fit(data.assign(score=data["score"] * scale + shift * scale))
    rows = plain.n_rows - len(plain.coefficients)
    assert moved.deviance == pytest.approx(plain.deviance + 2 * rows * np.log(scale), abs=1e-5)
    # A shift of 1000 standard deviations leaves nine digits of the residuals.
    assert moved.tests()["F"].to_numpy() == pytest.approx(plain.tests()["F"].to_numpy(), rel=ESTIMATE)


@settings(max_examples=6, deadline=None)
@given(st.permutations([f"v{number}" for number in range(1, 9)]), st.randoms())
def test_order_of_rows_and_levels_does_not_matter(table, order, random):
    data = table("intercept")
    turned = data.sample(frac=1, random_state=random.randrange(1000))
    turned["visit"] = pd.Categorical(turned["visit"], order)
    plain, other = fit(data), fit(turned)
    assert other.tests()["F"].to_numpy() == pytest.approx(plain.tests()["F"].to_numpy(), rel=ESTIMATE)
    means = other.means("group", by="visit").set_index(["group", "visit"])["mean"]
    expected = plain.means("group", by="visit").set_index(["group", "visit"])["mean"]
    assert means[expected.index].to_numpy() == pytest.approx(expected.to_numpy(), rel=ESTIMATE)
    assert list(other.means("visit")["visit"]) == order


def test_relabelling_groups_turns_signs(table):
    data = table("intercept")
    other = fit(data.assign(group=data["group"].map({"pain": "a", "non_pain": "b"})))
    one, two = fit(data).contrasts("group", by="visit"), other.contrasts("group", by="visit")
    assert two["estimate"].to_numpy() == pytest.approx(-one["estimate"].to_numpy(), rel=ESTIMATE)


def test_the_adjustment_is_inside_each_cell(table):
    ours = fit(table("intercept"))
    groups = ours.contrasts("group", by="visit")
    assert groups["p_adjusted"].tolist() == groups["p"].tolist()
    visits = ours.contrasts("visit", by="group", reference="v1")
    assert len(visits) == 14
    assert visits["p_adjusted"].to_numpy() == pytest.approx(np.minimum(1, 7 * visits["p"].to_numpy()))
    holm = ours.contrasts("visit", by="group", reference="v1", adjust="holm")
    assert (holm["p_adjusted"] <= visits["p_adjusted"]).all()
    bare = ours.contrasts("visit", by="group", reference="v1", adjust="none")
    assert ((bare["ci_high"] - bare["ci_low"]) < (visits["ci_high"] - visits["ci_low"])).all()


def test_contrasts_agree_with_means(table):
    ours = fit(table("slope"), **CASES["slope"])
    means = ours.means(["group", "visit"]).set_index(["group", "visit"])["mean"]
    for row in ours.contrasts("visit", by="group").itertuples():
        assert row.estimate == pytest.approx(means[row.group, row.level] - means[row.group, row.versus], abs=1e-9)


def test_residual_df_are_offered(table):
    ours = fit(table("intercept"))
    assert (ours.tests(df="residual")["df2"] == ours.n_rows - 17).all()
    assert (ours.tests(df="residual")["p"] > ours.tests()["p"]).all()
    with pytest.raises(OptionError, match="'asymptotic', 'residual'"):
        ours.tests(df="satterthwaite")


def long_data(values):
    """Values (subjects, visits) as a long frame with two groups."""
    subjects, visits = values.shape
    frame = pd.DataFrame({"id": np.repeat(range(subjects), visits), "day": np.tile(range(visits), subjects)})
    frame["visit"] = "v" + frame["day"].astype(str)
    frame["group"] = np.where(frame["id"] < subjects // 2, "a", "b")
    return frame.assign(score=values.ravel())


def test_no_variance_between_subjects_is_said():
    values = np.random.default_rng(1).normal(size=(30, 4))
    ours = fit(long_data(values - values.mean(axis=1, keepdims=True)), "score ~ group * visit")
    assert not ours.converged
    assert "boundary" in ours.message
    assert ours.random_covariance.tolist() == [[0.0]]
    assert ours.tests().notna().all(axis=None)


@pytest.mark.parametrize("kind", ["slopes alike", "slope follows from intercept"])
def test_a_singular_slope_falls_back_and_says_so(kind):
    rng = np.random.default_rng(2)
    if kind == "slopes alike":
        # Spread larger in the middle than at the ends would need a negative slope variance.
        values = rng.normal(0, 2, (30, 1)) + rng.normal(size=(30, 4)) * [0.5, 1.5, 1.5, 0.5]
    else:
        values = rng.normal(0, 1, (30, 1)) * (1 + np.arange(4)) + rng.normal(0, 0.1, (30, 4)) * [1, 2, 2, 1]
    data = long_data(values)
    ours = fit(data, "score ~ group * visit", covariance="random_slope", time="day")
    assert (ours.requested, ours.covariance) == ("random_slope", "compound_symmetry")
    assert "random_slope was singular" in ours.message
    assert ours.converged
    assert ours.deviance == fit(data, "score ~ group * visit").deviance


def test_a_response_constant_in_one_group_at_one_visit():
    rng = np.random.default_rng(3)
    values = np.clip(np.round(rng.normal(2, 1, (40, 1)) + rng.normal(0, 1, (40, 8))), 0, 10)
    values[20:, 0] = 0
    ours = fit(long_data(values), "score ~ group * visit")
    assert ours.converged
    means = ours.means("group", by="visit").set_index(["group", "visit"])["mean"]
    # Balanced groups: the marginal mean is the cell's.
    assert means["b", "v0"] == pytest.approx(0, abs=1e-9)
    values[20:] = 0
    assert np.isfinite(fit(long_data(values), "score ~ group * visit").tests()["p"]).all()


def test_one_row_a_subject_is_no_crash():
    values = np.random.default_rng(5).normal(size=(30, 2))
    values[:, 1] = np.where(np.arange(30) < 28, np.nan, values[:, 1])
    assert np.isfinite(fit(long_data(values), "score ~ group + visit").deviance)


@pytest.mark.parametrize("subjects", [8, 16])
def test_small_samples_with_heavy_drop_out(subjects):
    rng = np.random.default_rng(6)
    values = rng.normal(0, 1, (subjects, 1)) + rng.normal(0, 1, (subjects, 4))
    values[rng.random(values.shape) < 0.4] = np.nan
    data = long_data(values)
    for options in ({}, {"covariance": "random_slope", "time": "day"}):
        ours = fit(data, "score ~ group + visit", **options)
        assert ours.tests().notna().all(axis=None)
        assert ours.message


def test_mistakes_are_named(table):
    data = table("intercept")
    with pytest.raises(DuplicateVisitError, match="5 at v2") as caught:
        fit(pd.concat([data, data.query("id == 5 and visit == 'v2'")]))
    assert caught.value.names == ("5 at v2",)
    with pytest.raises(UnknownColumnError, match="bmi"):
        fit(data, "score ~ group * visit + bmi")
    with pytest.raises(MissingValuesError, match="age in 8 of"):
        fit(data.assign(age=data["age"].where(data["id"] != 1), score=data["score"].fillna(20)))
    with pytest.raises(OneLevelError, match="group has one level"):
        fit(data.query("group == 'pain'"))
    with pytest.raises(RankDeficientError, match="months") as caught:
        fit(data.assign(months=data["age"] * 12), "score ~ visit + age + months")
    assert caught.value.names == ("months",)
    with pytest.raises(RankDeficientError, match="No row has group pain with visit v8"):
        fit(data.query("not (group == 'pain' and visit == 'v8')"))
    with pytest.raises(ConstantError, match="score"):
        fit(data.assign(score=3.0))
    with pytest.raises(TooFewError):
        fit(data.query("id in (1, 40)"), "score ~ group * visit")
    with pytest.raises(ModelError, match="time"):
        fit(data, covariance="random_slope")
    with pytest.raises(OptionError, match="'compound_symmetry'"):
        fit(data, covariance="unstructured")
    with pytest.raises(ModelError, match="no '~'"):
        fit(data, "score")


def test_wrong_questions_are_named(table):
    ours = fit(table("intercept"))
    with pytest.raises(UnknownLevelError, match="there are v1, v2"):
        ours.contrasts("visit", by="group", reference="baseline")
    with pytest.raises(UnknownColumnError, match="age: not a factor"):
        ours.means("age")
    with pytest.raises(OptionError, match="twice"):
        ours.means("group", by="group")


@pytest.mark.parametrize("seed", range(40))
def test_a_small_variance_is_found_and_not_taken_for_zero(seed):
    """Balanced data have a closed form; a search that steps onto zero, where the slope vanishes, must come out."""
    wide = np.random.default_rng(seed).normal(0, 1, (30, 3)) + np.random.default_rng(seed + 100).normal(0, 0.2, (30, 1))
    long = pd.DataFrame({"id": np.repeat(range(30), 3), "visit": list("abc") * 30, "score": wide.ravel()})
    between = 3 * wide.mean(axis=1).var(ddof=1)
    within = ((wide - wide.mean(axis=1, keepdims=True) - wide.mean(axis=0) + wide.mean()) ** 2).sum() / (29 * 2)
    ours = fit(long, "score ~ visit")
    expected = max((between - within) / 3, 0)
    # A variance under a millionth of the residual one is reported as zero.
    assert ours.random_covariance[0, 0] == pytest.approx(expected, rel=1e-3, abs=2e-6 * within)
    assert ours.converged == (expected > 2e-6 * within)
