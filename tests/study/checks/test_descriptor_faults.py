"""A descriptor that describes no study stops the check with its own message; no table is blamed."""

from __future__ import annotations

import json

import pytest


def with_column(table: str, name: str, **entries):
    def apply(study):
        study.column(table, name).update(entries)
        study.describe()

    return apply


def with_role(name: str, value):
    def apply(study):
        study.document["roles"][name] = value
        study.describe()

    return apply


def as_bytes(content: bytes):
    return lambda study: (study.path / "datapackage.json").write_bytes(content)


FAULTS = {
    "not JSON": (as_bytes(b'{"name": "trial",}'), "line 1, column"),
    "cut short": (lambda s: as_bytes(json.dumps(s.document).encode()[:-40])(s), "not JSON"),
    "UTF-16": (lambda s: as_bytes(json.dumps(s.document).encode("utf-16"))(s), "not text in UTF-8"),
    "empty": (as_bytes(b""), "line 1, column 1: not JSON"),
    "a list": (as_bytes(b"[]"), "the document: [] is not of type 'object'"),
    "lists without end": (as_bytes(b"[" * 200_000), "lists within lists without end"),
    "no roles": (lambda s: (s.document.pop("roles"), s.describe()), "'roles' is a required property"),
    "an unknown type": (with_column("scales", "madrs", type="score"), "'score' is not one of"),
    "a limit on text": (with_column("people", "ward", constraints={"minimum": 3}), "limits are for integer and number"),
    "limits exchanged": (with_column("scales", "madrs", constraints={"minimum": 60, "maximum": 0}),
                         "minimum: 60 is above the maximum, 0"),
    "a pattern that is none": (with_column("people", "ward", constraints={"pattern": "(a"}),
                               "not a regular expression"),
    "a pattern on numbers": (with_column("people", "age", constraints={"pattern": "[0-9]"}), "patterns are for string"),
    "a list of another type": (with_column("doses", "sick", constraints={"enum": ["0", "1"]}),
                               "'0' is not of type integer"),
    "an identifier that is no column": (with_role("identifier", "id"), "has no column 'id'"),
    "an analyte that is no column": (
        with_role("analytes", {"columns": ["crp2"], "visits": ["baseline"], "transform": "log"}), "no column 'crp2'"),
    "a role unknown": (with_role("outcome", []), "'outcome' was unexpected"),
    "a group that is none": (with_role("group", {"column": "arm", "compared": ["ache", "aches"]}), "no group 'aches'"),
    "an outcome twice": (lambda s: (s.document["roles"]["outcomes"].append(s.document["roles"]["outcomes"][0]),
                                    s.describe()), "2 are called 'madrs'"),
    "a date as a covariate": (with_column("people", "sex", type="date", constraints={}), "'sex' is a date"),
    "a table out of the folder": (lambda s: (s.document["resources"][3].update(path="../doses.csv"), s.describe()),
                                  "resources.3.path"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_descriptor_is_named(good, check, name):
    change, said = FAULTS[name]
    change(good)
    done = check(good)
    assert done.status == 2
    assert said in done.said
    assert {item["file"] for item in done.findings} == {"datapackage.json"}
    assert {item["rule"] for item in done.findings} == {"descriptor"}
    assert len(done.said) < 4000


def test_no_descriptor_at_all(good, check):
    (good.path / "datapackage.json").unlink()
    done = check(good)
    assert (done.status, done.page) == (2, "")
    assert "no datapackage.json in it" in done.said
