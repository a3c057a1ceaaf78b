"""Does a typed table hold what its descriptor says? Ranges, categories, keys and links between tables."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpers.study.columns import cell_problems
from helpers.study.descriptor import Descriptor, Field, Resource


def table_problems(frame: pd.DataFrame, resource: Resource, descriptor: Descriptor) -> list[str]:
    """All sentences for one table; an empty list when it is as described.

    The constraints are checked by pandera, from a schema made of the descriptor's fields; duplicates of the primary
    key and unknown visits are named here.
    """
    problems = [*_constraint_problems(frame, resource, descriptor.roles.identifier)]
    problems += _key_problems(frame, resource)
    visit_tables = (descriptor.roles.tables["outcomes"], descriptor.roles.tables["analytes"])
    if resource.name in visit_tables:
        problems += _visit_problems(frame, resource, descriptor)
    return problems


def _constraint_problems(frame: pd.DataFrame, resource: Resource, identifier: str) -> Iterator[str]:
    # pandera takes longer to import than to run; a caller that only reads a descriptor should not wait for it.
    from pandera.errors import SchemaErrors

    try:
        _schema(resource).validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        for (column, check), found in cases.groupby(["column", "check"], sort=True):
            bad = pd.Series(frame.index.isin(found["index"].dropna()), index=frame.index)
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
    if check.startswith("pattern"):
        return f"expected text of the form {limits['pattern']}"
    low, high = limits.get("minimum", "any"), limits.get("maximum", "any")
    return f"expected {low} to {high} {field.unit}".rstrip()


def _key_problems(frame: pd.DataFrame, resource: Resource) -> Iterator[str]:
    key = list(resource.primary_key)
    if not key:
        return
    for row in frame.index[frame.duplicated(key)]:
        named = ", ".join(f"{name} {frame.loc[row, name]}" for name in key)
        yield f"{resource.path}, row {row + 2}: a second row for {named}; expected one"


def _visit_problems(frame: pd.DataFrame, resource: Resource, descriptor: Descriptor) -> list[str]:
    known = [visit.name for visit in descriptor.roles.visits]
    if "visit" not in frame:
        return [f"{resource.path}: no column 'visit', which every table of visits needs"]
    bad = ~frame["visit"].isin(known)
    expected = "expected one of " + ", ".join(known)
    return cell_problems(resource.path, frame["visit"], bad, frame.get(descriptor.roles.identifier), expected)


def link_problems(tables: dict[str, pd.DataFrame], descriptor: Descriptor) -> list[str]:
    """Rows about participants who are not in the participants table."""
    identifier, people = descriptor.roles.identifier, descriptor.roles.tables["participants"]
    known = tables[people][identifier]
    problems = []
    for resource in descriptor.resources:
        frame = tables[resource.name]
        if resource.name != people and identifier in frame:
            bad = ~frame[identifier].isin(known)
            expected = f"expected a participant of {descriptor.resource(people).path}"
            problems += cell_problems(resource.path, frame[identifier], bad, None, expected)
    return problems
