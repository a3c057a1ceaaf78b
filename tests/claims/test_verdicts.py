"""What may be said of a claim: rounding, signs, and the words for made and for real data."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpers.analysis.results import row, to_frame
from helpers.claims import Claim, counts, counts_by_kind, judge, load_ledger, rounds_to

ROWS = to_frame([
    row("x", "value", 2.54, outcome="a", p=0.031, p_adjusted=0.2),
    row("x", "value", -1.0, outcome="b", p=0.5),
    row("x", "value", float("nan"), outcome="c", method="not computed: too few"),
])  # fmt: skip
CLAIM = Claim("a", "statistic", "Results", "Something", "2.5", "02_efficacy", {"analysis": "x", "outcome": "a"})


def verdict(synthetic: bool = True, **changes) -> tuple[str, str]:
    (found,) = judge([replace(CLAIM, **changes)], ROWS, synthetic)
    return found.verdict, found.reason


@given(value=st.decimals(-1000, 1000, places=6), decimals=st.integers(0, 4))
def test_a_number_rounds_to_its_own_rounding(value, decimals):
    unit = Decimal(1).scaleb(-decimals)
    for mode in (ROUND_HALF_UP, ROUND_HALF_EVEN):
        printed = str(value.quantize(unit, rounding=mode) + 0)
        assert rounds_to(float(value), printed)


@given(value=st.decimals(-1000, 1000, places=6), decimals=st.integers(0, 4), steps=st.integers(-3, 3))
def test_a_number_further_than_half_a_unit_does_not(value, decimals, steps):
    assume(steps)
    unit = Decimal(1).scaleb(-decimals)
    printed = value.quantize(unit) + steps * unit
    assume(abs(printed - value) > unit / 2)
    assert not rounds_to(float(value), str(printed))


@pytest.mark.parametrize(
    ("value", "printed", "met"),
    [
        (0.4905, "0.490", True),
        (0.4895, "0.490", True),
        (0.49051, "0.490", False),
        (0.4905, "0.49", True),
        (76.4, "76", True),
        (76.6, "76", False),
        (-0.034, "-0.03", True),
        (0.03, "-0.03", False),
        (0.0, "0.00", True),
        (0.05, "< 0.05", False),
        (0.0499999, "<0.05", True),
        (0.05, "> 0.05", False),
        (0.051, "> 0.05", True),
        (float("inf"), "> 0.05", True),
        (float("nan"), "0.5", False),
    ],
)
def test_boundaries(value, printed, met):
    assert rounds_to(value, printed) is met


MADE = [
    ("target", "2.5", "met by construction"),
    ("target", "2.6", "does not emerge"),
    ("arithmetic", "2.5", "recomputed"),
    ("arithmetic", "2.6", "does not emerge"),
    ("held_out", "2.5", "emerges"),
    ("held_out", "2.6", "does not emerge"),
    ("inconsistent", "2.5", "inconsistent as printed"),
    ("inconsistent", "2.6", "inconsistent as printed"),
]


@pytest.mark.parametrize(("basis", "printed", "expected"), MADE)
def test_words_for_made_data(basis, printed, expected):
    said, reason = verdict(basis=basis, printed=printed, reason="because" if basis == "inconsistent" else "")
    assert said == expected
    assert reason
    assert "reproduc" not in (said + reason).lower()


@pytest.mark.parametrize(("basis", "printed", "_"), MADE)
def test_words_for_real_data(basis, printed, _):
    assert verdict(False, basis=basis, printed=printed)[0] == ("agrees" if printed == "2.5" else "differs")


@pytest.mark.parametrize("synthetic", [True, False])
def test_what_cannot_be_computed(synthetic):
    assert verdict(synthetic, basis="not_computable", reason="two figures") == ("not computable", "two figures")
    nobody = {"analysis": "x", "outcome": "z"}
    assert verdict(synthetic, row=nobody) == ("not computable", "0 results answer to the claim")
    assert verdict(synthetic, row={"analysis": "x"}) == ("not computable", "3 results answer to the claim")
    failed = {"analysis": "x", "outcome": "c"}
    assert verdict(synthetic, row=failed) == ("not computable", "not computed: too few")
    assert verdict(synthetic, row={"analysis": "x", "outcome": "b"}, read="p_adjusted")[0] == "not computable"


@pytest.mark.parametrize(
    ("read", "printed", "sign", "met"),
    [
        ("p", "0.031", "", True),
        ("p", "< 0.05", "positive", True),
        ("p", "< 0.05", "negative", False),
        ("p_adjusted", "< 0.05", "", False),
        ("p_adjusted", "> 0.05", "positive", True),
        ("value", "2.5", "negative", False),
    ],
)
def test_which_number_is_read_and_its_sign(read, printed, sign, met):
    (found,) = judge([replace(CLAIM, read=read, printed=printed, sign=sign)], ROWS, True)
    assert found.met is met


def test_only_the_chapters_own_claims():
    claims = [CLAIM, replace(CLAIM, id="b", notebook="01_cohort")]
    assert [item.claim.id for item in judge(claims, ROWS, True, "01_cohort")] == ["b"]
    assert len(judge(claims, ROWS, True)) == 2
    assert counts(judge(claims, ROWS, True)) == {"emerges": 2}


def other_digits(printed: str) -> list[str]:
    """Every figure that differs from the printed one in one digit."""
    digits = [place for place, sign in enumerate(printed) if sign.isdigit()]
    return [printed[:i] + d + printed[i + 1 :] for i in digits for d in "0123456789" if d != printed[i]]


def test_a_wrong_digit_turns_every_met_value_claim(all_rows):
    rows, tried = all_rows["synthetic"], 0
    for item in judge(load_ledger("zhou2021"), rows, True):
        if item.met and item.claim.read == "value" and item.claim.printed[0] not in "<>":
            for printed in other_digits(item.claim.printed):
                (again,) = judge([replace(item.claim, printed=printed)], rows, True)
                assert (again.met, again.verdict) == (False, "does not emerge"), (item.claim.id, printed)
                tried += 1
    assert tried > 100


def test_verdicts_on_the_bundled_cohort(all_rows):
    verdicts = {item.claim.id: item for item in judge(load_ledger("zhou2021"), all_rows["synthetic"], True)}
    for name in ("response-chi-square", "remission-chi-square", "response-p", "pain-infusions-percent"):
        assert verdicts[name].verdict == "recomputed"
    for name in ("n-pain", "n-controls", "pain-infusions", "samples-day-26-pain", "samples-day-26-non-pain"):
        assert verdicts[name].verdict == "met by construction"
    for name in ("samples-missing-seven", "il-4-elevated"):
        assert verdicts[name].verdict == "inconsistent as printed"
    assert verdicts["protocol-1"].verdict == "not computable"
    assert not any(item.verdict in ("agrees", "differs") for item in verdicts.values())
    assert all(item.reason for item in verdicts.values())


def test_a_study_without_a_ledger_has_no_verdicts(books):
    judging = [chapter for name, chapter in books["pbc"].items() if name < "07"]
    assert all(chapter.variables["verdicts"] == [] for chapter in judging)


def test_counts_by_kind_add_up(all_rows):
    verdicts = judge(load_ledger("zhou2021"), all_rows["synthetic"], True)
    table = counts_by_kind(verdicts)
    assert table.loc["all", "all"] == len(verdicts)
    assert (table.drop(columns="all").sum(axis=1) == table["all"]).all()
    for word, number in counts(verdicts).items():
        assert table.loc["all", word] == number
