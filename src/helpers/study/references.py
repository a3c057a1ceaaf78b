"""Does every name that a role uses exist, and can its column do what the role asks? Sentences for what does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from helpers.study import descriptor as d
from helpers.study.limits import limit_problems

# Columns that the analyses add beside a participant's own; a participants table that has them too could not be told
# apart from them.
ADDED = ("visit", "day", "value", "baseline_level")
NUMBERS = ("integer", "number")


def reference_problems(study: d.Descriptor) -> Iterator[str]:
    """Everything wrong with the names in ``roles``, one sentence a problem."""
    roles, tables = study.roles, {resource.name: resource for resource in study.resources}
    yield from _twice("resources", [resource.name for resource in study.resources])
    for resource in study.resources:
        yield from _twice(f"resources.{resource.name}.schema.fields", [f.name for f in resource.fields])
        yield from limit_problems(resource)
        names = {f.name for f in resource.fields}
        for name in set(resource.primary_key) - names:
            where = f"resources.{resource.name}.schema.primaryKey"
            yield f"{where}: no column {name!r}; expected one of {_listed(names)}"
    for role, table in roles.tables.items():
        if table not in tables:
            yield f"roles.tables.{role}: no resource is called {table!r}; there are {_listed(tables)}"
    if any(table not in tables for table in roles.tables.values()):
        return
    if ("analytes" in roles.tables) != bool(roles.analytes.columns):
        yield "roles.analytes: a study with analytes needs both roles.tables.analytes and roles.analytes; else neither"
        return
    columns = {role: {f.name: f for f in tables[table].fields} for role, table in roles.tables.items()}
    for role in columns:
        if roles.identifier not in columns[role]:
            yield f"roles.identifier: table {roles.tables[role]} has no column {roles.identifier!r}"
    yield from _column_problems(roles, {role: set(fields) for role, fields in columns.items()})
    yield from _kind_problems(roles, columns)
    yield from _collisions(roles, columns)
    yield from _visit_problems(roles)
    yield from _group_problems(study)
    yield from _event_problems(roles, tables)
    yield from _detection_problems(roles, tables)


def _twice(where: str, names: list[str]) -> Iterator[str]:
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{where}: {count} are called {name!r}; expected each name once"


def _column_problems(roles: d.Roles, columns: Mapping[str, set[str]]) -> Iterator[str]:
    outcomes = {outcome.column for outcome in roles.outcomes}
    used = [("group.column", roles.group_column, columns["participants"])]
    used += [("outcomes", outcome.column, columns["outcomes"]) for outcome in roles.outcomes]
    used += [("analytes.columns", name, columns["analytes"]) for name in roles.analytes.columns]
    used += [("response.outcome", roles.response.outcome, outcomes)] if roles.response else []
    used += [
        ("baseline_table", row.column, columns["participants"] if row.candidate else columns["participants"] | outcomes)
        for row in roles.baseline_table
    ]
    used += [("analyte_covariates", name, columns["participants"]) for name in roles.analyte_covariates]
    used += [("eligibility", row.column, columns["participants"]) for row in roles.eligibility]
    used += [("change_regressions", row.outcome, outcomes) for row in roles.change_regressions]
    yield from _twice("roles.outcomes", [outcome.column for outcome in roles.outcomes])
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


def _kind_problems(roles: d.Roles, columns: Mapping[str, Mapping[str, d.Field]]) -> Iterator[str]:
    """Columns whose type cannot carry their role."""
    people = columns["participants"]
    numeric = [("outcomes", columns["outcomes"].get(item.column)) for item in roles.outcomes]
    numeric += [("analytes.columns", columns["analytes"].get(name)) for name in roles.analytes.columns]
    numeric += [("eligibility", people.get(row.column)) for row in roles.eligibility]
    for role, field in numeric:
        if field and field.type not in NUMBERS:
            yield f"roles.{role}: column {field.name!r} is of type {field.type}; expected integer or number"
    described = [("baseline_table", people.get(row.column)) for row in roles.baseline_table]
    described += [("analyte_covariates", people.get(name)) for name in roles.analyte_covariates]
    for role, field in described:
        if field and field.type == "string" and not field.is_category:
            yield f"roles.{role}: column {field.name!r} is text; it needs constraints.enum, the list of its values"
        if field and field.type == "date":
            yield f"roles.{role}: column {field.name!r} is a date; expected a number or a category"
    for role in (role for role in ("outcomes", "analytes") if role in columns):
        visit = columns[role].get("visit")
        if visit is None:
            yield f"roles.tables.{role}: table {roles.tables[role]} has no column 'visit', which tables of visits need"
        elif visit.type != "string":
            yield f"roles.tables.{role}: column 'visit' is of type {visit.type}; expected string"


def _collisions(roles: d.Roles, columns: Mapping[str, Mapping[str, d.Field]]) -> Iterator[str]:
    """Names in the participants table that the analyses would take for something else."""
    taken = {*ADDED, *roles.analytes.columns}
    taken |= {"id"} - {roles.identifier} | {"group"} - {roles.group_column}
    for name in columns["participants"]:
        if name in taken:
            where = f"roles.tables.participants: table {roles.tables['participants']}"
            yield f"{where} has a column {name!r}, a name that the analyses use for something else; rename it"


def _visit_problems(roles: d.Roles) -> Iterator[str]:
    known = [visit.name for visit in roles.visits]
    used = [("analytes.visits", v) for v in roles.analytes.visits]
    used += [(f"outcomes.{o.column}.visits", visit) for o in roles.outcomes for visit in o.visits]
    for key in ("response", "remission", "classification", "mediation"):
        if getattr(roles, key):
            used.append((f"{key}.visit", getattr(roles, key).visit))
    for role, name in used:
        if name not in known:
            yield f"roles.{role}: no visit {name!r}; expected one of {_listed(known)}"
    days = [visit.day for visit in roles.visits]
    if days != sorted(set(days)):
        yield "roles.visits: days must rise from each visit to the next; the first visit is the baseline"
    yield from _twice("roles.visits", known)
    yield from _unmeasured(roles, known)


def _unmeasured(roles: d.Roles, known: list[str]) -> Iterator[str]:
    """Rules that read an outcome, or the panel, at a visit at which it is not measured."""
    measured = {item.column: item.visits for item in roles.outcomes}
    panel, first = roles.analytes.visits, known[0]
    rules = [(key, getattr(roles, key)) for key in ("response", "remission") if getattr(roles, key)]
    needs = [(f"{key}.visit", rule.outcome, rule.visit) for key, rule in rules]
    needs += [(key, rule.outcome, first) for key, rule in rules if key == "response"]
    needs += [("change_regressions", row.outcome, first) for row in roles.change_regressions]
    if roles.classification:
        needs += [("classification.visit", name, roles.classification.visit) for name in roles.classification.any_above]
    if roles.mediation:
        places = [first, roles.mediation.visit]
        needs += [("mediation.visit", getattr(roles.mediation, key), v) for key in ("m", "y") for v in places]
        if roles.mediation.visit in known and roles.mediation.visit not in panel[1:]:
            yield f"roles.mediation.visit: expected a follow-up visit of the analytes, found {roles.mediation.visit!r}"
    for role, column, visit in needs:
        if column in measured and visit in known and visit not in measured[column]:
            visits = _listed(measured[column])
            yield f"roles.{role}: outcome {column!r} is not measured at visit {visit!r}; its visits are {visits}"
    for key, rule in rules:
        if rule.visit == first:
            yield f"roles.{key}.visit: found the baseline {first!r}; expected a later visit"
    if panel and first not in panel:
        yield f"roles.analytes.visits: expected the baseline {first!r} among them"


def _group_problems(study: d.Descriptor) -> Iterator[str]:
    roles = study.roles
    table = study.resource(roles.tables["participants"])
    column = next((f for f in table.fields if f.name == roles.group_column), None)
    if column is None:
        return
    known = column.constraints.get("enum")
    if not known or column.type != "string":
        where = f"resources.{table.name}.{column.name}"
        yield f"{where}: the group column needs type string and constraints.enum, the list of groups"
        return
    used = [("group.compared", name) for name in roles.compared]
    used += [("change_regressions.groups", name) for row in roles.change_regressions for name in row.groups]
    used += [("eligibility.groups", name) for row in roles.eligibility for name in row.groups]
    used += [("group.reference", roles.reference)] if roles.reference else []
    used += [("mediation.group", roles.mediation.group)] if roles.mediation else []
    if roles.classification:
        used += [("classification.yes", roles.classification.yes), ("classification.no", roles.classification.no)]
    for role, name in used:
        if name not in known:
            yield f"roles.{role}: no group {name!r}; expected one of {_listed(known)}"
    if roles.reference in roles.compared:
        yield f"roles.group.reference: {roles.reference!r} is one of the compared groups; expected another, or null"


def _event_problems(roles: d.Roles, tables: Mapping[str, d.Resource]) -> Iterator[str]:
    role = roles.adverse_events
    if role is None:
        return
    if role.table not in tables:
        yield f"roles.adverse_events.table: no resource is called {role.table!r}; there are {_listed(tables)}"
        return
    fields = {f.name: f for f in tables[role.table].fields}
    for key, name in (("column", role.column), ("table", roles.identifier)):
        if name not in fields:
            where = f"roles.adverse_events.{key}: table {role.table}"
            yield f"{where} has no column {name!r}; expected one of {_listed(fields)}"
    if role.column in fields and fields[role.column].type not in (*NUMBERS, "boolean"):
        yield f"roles.adverse_events.column: {role.column!r} is text; expected a boolean, or integers 0 and 1"


def _detection_problems(roles: d.Roles, tables: Mapping[str, d.Resource]) -> Iterator[str]:
    role = roles.analytes.detection
    if role is None:
        return
    where = "roles.analytes.detection.table"
    if role.table not in tables:
        yield f"{where}: no resource is called {role.table!r}; there are {_listed(tables)}"
        return
    fields = {f.name: f for f in tables[role.table].fields}
    for name in (roles.identifier, "visit", "analyte", "limit"):
        if name not in fields:
            yield f"{where}: table {role.table} has no column {name!r}; expected one of {_listed(fields)}"
    if "limit" in fields and fields["limit"].type not in NUMBERS:
        yield f"{where}: column 'limit' is of type {fields['limit'].type}; expected number"


def _listed(names) -> str:
    return ", ".join(sorted(map(str, names)))
