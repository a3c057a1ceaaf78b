import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special, stats

from helpers.models import (
    ConstantError,
    ModelError,
    TooFewError,
    chi_square,
    fisher_exact,
    standardised_difference,
    standardised_difference_categorical,
    student_t,
)

# Closed forms evaluated in double precision by both sides: only rounding separates them.
EXACT = 1e-10

COUNTS = [[24, 9], [16, 17]]
THREE = [[4, 12, 3], [9, 7, 8]]
samples = arrays(float, st.integers(3, 20), elements=st.integers(-1000, 1000).map(float)).filter(
    lambda v: np.ptp(v) > 0
)


def test_student_t_is_that_of_r(answers, table):
    wide, r = table("three_groups"), answers["student"]
    groups = [wide.loc[wide["group"] == name, "y3"] for name in ("pain", "non_pain")]
    t = student_t(*groups)
    found = [t.statistic, t.p, t.df, t.se, t.ci_low, t.ci_high]
    assert found == pytest.approx([r["statistic"], r["p"], r["df"], r["se"], *r["ci"]], rel=EXACT)
    assert t.estimate == pytest.approx(groups[0].mean() - groups[1].mean(), rel=EXACT)


def test_student_t_drops_missing_values():
    with_gaps = student_t([1, 2, None, 4], [3.0, np.nan, 8, 9])
    assert with_gaps == student_t([1, 2, 4], [3, 8, 9])
    assert with_gaps.n == 6


@settings(deadline=None, max_examples=50)
@given(samples, samples, st.integers(-100, 100), st.floats(0.01, 100))
def test_student_t_ignores_shift_and_scale(x, y, shift, scale):
    plain, moved = student_t(x, y), student_t(x * scale + shift, y * scale + shift)
    # Shifting by 100 costs about 1e-14 x 1e2 of the smallest difference, 1e-2.
    assert moved.statistic == pytest.approx(plain.statistic, rel=1e-7, abs=1e-7)
    assert student_t(y, x).estimate == -plain.estimate


@pytest.mark.parametrize(("x", "y", "error"), [([1], [2, 3], TooFewError), ([1, 1], [2, 2], ConstantError)])
def test_samples_without_an_answer_are_refused(x, y, error):
    with pytest.raises(error):
        student_t(x, y)


def test_chi_square_is_that_of_r(answers):
    r = answers["chi_square"]
    assert chi_square(COUNTS).statistic == pytest.approx(r["plain"], rel=EXACT)
    assert chi_square(COUNTS, correction=True).statistic == pytest.approx(r["yates"], rel=EXACT)
    three = chi_square(THREE, correction=True)
    assert (three.statistic, three.p) == pytest.approx((r["three"], r["three_p"]), rel=EXACT)
    assert three.df == 2
    assert "Yates" not in three.method


def test_chi_square_of_the_paper():
    # Responders 24/33 against 16/33 and remitters 17/33 against 9/33 are both printed with 4.062 and 0.044.
    for counts in (COUNTS, [[17, 16], [9, 24]]):
        result = chi_square(counts)
        assert (round(result.statistic, 3), round(result.p, 3)) == (4.062, 0.044)


def test_chi_square_leaves_out_an_empty_level_and_accepts_a_crosstab():
    frame = pd.DataFrame([[24, 0, 9], [16, 0, 17]])
    assert chi_square(frame) == chi_square(COUNTS)
    assert chi_square(COUNTS).smallest_expected == 13


def test_fisher_is_that_of_r(answers):
    # R's fisher.test enumerates with its own algorithm; 1e-7 is its tolerance for ties.
    assert fisher_exact(COUNTS).p == pytest.approx(answers["fisher"]["two"], rel=1e-7)
    assert fisher_exact(THREE).p == pytest.approx(answers["fisher"]["three"], rel=1e-7)
    assert fisher_exact(np.transpose(THREE)).p == fisher_exact(THREE).p
    assert fisher_exact(COUNTS).odds_ratio == pytest.approx(24 * 17 / (9 * 16))


def listed(table):
    """Exact p of a 3 x 3 table by listing its four free cells."""
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    free = np.indices([min(r, c) + 1 for r in rows[:2] for c in columns[:2]]).reshape(4, -1)
    cells = np.zeros((3, 3, free.shape[1]))
    cells[:2, :2] = free.reshape(2, 2, -1)
    cells[:2, 2] = rows[:2, None] - cells[:2, :2].sum(axis=1)
    cells[2] = columns[:, None] - cells[:2].sum(axis=0)
    cells = cells[:, :, (cells >= 0).all(axis=(0, 1))]
    weights = -special.gammaln(cells + 1).sum(axis=(0, 1))
    chosen = weights <= -special.gammaln(table + 1).sum() + 1e-7
    return np.exp(weights[chosen]).sum() / np.exp(weights).sum()


def test_a_large_table_is_drawn_and_says_so():
    table = [[4, 12, 3], [9, 7, 8], [3, 4, 4]]
    result = fisher_exact(table)
    assert "drawn" in result.method
    assert result.p == fisher_exact(table).p
    assert np.isnan(result.odds_ratio)
    # Three standard errors of 99,999 draws are at most 0.005.
    assert result.p == pytest.approx(listed(np.array(table)), abs=0.005)


@pytest.mark.parametrize("table", [[[1, 2], [0, 0]], [[1, 0], [2, 0]]])
def test_a_table_with_one_line_is_refused(table):
    with pytest.raises(ConstantError):
        chi_square(table)


def test_negative_counts_are_refused():
    with pytest.raises(ModelError, match="non-negative"):
        fisher_exact([[1, -2], [3, 4]])


def test_standardised_difference_by_hand():
    x, y = np.array([1.0, 2, 3]), np.array([2.0, 4, 9])
    assert standardised_difference(x, y) == pytest.approx(-3 / np.sqrt((1 + 13) / 2), rel=EXACT)


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 30), st.integers(1, 30))
def test_two_levels_give_the_binary_formula(a, b, c, d):
    p, q = a / (a + b), c / (c + d)
    expected = abs(p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 2)
    found = standardised_difference_categorical(["u"] * a + ["v"] * b, ["u"] * c + ["v"] * d)
    assert found == pytest.approx(expected, abs=1e-9)


def test_categorical_difference_ignores_names_and_which_level_is_left_out():
    x, y = list("aaabbc"), list("abbccc")
    renamed = [[{"a": "z", "b": "m", "c": "k"}[v] for v in sample] for sample in (x, y)]
    assert standardised_difference_categorical(*renamed) == pytest.approx(
        standardised_difference_categorical(x, y), rel=EXACT
    )
    p, q = np.array([3, 2]) / 6, np.array([1, 2]) / 6
    spread = (np.diag(p) - np.outer(p, p) + np.diag(q) - np.outer(q, q)) / 2
    by_hand = np.sqrt((p - q) @ np.linalg.solve(spread, p - q))
    assert standardised_difference_categorical(x, y) == pytest.approx(by_hand, rel=EXACT)


def test_categorical_difference_at_its_ends():
    assert standardised_difference_categorical(list("aab"), list("aabaab")) == 0
    assert standardised_difference_categorical(list("aa"), list("bb")) == float("inf")
    assert standardised_difference_categorical(list("aaa"), list("bbc")) == float("inf")
    assert standardised_difference_categorical(["a", None], ["a"]) == 0


def test_interval_of_the_difference_has_its_level():
    t = student_t([1, 2, 3, 4], [2, 4, 6, 9], alpha=0.1)
    assert t.ci_high - t.estimate == pytest.approx(stats.t.ppf(0.95, 6) * t.se, rel=EXACT)


def test_nearly_identical_values_give_a_result_and_no_warning(recwarn):
    """A warning in a notebook stops the build of a book; the result stands all the same."""
    result = student_t([1.0, 1.0 + 1e-15, 1.0], [1.0, 1.0, 1.0 + 2e-15])
    assert np.isfinite(result.statistic)
    assert not recwarn.list
