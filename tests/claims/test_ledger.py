"""The ledger's file: expansion, refusals, and that every claim finds its one row."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
import yaml

from helpers.analysis.results import pick
from helpers.claims import Claim, LedgerError, load_ledger, parse_ledger

LEDGER = Path(__file__).parents[2] / "data" / "claims" / "zhou2021.yaml"
CLAIMS = load_ledger("zhou2021")
COMPUTABLE = [claim for claim in CLAIMS if claim.basis != "not_computable" and claim.row]

PLAIN = {
    "id": "a", "kind": "statistic", "place": "Results", "statement": "Something", "printed": "1.50",
    "notebook": "02_efficacy", "row": {"analysis": "x"},
}  # fmt: skip


def parsed(**changes) -> tuple[Claim, ...]:
    entry = {key: value for key, value in {**PLAIN, **changes}.items() if value is not ...}
    return parse_ledger(yaml.safe_dump([entry]))


def test_plain_entry():
    (claim,) = parsed()
    assert claim == Claim(**PLAIN)
    assert (claim.read, claim.sign, claim.basis) == ("value", "", "held_out")


def test_lists_make_one_claim_a_member():
    row = {"analysis": "x", "outcome": ["m", "v"], "visit": ["w1", "w2", "w3"], "contrast": "{visit} - baseline"}
    claims = parsed(row=row)
    assert [claim.id for claim in claims] == [f"a:{o}/{v}" for o, v in product(["m", "v"], ["w1", "w2", "w3"])]
    assert claims[4].row == {"analysis": "x", "outcome": "v", "visit": "w2", "contrast": "w2 - baseline"}
    assert claims[4].statement == "Something (v, w2)"
    assert all(claim.printed == "1.50" for claim in claims)


REFUSED = [
    ({"printed": 1.5}, "`printed` must be quoted"),
    ({"printed": "about 2"}, "expected a number, or < or > and a number"),
    ({"printed": ""}, "expected a number, or < or > and a number"),
    ({"place": ...}, "missing 1 required positional argument: 'place'"),
    ({"colour": "red"}, "unexpected keyword argument 'colour'"),
    ({"basis": "guess"}, "basis 'guess'; expected one of target, arithmetic, held_out, inconsistent, not_computable"),
    ({"read": "t"}, "read 't'; expected one of value, p, p_adjusted, n"),
    ({"sign": "+"}, "sign '+'; expected one of"),
    ({"basis": "not_computable"}, "not computable, but no reason is given"),
    ({"basis": "inconsistent"}, "inconsistent, but no reason is given"),
    ({"kind": "opinion"}, "kind 'opinion'; expected one of design, count,"),
    ({"kind": ...}, "missing 1 required positional argument: 'kind'"),
    ({"row": {"analisis": "x"}}, "results have no column analisis"),
]


@pytest.mark.parametrize(("change", "said"), REFUSED)
def test_entry_that_is_refused(change, said):
    with pytest.raises(LedgerError) as caught:
        parsed(**change)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (yaml.safe_dump([PLAIN, PLAIN]), "two claims are called a"),
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
    notebooks = {path.stem for path in (LEDGER.parents[2] / "notebooks").glob("*.ipynb")}
    assert {claim.notebook for claim in CLAIMS} == notebooks


@pytest.mark.parametrize("notebook", sorted({claim.notebook for claim in COMPUTABLE}))
def test_every_computable_claim_has_exactly_one_row(notebook, books):
    rows = books["synthetic"][notebook].rows
    wanted = [claim for claim in COMPUTABLE if claim.notebook == notebook]
    found = {claim.id: len(pick(rows, **claim.row)) for claim in wanted}
    assert {name: count for name, count in found.items() if count != 1} == {}
    missing = [claim.id for claim in wanted if pick(rows, **claim.row)[claim.read].isna().item()]
    assert missing == []


def test_arithmetic_claims_say_what_they_follow_from():
    assert all(claim.reason for claim in CLAIMS if claim.basis in ("arithmetic", "inconsistent", "not_computable"))
