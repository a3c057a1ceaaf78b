"""What a claim's row says of the paper's conclusion and of its printed figure."""

from __future__ import annotations

import math

import pytest

from helpers.analysis.multiverse.choices import FAMILIES
from helpers.analysis.results import row, to_frame
from helpers.claims.answers import ANSWERED, answers, claims_in, statements_of
from helpers.claims.ledger import Claim, load_ledger

CELLS = {"analysis": "mixed_model", "outcome": "madrs", "contrast": "group", "statistic": "F"}


def claim(printed: str, read: str = "value", sign: str = "", **cells) -> Claim:
    return Claim("one", "statistic", "", "", printed, "", {**CELLS, **cells}, read=read, sign=sign)


def answer(wanted: Claim, *rows: dict):
    found = answers([wanted], to_frame(rows))
    assert len(found) == 1
    return found.iloc[0]


def result(value: float, **cells) -> dict:
    return row("mixed_model", cells.pop("statistic", "F"), value, outcome="madrs", contrast="group", **cells)


@pytest.mark.parametrize(
    ("wanted", "found", "stands", "printed"),
    [
        (claim("12.669"), result(12.6690, p=0.001), True, True),
        (claim("12.669"), result(11.0, p=0.001), True, False),
        (claim("12.669"), result(2.0, p=0.2), False, False),
        (claim("0.037", read="p"), result(5.0, p=0.0371), True, True),
        (claim("< 0.05", read="p"), result(5.0, p=0.04), True, True),
        (claim("> 0.05", read="p"), result(5.0, p=0.04), False, False),
        (claim("< 0.05", read="p_adjusted", sign="negative"), result(3.0, p=0.01, p_adjusted=0.02), False, False),
        (claim("< 0.05", read="p_adjusted"), result(3.0, p=0.01, p_adjusted=0.2), False, False),
        (claim("0.478", statistic="beta"), result(-0.478, statistic="beta", p=0.01), False, False),
    ],
)
def test_conclusion_and_figure_are_judged_apart(wanted, found, stands, printed):
    said = answer(wanted, found)
    assert (said["stands"], said["printed"], said["problem"]) == (float(stands), float(printed), "")


@pytest.mark.parametrize(("low", "high", "stands"), [(0.1, 2.0, True), (-2.0, -0.1, True), (-0.1, 2.0, False)])
def test_without_p_the_interval_decides(low, high, stands):
    said = answer(claim("0.042", read="p"), result(1.0, ci_low=low, ci_high=high))
    assert said["stands"] == float(stands)
    assert math.isnan(said["printed"])
    opposite = answer(claim("> 0.05", read="p"), result(1.0, ci_low=low, ci_high=high))
    assert opposite["stands"] == float(not stands)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ((), "0 results answer to the claim"),
        ((result(1.0, p=0.2), result(1.0, p=0.2)), "2 results answer to the claim"),
        ((result(float("nan"), method="not computed: too few"),), "not computed: too few"),
    ],
)
def test_what_cannot_be_answered_says_why(rows, problem):
    said = answer(claim("12.669"), result(1.0, p=0.2, statistic="t"), *rows)
    assert said["problem"] == problem
    assert math.isnan(said["stands"])


def test_every_family_answers_claims_of_the_ledger_and_none_twice():
    ledger = load_ledger("zhou2021")
    of = {family: {claim.id for claim in claims_in(ledger, family)} for family in FAMILIES}
    assert set(ANSWERED) == set(FAMILIES)
    assert all(of.values())
    assert len(set().union(*of.values())) == sum(map(len, of.values()))


def test_a_study_without_a_ledger_is_asked_what_is_significant_at_its_alpha():
    rows = to_frame([result(5.0, p=0.03), result(1.0, statistic="deviance")])
    (only,) = statements_of(rows, "outcome_tests", alpha=0.01)
    assert (only.printed, only.read) == ("< 0.01", "p")
    assert answer(only, result(5.0, p=0.03))["stands"] == 0
