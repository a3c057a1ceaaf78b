"""From the text of ``datapackage.json`` to a :class:`Descriptor`, or one error that lists everything wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from helpers.study import descriptor as d
from helpers.study.errors import DescriptorError
from helpers.study.references import reference_problems

FILE = "datapackage.json"
# Texts of one line each; a description may have several.
NAMED = ("title", "label", "unit", "notice", "text", "note", "panel")
BREAK = re.compile(r"\s*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]\s*")
LONGEST = 300  # of what the schema says: it may repeat all of a part that is wrong


def parse_descriptor(text: str, where: str) -> d.Descriptor:
    """Read a descriptor.

    Parameters
    ----------
    text : str
        Contents of ``datapackage.json`` (JSON, UTF-8).
    where : str
        The folder, as the user named it; used in messages only.

    Raises
    ------
    DescriptorError
        The text is not JSON, does not follow the schema beside this module, or a role names a table, column,
        visit or group that the descriptor does not have, or one that cannot play the
        part. All problems are in one error.

    Notes
    -----
    Follows the Frictionless *Data Package* and *Table Schema* specifications (https://specs.frictionlessdata.io),
    with ``unit`` and ``categoriesLabels`` on columns and a ``roles`` object of our own.
    """
    document = _load(text, where)
    problems = [*_schema_problems(document)]
    if problems:
        raise DescriptorError(f"{where}/{FILE}", problems)
    parsed = replace(_build(_in_lines(document)), raw=document)
    problems = [*reference_problems(parsed)]
    if problems:
        raise DescriptorError(f"{where}/{FILE}", problems)
    return parsed


def _load(text: str, where: str) -> Any:
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise DescriptorError(
            f"{where}/{FILE}", [f"line {error.lineno}, column {error.colno}: not JSON ({error.msg})"]
        ) from None
    except RecursionError:
        raise DescriptorError(f"{where}/{FILE}", ["lists within lists without end; expected a descriptor"]) from None


@cache
def _validator():
    # jsonschema is imported here so that a notebook that never meets a descriptor does not pay for it.
    from jsonschema import Draft202012Validator

    schema = json.loads((Path(__file__).parent / "descriptor.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


def _schema_problems(document: Any) -> Iterator[str]:
    errors = sorted(_validator().iter_errors(document), key=lambda e: [str(part) for part in e.absolute_path])
    for error in errors:
        place = ".".join(str(part) for part in error.absolute_path) or "the document"
        yield f"{place}: {error.message if len(error.message) < LONGEST else error.message[:LONGEST] + ' …'}"


def _in_lines(part: Any, key: str = "") -> Any:
    """The document with each name that a reader sees in one line: a line break would end the Markdown around it."""
    if isinstance(part, dict):
        inner = "label" if key == "categoriesLabels" else ""
        return {name: _in_lines(value, inner or name) for name, value in part.items()}
    if isinstance(part, list):
        return [_in_lines(item, key) for item in part]
    return BREAK.sub(" ", part).strip() if isinstance(part, str) and key in NAMED else part


def _build(document: Mapping[str, Any]) -> d.Descriptor:
    return d.Descriptor(
        name=document["name"],
        title=document["title"],
        description=document.get("description", ""),
        data_source=document["data_source"],
        notice=document.get("notice") or "",
        claims=document.get("claims"),
        resources=tuple(_resource(item) for item in document["resources"]),
        roles=_roles(document["roles"]),
        raw=document,
    )


def _resource(item: Mapping[str, Any]) -> d.Resource:
    schema = item["schema"]
    return d.Resource(
        name=item["name"],
        path=item["path"],
        title=item.get("title", item["name"]),
        description=item.get("description", ""),
        fields=tuple(_field(entry) for entry in schema["fields"]),
        primary_key=tuple(schema.get("primaryKey", ())),
        missing_values=tuple(schema.get("missingValues", ("",))),
    )


def _field(entry: Mapping[str, Any]) -> d.Field:
    return d.Field(
        name=entry["name"],
        type=entry["type"],
        title=entry.get("title", entry["name"]),
        description=entry.get("description", ""),
        unit=entry.get("unit", ""),
        constraints=entry.get("constraints", {}),
        labels=entry.get("categoriesLabels", {}),
    )


def _roles(roles: Mapping[str, Any]) -> d.Roles:
    def optional(kind: type, key: str):
        return kind(**roles[key]) if roles.get(key) else None

    return d.Roles(
        identifier=roles["identifier"],
        tables=roles["tables"],
        group_column=roles["group"]["column"],
        compared=tuple(roles["group"]["compared"]),
        reference=roles["group"].get("reference"),
        visits=tuple(d.Visit(**visit) for visit in roles["visits"]),
        outcomes=tuple(d.Outcome(**_tuples(outcome, "visits")) for outcome in roles["outcomes"]),
        response=optional(d.ResponseRule, "response"),
        remission=optional(d.RemissionRule, "remission"),
        analytes=_analytes(roles.get("analytes") or {}),
        baseline_table=tuple(d.BaselineVariable(**row) for row in roles.get("baseline_table", ())),
        analyte_covariates=tuple(roles.get("analyte_covariates", ())),
        eligibility=tuple(d.Criterion(**_tuples(row, "groups")) for row in roles.get("eligibility", ())),
        classification=optional(d.Classification, "classification"),
        adverse_events=optional(d.AdverseEvents, "adverse_events"),
        change_regressions=tuple(
            d.ChangeRegression(**_tuples(row, "groups")) for row in roles.get("change_regressions", ())
        ),
        mediation=optional(d.MediationPath, "mediation"),
    )


def _analytes(role: Mapping[str, Any]) -> d.Analytes:
    detection = d.Detection(**role["detection"]) if "detection" in role else None
    return d.Analytes(**{**_tuples(role, "columns", "visits"), "detection": detection})


def _tuples(mapping: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: tuple(value) if key in keys else value for key, value in mapping.items()}
