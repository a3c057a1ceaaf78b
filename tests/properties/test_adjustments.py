"""Adjusted p values, tables of counts and effect sizes, whatever is put in."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import get_args

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from helpers.models import (
    ModelError,
    adjust,
    chi_square,
    cohens_d,
    fisher_exact,
    log_rank,
    rank_correlations,
    student_t,
)
from helpers.models.multiplicity import Adjustment

from .examples import examples, reasoned
from .frames import SCALES, wide_frames

METHODS = get_args(Adjustment)
P = st.one_of(st.floats(0, 1), st.sampled_from([0.0, 1.0, 0.05, 5e-324, math.nan]))
SAMPLES = st.lists(
    st.one_of(
        st.integers(-3, 3).map(float), st.integers(-9999, 9999).map(lambda cents: cents / 100), st.just(math.nan)
    ),
    max_size=12,
)


@examples(30, p=st.lists(P, max_size=12), method=st.sampled_from(METHODS), seed=st.randoms(use_true_random=False))
def test_adjusted_p(p, method, seed):
    found = adjust(p, method)
    given = np.array(p, dtype=float)
    assert np.array_equal(np.isnan(found), np.isnan(given))
    seen = ~np.isnan(given)
    assert (found[seen] >= given[seen] * (1 - 1e-12)).all()
    assert (found[seen] <= 1).all()
    # Ties stay tied, order is kept, and no place in the list counts.
    order = np.argsort(given[seen], kind="stable")
    assert (np.diff(found[seen][order]) >= -1e-12).all()
    places = list(range(len(p)))
    seed.shuffle(places)
    assert adjust([p[place] for place in places], method) == pytest.approx(found[places], nan_ok=True)


@examples(10, p=st.lists(st.floats(), min_size=1, max_size=5), method=st.sampled_from(METHODS))
def test_what_is_no_p_is_refused(p, method):
    assume(any(not 0 <= value <= 1 for value in p if not math.isnan(value)))
    assume(not all(math.isnan(value) for value in p))
    with pytest.raises(ModelError, match="between 0 and 1"):
        adjust(p, method)


@st.composite
def counts(draw):
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    cells = st.integers(0, draw(st.sampled_from([1, 4, 30])))
    return np.array(draw(st.lists(cells, min_size=rows * columns, max_size=rows * columns))).reshape(rows, columns)


@examples(25, table=counts(), seed=st.integers(0, 99), correction=st.booleans())
def test_tables_of_counts(table, seed, correction):
    # Larger tables are drawn, the same each time and slowly; one test is enough for them.
    assume(min(table.shape) <= 2)
    random = np.random.default_rng(seed)
    for test in (lambda cells: chi_square(cells, correction), fisher_exact):
        try:
            found = test(table)
        except ModelError as error:
            reasoned(error)
            continue
        assert 0 <= found.p <= 1
        mixed = random.permutation(random.permutation(table, axis=0), axis=1)
        assert test(mixed).p == pytest.approx(found.p, rel=1e-6)
        assert test(table.T).p == pytest.approx(found.p, rel=1e-6)


@examples(25, x=SAMPLES, y=SAMPLES, scale=st.sampled_from(SCALES))
def test_two_samples(x, y, scale):
    x, y = np.array(x, dtype=float), np.array(y, dtype=float)
    for test in (student_t, *(_d(kind) for kind in ("pooled", "average", "second"))):
        try:
            found = asdict(test(x, y))
        except ModelError as error:
            reasoned(error)
            continue
        numbers = [value for value in found.values() if isinstance(value, float)]
        assert not np.isnan(numbers).any()
        if np.ptp(np.concatenate([x[x == x], y[y == y]])) > 1e-3:
            other = asdict(test(x * scale, y * scale))
            same = "value" if "value" in found else "p"
            assert other[same] == pytest.approx(found[same], rel=1e-6, abs=1e-9)


def _d(kind):
    return lambda x, y: cohens_d(x, y, standardiser=kind)


@examples(
    15,
    people=st.lists(st.tuples(st.integers(1, 6), st.booleans(), st.sampled_from("ab")), max_size=20),
    seed=st.randoms(use_true_random=False),
)
def test_times_to_response(people, seed):
    mixed = list(people)
    seed.shuffle(mixed)
    try:
        found = log_rank(*([person[part] for person in people] for part in range(3)))
    except ModelError as error:
        reasoned(error)
        return
    assert 0 <= found.p <= 1
    again = log_rank(*([person[part] for person in mixed] for part in range(3)))
    assert again.p == pytest.approx(found.p, rel=1e-9)


@examples(15, frame=wide_frames(rows=(1, 20), columns=(2, 5)))
def test_rank_correlations_know_no_units(frame):
    try:
        found = rank_correlations(frame)
    except ModelError as error:
        reasoned(error)
        return
    again = rank_correlations(frame * 2.0**30)
    numbers = found.select_dtypes("number")
    assert np.allclose(numbers, again.select_dtypes("number"), equal_nan=True)
