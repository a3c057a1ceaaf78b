"""The cells that an entry of the mapping names, in one shape whatever the layout: whose, when, what, where it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from helpers.study.intake.assay import analyte_tables, unknown_flags
from helpers.study.intake.errors import MappingError, SourceError, rows_named
from helpers.study.intake.mapping import StudyMapping, expected
from helpers.study.intake.source import Table, canonical

STRUCTURE = ("identifier", "visit", "reading", "analyte", "result", "unit", "flag")
CELLS = ("id", "visit", "reading", "text", "ref", "row")


@dataclass(frozen=True, eq=False)
class Sources:
    """The tables that a mapping names, with the mapping."""

    mapping: StudyMapping
    tables: Mapping[str, Table]

    @cached_property
    def analytes(self) -> dict[str, dict[str, Table]]:
        """For each table with one row an analyte, its analytes' tables."""
        entries = self.mapping.tables.items()
        return {name: analyte_tables(self.tables[name], e) for name, e in entries if e["layout"] == "assay"}

    def place(self, ref: str) -> tuple[Table, str] | None:
        """The table and column that the mapping means by ``ref``; None when there is none.

        In an assay's export an analyte's name means its results.
        """
        alias, _, name = ref.partition(":")
        if alias in self.tables and (found := self._within(alias, name)):
            return found
        return self._within(next(iter(self.tables)), ref) if len(self.tables) == 1 else None

    def _within(self, alias: str, name: str) -> tuple[Table, str] | None:
        own = self.analytes.get(alias, {})
        if name in own:
            return own[name], name
        return (self.tables[alias], name) if name in self.tables[alias].frame else None

    def refs(self) -> list[str]:
        """Every column and analyte, as the mapping would name it."""
        single = len(self.tables) == 1
        every = {alias: (*t.frame.columns, *self.analytes.get(alias, ())) for alias, t in self.tables.items()}
        return [name if single else f"{alias}:{name}" for alias, names in every.items() for name in names]

    def layout(self, table: Table) -> Mapping[str, Any]:
        """The mapping's entry of a table."""
        return self.mapping.tables[table.alias]

    def who(self, table: Table) -> pd.Series:
        """The identifiers of a table's rows."""
        return table.frame[self.layout(table)["identifier"]]


def open_sources(mapping: StudyMapping, tables: Sequence[Table]) -> Sources:
    """Set the tables beside the mapping.

    Raises
    ------
    MappingError
        A table or column that the mapping names is not there, or a column is used twice.
    """
    by_alias = {table.alias: table for table in tables}
    problems = [
        f"sources: no table {alias!r} in the files; {expected(alias, by_alias)}"
        for alias in mapping.tables
        if alias not in by_alias
    ]
    used = {alias: table for alias, table in by_alias.items() if alias in mapping.tables}
    sources = Sources(mapping, used)
    problems += [*_layout_problems(sources)] if not problems else []
    problems += [*_column_problems(sources)] if not problems else []
    if problems:
        raise MappingError(mapping.where, problems)
    return sources


def _layout_problems(sources: Sources) -> Iterator[str]:
    for alias, entry in sources.mapping.tables.items():
        frame = sources.tables[alias].frame
        for key in STRUCTURE:
            if entry.get(key) and entry[key] not in frame:
                advice = expected(entry[key], frame.columns)
                yield f"sources, {alias}.{key}: no column {entry[key]!r} in the file; {advice}"


def _column_problems(sources: Sources) -> Iterator[str]:
    seen: dict[str, str] = {}
    for where, ref in named_columns(sources.mapping):
        if sources.place(ref) is None:
            yield f"{where}: no column {ref!r} in the files; {expected(ref, sources.refs())}"
        elif ref in seen:
            yield f"{where}: column {ref!r} is used already ({seen[ref]}); expected each column once"
        if not (where.endswith(".limit") or ".limit." in where):  # one limit may serve several analytes
            seen[ref] = where


def named_columns(mapping: StudyMapping) -> Iterator[tuple[str, str]]:
    """Every column that the mapping uses, with line and key."""
    yield mapping.at("group", "from"), mapping["group"]["from"]
    for section in ("participants", "outcomes", "analytes", "events"):
        for name, entry in mapping[section].items():
            for key in ("from", "limit"):
                for path, ref in _refs(entry.get(key), (section, name, key)):
                    yield mapping.at(*path), ref


def _refs(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _refs(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _refs(item, path)
    elif isinstance(value, str):
        yield path, value


def cells_at_visits(sources: Sources, source: Any) -> pd.DataFrame:
    """The cells of a variable at visits: ``id, visit, reading, text, ref, row``; empty cells are left out."""
    parts = []
    if isinstance(source, Mapping):
        for visit, columns in source.items():
            for number, ref in enumerate(columns if isinstance(columns, list) else [columns], start=1):
                parts.append(_wide(sources, ref, visit, number))
    else:
        for number, ref in enumerate(source if isinstance(source, list) else [source], start=1):
            parts.append(_long(sources, ref, number))
    cells = pd.concat(parts, ignore_index=True)
    return cells[cells["text"].notna() & (cells["text"] != "")].reset_index(drop=True)


def _frame(table: Table, name: str, ref: str, who: pd.Series, visit: Any, reading: Any) -> pd.DataFrame:
    rows = [table.row(place) for place in table.frame.index]
    return pd.DataFrame(
        {"id": who, "visit": visit, "reading": reading, "text": table.frame[name], "ref": ref, "row": rows}
    )


def _wide(sources: Sources, ref: str, visit: str, reading: int) -> pd.DataFrame:
    table, name = sources.place(ref)
    if sources.layout(table)["layout"] != "wide":
        raise MappingError(sources.mapping.where, [f"column {ref!r} is of a long table; give it without visits"])
    return _frame(table, name, ref, sources.who(table), visit, reading)


def _long(sources: Sources, ref: str, number: int) -> pd.DataFrame:
    table, name = sources.place(ref)
    layout = sources.layout(table)
    if layout["layout"] == "wide":
        first = sources.mapping.visits[0]
        return _frame(table, name, ref, sources.who(table), first, number)
    visits = _row_visits(sources, table)
    reading = table.frame[layout["reading"]] if layout.get("reading") else number
    return _frame(table, name, ref, sources.who(table), visits, reading)


def _row_visits(sources: Sources, table: Table) -> Any:
    """The visit of each row; the first of all for an export that names none."""
    layout = sources.layout(table)
    if not layout.get("visit"):
        return sources.mapping.visits[0]
    names = {canonical(code): visit for code, visit in layout["visit_values"].items()}
    return table.frame[layout["visit"]].map(lambda v: names.get(canonical(v)), na_action="ignore")


def row_problems(sources: Sources) -> list[str]:
    """Rows that belong to nobody, to nobody known, or to an unknown visit; and rows that come twice."""
    table, _ = sources.place(sources.mapping["group"]["from"])
    known, problems = set(sources.who(table).dropna()), []
    for other in sources.tables.values():
        layout, who = sources.layout(other), sources.who(other)
        problems += _row_lines(
            other, layout["identifier"], who.isna() | (who == ""), who, "nothing there; expected an identifier"
        )
        stranger = who.notna() & (who != "") & ~who.isin(list(known))
        problems += _row_lines(other, layout["identifier"], stranger, who, f"not a participant of {table.title}")
        keys = [layout[key] for key in ("identifier", "visit", "analyte", "reading") if layout.get(key)]
        keys = keys if layout["layout"] != "wide" else keys[:1]
        again = other.frame.duplicated(keys) & who.notna()
        problems += _row_lines(
            other, layout["identifier"], again, who, f"a second row for the same {' and '.join(keys)}"
        )
        if layout["layout"] != "wide" and layout.get("visit"):
            problems += _visit_lines(other, layout, who)
        if layout["layout"] == "assay":
            problems += _assay_lines(other, layout, who)
    return problems


def _visit_lines(table: Table, layout: Mapping[str, Any], who: pd.Series) -> list[str]:
    names = {canonical(code) for code in layout["visit_values"]}
    cells = table.frame[layout["visit"]]
    unknown = ~cells.map(lambda v: canonical(v) in names, na_action="ignore").fillna(False).astype(bool)
    found = ", ".join(repr(v) for v in dict.fromkeys(cells[unknown].fillna("nothing"))) if unknown.any() else ""
    return _row_lines(
        table, layout["visit"], unknown, who, f"found {found}; expected a visit of the mapping's visit_values"
    )


def _assay_lines(table: Table, layout: Mapping[str, Any], who: pd.Series) -> list[str]:
    names = table.frame[layout["analyte"]]
    nameless = names.isna() | (names == "")
    lines = _row_lines(table, layout["analyte"], nameless, who, "nothing there; expected the name of an analyte")
    text = "a flag that is not under flags in the mapping; add it there"
    return lines + _row_lines(table, layout.get("flag", ""), unknown_flags(table, layout), who, text)


def _row_lines(table: Table, column: str, bad: pd.Series, who: pd.Series, text: str) -> list[str]:
    places = bad.index[bad]
    if not len(places):
        return []
    names = ["" if pd.isna(who.loc[p]) else str(who.loc[p]) for p in places]
    return [f"{table.title}, column {column!r}, {rows_named([table.row(p) for p in places], names)}: {text}"]


def cell_lines(sources: Sources, cells: pd.DataFrame, bad: pd.Series, text: str) -> list[str]:
    """Sentences for the cells marked ``bad``, one a column of the file. What a cell holds is not repeated."""
    lines = []
    for ref, part in cells[bad.astype(bool)].groupby("ref", sort=False):
        table, name = sources.place(str(ref))
        column = f"column {table.result!r}, analyte {name!r}" if table.result else f"column {name!r}"
        lines.append(f"{table.title}, {column}, {rows_named(list(part['row']), list(map(str, part['id'])))}: {text}")
    return lines


def stop_at(where: str, problems: list[str]) -> None:
    """Raise what was found."""
    if problems:
        raise SourceError(where, problems)
