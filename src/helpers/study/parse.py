"""From the text of ``datapackage.json`` to a :class:`Descriptor`, or one error that lists everything wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from helpers.study import descriptor as d
from helpers.study.errors import DescriptorError

FILE = "datapackage.json"


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
        visit or group that the descriptor does not have. All problems are in one error.

    Notes
    -----
    Follows the Frictionless *Data Package* and *Table Schema* specifications (https://specs.frictionlessdata.io),
    with ``unit`` and ``categoriesLabels`` on columns and a ``roles`` object of our own.
    """
    document = _load(text, where)
    problems = [*_schema_problems(document)]
    if problems:
        raise DescriptorError(f"{where}/{FILE}", problems)
    parsed = _build(document)
    problems = [*_reference_problems(parsed)]
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
        yield f"{place}: {error.message}"


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
        response=d.ResponseRule(**roles["response"]),
        remission=optional(d.RemissionRule, "remission"),
        analytes=d.Analytes(**_tuples(roles["analytes"], "columns", "visits")),
        baseline_table=tuple(d.BaselineVariable(**row) for row in roles["baseline_table"]),
        analyte_covariates=tuple(roles.get("analyte_covariates", ())),
        eligibility=tuple(d.Criterion(**_tuples(row, "groups")) for row in roles.get("eligibility", ())),
        classification=optional(d.Classification, "classification"),
        adverse_events=optional(d.AdverseEvents, "adverse_events"),
        change_regressions=tuple(
            d.ChangeRegression(**_tuples(row, "groups")) for row in roles.get("change_regressions", ())
        ),
        mediation=optional(d.MediationPath, "mediation"),
    )


def _tuples(mapping: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: tuple(value) if key in keys else value for key, value in mapping.items()}


def _reference_problems(study: d.Descriptor) -> Iterator[str]:
    """Every name a role uses must exist; sentences for those that do not."""
    roles, tables = study.roles, {resource.name: resource for resource in study.resources}
    for role, table in roles.tables.items():
        if table not in tables:
            yield f"roles.tables.{role}: no resource is called {table!r}; there are {_listed(tables)}"
    if any(table not in tables for table in roles.tables.values()):
        return
    columns = {role: {f.name for f in tables[table].fields} for role, table in roles.tables.items()}
    for role in columns:
        if roles.identifier not in columns[role]:
            yield f"roles.identifier: table {roles.tables[role]} has no column {roles.identifier!r}"
    yield from _column_problems(roles, columns)
    yield from _visit_problems(roles)
    yield from _group_problems(study)
    if roles.adverse_events and roles.adverse_events.table not in tables:
        yield f"roles.adverse_events.table: no resource is called {roles.adverse_events.table!r}"


def _column_problems(roles: d.Roles, columns: Mapping[str, set[str]]) -> Iterator[str]:
    outcomes = {outcome.column for outcome in roles.outcomes}
    used = [("group.column", roles.group_column, columns["participants"])]
    used += [("outcomes", outcome.column, columns["outcomes"]) for outcome in roles.outcomes]
    used += [("analytes.columns", name, columns["analytes"]) for name in roles.analytes.columns]
    used += [
        ("baseline_table", row.column, columns["participants"] if row.candidate else columns["participants"] | outcomes)
        for row in roles.baseline_table
    ]
    used += [("analyte_covariates", name, columns["participants"]) for name in roles.analyte_covariates]
    used += [("eligibility", row.column, columns["participants"]) for row in roles.eligibility]
    used += [("response.outcome", roles.response.outcome, outcomes)]
    used += [("change_regressions", row.outcome, outcomes) for row in roles.change_regressions]
    if roles.remission:
        used += [("remission.outcome", roles.remission.outcome, outcomes)]
    if roles.classification:
        used += [("classification.any_above", name, outcomes) for name in roles.classification.any_above]
    if roles.mediation:
        used += [("mediation.x", roles.mediation.x, set(roles.analytes.columns))]
        used += [(f"mediation.{key}", getattr(roles.mediation, key), outcomes) for key in ("m", "y")]
    for role, name, known in used:
        if name not in known:
            yield f"roles.{role}: no column {name!r}; expected one of {_listed(known)}"


def _visit_problems(roles: d.Roles) -> Iterator[str]:
    known = [visit.name for visit in roles.visits]
    used = [("response.visit", roles.response.visit), *(("analytes.visits", v) for v in roles.analytes.visits)]
    used += [(f"outcomes.{o.column}.visits", visit) for o in roles.outcomes for visit in o.visits]
    for key in ("remission", "classification", "mediation"):
        if getattr(roles, key):
            used.append((f"{key}.visit", getattr(roles, key).visit))
    for role, name in used:
        if name not in known:
            yield f"roles.{role}: no visit {name!r}; expected one of {_listed(known)}"
    days = [visit.day for visit in roles.visits]
    if days != sorted(set(days)):
        yield "roles.visits: days must rise from each visit to the next; the first visit is the baseline"
    if len(set(known)) != len(known):
        yield "roles.visits: two visits have the same name"


def _group_problems(study: d.Descriptor) -> Iterator[str]:
    roles = study.roles
    table = study.resource(roles.tables["participants"])
    column = next((f for f in table.fields if f.name == roles.group_column), None)
    if column is None:
        return
    known = column.constraints.get("enum")
    if not known:
        yield f"resources.{table.name}.{column.name}: the group column needs constraints.enum, the list of groups"
        return
    used = [("group.compared", name) for name in roles.compared]
    used += [("change_regressions.groups", name) for row in roles.change_regressions for name in row.groups]
    used += [("group.reference", roles.reference)] if roles.reference else []
    used += [("mediation.group", roles.mediation.group)] if roles.mediation else []
    for role, name in used:
        if name not in known:
            yield f"roles.{role}: no group {name!r}; expected one of {_listed(known)}"


def _listed(names) -> str:
    return ", ".join(sorted(map(str, names)))
