"""The plan of a simulation: what is refused, what is simulated, and when it is enough."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.design.plan import TRUTHS, Plan, plan_of, read_plan
from helpers.analysis.design.precision import blocks_needed, precise
from helpers.analysis.design.tally import summed, tallied
from helpers.analysis.settings import SettingsError
from helpers.study import Study

from .conftest import ROOT

GOOD = {"n": [15, 33], "missing": [0, 0.3], "block": 50, "most": 1000, "resamples": 200,
        "precision": {"level": 0.01, "power": 0.02}}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"n": 33}, "n: expected a list"),
        ({"n": [3]}, "n: 3 is not a whole number from 5"),
        ({"missing": [1.2]}, "missing: 1.2 is not a number from 0 to 0.9"),
        ({"block": 2.5}, "block: 2.5 is not a whole number"),
        ({"most": True}, "most: True"),
        ({"blok": 9}, "did you mean block"),
        ({"precision": {"level": 0.01}}, "expected level and power"),
        ({"precision": {"level": 0, "power": 0.02}}, "level: 0 is not a number"),
    ],
)
def test_a_wrong_plan_is_refused_with_what_is_wrong(change, said):
    with pytest.raises(SettingsError, match=said):
        plan_of({**GOOD, **change})


def test_files_that_are_no_plan(tmp_path):
    with pytest.raises(SettingsError, match="no such file"):
        read_plan(tmp_path / "none.yaml")
    (tmp_path / "list.yaml").write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(SettingsError, match="expected the entries n, missing"):
        read_plan(tmp_path / "list.yaml")


def test_points_are_those_that_the_study_can_have(study):
    plan = plan_of(GOOD)
    points = list(plan.points(study))
    assert len({point.key for point in points}) == len(points)
    assert {point.family for point in points} == set(TRUTHS)
    assert {(p.family, p.truth) for p in points if p.missing} == {("course", "fitted"), ("course", "equal")}
    roles = replace(study.roles, mediation=None, response=None, remission=None)
    without = Study(replace(study.descriptor, roles=roles), study.tables)
    assert {point.family for point in plan.points(without)} == {"outcomes", "baseline", "course"}


def test_the_shipped_plan_is_one():
    assert 33 in read_plan(ROOT / "scenarios" / "design.yaml").n


def block(number: int, rate: float, size: int, null: bool = True) -> pd.DataFrame:
    rejected = np.zeros(size)
    rejected[: round(rate * size)] = 1
    return pd.DataFrame([tallied("m", "t", rejected, null)]).assign(block=number)


@pytest.mark.parametrize(
    ("rate", "null", "expected"), [(0.06, True, 12), (0.5, True, 13), (0.5, False, 13), (0.0, True, 2)]
)
def test_blocks_are_added_until_rates_are_precise(rate, null, expected):
    """r (1 - r) / precision² cohorts, in blocks of 50: the precision of levels, or of powers."""
    plan = Plan((33,), (0,), 50, 5000, 200, 0.01, 0.02)
    blocks = pd.DataFrame(columns=["block"])
    for _ in range(200):
        wanted = blocks_needed(blocks, plan)
        if wanted <= blocks["block"].nunique():
            break
        blocks = pd.concat([block(number, rate, 50, null) for number in range(wanted)])
    level = 0.01 if null and rate <= 0.1 else 0.02
    needed = max(2, int(np.ceil(max(rate * (1 - rate), 0.002) / level**2 / 50)))
    assert wanted == pytest.approx(needed, abs=1)
    assert precise(summed(blocks, []), plan).all() or wanted == plan.blocks


def test_a_point_has_an_end_however_imprecise_it_is():
    plan = Plan((33,), (0,), 50, 400, 200, 0.0001, 0.0001)
    blocks = pd.concat([block(number, 0.5, 50) for number in range(2)])
    assert blocks_needed(blocks, plan) == 8


def test_only_blocks_from_the_first_on_count():
    """One that is missing is computed before anything is decided from those after it."""
    plan = Plan((33,), (0,), 50, 5000, 200, 0.01, 0.02)
    blocks = pd.concat([block(number, 0.5, 50) for number in (1, 2, 3)])
    assert blocks_needed(blocks, plan) == 2
