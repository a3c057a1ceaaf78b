"""EM and multiple imputation of any frame: complete and told how, or refused with the reason."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from helpers.models import ModelError, impute_em, impute_multiple

from .examples import examples, reasoned
from .frames import wide_frames


def fitted(frame):
    try:
        return impute_em(frame, iterations=200)
    except ModelError as error:
        reasoned(error)
        assume(False)


@examples(40, frame=wide_frames())
def test_em_fills_every_gap_or_says_why_not(frame):
    try:
        found = impute_em(frame, iterations=200)
    except ModelError as error:
        reasoned(error)
        return
    pd.testing.assert_frame_equal(found.completed.where(frame.notna()), frame)
    assert np.isfinite(found.completed).all(axis=None)
    assert np.isfinite(found.covariance).all(axis=None)
    assert np.isfinite(found.loglik)
    assert found.converged == (found.message == "converged")
    # With one pattern there is nothing to test; the only hole, and documented.
    assert np.isnan(found.little.p) == (found.little.df == 0)


@examples(
    10,
    frame=wide_frames(rows=(10, 25), columns=(2, 3)),
    powers=st.lists(st.sampled_from([-400, 0, 9]), min_size=3, max_size=3),
    seed=st.integers(0, 99),
)
def test_em_in_other_units_and_orders(frame, powers, seed):
    assume((frame.abs().max() > 0).all())
    frame = frame / frame.abs().max()
    one = fitted(frame)
    units = 2.0 ** np.array(powers[: frame.shape[1]])
    columns = list(frame.columns[::-1])
    other = impute_em((frame * units).sample(frac=1, random_state=seed)[columns], iterations=200)
    other_way = (other.completed / units[::-1]).loc[frame.index, frame.columns]
    assume(one.converged and other.converged)
    # The search ends within its tolerance of the maximum, nearer or farther by how flat that is.
    pd.testing.assert_frame_equal(one.completed, other_way, rtol=1e-4, atol=1e-4)
    assert other.little.statistic == pytest.approx(one.little.statistic, rel=1e-4, abs=1e-4)


@examples(30, frame=wide_frames(rows=(1, 25), columns=(1, 6)), donors=st.integers(1, 5), seed=st.integers(0, 9))
def test_multiple_imputation_draws_from_what_was_observed(frame, donors, seed):
    try:
        found = impute_multiple(frame, 2, iterations=2, donors=donors, seed=seed)
    except ModelError as error:
        reasoned(error)
        return
    for copy in found.frames:
        pd.testing.assert_frame_equal(copy.where(frame.notna()), frame)
        for name in frame:
            assert set(copy[name]) <= set(frame[name].dropna())
    again = impute_multiple(frame, 2, iterations=2, donors=donors, seed=seed)
    assert all(one.equals(two) for one, two in zip(found.frames, again.frames, strict=True))


@examples(8, frame=wide_frames(rows=(10, 25), columns=(2, 4)), power=st.sampled_from([-300, -7, 300]))
def test_multiple_imputation_in_other_units(frame, power):
    assume((frame.abs().max() > 0).all())
    frame = frame / frame.abs().max()
    try:
        one = impute_multiple(frame, 2, iterations=2)
    except ModelError:
        assume(False)
    other = impute_multiple(frame * 2.0**power, 2, iterations=2)
    for before, after in zip(one.frames, other.frames, strict=True):
        pd.testing.assert_frame_equal(before * 2.0**power, after)
