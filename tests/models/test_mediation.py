import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st
from pingouin import mediation_analysis
from scipy import stats

from helpers.models import (
    ConstantError,
    Interval,
    OptionError,
    RankDeficientError,
    TooFewError,
    UnknownColumnError,
    acceleration,
    bootstrap_indirect,
    bootstrap_interval,
    jackknife_indirect,
    mediate,
)

CLOSE = 1e-9  # least squares on both sides


@pytest.fixture(scope="module")
def data():
    rng = np.random.default_rng(33)
    frame = pd.DataFrame({"il_6": rng.normal(0, 0.4, 33), "age": rng.normal(40, 10, 33)})
    frame["vas"] = 1 + 1.2 * frame["il_6"] + rng.normal(0, 1, 33)
    frame["madrs"] = 15 + 3 * frame["il_6"] + 0.9 * frame["vas"] + rng.normal(0, 3, 33)
    return frame


def test_paths_are_those_of_pingouin(data):
    found = mediate(data, "il_6", "vas", "madrs")
    other = mediation_analysis(data, x="il_6", m="vas", y="madrs", n_boot=10, seed=1).set_index("path")
    # pingouin's "Y ~ X" rows: m ~ X is a, Direct is c', Total is c; "Y ~ m" is the regression without x.
    for path, name in ((found.a, "vas ~ X"), (found.direct, "Direct"), (found.total, "Total")):
        row = other.loc[name]
        assert [path.estimate, path.se, path.p] == pytest.approx(row[["coef", "se", "pval"]].tolist(), rel=CLOSE)
    assert found.indirect.estimate == pytest.approx(other.loc["Indirect", "coef"], rel=CLOSE)


def test_paths_are_those_of_ols_with_covariates(data):
    found = mediate(data, "il_6", "vas", "madrs", covariates=["age"], alpha=0.1)
    full = smf.ols("madrs ~ il_6 + vas + age", data).fit()
    for path, name in ((found.b, "vas"), (found.direct, "il_6")):
        expected = [full.params[name], full.bse[name], full.tvalues[name], *full.conf_int(0.1).loc[name]]
        assert [path.estimate, path.se, path.statistic, path.ci_low, path.ci_high] == pytest.approx(expected, rel=CLOSE)
    assert found.b.df == 29
    assert found.indirect.estimate + found.direct.estimate == pytest.approx(found.total.estimate, rel=CLOSE)


def test_normal_theory_tests_by_hand(data):
    found = mediate(data, "il_6", "vas", "madrs")
    a, sa, b, sb = found.a.estimate, found.a.se, found.b.estimate, found.b.se
    assert found.sobel.z == pytest.approx(a * b / np.sqrt(a**2 * sb**2 + b**2 * sa**2), rel=CLOSE)
    assert found.aroian.z == pytest.approx(a * b / np.sqrt(a**2 * sb**2 + b**2 * sa**2 + sa**2 * sb**2), rel=CLOSE)
    assert found.indirect.statistic == found.sobel.z


@pytest.mark.parametrize("covariates", [[], ["age"]])
def test_a_resample_is_the_regression_on_its_rows(data, covariates):
    indices = np.random.default_rng(8).integers(0, 33, (25, 33))
    values = data[["il_6", "vas", "madrs", *covariates]].to_numpy()
    extra = "".join(f" + {name}" for name in covariates)
    one_by_one = []
    for rows in indices:
        drawn = data.iloc[rows]
        a = smf.ols(f"vas ~ il_6{extra}", drawn).fit().params["il_6"]
        one_by_one.append(a * smf.ols(f"madrs ~ il_6 + vas{extra}", drawn).fit().params["vas"])
    # Cross-products square the condition number: three digits are lost.
    assert bootstrap_indirect(values, indices) == pytest.approx(np.array(one_by_one), rel=1e-8)


def test_intervals_are_quantiles_of_the_resamples(data):
    found = mediate(data, "il_6", "vas", "madrs", bootstrap=2000, seed=4)
    indices = np.random.default_rng(4).integers(0, 33, (2000, 33))
    draws = bootstrap_indirect(data[["il_6", "vas", "madrs"]].to_numpy(), indices)
    ordered = np.sort(draws)
    # PROCESS v2: the draws at ranks round(B p) and floor(B p) + 1.
    assert (found.percentile.low, found.percentile.high) == (ordered[49], ordered[1950])
    linear = mediate(data, "il_6", "vas", "madrs", bootstrap=2000, seed=4, quantiles="linear").percentile
    assert (linear.low, linear.high) == tuple(np.percentile(draws, [2.5, 97.5]))
    assert found.bootstrap_se == pytest.approx(draws.std(ddof=1), rel=CLOSE)
    assert found.bootstrap == 2000
    # pingouin takes the bias-corrected interval too, from draws of its own: 2,000 draws fix an end to about 5 %
    # of the interval's width.
    other = mediation_analysis(data, x="il_6", m="vas", y="madrs", n_boot=2000, seed=4).set_index("path")
    ours, theirs = found.bias_corrected, other.loc["Indirect", ["CI2.5", "CI97.5"]].to_numpy(float)
    assert [ours.low, ours.high] == pytest.approx(theirs, abs=0.1 * np.ptp(theirs))


def test_same_seed_same_numbers_and_rows_incomplete_are_left_out(data):
    gaps = pd.concat([data, data.head(3).assign(vas=np.nan)])
    assert mediate(gaps, "il_6", "vas", "madrs", seed=2) == mediate(data, "il_6", "vas", "madrs", seed=2)
    assert mediate(data, "il_6", "vas", "madrs", seed=3).percentile != mediate(data, "il_6", "vas", "madrs").percentile


def test_units_move_the_effect_but_no_test(data):
    plain = mediate(data, "il_6", "vas", "madrs", bootstrap=500)
    moved = mediate(data * [1e3, 1, 0.1, 5] + 4, "il_6", "vas", "madrs", bootstrap=500)
    scale = 5e-3
    assert moved.indirect.estimate == pytest.approx(plain.indirect.estimate * scale, rel=1e-8)
    assert moved.sobel.z == pytest.approx(plain.sobel.z, rel=1e-8)
    assert moved.bias_corrected.high == pytest.approx(plain.bias_corrected.high * scale, rel=1e-8)


def test_what_is_not_identified_is_refused(data):
    with pytest.raises(RankDeficientError, match="vas"):
        mediate(data.assign(vas=2 * data["il_6"] + 1), "il_6", "vas", "madrs")
    with pytest.raises(ConstantError, match="vas"):
        mediate(data.assign(vas=1.0), "il_6", "vas", "madrs")
    with pytest.raises(UnknownColumnError, match="pain"):
        mediate(data, "il_6", "pain", "madrs")
    with pytest.raises(TooFewError):
        mediate(data.head(4), "il_6", "vas", "madrs")
    with pytest.raises(OptionError, match="100"):
        mediate(data, "il_6", "vas", "madrs", bootstrap=5)


def test_the_default_is_ten_thousand_resamples(data):
    assert mediate(data, "il_6", "vas", "madrs").bootstrap == 10_000


@pytest.mark.parametrize("covariates", [[], ["age"]])
def test_leaving_out_a_row_is_the_regression_without_it(data, covariates):
    values = data[["il_6", "vas", "madrs", *covariates]].to_numpy()
    extra = "".join(f" + {name}" for name in covariates)
    one_by_one = []
    for row in data.index:
        rest = data.drop(row)
        a = smf.ols(f"vas ~ il_6{extra}", rest).fit().params["il_6"]
        one_by_one.append(a * smf.ols(f"madrs ~ il_6 + vas{extra}", rest).fit().params["vas"])
    assert jackknife_indirect(values) == pytest.approx(np.array(one_by_one), rel=1e-8)
    assert mediate(data, "il_6", "vas", "madrs", covariates).acceleration == pytest.approx(
        stats.skew(np.mean(one_by_one) - one_by_one) / (6 * np.sqrt(33)), rel=1e-6
    )


def test_bca_by_hand(data):
    found = mediate(data, "il_6", "vas", "madrs", seed=4)
    values = data[["il_6", "vas", "madrs"]].to_numpy()
    draws = np.sort(bootstrap_indirect(values, np.random.default_rng(4).integers(0, 33, (10_000, 33))))
    shift, a = stats.norm.ppf((draws < found.indirect.estimate).mean()), acceleration(jackknife_indirect(values))
    low, high = (stats.norm.cdf(shift + (shift + z) / (1 - a * (shift + z))) for z in stats.norm.ppf([0.025, 0.975]))
    ends = draws[int(np.floor(10_000 * low + 0.5)) - 1], draws[int(10_000 * high)]
    assert (found.bca.low, found.bca.high) == ends
    assert found.bca != found.bias_corrected


def test_ranks_that_are_not_whole_are_read_as_process_reads_them():
    # 199 draws: 4.975 is rounded to 5; 194.025 is cut to 194, plus 1. 150 draws: 3.75 to 4, and 146.25 to 147.
    assert bootstrap_interval(np.arange(1.0, 200)) == (5, 195)
    assert bootstrap_interval(np.arange(1.0, 151)) == (4, 147)


def test_without_bias_and_acceleration_all_intervals_are_one():
    draws = np.random.default_rng(1).normal(size=1000)
    middle = (np.sort(draws)[499] + np.sort(draws)[500]) / 2
    for rule in ("order", "normal", "linear"):
        assert bootstrap_interval(draws, 0.05, middle, quantiles=rule) == pytest.approx(
            bootstrap_interval(draws, 0.05, quantiles=rule), rel=1e-9
        )
    assert acceleration([3.0, 3.0, 3.0]) == 0


@settings(deadline=None, max_examples=30)
@given(st.integers(100, 600), st.floats(0.01, 100), st.integers(-5, 5), st.floats(-0.1, 0.1), st.floats(0.01, 0.2))
def test_intervals_move_with_the_draws(count, scale, shift, a, alpha):
    draws = np.random.default_rng(count).gamma(2, size=count)
    estimate = float(np.median(draws)) * 1.1
    for rule in ("order", "normal", "linear"):
        plain = np.array(bootstrap_interval(draws, alpha, estimate, a, rule))
        moved = bootstrap_interval(draws[::-1] * scale + shift, alpha, estimate * scale + shift, a, rule)
        assert moved == pytest.approx(plain * scale + shift, rel=1e-6, abs=1e-9)
        assert draws.min() <= plain[0] <= plain[1] <= draws.max()
        # The rules differ by the draws next to an end.
        ranks = np.searchsorted(np.sort(draws), plain)
        others = np.searchsorted(np.sort(draws), bootstrap_interval(draws, alpha, estimate, a, "linear"))
        assert np.abs(ranks - others).max() <= 2


@settings(deadline=None, max_examples=20)
@given(st.permutations(range(33)), st.floats(0.01, 100), st.integers(-20, 20))
def test_order_of_rows_and_units_leave_the_tests_alone(order, scale, shift):
    rng = np.random.default_rng(9)
    frame = pd.DataFrame(rng.normal(size=(33, 3)), columns=["x", "m", "y"])
    frame["m"] += frame["x"]
    plain = mediate(frame, "x", "m", "y", bootstrap=200)
    moved = mediate(frame.iloc[list(order)] * [scale, 1, 1] + [shift, 0, 0], "x", "m", "y", bootstrap=200)
    # Shifts of 20 over a scale of 0.01 cost about seven digits of a cross-product.
    assert moved.sobel.z == pytest.approx(plain.sobel.z, rel=1e-6)
    assert moved.acceleration == pytest.approx(plain.acceleration, rel=1e-5, abs=1e-9)
    assert moved.b.p == pytest.approx(plain.b.p, rel=1e-6)


def test_singular_resamples_are_left_out_and_counted(data):
    # A group of three in 33: about 4 % of the resamples have nobody of it.
    few = data.assign(group=(data.index < 3) * 1.0)
    found = mediate(few, "group", "vas", "madrs", seed=1)
    assert 9000 < found.bootstrap < 9900
    assert np.isfinite([found.percentile.low, found.bca.low]).all()


def test_a_row_that_cannot_be_left_out_leaves_no_bca_and_says_so(data):
    one = mediate(data.assign(group=(data.index < 1) * 1.0), "group", "vas", "madrs", seed=1)
    assert "no BCa interval" in one.method
    assert np.isnan([one.bca.low, one.bca.high, one.acceleration]).all()
    assert np.isfinite([one.percentile.low, one.bias_corrected.high]).all()


def test_too_few_usable_resamples_are_refused(data):
    with pytest.raises(TooFewError, match="usable resamples"):
        mediate(data.assign(group=(data.index < 1) * 1.0), "group", "vas", "madrs", bootstrap=110)
    with pytest.raises(OptionError, match="quantiles"):
        bootstrap_interval(np.arange(200.0), quantiles="r7")
    with pytest.raises(OptionError, match="BCa interval does not exist"):
        bootstrap_interval(np.arange(200.0), 0.05, 190.0, 2.0)


def test_an_outcome_without_error_is_no_crash(data):
    exact = mediate(data.assign(madrs=data["il_6"] + 2 * data["vas"]), "il_6", "vas", "madrs", bootstrap=200)
    assert exact.b.estimate == pytest.approx(2)
    assert isinstance(exact.bca, Interval)
    assert exact.bca.low < exact.indirect.estimate < exact.bca.high
