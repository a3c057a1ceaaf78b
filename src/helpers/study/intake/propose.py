"""A role for every column of a laboratory's tables, from names, labels and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from helpers.study.intake.assay import analyte_tables
from helpers.study.intake.errors import SourceError
from helpers.study.intake.groups import find_group
from helpers.study.intake.layout import Layout, find_layout, is_personal
from helpers.study.intake.naming import Clues, Key, clues
from helpers.study.intake.proposal import Place, Proposal, Variable
from helpers.study.intake.rules import propose_rules
from helpers.study.intake.source import Column, Table
from helpers.study.intake.units import unit_in
from helpers.study.intake.variables import at_visits, of_participants
from helpers.study.intake.visits import ProposedVisit, find_visit, propose_visits
from helpers.study.intake.vocabulary import lookup, slug

Family = list[tuple[Place, Clues]]


def propose(tables: Sequence[Table], name: str) -> Proposal:
    """Read the tables' columns and propose what each is.

    Raises
    ------
    SourceError
        No identifier, repeated identifiers, or tables that have no participant in common.
    """
    layouts = _layouts(tables)
    used = [table for table in tables if table.alias in layouts]
    _check_shared(used, layouts)
    ignored = {f"{t.alias}:*": "no column looks like an identifier" for t in tables if t.alias not in layouts}
    places = [p for table in used for p in _places(table, layouts[table.alias], several=len(tables) > 1)]
    kept = [p for p in places if not _ignored(p, ignored) and not _aside(p, ignored)]
    group_place, group, why = find_group(kept)
    read = _apart([(p, _clues(p)) for p in kept if p is not group_place])
    people, families = _families(read)
    visits, long_visits = _visits(families, used, layouts)
    variables: list[Variable] = []
    limits = [(p, c) for p, c in read if c.is_limit]
    for stem, family in families.items():
        own = [(p, c) for p, c in limits if c.stem == stem] or _export_limit(family)
        variables += at_visits(stem, family, own, visits, long_visits, ignored)
    variables = of_participants(people, {v.name for v in variables}, ignored) + variables
    taken = {c.stem for p, c in limits} - {v.name for v in variables if v.section == "analytes"}
    ignored |= {p.ref: "a detection limit of no analyte found here" for p, c in limits if c.stem in taken}
    rules = propose_rules(variables, visits, group)
    return Proposal(
        name, tuple(tables), layouts, group, why, tuple(visits), long_visits, tuple(variables), rules, ignored
    )


def _layouts(tables: Sequence[Table]) -> dict[str, Layout]:
    found, problems = {}, []
    for table in tables:
        try:
            layout = find_layout(table)
        except SourceError as error:
            problems += [f"{error.where}: {line}" for line in error.problems]
            continue
        if layout:
            found[table.alias] = layout
    if not found and not problems:
        problems = ["no column looks like an identifier; call the column of participants' codes 'id'"]
    if problems:
        raise SourceError(tables[0].path.name, problems)
    return found


def _check_shared(tables: Sequence[Table], layouts: Mapping[str, Layout]) -> None:
    """Tables of one study are about the same people."""
    who = [set(table.frame[layouts[table.alias].identifier].dropna()) for table in tables]
    problems = [
        f"{table.title}: none of its identifiers ({layouts[table.alias].identifier!r}) is in {tables[0].title} "
        f"({layouts[tables[0].alias].identifier!r}); other people, or codes written in another way"
        for table, names in zip(tables[1:], who[1:], strict=True)
        if not names & who[0]
    ]
    if problems:
        raise SourceError("the files", problems)


def _places(table: Table, layout: Layout, several: bool) -> list[Place]:
    structural = (layout.identifier, layout.visit, layout.reading, *(layout.assay.columns if layout.assay else ()))
    named = f"{table.alias}:" if several else ""
    parts = analyte_tables(table, vars(layout.assay)) if layout.assay else {}
    results = [Place(part, layout, part.columns[-1], f"{named}{name}") for name, part in parts.items()]
    return results + [
        Place(table, layout, column, f"{table.alias}:{column.name}" if several else column.name)
        for column in table.columns
        if column.name not in structural
    ]


def _ignored(place: Place, ignored: dict[str, str]) -> bool:
    column, reason = place.column, ""
    if is_personal(column):
        reason = "looks like a name, an address or a date of birth"
    elif (
        column.kind == "date"
        or place.values.str.fullmatch(r"\d{4}-\d\d-\d\d.*|\d\d?[./]\d\d?[./]\d{2,4}").fillna(False).any()
    ):
        reason = "dates are not used: visits have days"
    elif place.values.isna().all():
        reason = "holds nothing"
    if reason:
        ignored[place.ref] = reason
    return bool(reason)


def _aside(place: Place, ignored: dict[str, str]) -> bool:
    """Other columns of an assay's export that change from row to row: plate, well, dilution, signal."""
    if not place.layout.assay or place.table.result:
        return False
    values = pd.DataFrame({"who": place.table.frame[place.layout.identifier], "value": place.values})
    if not (values.groupby("who")["value"].nunique() > 1).any():
        return False
    ignored[place.ref] = "of single results of the assay, and not the result"
    return True


def _apart(read: Family) -> Family:
    """Analytes of an export are named apart: two names that become one would be taken for one variable."""
    taken: dict[str, int] = {}
    made = []
    for place, found in read:
        if place.table.result:
            count = taken[found.stem] = taken.get(found.stem, 0) + 1
            found = found if count == 1 else replace(found, stem=f"{found.stem}_{count}")
        made.append((place, found))
    return made


def _export_limit(family: Family) -> Family:
    """The export's own column of detection limits, which are those of the rows."""
    place, _ = family[0]
    if not place.table.result or not place.layout.assay.limit:
        return []
    column = place.table.column(place.layout.assay.limit)
    alias = place.ref.removesuffix(place.column.name)
    return [(replace(place, column=column, ref=f"{alias}{column.name}"), Clues("", is_limit=True))]


def _clues(place: Place) -> Clues:
    if place.table.result:
        entry = lookup(place.column.name)
        stem = entry.name if entry else slug(place.column.name, "analyte") or "analyte"
        return Clues(stem, entry, (("row", 0.0),), unit=unit_in(place.column.label))
    found = clues(place.column)
    if place.layout.kind == "wide" or found.visits:
        return found
    # A long table: what changes within a participant was measured at the row's visit.
    known = found.entry is not None and found.entry.kind in ("outcome", "analyte")
    values = pd.DataFrame({"who": place.table.frame[place.layout.identifier], "value": place.values})
    varies = (values.groupby("who")["value"].nunique() > 1).any()
    return replace(found, visits=(("row", 0.0),)) if (known or varies) and not found.is_limit else found


def _families(read: Sequence[tuple[Place, Clues]]) -> tuple[Family, dict[str, Family]]:
    """Columns of participants, and columns at visits gathered by variable."""
    families: dict[str, Family] = {}
    people: Family = []
    for place, found in read:
        if found.is_limit:
            continue
        analyte = found.entry is not None and found.entry.kind == "analyte"
        fixed = found.entry is not None and found.entry.kind == "participant"
        if (found.visits and not fixed) or analyte:
            families.setdefault(found.stem, []).append((place, found))
        else:
            people.append((place, found))
    # One numbered column alone is a name with a number, not a visit.
    lone = [
        s for s, f in families.items() if len(f) == 1 and f[0][1].entry is None and f[0][1].visits[0][0] == "number"
    ]
    for stem in lone:
        place, found = families.pop(stem)[0]
        people.append((place, replace(found, visits=())))
    return people, families


def _visits(
    families: Mapping[str, Family], tables: Sequence[Table], layouts: Mapping[str, Layout]
) -> tuple[list[ProposedVisit], dict[str, dict[str, str]]]:
    wide = [[c.visits or (("day", 0.0),) for _, c in f if c.visits != (("row", 0.0),)] for f in families.values()]
    long = {t.alias: _row_visits(t, layouts[t.alias]) for t in tables if layouts[t.alias].visit}
    visits = propose_visits([f for f in [*wide, *(list(keys.values()) for keys in long.values())] if f])
    named = {
        alias: {code: found.name for code, keys in values.items() if (found := find_visit(visits, keys))}
        for alias, values in long.items()
    }
    return visits, named


def _row_visits(table: Table, layout: Layout) -> dict[str, tuple[Key, ...]]:
    """What each value of a long table's visit column says, in order of appearance or of the codes."""
    column = table.column(layout.visit)
    codes = pd.unique(table.frame[layout.visit].dropna()).tolist()
    if all(code.lstrip("-").isdecimal() for code in codes):
        codes = sorted(codes, key=int)
    kind = {"day": "day", "tag": "day", "week": "week", "woche": "week"}.get(layout.visit.lower(), "number")
    found: dict[str, tuple[Key, ...]] = {}
    for place, code in enumerate(codes):
        label = column.labels.get(code, "")
        said = clues(Column(f"madrs_{code}" if lookup(code) is None else "madrs", label=label or code)).visits
        keys = tuple((kind, value) if key == "number" else (key, value) for key, value in said)
        found[code] = keys or (("number", 1000.0 + place),)
    return found


def undecided(document: Any, path: str = "") -> list[tuple[str, str]]:
    """Every question left in a mapping, with the keys that lead to it.

    Examples
    --------
    >>> undecided({"visits": [{"day": "DECIDE: the day"}]})
    [('visits.0.day', 'the day')]
    """
    if isinstance(document, Mapping):
        return [q for key, value in document.items() for q in undecided(value, f"{path}.{key}".strip("."))]
    if isinstance(document, list | tuple):
        return [q for place, value in enumerate(document) for q in undecided(value, f"{path}.{place}".strip("."))]
    if isinstance(document, str) and document.startswith("DECIDE"):
        return [(path, document.removeprefix("DECIDE").lstrip(": ") or "decide")]
    return []
