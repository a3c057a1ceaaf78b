"""What is refused in a descriptor, and how it is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from helpers.study.errors import DescriptorError
from helpers.study.parse import parse_descriptor

DATA = Path(__file__).parents[2] / "data"
SOURCE = {name: (DATA / name / "datapackage.json").read_text(encoding="utf-8") for name in ("synthetic", "pbc")}
DELETE = object()


def refused(text: str) -> tuple[str, ...]:
    with pytest.raises(DescriptorError) as caught:
        parse_descriptor(text, "data/mine")
    assert caught.value.where == "data/mine/datapackage.json"
    return caught.value.problems


def changed(*changes: tuple[str, object], source: str = "synthetic") -> str:
    """The bundled descriptor with values put at dotted paths; numbers are positions in lists."""
    document = json.loads(SOURCE[source])
    for path, value in changes:
        *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
        place = document
        for part in parents:
            place = place[part]
        if value is DELETE:
            del place[last]
        else:
            place[last] = value
    return json.dumps(document)


@pytest.mark.parametrize("name", SOURCE)
def test_bundled_descriptor_is_accepted(name):
    study = parse_descriptor(SOURCE[name], "here")
    assert study.name == name
    assert study.roles.visits[0].name == "baseline"


def test_not_json_names_line_and_column():
    assert refused('{"name": "mine",\n "title" }') == ("line 2, column 10: not JSON (Expecting ':' delimiter)",)


@pytest.mark.parametrize("text", ["[]", '"study"', "3", "null"])
def test_json_that_is_no_object(text):
    assert refused(text)[0].startswith("the document: ")


SCHEMA = [
    ("name", "My Study", "name: 'My Study' does not match"),
    ("data_source", "invented", "data_source: 'invented' is not one of ['synthetic', 'real']"),
    ("roles", DELETE, "the document: 'roles' is a required property"),
    ("roles.visits.0.day", "first", "roles.visits.0.day: 'first' is not of type 'number'"),
    ("roles.response.fraction", 1.5, "roles.response.fraction: 1.5 is greater than the maximum of 1"),
    ("roles.remision", None, "roles: Additional properties are not allowed ('remision' was unexpected)"),
    ("roles.group.compared", ["pain"], "roles.group.compared: ['pain'] is too short"),
    ("roles.analytes.transform", "log2", "roles.analytes.transform: 'log2' is not one of ['log', 'none']"),
    ("resources.0.schema.fields.2.type", "float", "resources.0.schema.fields.2.type: 'float' is not one of"),
    ("resources.0.schema.fields.2.constraints.min", 1, "resources.0.schema.fields.2.constraints: Additional"),
    ("claims", "../secret", "claims: '../secret' does not match"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "said"), SCHEMA)
def test_schema_violation_is_placed(path, value, said):
    assert any(line.startswith(said) for line in refused(changed((path, value))))


@pytest.mark.parametrize(
    "path", ["../other.csv", "/etc/passwd", "a/../../b.csv", "..", "a\\..\\b.csv", "\\\\host\\x.csv", "", "a/.."]
)
def test_path_out_of_the_folder_is_refused(path):
    assert refused(changed(("resources.3.path", path)))[0].startswith("resources.3.path: ")


def test_path_with_dots_inside_the_folder_is_accepted():
    for path in ("tables/in..fusions.csv", ".hidden.csv"):
        assert parse_descriptor(changed(("resources.3.path", path)), "here").resource("infusions").path == path


REFERENCES = [
    ("roles.tables.outcomes", "scales", "roles.tables.outcomes: no resource is called 'scales'; there are"),
    ("roles.identifier", "code", "roles.identifier: table participants has no column 'code'"),
    ("roles.group.column", "arm", "roles.group.column: no column 'arm'"),
    ("roles.outcomes.0.column", "hamd", "roles.outcomes: no column 'hamd'"),
    ("roles.analytes.columns.2", "crp", "roles.analytes.columns: no column 'crp'; expected one of"),
    ("roles.baseline_table.0.column", "height", "roles.baseline_table: no column 'height'"),
    ("roles.analyte_covariates.0", "height", "roles.analyte_covariates: no column 'height'"),
    ("roles.eligibility.0.column", "height", "roles.eligibility: no column 'height'"),
    ("roles.response.outcome", "hamd", "roles.response.outcome: no column 'hamd'; expected one of affective, madrs"),
    ("roles.remission.outcome", "hamd", "roles.remission.outcome: no column 'hamd'"),
    ("roles.classification.any_above", {"itch": 0}, "roles.classification.any_above: no column 'itch'"),
    ("roles.change_regressions.0.outcome", "itch", "roles.change_regressions: no column 'itch'"),
    ("roles.mediation.x", "crp", "roles.mediation.x: no column 'crp'; expected one of fractalkine"),
    ("roles.mediation.m", "il_6", "roles.mediation.m: no column 'il_6'"),
    ("roles.adverse_events.table", "events", "roles.adverse_events.table: no resource is called 'events'"),
    ("roles.adverse_events.column", "pain", "roles.adverse_events.column: table infusions has no column 'pain'"),
    ("resources.1.schema.primaryKey", ["id", "week"], "resources.assessments.schema.primaryKey: no column 'week'"),
    # visits
    ("roles.response.visit", "week_2", "roles.response.visit: no visit 'week_2'; expected one of baseline, day_26"),
    ("roles.remission.visit", "week_2", "roles.remission.visit: no visit 'week_2'"),
    ("roles.mediation.visit", "week_2", "roles.mediation.visit: no visit 'week_2'"),
    ("roles.classification.visit", "week_2", "roles.classification.visit: no visit 'week_2'"),
    ("roles.analytes.visits.1", "week_2", "roles.analytes.visits: no visit 'week_2'"),
    ("roles.outcomes.2.visits.1", "week_2", "roles.outcomes.sensory.visits: no visit 'week_2'"),
    ("roles.visits.3.day", 1, "roles.visits: days must rise from each visit to the next"),
    ("roles.visits.3.name", "baseline", "roles.visits: 2 are called 'baseline'; expected each name once"),
    # rules that read what is not measured
    ("roles.response.visit", "baseline", "roles.response.visit: found the baseline 'baseline'; expected a later visit"),
    ("roles.response.outcome", "ppi", None),
    ("roles.mediation.visit", "infusion_1", "roles.mediation.visit: expected a follow-up visit of the analytes"),
    ("roles.analytes.visits", ["infusion_6", "day_26"], "roles.analytes.visits: expected the baseline 'baseline'"),
    ("roles.classification.visit", "infusion_1", "roles.classification.visit: outcome 'sensory' is not measured"),
    # groups
    ("roles.group.compared.0", "sore", "roles.group.compared: no group 'sore'; expected one of control"),
    ("roles.group.reference", "healthy", "roles.group.reference: no group 'healthy'"),
    ("roles.group.reference", "pain", "roles.group.reference: 'pain' is one of the compared groups"),
    ("roles.mediation.group", "sore", "roles.mediation.group: no group 'sore'"),
    ("roles.change_regressions.1.groups", ["sore"], "roles.change_regressions.groups: no group 'sore'"),
    ("roles.eligibility.1.groups.0", "sore", "roles.eligibility.groups: no group 'sore'"),
    ("roles.classification.yes", "sore", "roles.classification.yes: no group 'sore'"),
    ("resources.0.schema.fields.1.constraints", {}, "resources.participants.group: the group column needs type string"),
    # columns that cannot play their part
    ("resources.1.schema.fields.2.type", "string", "roles.outcomes: column 'madrs' is of type string"),
    ("resources.2.schema.fields.2.type", "boolean", "roles.analytes.columns: column 'itac' is of type boolean"),
    ("resources.0.schema.fields.3.constraints", {}, "roles.baseline_table: column 'sex' is text; it needs"),
    ("resources.1.schema.fields.1.type", "integer", "roles.tables.outcomes: column 'visit' is of type integer"),
    ("resources.1.schema.fields.1.name", "week", "roles.tables.outcomes: table assessments has no column 'visit'"),
    ("resources.0.schema.fields.4.name", "il_6", "roles.tables.participants: table participants has a column 'il_6'"),
    ("resources.0.schema.fields.4.name", "value", "roles.tables.participants: table participants has a column 'value'"),
    ("resources.0.schema.fields.5.name", "age", "resources.participants.schema.fields: 2 are called 'age'"),
    ("resources.3.name", "analytes", "resources: 2 are called 'analytes'; expected each name once"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "said"), REFERENCES)
def test_name_that_does_not_fit(path, value, said):
    text = changed((path, value))
    if said is None:
        assert parse_descriptor(text, "here")
    else:
        found = refused(text)
        assert any(line.startswith(said) for line in found), found


def test_every_unknown_name_in_one_pass():
    text = changed(
        ("roles.outcomes.0.column", "hamd"),
        ("roles.group.compared.0", "sore"),
        ("roles.response.visit", "week_2"),
        ("roles.adverse_events.column", "pain"),
    )
    found = " ".join(refused(text))
    for name in ("'hamd'", "'sore'", "'week_2'", "'pain'"):
        assert name in found


def test_parts_that_may_be_left_out():
    text = changed(
        *((f"roles.{key}", None) for key in ("remission", "classification", "adverse_events", "mediation")),
        *((f"roles.{key}", DELETE) for key in ("eligibility", "change_regressions", "analyte_covariates")),
        ("roles.group.reference", None),
        ("notice", None),
        ("claims", None),
    )
    roles = parse_descriptor(text, "here").roles
    assert (roles.remission, roles.classification, roles.adverse_events, roles.mediation) == (None,) * 4
    assert (roles.eligibility, roles.change_regressions, roles.analyte_covariates) == ((), (), ())


def test_what_a_reader_sees_is_one_line():
    """A line break in a label would end the Markdown around it; that of a description is a paragraph's."""
    changes = [("title", "One\n\n two\u2028three"), ("roles.visits.0.label", "Day\r\n 1"), ("description", "a\n\nb")]
    made = parse_descriptor(changed(*changes), "here")
    assert (made.title, made.roles.visits[0].label, made.description) == ("One two three", "Day 1", "a\n\nb")
    assert made.raw["title"] == "One\n\n two\u2028three"
    field = next(field for field in made.resource("participants").fields if field.labels)
    assert field.label("un\nknown") == "un known"
