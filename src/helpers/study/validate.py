"""Does a typed table hold what its descriptor says? Ranges, categories, keys and links between tables."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpers.study.columns import TypedTable, cell_problems
from helpers.study.descriptor import Descriptor, Field, Resource


def table_problems(table: TypedTable, resource: Resource, descriptor: Descriptor) -> list[str]:
    """All sentences for one table beside those on types; an empty list when it is as described.

    The constraints are checked by pandera, from a schema made of the descriptor's fields; repeated keys, unknown
    visits and values without a logarithm are named here.
    """
    frame, roles = table.frame, descriptor.roles
    problems = [*_constraint_problems(table, resource, roles.identifier)]
    problems += _key_problems(frame, resource, _key(resource, descriptor))
    if resource.name in (roles.tables["outcomes"], roles.tables.get("analytes")):
        problems += _visit_problems(frame, resource, descriptor)
    problems += _scale_problems(frame, resource, descriptor)
    return problems


def _key(resource: Resource, descriptor: Descriptor) -> list[str]:
    """The descriptor's primary key; where it gives none, what the analyses take for granted."""
    roles = descriptor.roles
    if resource.primary_key:
        return list(resource.primary_key)
    if resource.name == roles.tables["participants"]:
        return [roles.identifier]
    return [roles.identifier, "visit"] if resource.name in roles.tables.values() else []


def _scale_problems(frame: pd.DataFrame, resource: Resource, descriptor: Descriptor) -> Iterator[str]:
    """Values of zero or less in columns that are analysed as logarithms."""
    roles, logs = descriptor.roles, []
    if resource.name == roles.tables.get("analytes") and roles.analytes.transform == "log":
        logs += roles.analytes.columns
    if resource.name == roles.tables["outcomes"]:
        logs += [item.column for item in roles.outcomes if item.transform == "log"]
    for name in logs:
        low = resource.field(name).constraints.get("minimum", float("-inf"))
        # Values below the stated minimum are named already.
        bad = (frame[name] <= 0) & (frame[name] >= low)
        expected = "expected more than 0, as the logarithm is analysed"
        yield from cell_problems(resource.path, frame[name], bad, frame.get(roles.identifier), expected)


def _constraint_problems(table: TypedTable, resource: Resource, identifier: str) -> Iterator[str]:
    # pandera takes longer to import than to run; a caller that only reads a descriptor should not wait for it.
    from pandera.errors import SchemaErrors

    frame = table.frame
    try:
        _schema(resource).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        for (column, check), found in cases.groupby(["column", "check"], sort=True):
            bad = pd.Series(frame.index.isin(found["index"].dropna()), index=frame.index)
            bad &= ~table.unreadable[column]
            field = resource.field(column)
            yield from cell_problems(resource.path, frame[column], bad, frame.get(identifier), _expected(field, check))


def _schema(resource: Resource):
    import pandera.pandas as pa

    columns = {
        field.name: pa.Column(
            checks=_checks(field),
            nullable=not field.constraints.get("required", False),
            unique=bool(field.constraints.get("unique", False)),
        )
        for field in resource.fields
    }
    return pa.DataFrameSchema(columns)


def _checks(field: Field) -> list:
    import pandera.pandas as pa

    limits, checks = field.constraints, []
    if "minimum" in limits:
        checks.append(pa.Check.ge(limits["minimum"], name="minimum"))
    if "maximum" in limits:
        checks.append(pa.Check.le(limits["maximum"], name="maximum"))
    if "enum" in limits:
        checks.append(pa.Check.isin(limits["enum"], name="enum"))
    if "pattern" in limits:
        checks.append(pa.Check.str_matches(f"^(?:{limits['pattern']})$", name="pattern"))
    return checks


def _expected(field: Field, check: str) -> str:
    limits = field.constraints
    if check.startswith("field_uniqueness"):
        return "expected each value once"
    if check.startswith("not_nullable"):
        return "expected a value in every row"
    if "enum" in limits:
        return "expected one of " + ", ".join(map(str, limits["enum"]))
    if "pattern" in limits:
        return f"expected text of the form {limits['pattern']}"
    low, high = limits.get("minimum", "any"), limits.get("maximum", "any")
    return f"expected {low} to {high} {field.unit}".rstrip()


def _key_problems(frame: pd.DataFrame, resource: Resource, key: list[str]) -> Iterator[str]:
    unique = [name for name in key if resource.field(name).constraints.get("unique")]
    if not key or unique:
        return
    for row in frame.index[frame.duplicated(key) & frame[key].notna().all(axis=1)]:
        named = ", ".join(f"{name} {frame.loc[row, name]}" for name in key)
        yield f"{resource.path}, row {row + 2}: a second row for {named}; expected one"


def _visit_problems(frame: pd.DataFrame, resource: Resource, descriptor: Descriptor) -> list[str]:
    known = [visit.name for visit in descriptor.roles.visits]
    # Visits outside the column's own list, and missing ones where one is required, are named already.
    limits = resource.field("visit").constraints
    bad = ~frame["visit"].isin(known) & frame["visit"].isin(limits.get("enum", frame["visit"].dropna()))
    if not limits.get("required"):
        bad |= frame["visit"].isna()
    expected = "expected one of " + ", ".join(known)
    return cell_problems(resource.path, frame["visit"], bad, frame.get(descriptor.roles.identifier), expected)


def link_problems(tables: dict[str, pd.DataFrame], descriptor: Descriptor) -> list[str]:
    """Rows about participants who are not in the participants table."""
    identifier, people = descriptor.roles.identifier, descriptor.roles.tables["participants"]
    if people not in tables:
        return []
    known, problems = tables[people][identifier].dropna(), []
    for resource in descriptor.resources:
        frame = tables.get(resource.name, pd.DataFrame())
        if resource.name != people and identifier in frame:
            bad = ~frame[identifier].isin(known) & frame[identifier].notna()
            expected = f"expected a participant of {descriptor.resource(people).path}"
            problems += cell_problems(resource.path, frame[identifier], bad, None, expected)
    return problems
