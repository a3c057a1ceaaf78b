"""Analyses of covariance and slopes of any data: an answer or our reason, whatever the units, names and order."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from helpers.models import ModelError, adjusted_means, adjusted_pairs, ancova, manova, slope

from .examples import examples, reasoned
from .frames import SCALES, long_frames, wide_frames

CLOSE = 1e-6
FORMULAS = ["~ group + age", "~ group * visit", "~ group * visit + age", "~ age", "~ visit"]
# Of outcome and covariate: a coefficient and its variance still are numbers.
UNITS = [(score, age) for score in SCALES for age in (1e-18, 1e-3, 1.0, 1e3, 1e18)]


def tables(frame, formula):
    found = [ancova(frame, "score", formula)]
    for factor in (name for name in ("group", "visit") if name in formula):
        found += [adjusted_means(frame, "score", formula, factor), adjusted_pairs(frame, "score", formula, factor)]
    return found


def answered(frame, formula):
    try:
        return tables(frame, formula)
    except ModelError:
        assume(False)


def numbers(table):
    return table.select_dtypes("number")


@examples(30, frame=long_frames(), formula=st.sampled_from(FORMULAS), scales=st.sampled_from(UNITS))
def test_an_answer_or_a_reason(frame, formula, scales):
    frame = frame.assign(score=frame["score"] * scales[0], age=frame["age"] * scales[1])
    try:
        for table in tables(frame, formula):
            assert np.isfinite(numbers(table)).all(axis=None)
            assert table.get("p", pd.Series(0.5)).between(0, 1).all()
    except ModelError as error:
        reasoned(error)


@examples(
    12,
    frame=long_frames(good=True),
    formula=st.sampled_from(FORMULAS),
    powers=st.tuples(st.sampled_from([-400, 9, 400]), st.sampled_from([-60, 0, 60])),
    seed=st.integers(0, 99),
)
def test_units_order_and_names(frame, formula, powers, seed):
    before = answered(frame, formula)
    other = frame.assign(
        score=frame["score"] * 2.0 ** powers[0],
        age=frame["age"] * 2.0 ** powers[1],
        group=frame["group"].str.upper(),
    ).sample(frac=1, random_state=seed)
    for one, two in zip(before, tables(other, formula), strict=True):
        units = [name for name in ("mean", "estimate", "se", "ci_low", "ci_high") if name in one]
        back = numbers(two.assign(**{name: two[name] / 2.0 ** powers[0] for name in units}))
        largest = max(1.0, numbers(one).abs().max(axis=None))
        pd.testing.assert_frame_equal(numbers(one), back, rtol=CLOSE, atol=1e-9 * largest)


@examples(12, frame=wide_frames(rows=(1, 30), columns=(2, 5)), groups=st.integers(1, 3))
def test_several_outcomes_at_once(frame, groups):
    outcomes = list(frame.columns)
    data = frame.assign(group=np.array(["x", "y", "z"])[np.arange(len(frame)) % groups])
    try:
        found = manova(data, outcomes, "~ group")
    except ModelError as error:
        reasoned(error)
        return
    assert np.isfinite(numbers(found)).all(axis=None)
    assert found["p"].between(0, 1).all()
    moved = manova(data.assign(**{name: frame[name] * 2.0**40 for name in outcomes[::2]}), outcomes, "~ group")
    pd.testing.assert_frame_equal(found, moved, rtol=CLOSE, atol=1e-9)


@examples(20, frame=wide_frames(rows=(1, 20), columns=(2, 2)), powers=st.tuples(*[st.sampled_from([-30, 0, 30])] * 2))
def test_a_slope(frame, powers):
    x, y = frame["a"], frame["b"]
    try:
        one = slope(x, y)
    except ModelError as error:
        reasoned(error)
        return
    assert not np.isnan(list(asdict(one).values())).any()
    other = slope(x * 2.0 ** powers[0], y * 2.0 ** powers[1])
    unit = 2.0 ** (powers[1] - powers[0])
    assert [other.slope / unit, other.beta, other.p] == pytest.approx([one.slope, one.beta, one.p], rel=CLOSE)
    # Turned round, the slope is another one, its test is not.
    turned = slope(y, x)
    assert [turned.beta, turned.p] == pytest.approx([one.beta, one.p], rel=CLOSE, abs=1e-12)
