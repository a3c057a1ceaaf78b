import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pingouin import anova
from scipy import stats

from helpers.models import OptionError, ancova, effects_of_f, noncentral_f

EXACT = 1e-10  # closed forms


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 200), st.integers(1, 12), st.floats(3, 500))
def test_the_ends_are_where_the_distribution_says(f, df1, df2):
    low, high = noncentral_f(f, df1, df2)
    assert 0 <= low <= high
    for end, p in ((low, 0.975), (high, 0.025)):
        found = stats.ncf.cdf(f, df1, df2, end) if end > 0 else stats.f.cdf(f, df1, df2)
        # Solved to 1e-13 in the end, whose slope in probability is at most one.
        assert found == pytest.approx(p, abs=1e-9) if end > 0 else found <= p + 1e-9


def test_zero_is_left_out_at_ninety_percent_exactly_when_the_test_is_significant():
    critical = stats.f.isf(0.05, 3, 40)
    for f, outside in ((critical * 1.001, True), (critical * 0.999, False)):
        assert (effects_of_f(f, 3, 40, alpha=0.1)["ci_low"].iloc[0] > 0) == outside


def test_partial_eta_squared_is_the_share_of_the_sum_of_squares(table):
    data = table("three_groups")
    found = ancova(data, "y3", "~ group + age").set_index("term")
    for term in found.index:
        row = found.loc[term]
        effects = effects_of_f(row["F"], row["df1"], row["df2"]).set_index("effect")["value"]
        assert effects["partial_eta2"] == pytest.approx(row["partial_eta2"], rel=EXACT)
        assert effects["cohens_f"] ** 2 == pytest.approx(row["partial_eta2"] / (1 - row["partial_eta2"]), rel=EXACT)


def test_one_way_epsilon_and_omega_by_sums_of_squares(table):
    data = table("three_groups")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pingouin 0.7 uses an argument that pandas 3.1 deprecates
        sums = anova(data, dv="y4", between="group", detailed=True).set_index("Source")
    between, within = sums.loc["group", "SS"], sums.loc["Within", "SS"]
    ms = within / sums.loc["Within", "DF"]
    effects = effects_of_f(between / 2 / ms, 2, sums.loc["Within", "DF"]).set_index("effect")["value"]
    assert effects["epsilon2"] == pytest.approx((between - 2 * ms) / (between + within), rel=1e-8)
    assert effects["omega2"] == pytest.approx((between - 2 * ms) / (between + within + ms), rel=1e-8)


def test_below_one_the_unbiased_ones_are_negative_and_an_f_of_zero_is_no_effect():
    effects = effects_of_f(0.0, 2, 30).set_index("effect")
    assert effects.loc["partial_eta2", ["value", "ci_low", "ci_high"]].tolist() == [0, 0, 0]
    assert (effects.loc[["epsilon2", "omega2"], "value"] < 0).all()


def test_steigers_population_is_the_default_and_rows_can_be_given():
    plain, given_n = effects_of_f(5, 2, 60), effects_of_f(5, 2, 60, n=63)
    assert plain.equals(given_n)
    low, high = noncentral_f(5, 2, 60)
    wide = effects_of_f(5, 2, 60, n=100)
    assert wide.loc[0, ["ci_low", "ci_high"]].tolist() == pytest.approx([low / (low + 100), high / (high + 100)])
    assert wide["value"].equals(plain["value"])


@pytest.mark.parametrize("arguments", [(-1, 2, 30), (np.nan, 2, 30), (2, 0, 30), (2, 2, np.inf), (2, 2, 30, 0.05, 0)])
def test_numbers_that_are_no_test_are_refused(arguments):
    with pytest.raises(OptionError):
        effects_of_f(*arguments)
