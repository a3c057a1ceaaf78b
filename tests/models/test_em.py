import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.models import ConstantError, ModelError, OptionError, SingularCovarianceError, impute_em


def monotone(seed=1, n=60):
    """b is missing for the last third only, so the maximum likelihood has a closed form."""
    rng = np.random.default_rng(seed)
    a = rng.normal(5, 2, n)
    b = 3 + 0.7 * a + rng.normal(0, 1, n)
    b[40:] = np.nan
    return pd.DataFrame({"a": a, "b": b})


def test_estimates_are_those_of_lavaan(answers, table):
    fit, r = impute_em(table("incomplete")), answers["em"]
    assert fit.converged
    # The same maximum found by two searches: flat to second order, so the likelihood agrees far closer than the rest.
    assert fit.loglik == pytest.approx(r["loglik"], abs=1e-8)
    assert fit.mean.to_numpy() == pytest.approx(r["mean"], rel=1e-6)
    assert fit.covariance.to_numpy() == pytest.approx(np.array(r["covariance"]), rel=1e-5)
    assert fit.little.statistic == pytest.approx(r["little"]["statistic"], rel=1e-5)
    assert (fit.little.df, fit.little.p) == pytest.approx((r["little"]["df"], r["little"]["p"]), rel=1e-5)


def test_monotone_gaps_have_the_factored_likelihood():
    frame = monotone()
    seen = frame.dropna()
    line = stats.linregress(seen["a"], seen["b"])
    residual = np.var(seen["b"] - line.intercept - line.slope * seen["a"])
    fit = impute_em(frame)
    # EM stops when nothing moves by 1e-8; being linear, what is left to go is a few times that.
    assert fit.mean["b"] == pytest.approx(line.intercept + line.slope * frame["a"].mean(), rel=1e-6)
    assert fit.covariance.loc["b", "b"] == pytest.approx(residual + line.slope**2 * frame["a"].var(ddof=0), rel=1e-6)
    expected = line.intercept + line.slope * frame["a"]
    assert fit.completed["b"].iloc[40:].to_numpy() == pytest.approx(expected.iloc[40:].to_numpy(), rel=1e-6)


def test_complete_data_are_left_alone():
    frame = monotone().iloc[:40]
    fit = impute_em(frame)
    pd.testing.assert_frame_equal(fit.completed, frame)
    assert fit.covariance.to_numpy() == pytest.approx(frame.cov(ddof=0).to_numpy(), rel=1e-10)
    density = stats.multivariate_normal(frame.mean(), frame.cov(ddof=0)).logpdf(frame).sum()
    assert fit.loglik == pytest.approx(density, rel=1e-10)
    assert fit.little.df == 0
    assert np.isnan(fit.little.p)


def test_units_and_order_of_columns_and_rows_do_not_matter(table):
    frame = table("incomplete")
    other = frame[["d", "c", "a", "b"]].iloc[::-1] * [1e-3, 10, 1e4, 1] + 7
    one, two = impute_em(frame), impute_em(other)
    restored = ((two.completed - 7) / [1e-3, 10, 1e4, 1])[frame.columns].sort_index()
    assert restored.to_numpy() == pytest.approx(one.completed.to_numpy(), rel=1e-6)
    assert two.little.statistic == pytest.approx(one.little.statistic, rel=1e-6)


def test_every_step_raises_the_likelihood(table):
    reached = [impute_em(table("incomplete"), iterations=number).loglik for number in range(1, 12)]
    assert (np.diff(reached) > 0).all()


def test_stopping_early_is_said(table):
    fit = impute_em(table("incomplete"), iterations=2)
    assert not fit.converged
    assert "2 iterations" in fit.message


def test_a_singular_covariance_is_named():
    frame = monotone().assign(c=lambda t: 2 * t["a"] - 1)
    with pytest.raises(SingularCovarianceError) as caught:
        impute_em(frame)
    assert set(caught.value.names) == {"a", "c"}


def test_more_columns_than_complete_rows_are_refused():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.normal(size=(20, 19))).add_prefix("y")
    frame.iloc[:6, 12:] = np.nan
    with pytest.raises(SingularCovarianceError, match="fewer columns"):
        impute_em(frame, iterations=20_000)


def test_all_analytes_and_visits_at_once_end_one_way_or_the_other():
    # 66 x 57 with five samples missing: more complete rows than columns, so the estimate exists and is found.
    rng = np.random.default_rng(3)
    values = rng.normal(size=(66, 57)) + rng.normal(size=(66, 1))
    values[:5, 38:] = np.nan
    fit = impute_em(pd.DataFrame(values), iterations=300)
    assert np.isfinite(fit.completed.to_numpy()).all()
    assert fit.converged or "not converged" in fit.message


def test_a_group_indicator_may_be_a_column():
    frame = monotone().assign(group=np.tile([0, 1], 30))
    assert impute_em(frame).completed["group"].tolist() == frame["group"].tolist()


def test_what_holds_no_information_is_refused():
    frame = monotone()
    with pytest.raises(ConstantError, match="same"):
        impute_em(frame.assign(same=1.0))
    with pytest.raises(ModelError, match="gone: no value"):
        impute_em(frame.assign(gone=np.nan))
    with pytest.raises(ModelError, match="Rows 50"):
        impute_em(frame.assign(a=frame["a"].where(frame.index != 50)))


def test_apple_crop_of_little_and_rubin():
    # Snedecor and Cochran's apple data, Little and Rubin table 7.4: worms are not recorded for the six smallest crops.
    size = [8, 6, 11, 22, 14, 17, 18, 24, 19, 23, 26, 40, 4, 4, 5, 6, 8, 10]
    worms = [59, 58, 56, 53, 50, 45, 43, 42, 39, 38, 30, 27] + [None] * 6
    fit = impute_em(pd.DataFrame({"size": size, "worms": worms}, dtype=float))
    assert fit.mean.round(2).tolist() == [14.72, 49.33]
    assert fit.covariance.loc["size"].round(1).tolist() == [89.5, -90.7]
    assert round(fit.covariance.loc["worms", "worms"], 1) == 114.7


@pytest.mark.parametrize("options", [{"tolerance": 0}, {"tolerance": float("nan")}, {"iterations": 0}])
def test_limits_that_are_none_are_refused(options):
    with pytest.raises(OptionError, match="positive"):
        impute_em(monotone(), **options)


def test_half_of_a_column_missing_and_few_rows():
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(rng.normal(size=(16, 3)) + rng.normal(size=(16, 1)), columns=list("abc"))
    frame.loc[:7, "c"] = np.nan
    fit = impute_em(frame)
    assert fit.converged
    assert np.linalg.eigvalsh(fit.covariance)[0] > 0
