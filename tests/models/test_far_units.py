"""Units far from 1: squares and products of such numbers leave the range of numbers, results must not."""

import numpy as np
import pandas as pd
import pytest

from helpers.models import (
    ModelError,
    acceleration,
    adjust,
    adjusted_means,
    ancova,
    cohens_d,
    cohens_d_paired,
    fit_repeated,
    mediate,
    quick_predictors,
    slope,
)
from helpers.models.batched.mediation import BatchedMediation

CLOSE = 1e-9


@pytest.fixture
def frame():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.normal(size=(30, 3)), columns=["x", "m", "y"]).assign(group=["a", "b"] * 15)
    return frame.assign(m=frame["m"] + frame["x"], y=frame["y"] + frame["m"])


@pytest.mark.parametrize("unit", [1e-100, 1e100])
@pytest.mark.parametrize("df", ["satterthwaite", "kenward-roger"])
def test_degrees_of_freedom_know_no_unit(long, unit, df):
    data = long(np.random.default_rng(1).normal(size=(12, 3)))
    one, far = (
        fit_repeated(data.assign(score=data["score"] * by), "score ~ group * visit", "id", "visit") for by in (1, unit)
    )
    assert far.tests(df)["df2"].to_list() == pytest.approx(one.tests(df)["df2"].to_list(), rel=CLOSE)
    assert np.isfinite(far.tests(df)["df2"]).all()


@pytest.mark.parametrize("unit", [1e-20, 1e20])
def test_a_predictor_in_a_far_unit_counts(frame, unit):
    far = frame.assign(x=frame["x"] * unit)
    one, other = (mediate(data, "x", "m", "y", bootstrap=100) for data in (frame, far))
    assert other.a.estimate * unit == pytest.approx(one.a.estimate, rel=CLOSE)
    assert [other.a.p, other.sobel.p, other.aroian.z] == pytest.approx([one.a.p, one.sobel.p, one.aroian.z], rel=CLOSE)
    pd.testing.assert_frame_equal(ancova(far, "y", "~ group + x"), ancova(frame, "y", "~ group + x"), rtol=CLOSE)
    means = [adjusted_means(data, "y", "~ group + x", "group")["mean"] for data in (frame, far)]
    assert means[1].to_list() == pytest.approx(means[0].to_list(), rel=CLOSE)


def test_slopes_and_effect_sizes(frame):
    x, y = frame["x"], frame["y"]
    assert slope(x * 1e-150, y * 1e-150).p == pytest.approx(slope(x, y).p, rel=CLOSE)
    for unit in (1e-120, 1e120):
        one, far = (cohens_d(x * by, y * by, standardiser="average", interval="noncentral") for by in (1, unit))
        assert [far.value, far.ci_low] == pytest.approx([one.value, one.ci_low], rel=1e-6)
        one, far = (cohens_d_paired(x * by, y * by, interval="large-sample") for by in (1, unit))
        assert [far.value, far.ci_low] == pytest.approx([one.value, one.ci_low], rel=CLOSE)


def test_acceleration_of_tiny_effects():
    left_out = np.array([1.0, 1.1, 1.2, 0.2])
    assert acceleration(left_out * 1e-150) == pytest.approx(acceleration(left_out), rel=CLOSE)
    many = BatchedMediation(*[None] * 4, draws=np.zeros((2, 1)), left_out=np.array([left_out * 1e-150, np.ones(4)]))
    assert many._acceleration().tolist() == pytest.approx([acceleration(left_out), 0], rel=CLOSE)


def test_predictors_of_an_imputation_are_chosen_alike():
    gaps = pd.DataFrame(np.random.default_rng(3).normal(size=(30, 6)), columns=list("abcdef"))
    gaps["a"] = (gaps.sum(axis=1) + gaps["d"]).mask(gaps.index < 4)
    assert quick_predictors(gaps * 1e120) == quick_predictors(gaps)


@pytest.mark.parametrize("method", ["none", "holm"])
def test_an_infinite_p_is_none(method):
    with pytest.raises(ModelError, match="between 0 and 1"):
        adjust([0.1, float("inf")], method)
