"""Whatever the counts, what is shown does not give a small one away: an attack by linear programming, on its own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from helpers.analysis.disclosure.suppress import Relation, suppress

counts = st.integers(0, 14)
thresholds = st.integers(2, 10)


def attacked(values, relations, hidden, cell):
    """The range of a cell for a reader, by a system over all cells at once."""
    cells = list(values)
    equal = [[(key in r.parts) - (key == r.whole) for key in cells] for r in relations]
    right = [0.0] * len(relations)
    for place, key in enumerate(cells):
        if key not in hidden:
            equal.append([float(place == other) for other in range(len(cells))])
            right.append(values[key])
    aim = np.array([float(key == cell) for key in cells])
    ends = []
    for sign in (1, -1):
        found = linprog(sign * aim, A_eq=np.array(equal, float), b_eq=right, bounds=(0, None), method="highs-ipm")
        ends.append(sign * found.fun if found.status == 0 else sign * -np.inf)
    return ends


def assert_safe(values, relations, threshold, implied, shown_last=frozenset()):
    withheld = suppress(values, relations, threshold, implied, last=shown_last)
    assert not withheld & implied
    hidden = withheld | implied
    small = {key for key, value in values.items() if 0 < value < threshold}
    assert small - implied <= withheld
    for cell in withheld | small:
        low, high = attacked(values, relations, hidden, cell)
        assert high - low >= threshold - 1e-6, (cell, low, high, withheld)
    return withheld


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), thresholds)
def test_a_count_and_its_complement(count, rest, threshold):
    values = {"n": count + rest, "count": count, "rest": rest}
    assert_safe(values, [Relation("n", ("count", "rest"))], threshold, {"rest"}, {"n"})


@settings(max_examples=60, deadline=None)
@given(st.lists(counts, min_size=2, max_size=6), thresholds)
def test_levels_of_a_variable(levels, threshold):
    values = {f"level {i}": n for i, n in enumerate(levels)}
    relations = [Relation("n", tuple(values))]
    for name, n in list(values.items()):
        values[f"not {name}"] = sum(levels) - n
        relations.append(Relation("n", (name, f"not {name}")))
    implied = {name for name in values if name.startswith("not")}
    assert_safe({**values, "n": sum(levels)}, relations, threshold, implied, {"n"})


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(counts, min_size=3, max_size=3), min_size=2, max_size=3), thresholds)
def test_a_table_with_sums_of_both_sides(table, threshold):
    """Groups by visits with their sums, as in Cox's example: one cell a line is not enough."""
    table = np.array(table)
    values = {(i, j): int(n) for (i, j), n in np.ndenumerate(table)}
    relations = []
    for i, line in enumerate(table):
        values[i, "all"] = int(line.sum())
        relations.append(Relation((i, "all"), tuple((i, j) for j in range(table.shape[1]))))
    for j, column in enumerate(table.T):
        values["all", j] = int(column.sum())
        relations.append(Relation(("all", j), tuple((i, j) for i in range(table.shape[0]))))
    values["all", "all"] = int(table.sum())
    relations.append(Relation(("all", "all"), tuple((i, "all") for i in range(table.shape[0]))))
    relations.append(Relation(("all", "all"), tuple(("all", j) for j in range(table.shape[1]))))
    assert_safe(values, relations, threshold, frozenset(), {("all", "all")})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(counts, counts), min_size=2, max_size=4), thresholds)
def test_groups_against_all_with_complements(groups, threshold):
    """Exposures with an event by group and in all, each beside its number of exposures."""
    values, relations, implied = {}, [], set()
    everyone = [*groups, (sum(e for e, _ in groups), sum(r for _, r in groups))]
    for i, (events, rest) in enumerate(everyone):
        values |= {f"events {i}": events, f"rest {i}": rest, f"n {i}": events + rest}
        relations.append(Relation(f"n {i}", (f"events {i}", f"rest {i}")))
        implied.add(f"rest {i}")
    for what in ("events", "rest", "n"):
        relations.append(Relation(f"{what} {len(groups)}", tuple(f"{what} {i}" for i in range(len(groups)))))
    assert_safe(values, relations, threshold, implied, {f"n {i}" for i in range(len(everyone))})


def test_zero_is_shown_and_large_counts_stay():
    values = {"n": 66, "a": 0, "b": 30, "c": 36}
    assert not suppress(values, [Relation("n", ("a", "b", "c"))], 5)


def test_the_smallest_sufficient_neighbour_goes_not_the_total():
    values = {"n": 66, "a": 2, "b": 30, "c": 34}
    assert suppress(values, [Relation("n", ("a", "b", "c"))], 5) == {"a", "b"}


@pytest.mark.parametrize("held", [frozenset(), frozenset({"b"})])
def test_what_is_withheld_anyway_protects_too(held):
    values = {"n": 66, "a": 2, "b": 30, "c": 34}
    assert suppress(values, [Relation("n", ("a", "b", "c"))], 5, held=held) == {"a", "b"}
