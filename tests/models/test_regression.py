import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.models import ConstantError, OptionError, TooFewError, slope

EXACT = 1e-9  # one closed form against another


def data(seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(3, 2, 33)
    return x, 1.5 * x + rng.normal(0, 3, 33)


def test_slope_is_that_of_ols():
    x, y = data()
    fit, ols = slope(x, y, alpha=0.1), sm.OLS(y, sm.add_constant(x)).fit()
    found = [fit.slope, fit.se, fit.statistic, fit.p, fit.ci_low, fit.ci_high, fit.r_squared, fit.df]
    expected = [ols.params[1], ols.bse[1], ols.tvalues[1], ols.pvalues[1], *ols.conf_int(0.1)[1], ols.rsquared, 31]
    assert found == pytest.approx(expected, rel=EXACT)
    assert fit.beta == pytest.approx(np.corrcoef(x, y)[0, 1], rel=EXACT)


def test_incomplete_pairs_are_left_out():
    fit = slope([1, 2, 3, 4, None], [2, np.nan, 5, 8, 9])
    assert fit == slope([1, 3, 4], [2, 5, 8])
    assert fit.n == 3


@settings(deadline=None, max_examples=50)
@given(st.floats(0.01, 100), st.floats(0.01, 100), st.floats(-50, 50))
def test_units_change_the_slope_only(in_x, in_y, shift):
    x, y = data()
    plain, moved = slope(x, y), slope(x * in_x + shift, y * in_y - shift)
    # A shift of 50 on a spread of 0.02 leaves about twelve digits.
    assert moved.slope == pytest.approx(plain.slope * in_y / in_x, rel=1e-8)
    assert (moved.beta, moved.statistic, moved.p) == pytest.approx((plain.beta, plain.statistic, plain.p), rel=1e-8)


def test_a_perfect_line_has_no_error():
    fit = slope([1, 2, 3], [2, 4, 6])
    assert (fit.slope, fit.beta, fit.r_squared) == pytest.approx((2, 1, 1))
    assert fit.p < 1e-6


@pytest.mark.parametrize(
    ("x", "y", "error"),
    [
        ([1, 2], [1, 2], TooFewError),
        ([1, 1, 1], [1, 2, 3], ConstantError),
        ([1, 2, 3], [4, 4, 4], ConstantError),
        ([1, 2], [1, 2, 3], OptionError),
    ],
)
def test_what_has_no_slope_is_refused(x, y, error):
    with pytest.raises(error):
        slope(x, y)
