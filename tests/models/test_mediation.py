import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from pingouin import mediation_analysis

from helpers.models import (
    ConstantError,
    OptionError,
    RankDeficientError,
    TooFewError,
    UnknownColumnError,
    bootstrap_indirect,
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
    assert (found.percentile.low, found.percentile.high) == tuple(np.percentile(draws, [2.5, 97.5]))
    assert found.bootstrap_se == draws.std(ddof=1)
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
