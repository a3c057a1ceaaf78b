"""Rank correlations against scipy's and pingouin's, which take one pair at a time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import stats

from helpers.models import rank_correlations
from helpers.models.correlation import CONSTANT, FEW


@pytest.fixture
def frame():
    rng = np.random.default_rng(4)
    shared = rng.normal(size=(60, 1))
    values = pd.DataFrame(np.exp(shared + rng.normal(size=(60, 4))), columns=list("abcd")).round(1)
    return values.mask(rng.random(values.shape) < 0.15)


def test_every_pair_is_that_of_scipy_over_the_rows_that_have_both(frame):
    found = rank_correlations(frame)
    assert list(zip(found["first"], found["second"], strict=True)) == [
        ("a", "b"), ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"), ("c", "d"),
    ]  # fmt: skip
    for pair in found.itertuples():
        both = frame[[pair.first, pair.second]].dropna()
        expected = stats.spearmanr(both)
        assert (pair.n, pair.df) == (len(both), len(both) - 2)
        assert (pair.r, pair.p) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-9)
        assert pair.r == pytest.approx(pingouin.corr(*both.to_numpy().T, method="spearman")["r"].item(), rel=1e-9)


def test_the_interval_is_bonett_and_wrights(frame):
    pair = rank_correlations(frame, alpha=0.1).iloc[0]
    half = stats.norm.ppf(0.95) * np.sqrt((1 + pair["r"] ** 2 / 2) / (pair["n"] - 3))
    assert np.arctanh([pair["ci_low"], pair["ci_high"]]) - np.arctanh(pair["r"]) == pytest.approx([-half, half])


def test_a_monotone_scale_changes_nothing(frame):
    pd.testing.assert_frame_equal(rank_correlations(np.log(frame + 1)), rank_correlations(frame))


def test_ranks_by_hand():
    found = rank_correlations(pd.DataFrame({"x": range(10), "y": [1, 0, 2, 3, 4, 5, 6, 7, 9, 8]})).iloc[0]
    assert found["r"] == pytest.approx(1 - 6 * 4 / (10 * 99))


def test_a_perfect_order_is_one_and_its_interval_too():
    found = rank_correlations(pd.DataFrame({"x": range(12), "y": range(0, -12, -1)})).iloc[0]
    assert found[["r", "ci_low", "ci_high"]].tolist() == [-1, -1, -1]


def test_too_few_and_constant_values_are_said():
    frame = pd.DataFrame({"x": np.arange(12.0), "same": 3.0, "few": [*range(9), *[np.nan] * 3]})
    found = rank_correlations(frame).set_index(["first", "second"])
    assert found["reason"].to_dict() == {("x", "same"): CONSTANT, ("x", "few"): FEW, ("same", "few"): FEW}
    assert found[["r", "p", "ci_low", "ci_high"]].isna().all().all()


def test_a_single_column_has_no_pair():
    assert rank_correlations(pd.DataFrame({"x": range(12)})).empty
