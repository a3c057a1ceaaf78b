import numpy as np
import pandas as pd
import pytest

from helpers.models import (
    ConstantError,
    ModelError,
    OptionError,
    TooFewError,
    UnknownColumnError,
    impute_em,
    impute_multiple,
    pool,
    quick_predictors,
)


@pytest.fixture(scope="module")
def frame():
    """b depends on a and is missing where a is large, so complete cases mislead."""
    rng = np.random.default_rng(6)
    a = rng.normal(5, 2, 200)
    b = 3 + 0.9 * a + rng.normal(0, 1, 200)
    c = rng.normal(0, 1, 200)
    data = pd.DataFrame({"a": a, "b": b, "c": c})
    data.loc[(a > 5.5) & (rng.random(200) < 0.6), "b"] = np.nan
    data.loc[rng.random(200) < 0.1, "c"] = np.nan
    return data.set_index(pd.Index(range(100, 300)))


def test_frames_are_complete_and_keep_what_was_seen(frame):
    found = impute_multiple(frame, 4, iterations=3, seed=1)
    assert len(found.frames) == 4
    assert found.gaps == frame.isna().sum().sum()
    for completed in found.frames:
        assert not completed.isna().any().any()
        assert completed.index.equals(frame.index)
        pd.testing.assert_frame_equal(completed.where(frame.notna()), frame)
        # Predictive mean matching: an imputed value was observed, to the last digit.
        for name in ("b", "c"):
            assert set(completed.loc[frame[name].isna(), name]) <= set(frame[name].dropna())


def test_the_seed_is_all_the_chance_there_is(frame):
    one, two, three = (impute_multiple(frame, 3, iterations=2, seed=seed).frames for seed in (1, 1, 2))
    for first, second in zip(one, two, strict=True):
        pd.testing.assert_frame_equal(first, second)
    assert not one[0].equals(three[0])
    assert not one[0].equals(one[1])
    # A longer run starts with the shorter one's chains.
    pd.testing.assert_frame_equal(impute_multiple(frame, 5, iterations=2, seed=1).frames[2], one[2])


def test_units_move_the_values_and_nothing_else(frame):
    scale, shift = [4.0, 0.5, 1024.0], [8.0, -2.0, 0.0]
    plain = impute_multiple(frame, 2, iterations=3, seed=3).frames
    moved = impute_multiple(frame * scale + shift, 2, iterations=3, seed=3).frames
    for one, two in zip(plain, moved, strict=True):
        assert two.to_numpy() == pytest.approx((one * scale + shift).to_numpy(), rel=1e-12)


def test_pooled_means_are_near_the_maximum_likelihood_and_far_from_complete_cases(frame):
    frames = impute_multiple(frame, 20, seed=4).frames
    means = [completed["b"].mean() for completed in frames]
    pooled = pool(means, [completed["b"].var() / 200 for completed in frames], df=199).loc[0]
    likelihood, complete = impute_em(frame).mean["b"], frame["b"].mean()
    # Matching is not the linear model, and 20 chains have simulation error: half a pooled standard error.
    assert pooled["estimate"] == pytest.approx(likelihood, abs=pooled["se"] / 2)
    assert abs(complete - likelihood) > 2 * pooled["se"]
    assert 0.05 < pooled["fmi"] < 0.6


def test_a_wide_frame_uses_a_few_predictors():
    # 19 analytes at three visits of 66 participants; five samples of the third visit are missing as a whole.
    rng = np.random.default_rng(3)
    values = rng.normal(size=(66, 57)) + rng.normal(size=(66, 1))
    values[:5, 38:] = np.nan
    wide = pd.DataFrame(values, columns=[f"analyte {i % 19} visit {i // 19}" for i in range(57)])
    found = impute_multiple(wide, 2, iterations=2, seed=5)
    assert not found.frames[1].isna().any().any()
    assert set(found.predictors) == set(wide.columns[38:])
    for others in found.predictors.values():
        # What is missing in the same rows tells nothing about them.
        assert not set(others) & set(wide.columns[38:])
        assert 1 <= len(others) <= 15


def test_predictors_are_strongest_first_and_limited():
    rng = np.random.default_rng(1)
    y = rng.normal(size=30)
    frame = pd.DataFrame({"weak": y + rng.normal(0, 5, 30), "strong": y + rng.normal(0, 0.1, 30), "y": y})
    frame.loc[:2, "y"] = np.nan
    assert quick_predictors(frame, correlation=0)["y"] == ["strong", "weak"]
    assert quick_predictors(frame, predictors=1)["y"] == ["strong"]
    # Nothing strong enough: the strongest all the same.
    assert quick_predictors(frame, correlation=1.1)["y"] == ["strong"]
    assert quick_predictors(frame.dropna()) == {}


def test_a_predictor_must_be_seen_in_enough_of_the_rows_to_be_imputed():
    rng = np.random.default_rng(1)
    a = rng.normal(size=40)
    frame = pd.DataFrame({"a": a, "b": a + rng.normal(0, 0.1, 40), "c": a + rng.normal(0, 1, 40)})
    frame.loc[:3, "a"] = np.nan
    frame.loc[:1, "b"] = np.nan
    assert quick_predictors(frame, usable=0.5)["a"] == ["b", "c"]
    assert quick_predictors(frame, usable=0.51)["a"] == ["c"]


def test_collinear_predictors_do_no_harm(frame):
    found = impute_multiple(frame.assign(d=frame["a"] * 2 + 1), 2, iterations=2, seed=1)
    assert not found.frames[0].isna().any().any()


def test_what_cannot_be_imputed_is_refused(frame):
    with pytest.raises(ModelError, match="nothing to impute"):
        impute_multiple(frame.dropna())
    with pytest.raises(ModelError, match="infinite"):
        impute_multiple(frame.assign(c=np.inf))
    with pytest.raises(ConstantError, match="same"):
        impute_multiple(frame.assign(same=1.0))
    with pytest.raises(TooFewError, match="few: fewer than 5"):
        impute_multiple(frame.assign(few=[1.0, 2, 3, 4] + [None] * 196))
    with pytest.raises(TooFewError, match="columns"):
        impute_multiple(frame[["b"]].head(3))
    with pytest.raises(ModelError, match="Rows 100"):
        impute_multiple(frame.drop(100).reindex(frame.index))
    for options in ({"imputations": 1}, {"iterations": 0}, {"donors": 0}, {"predictors": 0}):
        with pytest.raises(OptionError, match=next(iter(options))):
            impute_multiple(frame, **options)


def test_predictors_can_be_named():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(rng.normal(size=(30, 4)), columns=list("abcd"))
    frame.loc[:4, "a"], frame.loc[20:, "b"] = np.nan, np.nan
    found = impute_multiple(frame, 2, named={"a": ["c", "d"], "b": ["d"], "c": ["a"]}, seed=1)
    assert found.predictors == {"a": ("c", "d"), "b": ("d",)}
    with pytest.raises(UnknownColumnError, match="b: no predictors"):
        impute_multiple(frame, 2, named={"a": ["c"]}, seed=1)
    with pytest.raises(UnknownColumnError, match="a: no predictors"):
        impute_multiple(frame, 2, named={"a": ["a"], "b": ["d"]}, seed=1)


def test_named_predictors_are_no_more_than_the_values_can_bear():
    frame = pd.DataFrame(np.random.default_rng(4).normal(size=(9, 6)), columns=list("abcdef"))
    frame.loc[:2, "a"] = np.nan
    assert impute_multiple(frame, 2, named={"a": list("fedcb")}, seed=1).predictors == {"a": ("f", "e")}
