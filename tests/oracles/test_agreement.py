"""`helpers.models` gives the numbers of the references, case by case; and no committed answer is left unread."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.append(str(Path(__file__).parent))  # its neighbours are scripts, not a package

import compare_other
import compare_parts
import compare_repeated
from compare_repeated import TOLERANCES, answers, cases

PAIRS = [(name, reference) for reference in compare_repeated.FILES for name in answers(reference)["cases"]]
# Read by tests/models/test_other_oracles.py itself.
ELSEWHERE = {"quickpred", "versions"}


@pytest.mark.parametrize(("name", "reference"), PAIRS, ids=lambda part: part)
def test_a_fit_is_that_of_the_reference(name, reference):
    found = list(compare_repeated.differences(name, reference))
    # `not <=` and not `>`: what is not a number fails too.
    missed = [(quantity, method, worst) for quantity, method, worst in found if not worst <= TOLERANCES[quantity][0]]
    assert missed == []
    case, answer = cases()[name], answers(reference)["cases"][name]
    spared = {"covariance parameters"} if "parameters" not in answer else set()
    spared |= {"estimate", "standard error", "interval", "t"} if not case["means"] else set()
    assert {quantity for quantity, _, _ in found} == set(TOLERANCES) - spared


def test_every_case_has_its_answers_and_every_answer_its_case():
    assert set(answers("dense")["cases"]) == set(cases())
    assert set(answers("r")["cases"]) == {name for name, case in cases().items() if set(case["references"]) - {"dense"}}


@pytest.mark.parametrize(("name", "reference"), PAIRS, ids=lambda part: part)
def test_the_answers_are_to_the_questions(name, reference):
    case, answer = cases()[name], answers(reference)["cases"][name]
    for kind in ("means", "contrasts"):
        blocks = [*answer[kind], {"results": answer["tests"]}]
        assert [{"over": block["over"], "by": block["by"]} for block in answer[kind]] == case[kind]
        assert [set(block["results"]) for block in blocks] == [methods(case, reference)] * len(blocks)


def methods(case, reference):
    """The methods of the degrees of freedom that a reference answers with."""
    reml = case["method"] == "reml"
    if reference == "dense":
        both = [f"{df}/{i}" for df in ["satterthwaite", *["kenward-roger"] * reml] for i in ("observed", "expected")]
        return {"residual", *both}
    if "nlme" in case["references"]:
        return {"residual"}
    return {"satterthwaite/observed", *["kenward-roger/expected"] * reml}


class Seen(dict):
    """Answers that remember which were read: the subjects, and each subject's cases."""

    def __init__(self, values, path=(), read=None):
        self.path, self.read = path, set() if read is None else read
        deep = {
            key: Seen(value, (*path, key), self.read) if isinstance(value, dict) and not path else value
            for key, value in values.items()
        }
        super().__init__(deep)

    def __getitem__(self, key):
        self.read.add((*self.path, key))
        return super().__getitem__(key)

    def leaves(self):
        """Paths of what holds no further answers."""
        for key, value in self.items():
            yield from value.leaves() if isinstance(value, Seen) else [(*self.path, key)]


def test_every_other_answer_is_compared(monkeypatch):
    seen = Seen(compare_parts.answers())
    monkeypatch.setattr(compare_other, "answers", lambda: seen)
    rows = compare_other.comparisons()
    assert [row for row in rows if not row["worst"] <= row["tolerance"]] == []
    unread = set(seen.leaves()) - seen.read
    assert {path for path in unread if path[0] not in ELSEWHERE} == set()


def test_a_wrong_number_is_seen():
    relative, largest = compare_repeated._relative, compare_repeated._of_largest
    assert relative([2.0], [1.0]) == 1.0
    assert relative([1e-9], [0.0], 1.0) == 1e-9
    assert largest(np.eye(2), [[1.0, 0.5], [0.5, 1.0]]) == 0.5
    assert np.isnan(relative([np.nan], [1.0]))
    assert not relative([np.nan], [1.0]) <= 1e9
