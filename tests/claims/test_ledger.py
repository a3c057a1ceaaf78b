"""The ledger's file: expansion, refusals, and that every claim finds its one row."""

from __future__ import annotations

from dataclasses import fields
from itertools import product
from pathlib import Path

import pytest
import yaml

from helpers.analysis.results import TEXT, pick
from helpers.claims import Claim, LedgerError, load_ledger, parse_ledger
from helpers.claims.consistency import disagreements
from helpers.claims.ledger import load_entries
from helpers.claims.schema import schema

LEDGER = Path(__file__).parents[2] / "data" / "claims" / "zhou2021.yaml"
CLAIMS = load_ledger("zhou2021")
COMPUTABLE = [claim for claim in CLAIMS if claim.basis != "not_computable" and claim.row]

PLAIN = {
    "id": "a", "kind": "statistic", "place": "Results", "statement": "Something", "printed": "1.50",
    "notebook": "02_efficacy", "row": {"analysis": "x", "statistic": "F"}, "test": "type III F of the mixed model",
}  # fmt: skip


def written(*entries: dict) -> str:
    """A ledger's text; what entries have in common is written out in each, as aliases are refused."""
    return "".join(yaml.safe_dump([entry]) for entry in entries)


def parsed(**changes) -> tuple[Claim, ...]:
    entry = {key: value for key, value in {**PLAIN, **changes}.items() if value is not ...}
    return parse_ledger(yaml.safe_dump([entry]))


def test_plain_entry():
    (claim,) = parsed()
    assert claim == Claim(**PLAIN)
    assert (claim.read, claim.sign, claim.basis, claim.sided) == ("value", "", "held_out", "")


def test_lists_make_one_claim_a_member():
    cells = {"analysis": "x", "statistic": "F"}
    row = {**cells, "outcome": ["m", "v"], "visit": ["w1", "w2", "w3"], "contrast": "{visit} - baseline"}
    claims = parsed(row=row)
    assert [claim.id for claim in claims] == [f"a:{o}/{v}" for o, v in product(["m", "v"], ["w1", "w2", "w3"])]
    assert claims[4].row == {**cells, "outcome": "v", "visit": "w2", "contrast": "w2 - baseline"}
    assert claims[4].statement == "Something (v, w2)"
    assert all(claim.printed == "1.50" for claim in claims)


P_VALUE = {"printed": "0.044", "read": "p", "sided": "two"}
DIRECTION = {"kind": "direction", "printed": "< 0.05", "read": "p", "sided": "two", "sign": "positive"}
ABSENT = {"kind": "non_significance", "printed": "> 0.05", "read": "p_adjusted", "sided": "two"}
ALLOWED = [
    {},
    {"sign": "", "reason": "", "sided": ""},
    {"kind": "p_value", **P_VALUE},
    {"kind": "p_value", **P_VALUE, "printed": "< 0.001"},
    {"kind": "effect_size", "printed": "< 0.490"},
    {"kind": "count", "printed": "33", "read": "n", "test": ...},
    {"kind": "proportion", "printed": "72.7", "test": ...},
    DIRECTION,
    ABSENT,
    {"basis": "not_computable", "reason": "not recorded", "row": {}},
    {"basis": "inconsistent", "reason": "excluded", "row": {}},
    {"basis": "inconsistent", "reason": "excluded"},
    {"basis": "arithmetic", "reason": "33 of 66"},
]
REFUSED = [
    (
        {"printed": 1.5},
        "`printed` is 1.5; expected a number, or < or > and a number, quoted, as its trailing zeros matter",
    ),
    ({"printed": "about 2"}, "`printed` is 'about 2'; expected a number, or < or > and a number"),
    ({"printed": ""}, "expected a number, or < or > and a number"),
    ({"printed": "<2"}, "expected a number, or < or > and a number"),
    ({"place": ...}, "`place` is missing; expected where the paper says it"),
    ({"place": " "}, "`place` is ' '; expected where the paper says it"),
    ({"colour": "red"}, "there is no key `colour`; expected one of id, kind, place"),
    ({"id": "A b"}, "`id` is 'A b'; expected a name of lower-case letters and numbers, joined by hyphens"),
    (
        {"basis": "guess"},
        "`basis` is 'guess'; expected one of target, arithmetic, held_out, inconsistent, not_computable",
    ),
    ({"read": "t"}, "`read` is 't'; expected one of value, p, p_adjusted, n"),
    ({"sign": "+"}, "`sign` is '+'; expected one of nothing, positive, negative"),
    ({"notebook": "efficacy"}, "expected the name of a notebook without its ending, as 02_efficacy"),
    ({"kind": "opinion"}, "`kind` is 'opinion'; expected one of design, count,"),
    ({"kind": ...}, "`kind` is missing; expected what sort of statement it is"),
    (
        {"row": {**PLAIN["row"], "analisis": "x"}},
        "results have no column `analisis`; expected one of analysis, outcome,",
    ),
    ({"row": {**PLAIN["row"], "visit": ["w1", "w1"]}}, "expected a text, or a list of different texts"),
    ({"row": {**PLAIN["row"], "visit": []}}, "expected a text, or a list of different texts"),
    ({"row": {**PLAIN["row"], "visit": 3}}, "`row.visit` is 3; expected a text, or a list of different texts"),
    ({"row": {}}, "`analysis` is missing; expected a results row (or the basis not_computable, with its reason)"),
    ({"row": {"analysis": "x"}}, "`statistic` is missing; expected a results row"),
    ({"row": {}, "basis": "target"}, "expected a results row (or the basis not_computable, with its reason)"),
    ({"basis": "not_computable", "reason": "why"}, "expected {}, as no row answers what is not computable"),
    *(
        ({"basis": basis}, "`reason` is missing; expected why the statement is so, as its basis asks for it")
        for basis in ("arithmetic", "inconsistent", "not_computable")
    ),
    ({"reason": "because"}, "`reason` is 'because'; expected nothing, as its basis says enough"),
    ({"basis": "arithmetic", "reason": ""}, "`reason` is ''; expected why"),
    ({"test": ...}, "`test` is missing; expected it, as the figure comes from one"),
    ({"kind": "effect_size", "test": ...}, "`test` is missing; expected it, as the figure comes from one"),
    ({"printed": "< 1.50"}, "expected a number alone, as the statement is a statistic"),
    ({"sided": "two"}, "`sided` is 'two'; expected nothing, as no p value is compared"),
    ({"sign": "positive"}, "`sign` is 'positive'; expected nothing, as only a direction has one"),
    ({"read": "p"}, "`read` is 'p'; expected one of value, n"),
    ({"kind": "count", "printed": "3.3"}, "expected a whole number, as the statement is a count"),
    ({"kind": "proportion", "printed": "101"}, "expected per cent, from 0 to 100"),
    ({**P_VALUE, "kind": "p_value", "printed": "4.4"}, "expected a p value from 0 to 1, alone or after <"),
    (
        {**P_VALUE, "kind": "p_value", "sided": ...},
        "`sided` is missing; expected it, as the statement is one on a p value",
    ),
    (
        {**P_VALUE, "kind": "p_value", "read": ...},
        "`read` is missing; expected it, as the statement is one on a p value",
    ),
    ({**P_VALUE, "kind": "p_value", "read": "value"}, "`read` is 'value'; expected one of p, p_adjusted"),
    ({**DIRECTION, "sign": ...}, "`sign` is missing; expected it, as the statement is one on a direction"),
    ({**DIRECTION, "printed": "> 0.05"}, "expected < and the level, as the statement is one of significance"),
    ({**DIRECTION, "test": ...}, "`test` is missing; expected it, as the statement is one on a p value"),
    ({**ABSENT, "printed": "< 0.05"}, "expected > and the level, as the statement is one of no significance"),
    ({**ABSENT, "sided": ""}, "`sided` is ''; expected one of two, one"),
]


@pytest.mark.parametrize("change", ALLOWED)
def test_entry_that_is_allowed(change):
    assert len(parsed(**change)) == 1


@pytest.mark.parametrize(("change", "said"), REFUSED)
def test_entry_that_is_refused(change, said):
    with pytest.raises(LedgerError) as caught:
        parsed(**change)
    assert said in str(caught.value)
    assert str(caught.value).startswith("ledger, entry ")


def test_all_that_is_wrong_is_told_at_once():
    text = written({**PLAIN, "printed": 1.5, "read": "t"}, {**PLAIN, "id": "b", "kind": "opinion"})
    with pytest.raises(LedgerError) as caught:
        parse_ledger(text, "mine.yaml")
    told = str(caught.value).splitlines()
    assert [line.partition(": `")[0] for line in told] == [*["mine.yaml, entry 'a'"] * 2, "mine.yaml, entry 'b'"]


def test_the_schema_knows_the_columns_of_results():
    assert tuple(schema()["properties"]["row"]["properties"]) == TEXT


def test_an_entry_has_the_keys_of_the_schema():
    assert set(schema()["properties"]) == {field.name for field in fields(Claim)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (written(PLAIN, PLAIN), "two claims are called a"),
        ("a: [", "not readable as YAML"),
        ("just text", "expected a list of claims"),
        ("- just text", "expected a list of claims"),
    ],
)
def test_file_that_is_refused(text, said):
    with pytest.raises(LedgerError, match=said):
        parse_ledger(text)


def test_ledger_that_is_not_there():
    with pytest.raises(LedgerError, match="there is no ledger 'mine'"):
        load_ledger("mine")


def test_empty_ledger():
    assert parse_ledger("") == ()


def test_identifiers_are_unique_and_notebooks_exist():
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS)
    notebooks = {path.stem for path in (LEDGER.parents[2] / "notebooks").glob("0*.ipynb")}
    # The chapter on the ledger computes no figure of its own.
    assert {claim.notebook for claim in CLAIMS} == notebooks - {"06_claims", "07_robustness", "08_design"}


@pytest.mark.parametrize("notebook", sorted({claim.notebook for claim in COMPUTABLE}))
def test_every_computable_claim_has_exactly_one_row(notebook, books):
    rows = books["synthetic"][notebook].rows
    wanted = [claim for claim in COMPUTABLE if claim.notebook == notebook]
    found = {claim.id: len(pick(rows, **claim.row)) for claim in wanted}
    assert {name: count for name, count in found.items() if count != 1} == {}
    missing = [claim.id for claim in wanted if pick(rows, **claim.row)[claim.read].isna().item()]
    assert missing == []


def test_a_claim_without_a_row_says_why():
    assert all(claim.reason for claim in CLAIMS if claim.basis in ("arithmetic", "inconsistent", "not_computable"))
    without = [claim for claim in CLAIMS if not claim.row]
    assert without
    assert all(claim.basis in ("inconsistent", "not_computable") and claim.reason for claim in without)


def test_a_claim_on_a_p_value_says_its_test_and_its_sides():
    for claim in CLAIMS:
        assert bool(claim.sided) == (claim.read in ("p", "p_adjusted"))
        assert claim.test or claim.kind in ("design", "count", "proportion")


def test_the_ledger_of_the_paper_agrees_with_itself():
    assert disagreements(load_entries("zhou2021")) == []


def test_a_missing_entry_that_others_are_compared_with():
    left = [entry for entry in load_entries("zhou2021") if entry.id != "n-pain"]
    assert disagreements(left) == ["n-pain: no entry is called so, though others are compared with it"]
