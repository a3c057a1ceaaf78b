"""Entries of the mapping for variables: those measured at visits, and those of a participant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.study.intake.assay import BY_ROW
from helpers.study.intake.cells import code_mask, parse_numbers
from helpers.study.intake.levels import Codes, find_codes, propose_levels
from helpers.study.intake.naming import Clues
from helpers.study.intake.proposal import DECIDE, Place, Variable
from helpers.study.intake.units import UnitError, factor, time_unit
from helpers.study.intake.visits import ProposedVisit, find_visit
from helpers.study.intake.vocabulary import Entry, slug

Family = Sequence[tuple[Place, Clues]]
AT_ROW = (("row", 0.0),)
ASK_LIMIT = f"{DECIDE}: the detection limit, a number in the unit of the column or the name of a column"
ASK_ABOVE = (
    f"{DECIDE}: some values are above the range (such as >1000); missing leaves them out, limit takes the number"
)
YES_NO = ({"no", "yes"}, {"nein", "ja"}, {"non", "oui"})


def at_visits(
    stem: str,
    family: Family,
    limits: Family,
    visits: Sequence[ProposedVisit],
    long_visits: Mapping[str, Mapping[str, str]],
    ignored: dict[str, str],
) -> list[Variable]:
    """A variable measured at visits: outcome, analyte, event, or none of them, said in ``ignored``."""
    entry = next((c.entry for _, c in family if c.entry), None)
    values = pd.concat([place.values for place, _ in family], ignore_index=True)
    export = any(place.layout.assay for place, _ in family)
    analyte = bool((entry and entry.kind == "analyte") or any(c.unit for _, c in family) or export)
    codes = find_codes([p.column for p, _ in family], values, entry, analyte)
    measured = values[~code_mask(values, (*codes.missing, *codes.below))]
    source, used = _source(family, visits, ignored)
    why = _why(family, entry, codes)
    levels = propose_levels([p.column for p, _ in family], values, codes)
    if levels and not analyte and entry is None:
        return _event(stem, family, levels, codes, source, why, ignored)
    if not parse_numbers(measured).value.notna().any():
        ignored |= {p.ref: "at several visits, but not numbers" for p, _ in family}
        return []
    if analyte:
        return [_analyte(stem, entry, family, limits, source, codes, measured, visits, why)]
    whole = _whole(measured)
    if entry is None and not whole:
        ignored |= {p.ref: "numbers at visits without a known name or unit; move it if it matters" for p, _ in family}
        return []
    facts = {"title": entry.title if entry else _title(family), "type": "integer" if whole else "number"}
    facts |= _scale(entry, measured)
    facts |= {"missing": list(codes.missing)} if codes.missing else {}
    facts |= {"visits": _row_visits(family, long_visits)} if used == "row" else {}
    return [Variable(stem or "outcome", "outcomes", source, facts, why)]


def _source(family: Family, visits: Sequence[ProposedVisit], ignored: dict[str, str]) -> tuple[Any, str]:
    """Column by visit; the readings of one visit in a list."""
    if any(c.visits == AT_ROW for _, c in family):
        rows = [(p, c) for p, c in family if c.visits == AT_ROW]
        readings = [p.ref for p, c in sorted(rows, key=lambda item: item[1].reading)]
        return (readings if len(readings) > 1 and rows[0][1].reading else readings[0]), "row"
    found: dict[str, dict[int, str]] = {}
    for place, clue in family:
        visit = find_visit(visits, clue.visits or (("day", 0.0),))
        readings = found.setdefault(visit.name if visit else visits[0].name, {})
        if clue.reading in readings:
            ignored[place.ref] = f"the same variable and visit as {readings[clue.reading]}"
        else:
            readings[clue.reading] = place.ref
    order = [visit.name for visit in visits]
    source = {
        visit: columns[0] if len(columns := [found[visit][n] for n in sorted(found[visit])]) == 1 else columns
        for visit in sorted(found, key=order.index)
    }
    return source, "visits"


def _row_visits(family: Family, long_visits: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The visits at which a column of a long table holds anything."""
    place = next(p for p, c in family if c.visits == AT_ROW)
    names = place.table.frame.loc[place.values.notna(), place.layout.visit].map(long_visits[place.table.alias])
    return [name for name in dict.fromkeys(long_visits[place.table.alias].values()) if (names == name).any()]


def _event(stem, family: Family, levels, codes: Codes, source, why: str, ignored: dict[str, str]) -> list[Variable]:
    """A yes or no at numbered exposures."""
    names = {level["name"] for level in levels.values()}
    if names not in YES_NO or not isinstance(source, dict):
        ignored |= {p.ref: "categories at visits; no analysis takes them" for p, _ in family}
        return []
    kind = family[0][1].visits[0][0]
    numbers = {f"{c.visits[0][1]:g}": p.ref for p, c in family if c.visits}
    values = {code: int(level["name"] in ("yes", "ja", "oui")) for code, level in levels.items()}
    facts: dict[str, Any] = {
        "title": _title(family),
        "unit": "visit" if kind in ("number", "t") else kind,
        "values": values,
    }
    facts |= {"missing": list(codes.missing)} if codes.missing else {}
    return [Variable(stem, "events", numbers, facts, why)]


def _analyte(stem, entry: Entry | None, family: Family, limits: Family, source, codes: Codes, measured, visits, why):
    found = dict.fromkeys(c.unit for _, c in family if c.unit)
    unit = next(iter(found), "")
    facts: dict[str, Any] = {"title": entry.title if entry else _title(family)}
    facts |= {"description": entry.description} if entry and entry.description else {}
    if len(found) > 1:
        facts["source_unit"] = (
            f"{DECIDE}: the labels say {' and '.join(found)}; one unit for all columns of the analyte"
        )
    elif unit:
        facts["source_unit"] = unit
    elif any(place.layout.assay and place.layout.assay.unit for place, _ in family):
        facts["source_unit"] = BY_ROW
    facts["unit"] = _target_unit(unit, entry)
    facts |= {"missing": list(codes.missing)} if codes.missing else {}
    facts |= {"below": list(codes.below)} if codes.below else {}
    numbers = parse_numbers(measured)
    stated = next((c.limit for _, c in family if c.limit is not None), None)
    if limits:
        facts["limit"] = _limit(limits, visits)
    elif stated is not None:
        facts["limit"] = stated
    elif code_mask(pd.concat([place.values for place, _ in family]), codes.below).any():
        facts["limit"] = ASK_LIMIT
    if numbers.above.notna().any():
        facts["above"] = ASK_ABOVE
    return Variable(stem, "analytes", source, facts, why)


def _limit(limits: Family, visits: Sequence[ProposedVisit]) -> Any:
    dated = {v.name: p.ref for p, c in limits if c.visits and (v := find_visit(visits, c.visits))}
    return dated or limits[0][0].ref


def _target_unit(unit: str, entry: Entry | None) -> str:
    wanted = entry.unit if entry else ""
    try:
        return wanted if wanted and unit and factor(unit, wanted) else unit or wanted
    except UnitError:
        return unit


def of_participants(people: Family, taken: set[str], ignored: dict[str, str]) -> list[Variable]:
    """Variables of a participant: one value each, at the start."""
    found: list[Variable] = []
    names = set(taken) | {"id", "group", "visit", "day", "value", "baseline_level"}
    for place, clue in people:
        variable = _participant(place, clue, names)
        if variable is None:
            ignored[place.ref] = "free text"
        else:
            names.add(variable.name)
            found.append(variable)
    return found


def _participant(place: Place, clue: Clues, taken: set[str]) -> Variable | None:
    entry = clue.entry if clue.entry and clue.entry.name not in taken else None
    values = place.values
    codes = find_codes([place.column], values, entry, False)
    measured = values[~code_mask(values, codes.missing)]
    levels = propose_levels([place.column], values, codes)
    own = slug(place.column.name) or f"column_{list(place.table.frame).index(place.column.name) + 1}"
    name = entry.name if entry else own if own not in taken else f"{own}_2"
    facts: dict[str, Any] = {"title": entry.title if entry else place.column.label or place.column.name}
    if levels:
        facts |= {"type": "category", "levels": levels}
    elif parse_numbers(measured).unreadable.any():
        return None
    else:
        facts |= {"type": "integer" if _whole(measured) else "number", **_scale(entry, measured)}
    # A duration has no usual unit: only its label can say.
    if measures_time := time_unit(place.column.label):
        facts |= {"unit": measures_time}
    facts |= {"missing": list(codes.missing)} if codes.missing else {}
    return Variable(name, "participants", place.ref, facts, _why([(place, clue)], entry, codes))


def _scale(entry: Entry | None, measured: pd.Series) -> dict[str, Any]:
    """Unit and range of a known variable; a visual analogue scale is in cm up to 10, else in mm."""
    if entry is None:
        return {}
    facts = {"description": entry.description, "unit": entry.unit, "minimum": entry.minimum, "maximum": entry.maximum}
    if entry.name == "vas":
        small = parse_numbers(measured).value.max() <= 10
        facts |= {"unit": "cm" if small else "mm", "maximum": 10 if small else 100}
    return {key: value for key, value in facts.items() if value not in (None, "")}


def _whole(measured: pd.Series) -> bool:
    values = parse_numbers(measured).value.dropna()
    return bool(len(values)) and bool((values % 1 == 0).all())


def _title(family: Family) -> str:
    place, clue = family[0]
    return clue.stem.replace("_", " ").capitalize() or place.column.name


def _why(family: Family, entry: Entry | None, codes: Codes) -> str:
    places = [place for place, _ in family]
    head = f"{places[0].column.name!r}" + (f" and {len(places) - 1} more like it" if len(places) > 1 else "")
    known = f"known as {entry.title}" if entry else "no known name"
    label = f"; label {places[0].column.label!r}" if places[0].column.label else ""
    said = f"; codes: {codes.why}" if codes.missing and codes.why else ""
    return f"{head}: {known}{label}{said}"
