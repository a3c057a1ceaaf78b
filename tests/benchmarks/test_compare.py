"""Only equal results are timed; the rest is named."""

from __future__ import annotations

import pytest

from benchmarks.compare import AbsentError, Contender, FailedError, Tolerance, compare

EXACT = {"estimate": Tolerance(1e-6, 1e-9, "least squares")}


def never(repeats):
    raise AssertionError("timed although its results were not found equal")


def raising(error):
    def answers():
        raise error

    return answers


def beside(other):
    ours = Contender("ours", lambda: {"estimate": [1.0, 2.0]}, lambda repeats: [0.5] * repeats)
    return compare("Title", "about", ours, [other], EXACT, 3)


@pytest.mark.parametrize(
    "theirs",
    [
        {"estimate": [1.0, 2.001]},
        {"estimate": [1.0]},
        {"estimate": [1.0, float("nan")]},
        {"estimate": []},
        {"another": [1.0, 2.0]},
    ],
)
def test_what_differs_or_cannot_be_compared_is_not_timed_and_is_wrong(theirs):
    found = beside(Contender("theirs", lambda: theirs, never))
    assert found.rows[1].state == "differs"
    assert found.rows[1].timed is None
    assert "theirs" in found.wrong[0]


def test_what_is_equal_is_timed_and_its_ratio_is_of_medians_of_one_unit():
    theirs = Contender("theirs", lambda: {"estimate": [1.0, 2.0000001]}, lambda repeats: [8.0, 4.0, 100.0], per=4)
    found = beside(theirs)
    assert (found.rows[1].state, found.rows[1].ratio, found.rows[1].checked) == ("timed", 4.0, ("estimate",))
    assert not found.wrong


def test_what_is_absent_is_named_and_nothing_is_wrong():
    found = beside(Contender("theirs", raising(AbsentError("no Rscript on this machine")), never))
    assert (found.rows[1].state, found.rows[1].note) == ("absent", "no Rscript on this machine")
    assert not found.wrong


def test_what_is_there_and_fails_is_wrong():
    found = beside(Contender("theirs", raising(FailedError("it said no")), never))
    assert found.rows[1].state == "failed"
    assert "it said no" in found.wrong[0]
