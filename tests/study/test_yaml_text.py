"""YAML by people: what PyYAML lets through as exceptions of Python, and what would never end, is refused in words."""

import pytest

from helpers.analysis.settings import SettingsError
from helpers.analysis.yaml_file import read_yaml
from helpers.claims.ledger import Claim as Entry
from helpers.claims.ledger import LedgerError, claims_of, parse_ledger
from helpers.study.intake import MappingError
from helpers.study.intake.mapping import read_mapping
from helpers.study.yaml_text import YamlTextError, parse_yaml

REFUSED = {
    "born: 2021-02-30": "day is out of range",
    "n: 0o9\nm: !!int ''": "not readable",
    "when: !!timestamp soon": "not readable",
    "a: !!python/object/apply:os.getcwd []": "could not determine a constructor",
    "a: !!python/name:os.system": "could not determine a constructor",
    "a: &b [*b]": r"line 1: the alias \*b",
    "a: &x [1]\nb: &y [*x, *x]": r"line 2: the alias \*x",
    "[" * 5000: "not readable",
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused_wherever_it_is_read(text, tmp_path):
    with pytest.raises(YamlTextError, match=REFUSED[text]):
        parse_yaml(text)
    with pytest.raises(LedgerError):
        parse_ledger(text)
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError):
        read_yaml(tmp_path / "plan.yaml")
    with pytest.raises(MappingError):
        read_mapping(text, "mapping.yaml")


def test_a_file_in_another_encoding(tmp_path):
    (tmp_path / "plan.yaml").write_bytes("n: é".encode("cp1252"))
    with pytest.raises(SettingsError, match="UTF-8"):
        read_yaml(tmp_path / "plan.yaml")


def test_braces_are_text_but_those_of_a_list():
    row = {"visit": ["v1"], "contrast": "{visit} - {visit.__class__} {0} {"}
    (claim,) = claims_of([Entry("a", "direction", "Results", "Falls", "< 0.05", "02_efficacy", row)])
    assert claim.row["contrast"] == "v1 - {visit.__class__} {0} {"


def test_lists_that_stand_for_more_claims_than_any_paper_has():
    row = {name: [str(number) for number in range(40)] for name in ("visit", "group", "analyte")}
    with pytest.raises(LedgerError, match="a stands for more than"):
        claims_of([Entry("a", "direction", "Results", "Falls", "< 0.05", "02_efficacy", row)])


def test_keys_that_are_no_text_are_named():
    with pytest.raises(LedgerError, match="there is no key `None`"):
        parse_ledger("- {null: 1, 3: 2, id: a}")
