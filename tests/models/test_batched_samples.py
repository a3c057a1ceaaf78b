"""Completion, regression and mediation of many samples at once are those of each sample alone."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.models import OptionError, SingularCovarianceError, mediate
from helpers.models.batched.em import complete_batched
from helpers.models.batched.mediation import mediate_batched
from helpers.models.batched.regression import regress_batched
from helpers.models.bootstrap import acceleration, bootstrap_indirect, bootstrap_interval
from helpers.models.em import impute_em

# Both searches stop when nothing moves by 1e-8 of a standard deviation; near the end each step shortens the way that is
# left by a constant factor, so that the two ends may be some times that apart.
EM = 1e-6
EXACT = 1e-9  # closed forms: rounding alone


@pytest.fixture
def samples():
    rng = np.random.default_rng(5)
    values = rng.multivariate_normal([1, 2, 3], [[1, 0.6, 0.4], [0.6, 2, 0.9], [0.4, 0.9, 3]], (6, 30))
    values *= np.array([1, 1e-3, 1e4, 1, 5, 1])[:, None, None]
    values[:, rng.random((30, 3)) < np.array([0, 0.2, 0.3])] = np.nan
    return values


def test_completion_is_that_of_each_sample_alone(samples):
    completed, converged = complete_batched(samples)
    assert converged.all()
    for one, found in zip(samples, completed, strict=True):
        expected = impute_em(pd.DataFrame(one)).completed.to_numpy()
        np.testing.assert_allclose(found, expected, atol=EM * np.nanstd(one), rtol=0)


def test_what_was_observed_stays(samples):
    completed, _ = complete_batched(samples)
    seen = ~np.isnan(samples)
    assert (completed[seen] == samples[seen]).all()
    assert np.isfinite(completed).all()


def test_a_sample_with_a_singular_covariance_is_said_not_to_have_converged():
    values = np.random.default_rng(6).normal(size=(3, 20, 3))
    values[:, :4, 2] = np.nan
    values[1, :, 1] = 2 * values[1, :, 0]
    with pytest.raises(SingularCovarianceError):
        impute_em(pd.DataFrame(values[1]))
    assert complete_batched(values)[1].tolist() == [True, False, True]


def test_samples_with_other_gaps_are_refused(samples):
    samples[1, 0, 0] = np.nan
    with pytest.raises(OptionError, match="same places"):
        complete_batched(samples)
    samples[:, 0] = np.nan
    with pytest.raises(OptionError, match="no value"):
        complete_batched(samples)


def test_slopes_are_least_squares():
    rng = np.random.default_rng(2)
    y, x, z = rng.normal(size=(3, 4, 25))
    for slope, place in zip(regress_batched(y, x, z), (1, 2), strict=True):
        low, high = slope.interval(0.1)
        for i in range(4):
            fit = sm.OLS(y[i], sm.add_constant(np.column_stack([x[i], z[i]]))).fit()
            found = [slope.estimate[i], slope.se[i], slope.p[i], low[i], high[i]]
            expected = [fit.params[place], fit.bse[place], fit.pvalues[place], *fit.conf_int(0.1)[place]]
            np.testing.assert_allclose(found, expected, rtol=EXACT)
            assert slope.df == fit.df_resid


@pytest.mark.parametrize("n", [15, 33])
def test_mediation_is_that_of_each_sample_alone(n):
    rng = np.random.default_rng(n)
    x = rng.normal(3, 2, (5, n))
    m = 0.7 * x + rng.normal(size=(5, n))
    y = 4 * m - x + rng.normal(0, 3, (5, n))
    indices = rng.integers(0, n, (400, n))
    counts = np.array([np.bincount(row, minlength=n) for row in indices], dtype=float)
    found = mediate_batched(x, m, y, counts)
    for i in range(5):
        values = np.column_stack([x[i], m[i], y[i]])
        draws = bootstrap_indirect(values, indices)
        np.testing.assert_allclose(found.draws[i], np.sort(draws), rtol=1e-7)  # sums of products against a solver
        one = mediate(pd.DataFrame(values, columns=list("xmy")), "x", "m", "y", bootstrap=100)
        for name in ("a", "b", "direct", "total"):
            path, many = getattr(one, name), getattr(found, name)
            np.testing.assert_allclose(
                [many.estimate[i], many.se[i], many.p[i]], [path.estimate, path.se, path.p], rtol=EXACT
            )
        for test, aroian in ((one.sobel, False), (one.aroian, True)):
            se, p = found.normal(aroian)
            np.testing.assert_allclose([se[i], p[i]], [test.se, test.p], rtol=EXACT)
        speed = acceleration(found.left_out[i])
        np.testing.assert_allclose(speed, one.acceleration, rtol=1e-6)
        estimate = one.indirect.estimate
        intervals = {
            (): found.percentile(),
            (estimate,): found.corrected(),
            (estimate, speed): found.corrected(accelerated=True),
        }
        for more, (low, high) in intervals.items():
            np.testing.assert_allclose([low[i], high[i]], bootstrap_interval(draws, 0.05, *more), rtol=1e-7)


def test_samples_do_not_depend_on_their_neighbours():
    rng = np.random.default_rng(1)
    x, m, y = rng.normal(size=(3, 7, 20))
    counts = rng.multinomial(20, [0.05] * 20, 300).astype(float)
    together, alone = mediate_batched(x, m, y, counts), mediate_batched(x[3:4], m[3:4], y[3:4], counts)
    np.testing.assert_allclose(together.draws[3], alone.draws[0], rtol=EXACT)
