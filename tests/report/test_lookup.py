"""Finding a statistic among the rows."""

from __future__ import annotations

import math

import pytest

from helpers.analysis.results import row, to_frame
from helpers.report.lookup import KEYS, Lookup


@pytest.mark.parametrize("name", ["synthetic", "pbc"])
def test_every_row_is_found_by_its_keys(name, all_rows):
    rows = all_rows[name]
    find = Lookup(rows)
    for item in rows.sample(200, random_state=1).itertuples():
        found = find(**{key: getattr(item, key) for key in KEYS})
        assert found.value == item.value or math.isnan(item.value)
        assert found.method == item.method


def test_what_is_not_there_is_missing_and_says_so():
    found = Lookup(to_frame([row("x", "count", 1)]))(analysis="x", statistic="percent")
    assert not found.exists
    assert math.isnan(found.p)
    assert found.method == ""


def test_failed_result_is_there_with_its_reason():
    found = Lookup(to_frame([row("x", "t", float("nan"), method="too few")]))(analysis="x", statistic="t")
    assert (found.exists, found.method) == (False, "too few")


def test_two_rows_of_one_key_are_refused():
    rows = to_frame([row("x", "count", 1, group="a"), row("x", "count", 2, group="a")])
    with pytest.raises(ValueError, match=r"two results share the keys .*'group': 'a'"):
        Lookup(rows)


def test_misspelt_key_is_refused():
    with pytest.raises(ValueError, match="not addressed by grp"):
        Lookup(to_frame([]))(grp="a")
