"""Does a typed table hold what its descriptor says? Ranges, categories, keys and links between tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from helpers.study.columns import TypedTable, cell_findings
from helpers.study.descriptor import Descriptor, Field, Resource
from helpers.study.finding import ERROR, SHOWN, Finding, rows_finding, shown
from helpers.study.spelling import alike
from helpers.study.unfit import advice_on_values


def table_findings(table: TypedTable, resource: Resource, descriptor: Descriptor) -> list[Finding]:
    """All that is wrong with one table beside types; an empty list when it is as described.

    The constraints are checked by pandera, from a schema made of the descriptor's fields; repeated keys, unknown
    visits and values without a logarithm are named here.
    """
    frame, roles = table.frame, descriptor.roles
    findings = [*_constraint_findings(table, resource, roles.identifier)]
    for key in _keys(resource, descriptor):
        findings += _key_findings(frame, resource, key, roles.identifier)
    if resource.name in (roles.tables["outcomes"], roles.tables.get("analytes")):
        findings += _visit_findings(frame, resource, descriptor)
    findings += _scale_findings(frame, resource, descriptor)
    return findings


def _keys(resource: Resource, descriptor: Descriptor) -> list[list[str]]:
    """The descriptor's primary key, and what the analyses take for granted: one row a participant, or each visit."""
    roles, keys = descriptor.roles, []
    if resource.name == roles.tables["participants"]:
        keys = [[roles.identifier]]
    elif resource.name in roles.tables.values():
        keys = [[roles.identifier, "visit"]]
    stated = list(resource.primary_key)
    return keys if not stated or any(set(key) == set(stated) for key in keys) else [*keys, stated]


def _scale_findings(frame: pd.DataFrame, resource: Resource, descriptor: Descriptor) -> Iterator[Finding]:
    """Values of zero or less in columns that are analysed as logarithms."""
    roles, logs = descriptor.roles, []
    if resource.name == roles.tables.get("analytes") and roles.analytes.transform == "log":
        logs += roles.analytes.columns
    if resource.name == roles.tables["outcomes"]:
        logs += [item.column for item in roles.outcomes if item.transform == "log"]
    advice = "values below the detection limit need a number above 0, or a missing code that the descriptor lists"
    for name in logs:
        low = resource.field(name).constraints.get("minimum", float("-inf"))
        # Values below the stated minimum are named already.
        bad = (frame[name] <= 0) & (frame[name] >= low)
        expected = "expected more than 0, as the logarithm is analysed"
        rule = Finding(ERROR, "logarithm", "", expected, advice, resource.path, name)
        yield from cell_findings(rule, frame[name], bad, frame.get(roles.identifier))


def _constraint_findings(table: TypedTable, resource: Resource, identifier: str) -> Iterator[Finding]:
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
            rule = _constraint_rule(resource, resource.field(column), check, frame.loc[bad, column])
            yield from cell_findings(rule, frame[column], bad, frame.get(identifier))


def _constraint_rule(resource: Resource, field: Field, check: str, bad: pd.Series) -> Finding:
    kind = _kind(check, field)
    advice = advice_on_values(bad, field, kind)
    return Finding(ERROR, kind, "", _expected(field, kind), advice, resource.path, field.name)


def _kind(check: str, field: Field) -> str:
    """The rule behind pandera's name of a check."""
    if check.startswith("field_uniqueness"):
        return "unique"
    if check.startswith("not_nullable"):
        return "required"
    return "category" if "enum" in field.constraints else "pattern" if "pattern" in field.constraints else "range"


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


def _expected(field: Field, kind: str) -> str:
    limits = field.constraints
    if kind == "unique":
        return "expected each value once"
    if kind == "required":
        return "expected a value in every row"
    if kind == "category":
        return "expected one of " + ", ".join(map(str, limits["enum"]))
    if kind == "pattern":
        return f"expected text of the form {limits['pattern']}"
    low, high = limits.get("minimum", "any"), limits.get("maximum", "any")
    return f"expected {low} to {high} {field.unit}".rstrip()


def _key_findings(frame: pd.DataFrame, resource: Resource, key: list[str], identifier: str) -> Iterator[Finding]:
    """Rows with the key of an earlier row; each of the first few by its key, the rest counted."""
    if any(resource.field(name).constraints.get("unique") for name in key):
        return
    again = frame.duplicated(key) & frame[key].notna().all(axis=1)
    if not again.any():
        return
    same = frame.duplicated()
    rule = Finding(ERROR, "duplicate", "", "expected one", file=resource.path)
    first = again & (again.cumsum() <= SHOWN)
    for row in frame.index[first]:
        others = [f"{name} {shown(frame.loc[row, name])}" for name in key if name not in (identifier, "visit")]
        what = f"a second row for {', '.join(others)}" if others else "a second row"
        advice = "it repeats an earlier row: delete it" if same[row] else "the rows differ: keep the right one"
        visit = shown(frame.loc[row, "visit"]) if "visit" in key else ""
        said = replace(rule, what=what, advice=advice, rows=(int(row) + 2,), visit=visit)
        yield replace(said, participants=(shown(frame.loc[row, identifier]),) if identifier in key else ())
    what = f"more rows whose {', '.join(key)} an earlier row has"
    who = frame.get(identifier)
    yield from rows_finding(replace(rule, what=what, advice="keep one of each"), again & ~first, who)


def _visit_findings(frame: pd.DataFrame, resource: Resource, descriptor: Descriptor) -> Iterator[Finding]:
    known = [visit.name for visit in descriptor.roles.visits]
    # Visits outside the column's own list, and missing ones where one is required, are named already.
    limits = resource.field("visit").constraints
    bad = ~frame["visit"].isin(known) & frame["visit"].isin(limits.get("enum", frame["visit"].dropna()))
    if not limits.get("required"):
        bad |= frame["visit"].isna()
    advice = "write the visits' names as the descriptor lists them under roles.visits"
    rule = Finding(ERROR, "visit-unknown", "", "expected one of " + ", ".join(known), advice, resource.path, "visit")
    yield from cell_findings(rule, frame["visit"], bad, frame.get(descriptor.roles.identifier))


def link_findings(tables: dict[str, pd.DataFrame], descriptor: Descriptor) -> Iterator[Finding]:
    """Rows about participants who are not in the participants table."""
    identifier, people = descriptor.roles.identifier, descriptor.roles.tables["participants"]
    if people not in tables:
        return
    known = tables[people][identifier].dropna()
    for resource in descriptor.resources:
        frame = tables.get(resource.name, pd.DataFrame())
        if resource.name != people and identifier in frame:
            bad = ~frame[identifier].isin(known) & frame[identifier].notna()
            if bad.any():
                yield from _strangers(frame[identifier], bad, known, resource, descriptor.resource(people).path)


def _strangers(column: pd.Series, bad: pd.Series, known: pd.Series, resource: Resource, people: str):
    near = alike(column[bad].astype(str).unique()[:SHOWN], known.astype(str))
    advice = "add the participant there, correct the code, or remove the rows"
    if near:
        one, other = next(iter(near.items()))
        advice = (
            f"{shown(other)} is there: {shown(one)} differs only by case, spaces, leading zeros or look-alike signs"
        )
    expected = f"expected a participant of {people}"
    rule = Finding(ERROR, "link", "", expected, advice, resource.path, str(column.name))
    yield from cell_findings(rule, column, bad, None)
