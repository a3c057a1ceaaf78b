"""Designs whose answers are known: analysis of variance, Hotelling's T², Welch's and Student's t, least squares."""

import warnings

import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.formula.api as smf
from scipy import stats

from helpers.models import fit_repeated, manova

FORMULA = "score ~ group * visit"
METHODS = [(df, information) for df in ("satterthwaite", "kenward-roger") for information in ("observed", "expected")]
methods = pytest.mark.parametrize(("df", "information"), METHODS)
# The search leaves an error of about 1e-8 in the covariance parameters; nothing else differs from the closed forms.
CLOSE = 1e-6


def made(subjects, visits, seed, between=2.0, scale=1.0):
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, between, (subjects, 1)) + rng.normal(0, 1, (subjects, visits)) * scale
    return noise + 0.4 * np.arange(visits)


def mixed_anova(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=Warning)  # of pandas, about pingouin's use of it
        return pingouin.mixed_anova(data, dv="score", within="visit", subject="id", between="group").set_index("Source")


def numbers(table, *columns):
    return table[list(columns)].to_numpy(float)


@methods
@pytest.mark.parametrize("options", [{"covariance": "compound_symmetry"}, {"random": "intercept"}])
@pytest.mark.parametrize("subjects", [24, 6])
def test_balanced_compound_symmetry_is_the_mixed_analysis_of_variance(long, options, subjects, df, information):
    data = long(made(subjects, 4, subjects))
    ours = fit_repeated(data, FORMULA, "id", "visit", **options).tests(df, information)
    theirs = mixed_anova(data)
    assert numbers(ours, "df1", "df2", "F") == pytest.approx(numbers(theirs, "DF1", "DF2", "F"), rel=CLOSE)
    assert ours["p"].to_numpy() == pytest.approx(theirs["p_unc"].to_numpy(), abs=1e-6)


@methods
def test_an_exact_f_without_a_mean_is_still_exact(long, df, information):
    """Three subjects in two groups at three visits leave 2 degrees of freedom, where Kenward-Roger's ratio is 0 / 0."""
    values = made(3, 3, 3)
    ours = fit_repeated(long(values), FORMULA, "id", "visit", "compound_symmetry").tests(df, information)
    assert numbers(ours, "df1", "df2") == pytest.approx(np.array([[1, 1], [2, 2], [2, 2]]), rel=CLOSE)
    assert (ours["F"] > 0).all()
    wald = fit_repeated(long(values), FORMULA, "id", "visit", "compound_symmetry").tests("asymptotic")
    assert ours["F"].to_numpy() == pytest.approx(wald["F"].to_numpy(), rel=CLOSE)


@methods
def test_balanced_compound_symmetry_has_satterthwaites_df_for_a_group_at_a_visit(long, df, information):
    subjects, visits = 24, 4
    data = long(made(subjects, visits, 1))
    ours = fit_repeated(data, FORMULA, "id", "visit", "compound_symmetry")
    table = mixed_anova(data)
    wide = data.pivot(index="id", columns="visit", values="score").to_numpy()
    halves = wide.reshape(2, -1, visits)
    centred = halves - halves.mean(axis=1, keepdims=True)
    between = visits * (centred.mean(axis=2) ** 2).sum() / table.loc["group", "DF2"]
    within = ((centred - centred.mean(axis=2, keepdims=True)) ** 2).sum() / table.loc["visit", "DF2"]
    assert ours.parameters.to_numpy() == pytest.approx([within, (between - within) / visits], rel=CLOSE)
    # The variance at one visit is a weighted sum of the two mean squares.
    rest = (visits - 1) * within
    expected = (between + rest) ** 2 / (between**2 / table.loc["group", "DF2"] + rest**2 / table.loc["visit", "DF2"])
    means = ours.means("group", by="visit", df=df, information=information)
    assert means["df"].to_numpy() == pytest.approx(expected, rel=CLOSE)
    assert means["se"].to_numpy() == pytest.approx(np.sqrt((between + rest) / visits / 12), rel=CLOSE)
    pairs = ours.contrasts("visit", by="group", df=df, information=information)
    assert pairs["df"].to_numpy() == pytest.approx(table.loc["visit", "DF2"], rel=CLOSE)
    assert pairs["se"].to_numpy() == pytest.approx(np.sqrt(2 * within / 12), rel=CLOSE)


def hotelling(values, weights, spread, df):
    """F and its degrees of freedom for equal means of all visits; values (visits,) with covariance weights x spread."""
    visits = len(values)
    differences = np.diff(np.eye(visits), axis=0)
    at, covariance = differences @ values, weights * differences @ spread @ differences.T
    q = visits - 1
    return at @ np.linalg.solve(covariance, at) * (df - q + 1) / (df * q), q, df - q + 1


@pytest.mark.parametrize("information", ["observed", "expected"])
@pytest.mark.parametrize(("subjects", "visits"), [(20, 4), (11, 3), (6, 5), (6, 4), (4, 3)])
def test_kenward_roger_is_hotelling_on_complete_unstructured_data(long, subjects, visits, information):
    """Down to one and two denominator degrees of freedom, at which the F has no mean."""
    values = made(subjects, visits, subjects, scale=np.linspace(1, 2, visits))
    data = long(values)
    one, two = values[: subjects // 2], values[subjects // 2 :]
    df = subjects - 2
    spread = (np.cov(one.T) * (len(one) - 1) + np.cov(two.T) * (len(two) - 1)) / df
    if df < visits:
        # More visits than degrees of freedom: the pooled covariance is singular. One group is enough then.
        data, df, spread = data.assign(group="all"), subjects - 1, np.cov(values.T)
        ours = fit_repeated(data, "score ~ visit", "id", "visit")
        expected = [hotelling(values.mean(axis=0), 1 / subjects, spread, df)]
    else:
        ours = fit_repeated(data, FORMULA, "id", "visit")
        weights = 1 / len(one) + 1 / len(two)
        gap = one.mean(axis=0) - two.mean(axis=0)
        expected = [
            (stats.ttest_ind(one.mean(axis=1), two.mean(axis=1)).statistic ** 2, 1, df),
            hotelling((one.mean(axis=0) + two.mean(axis=0)) / 2, weights / 4, spread, df),
            hotelling(gap, weights, spread, df),
        ]
    assert ours.converged
    found = numbers(ours.tests("kenward-roger", information), "F", "df1", "df2")
    assert found == pytest.approx(np.array(expected), rel=CLOSE)
    adjusted = ours.inference("kenward-roger", information).vcov
    assert adjusted == pytest.approx(ours.vcov.to_numpy(), rel=1e-6, abs=1e-9)
    assert ours.covariance.to_numpy() == pytest.approx(spread, rel=CLOSE)


def test_kenward_rogers_interaction_is_the_test_of_manova(long):
    values = made(24, 4, 8)
    data = long(values)
    changes = pd.DataFrame(np.diff(values, axis=1), columns=["one", "two", "three"])
    changes["group"] = data.groupby("id")["group"].first().to_numpy()
    theirs = manova(changes, ["one", "two", "three"], "~ group").set_index("statistic").loc["pillai"]
    ours = fit_repeated(data, FORMULA, "id", "visit").tests("kenward-roger").set_index("term").loc["group:visit"]
    assert [ours["F"], ours["df1"], ours["df2"]] == pytest.approx(
        [theirs["F"], theirs["df1"], theirs["df2"]], rel=CLOSE
    )


@methods
def test_a_visit_of_complete_unstructured_data_is_its_own_t_test(long, df, information):
    values = made(17, 4, 9, scale=np.array([1, 2, 3, 4]))
    ours = fit_repeated(long(values), FORMULA, "id", "visit")
    pairs = ours.contrasts("group", by="visit", df=df, information=information)
    theirs = [stats.ttest_ind(values[:8, visit], values[8:, visit]) for visit in range(4)]
    assert pairs["t"].to_numpy() == pytest.approx([test.statistic for test in theirs], rel=CLOSE)
    assert pairs["p"].to_numpy() == pytest.approx([test.pvalue for test in theirs], abs=1e-7)
    assert pairs["df"].to_numpy() == pytest.approx(15, rel=CLOSE)
    interval = theirs[2].confidence_interval(0.95)
    assert numbers(pairs, "ci_low", "ci_high")[2] == pytest.approx([interval.low, interval.high], rel=CLOSE)


@methods
def test_visits_of_one_group_are_paired_t_tests(long, df, information):
    values = made(9, 3, 2)
    pairs = fit_repeated(long(values), "score ~ visit", "id", "visit").contrasts(
        "visit", df=df, information=information
    )
    theirs = [stats.ttest_rel(values[:, i], values[:, j]) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert pairs["t"].to_numpy() == pytest.approx([test.statistic for test in theirs], rel=CLOSE)
    assert pairs["df"].to_numpy() == pytest.approx(8, rel=CLOSE)
    assert pairs["p_adjusted"].to_numpy() == pytest.approx([min(1, 3 * test.pvalue) for test in theirs], abs=1e-7)


@methods
def test_diagonal_visits_are_welchs_t_tests(long, df, information):
    """Independent visits with variances of their own: Welch's statistic and Welch's degrees of freedom."""
    values = made(20, 3, 4, between=0, scale=np.array([1, 2, 5]))
    values[12:, 1] = np.nan
    values[17:, 2] = np.nan
    ours = fit_repeated(long(values), "score ~ visit", "id", "visit", "diagonal")
    pairs = ours.contrasts("visit", df=df, information=information)
    seen = [column[~np.isnan(column)] for column in values.T]
    theirs = [stats.ttest_ind(seen[i], seen[j], equal_var=False) for i, j in ((0, 1), (0, 2), (1, 2))]
    assert pairs["t"].to_numpy() == pytest.approx([test.statistic for test in theirs], rel=CLOSE)
    assert pairs["df"].to_numpy() == pytest.approx([test.df for test in theirs], rel=CLOSE)
    assert ours.parameters.to_numpy() == pytest.approx([column.var(ddof=1) for column in seen], rel=CLOSE)


@methods
def test_identity_is_least_squares(table, df, information):
    data = table("intercept").dropna()
    ours = fit_repeated(data, f"{FORMULA} + age", "id", "visit", "identity")
    theirs = smf.ols("score ~ C(group, Sum) * C(visit, Sum) + age", data).fit()
    assert np.sort(ours.coefficients) == pytest.approx(np.sort(theirs.params), rel=1e-9)
    assert ours.parameters["variance"] == pytest.approx(theirs.mse_resid, rel=CLOSE)
    tests = ours.tests(df, information)
    assert tests["df2"].to_numpy() == pytest.approx(theirs.df_resid, rel=CLOSE)
    anova = theirs.wald_test_terms(scalar=True).table
    assert sorted(tests["F"]) == pytest.approx(sorted(anova["statistic"][1:]), rel=CLOSE)
    pd.testing.assert_frame_equal(tests, ours.tests("residual"), rtol=CLOSE, check_dtype=False)


def test_ml_of_identity_is_the_likelihood_of_least_squares(table):
    data = table("intercept").dropna()
    ours = fit_repeated(data, f"{FORMULA} + age", "id", "visit", "identity", method="ml")
    theirs = smf.ols("score ~ C(group, Sum) * C(visit, Sum) + age", data).fit()
    assert ours.deviance == pytest.approx(-2 * theirs.llf, abs=1e-7)
    # statsmodels counts the coefficients alone, not the variance.
    assert ours.aic == pytest.approx(theirs.aic + 2, abs=1e-7)


def test_ml_divides_by_the_subjects_and_reml_by_those_left(long):
    data = long(made(20, 4, 11))
    reml, ml = (fit_repeated(data, FORMULA, "id", "visit", method=method) for method in ("reml", "ml"))
    assert ml.covariance.to_numpy() == pytest.approx(reml.covariance.to_numpy() * 18 / 20, rel=CLOSE)
    # A larger model of the means has the larger likelihood; restricted ones do not compare.
    smaller = fit_repeated(data, "score ~ group + visit", "id", "visit", method="ml")
    assert smaller.deviance > ml.deviance
    assert (ml.aic - ml.deviance, reml.aic - reml.deviance) == pytest.approx((2 * (10 + 8), 2 * 10))
    assert (ml.bic - ml.deviance, reml.bic - reml.deviance) == pytest.approx((18 * np.log(20), 10 * np.log(20)))


def test_whitened_residuals_are_uncorrelated_with_unit_variance(long):
    ours = fit_repeated(long(made(40, 4, 12)), FORMULA, "id", "visit", method="ml")
    left = ours.normalised_residuals.to_numpy().reshape(40, 4)
    assert left.T @ left / 40 == pytest.approx(np.eye(4), abs=1e-6)


@pytest.mark.parametrize("seed", range(12))
def test_a_small_variance_is_found_and_not_taken_for_zero(seed):
    """A search that steps onto zero, where the slope vanishes, must come out again."""
    rng, other = np.random.default_rng(seed), np.random.default_rng(seed + 100)
    wide = rng.normal(0, 1, (30, 3)) + other.normal(0, 0.2, (30, 1))
    long = pd.DataFrame({"id": np.repeat(range(30), 3), "visit": list("abc") * 30, "score": wide.ravel()})
    between = 3 * wide.mean(axis=1).var(ddof=1)
    within = ((wide - wide.mean(axis=1, keepdims=True) - wide.mean(axis=0) + wide.mean()) ** 2).sum() / (29 * 2)
    ours = fit_repeated(long, "score ~ visit", "id", "visit", random="intercept")
    expected = max((between - within) / 3, 0)
    # A variance under a millionth of the residual one is reported as zero.
    assert ours.parameters["intercept variance"] == pytest.approx(expected, rel=1e-3, abs=2e-6 * within)
    assert ours.converged == (expected > 2e-6 * within)
    common = fit_repeated(long, "score ~ visit", "id", "visit", "compound_symmetry")
    assert common.converged
    assert common.parameters["covariance"] == pytest.approx((between - within) / 3, rel=1e-5, abs=1e-7)
