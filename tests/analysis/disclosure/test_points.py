"""No mark of a figure stands for fewer people than the threshold."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.analysis.disclosure.points import Points
from helpers.models import kaplan_meier

values = st.lists(st.floats(-50, 50).map(lambda x: round(x, 3)), max_size=80)
DAYS = [0.0, 2, 4, 6, 9, 11, 13]


@given(values, st.integers(2, 9), st.integers(1, 3))
def test_a_bin_is_a_mean_of_enough(x, threshold, people):
    (marks,) = Points(threshold).bins(x, people=people)
    assert len(marks) * threshold * people <= len(x)
    assert (np.diff(marks) >= 0).all()
    if len(marks):
        assert min(x) <= marks[0] + 1e-9
        assert marks[-1] <= max(x) + 1e-9


@given(values, st.integers(2, 9))
def test_no_extreme_is_drawn_and_enough_lie_beyond(x, threshold):
    low, high = Points(threshold).inner(x)
    if np.isfinite(low):
        assert sum(value <= low for value in x) >= threshold
        assert sum(value >= high for value in x) >= threshold
    else:
        assert len(x) < 4 * threshold


@given(values)
def test_a_box_needs_quartiles_of_enough(x):
    assert bool(Points(5).box(x)) == (len(x) >= 20)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(DAYS[1:]), st.booleans()), min_size=1, max_size=40), st.integers(2, 9))
def test_every_step_of_a_curve_is_of_enough_people(people, threshold):
    times, events = zip(*people, strict=True)
    curve = kaplan_meier(times, events)
    made = Points(threshold).steps(curve, DAYS)
    assert set(made["survival"]) <= set(curve["survival"]) | {1.0}
    drops = made[made["survival"].diff() < 0]
    last = -1.0
    for step in drops.itertuples():
        between = sum(event and last < time <= step.time for time, event in people)
        assert between >= threshold
        last = step.time
    told = made["at_risk"].dropna()
    assert ((told == 0) | (told >= threshold)).all()
    assert (-told.diff().dropna().loc[lambda d: d < 0] >= threshold).all()


def test_a_curve_that_few_leave_is_flat():
    curve = kaplan_meier([2, 4, 13, 13, 13, 13, 13, 13, 13], [1, 1, 0, 0, 0, 0, 0, 0, 0])
    assert Points(5).steps(curve, DAYS)["survival"].tolist() == [1.0] * 7


def test_values_that_are_missing_belong_to_no_bin():
    x, y = Points(2).bins([1, np.nan, 2, 3, 4], [1, 5, np.nan, 3, 5])
    assert (x.tolist(), y.tolist()) == ([8 / 3], [3.0])
    assert isinstance(pd.Series(x), pd.Series)
