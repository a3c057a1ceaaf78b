import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from helpers.models import (
    ConstantError,
    ModelError,
    OptionError,
    TooFewError,
    cohens_d,
    cohens_d_from_difference,
    cohens_d_from_t,
    cohens_d_paired,
    hedges_j,
    noncentral_t,
    student_t,
)

EXACT = 1e-10  # closed forms
NUMBERS = ("value", "ci_low", "ci_high")
samples = arrays(float, st.integers(3, 20), elements=st.integers(-100, 100).map(float)).filter(lambda v: np.ptp(v) > 0)


def numbers(effect):
    return [getattr(effect, name) for name in NUMBERS]


def test_d_and_its_interval_by_hand():
    rng = np.random.default_rng(5)
    x, y = rng.normal(1, 1, 33), rng.normal(0, 2, 30)
    pooled = np.sqrt((32 * x.var(ddof=1) + 29 * y.var(ddof=1)) / 61)
    d = (x.mean() - y.mean()) / pooled
    half = stats.t.ppf(0.975, 61) * np.sqrt(63 / (33 * 30) + d**2 / (2 * 63))
    found = cohens_d(np.append(x, np.nan), y)
    assert (found.value, found.ci_low, found.ci_high) == pytest.approx((d, d - half, d + half), rel=EXACT)
    assert found.n == 63


def test_d_is_t_without_the_sample_size():
    x, y = [1, 4, 2, 8], [2, 1, 1, 3, 2]
    assert cohens_d(x, y).value == pytest.approx(student_t(x, y).statistic * np.sqrt(1 / 4 + 1 / 5), rel=EXACT)


def test_a_group_may_be_constant_but_not_both():
    assert cohens_d([3, 4, 5], [0, 0, 0]).value > 0
    with pytest.raises(ConstantError):
        cohens_d([1, 1], [0, 0])
    with pytest.raises(ConstantError, match="second"):
        cohens_d([3, 4, 5], [0, 0, 0], standardiser="second")
    assert cohens_d([0, 0, 0], [3, 4, 5], standardiser="second").value == -4


def test_definitions_by_hand():
    x, y = np.array([1.0, 2, 6]), np.array([2.0, 4, 9, 9])
    difference, (a, b) = x.mean() - y.mean(), (x.var(ddof=1), y.var(ddof=1))
    assert cohens_d(x, y, standardiser="average").value == pytest.approx(difference / np.sqrt((a + b) / 2), rel=EXACT)
    assert cohens_d(x, y, standardiser="second").value == pytest.approx(difference / np.sqrt(b), rel=EXACT)
    g, d = cohens_d(x, y, hedges=True), cohens_d(x, y)
    assert numbers(g) == pytest.approx([hedges_j(5) * number for number in numbers(d)], rel=EXACT)
    assert (g.method, d.method) == ("Hedges' g, pooled SD", "Cohen's d, pooled SD")


def test_hedges_correction_is_exact_not_approximate():
    assert hedges_j(2) == pytest.approx(1 / np.sqrt(np.pi), rel=EXACT)
    df = np.arange(2, 200)
    # The usual 1 - 3 / (4 df - 1) is within 0.007 at 2 df and far closer soon after, but not equal.
    assert hedges_j(df) == pytest.approx(1 - 3 / (4 * df - 1), abs=0.008)
    assert abs(hedges_j(4) - (1 - 3 / 15)) > 1e-3
    with pytest.raises(OptionError):
        hedges_j(1)


@settings(deadline=None, max_examples=40)
@given(
    samples, samples, st.integers(-50, 50), st.floats(0.01, 100), st.sampled_from(["pooled", "average"]),
    st.sampled_from(["large-sample", "noncentral"]),
)  # fmt: skip
def test_d_ignores_shift_and_scale_and_turns_with_the_groups(x, y, shift, scale, standardiser, interval):
    options = {"standardiser": standardiser, "interval": interval}
    plain = cohens_d(x, y, **options)
    # Shifts cost about 1e-14 x 50 of the smallest difference, 1e-2.
    assert numbers(cohens_d(x * scale + shift, y * scale + shift, **options)) == pytest.approx(
        numbers(plain), rel=1e-7, abs=1e-7
    )
    turned = cohens_d(y, x, **options)
    assert [turned.value, turned.ci_high, turned.ci_low] == pytest.approx(
        [-n for n in numbers(plain)], rel=1e-9, abs=1e-9
    )
    assert numbers(cohens_d(x[::-1], y, **options)) == pytest.approx(numbers(plain), rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=40)
@given(samples, samples)
def test_the_exact_interval_leaves_out_zero_when_the_t_test_is_significant(x, y):
    t = student_t(x, y)
    d = cohens_d(x, y, interval="noncentral")
    if abs(t.p - 0.05) > 1e-6:
        assert (d.ci_low > 0 or d.ci_high < 0) == (t.p < 0.05)
    assert numbers(cohens_d_from_t(t.statistic, len(x), len(y))) == pytest.approx(numbers(d), rel=1e-8, abs=1e-8)


@settings(deadline=None, max_examples=40)
@given(st.floats(-20, 20), st.floats(2, 300))
def test_the_ends_are_where_the_noncentral_t_says(t, df):
    low, high = noncentral_t(t, df)
    assert low < high
    # Solved to 1e-13 in the end, whose slope in probability is below one.
    assert stats.nct.sf(abs(t), df, low if t >= 0 else -high) == pytest.approx(0.025, abs=1e-9)
    assert stats.nct.cdf(abs(t), df, high if t >= 0 else -low) == pytest.approx(0.025, abs=1e-9)


def test_groups_wholly_apart_and_groups_of_two():
    apart = cohens_d(np.arange(5), np.arange(5) + 1000, interval="noncentral")
    assert apart.ci_low < apart.value < apart.ci_high < -200
    tiny = cohens_d([1, 2], [2, 4], interval="noncentral")
    assert tiny.ci_low < tiny.value < tiny.ci_high


def test_paired_definitions_and_their_relations():
    rng = np.random.default_rng(2)
    x = rng.normal(10, 3, 25)
    y = 0.6 * x + rng.normal(2, 2, 25)
    r = np.corrcoef(x, y)[0, 1]
    z, average, repeated = (cohens_d_paired(x, y, standardiser=kind) for kind in ("change", "average", "repeated"))
    assert z.value == pytest.approx(stats.ttest_rel(x, y).statistic / 5, rel=EXACT)
    assert average.value == pytest.approx((x - y).mean() / np.sqrt((x.var(ddof=1) + y.var(ddof=1)) / 2), rel=EXACT)
    assert repeated.value == pytest.approx(z.value * np.sqrt(2 * (1 - r)), rel=EXACT)
    same = (y - y.mean()) / y.std() * x.std() + y.mean()
    one, two = (cohens_d_paired(x, same, standardiser=kind) for kind in ("average", "repeated"))
    assert numbers(one) == pytest.approx(numbers(two), rel=1e-9)
    assert cohens_d_paired(np.append(x, np.nan), np.append(y, 3)).n == 25
    turned = cohens_d_paired(y, x)
    assert [-turned.value, -turned.ci_high, -turned.ci_low] == pytest.approx(numbers(average), rel=EXACT)
    g = cohens_d_paired(x, y, standardiser="change", hedges=True)
    assert g.value == pytest.approx(z.value * hedges_j(24), rel=EXACT)


def test_pairs_without_an_answer_are_refused():
    with pytest.raises(ConstantError, match="do not vary"):
        cohens_d_paired([1, 2, 3], [2, 3, 4])
    with pytest.raises(TooFewError):
        cohens_d_paired([1, 2], [2, 5])
    with pytest.raises(OptionError, match="different lengths"):
        cohens_d_paired([1, 2, 3], [2, 5])
    with pytest.raises(ModelError, match="perfectly correlated"):
        cohens_d_paired([1, 2, 3], [2, 4, 6], standardiser="repeated")
    with pytest.raises(ConstantError, match="no correlation"):
        cohens_d_paired([1, 2, 3], [5, 5, 5], standardiser="repeated")
    assert cohens_d_paired([1, 2, 3], [5, 5, 5]).value == pytest.approx(-3 / np.sqrt(0.5))


def test_a_models_difference_keeps_its_own_interval():
    found = cohens_d_from_difference(-3.0, 6.0, 1.5, 60, n=66)
    half = stats.t.ppf(0.975, 60) * 1.5 / 6
    assert numbers(found) == pytest.approx([-0.5, -0.5 - half, -0.5 + half], rel=EXACT)
    assert found.n == 66
    wider = cohens_d_from_difference(-3.0, 6.0, 1.5, 60, sd_df=60)
    assert wider.value == found.value
    assert wider.ci_low < found.ci_low
    for wrong in ({"sd": 0}, {"se": -1}, {"df": 0}, {"sd_df": 0}):
        with pytest.raises(OptionError, match=next(iter(wrong))):
            cohens_d_from_difference(**{"difference": 1.0, "sd": 1.0, "se": 1.0, "df": 5.0} | wrong)


def test_options_are_named():
    for options in ({"standardiser": "control"}, {"interval": "exact"}, {"alpha": 0}):
        with pytest.raises(OptionError, match=next(iter(options))):
            cohens_d([1, 2, 3], [2, 3, 5], **options)
