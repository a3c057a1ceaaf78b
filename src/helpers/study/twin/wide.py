"""A study on one line a participant: every column of every table at every level (visit, infusion) is a variable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from helpers.study.descriptor import Field, Resource
from helpers.study.read import Study

from .errors import TwinError

# Fewer than this many participants never stand for themselves: the reason OpenSAFELY and others give for the number
# is that a count of one to four can be traced to people.
FEWEST = 5
# A key with more values than this (a date, a running number) is not a level; the rows are then numbered.
MOST_LEVELS = 60
NUMBERS = ("integer", "number")


class Cell(NamedTuple):
    """A variable of the joint model: a table's column at one level of its key; the level is ``()`` without one."""

    table: str
    column: str
    level: tuple


@dataclass(frozen=True, eq=False)
class Layout:
    """How a table is laid out.

    Attributes
    ----------
    resource : Resource
    keys : tuple of str
        Columns that with the identifier name a row; empty for one row a participant, and for numbered rows.
    levels : tuple of tuple
        Values of the keys, in the order of the study; ``((),)`` for one row a participant, ``(1,), (2,) …`` for
        numbered rows.
    fields : tuple of Field
        Columns that hold values: neither identifier, group nor key.
    """

    resource: Resource
    keys: tuple[str, ...]
    levels: tuple[tuple, ...]
    fields: tuple[Field, ...]

    @property
    def name(self) -> str:
        """The table's name."""
        return self.resource.name

    def cells(self) -> list[Cell]:
        """Every column at every level."""
        return [Cell(self.name, field.name, level) for level in self.levels for field in self.fields]


@dataclass(frozen=True, eq=False)
class Wide:
    """The study, one line a participant.

    Attributes
    ----------
    layouts : mapping of str to Layout
        The tables about participants; the participants table is the first.
    values : DataFrame
        Participants × cells, missing where there is no row or no value.
    rows : DataFrame of bool
        Participants × (table, level): is there such a row? Not for the participants table.
    groups : Series
        Group of each participant.
    left_out : tuple of str
        What of the study is not in here, in sentences.
    """

    layouts: Mapping[str, Layout]
    values: pd.DataFrame
    rows: pd.DataFrame
    groups: pd.Series
    left_out: tuple[str, ...]

    def field(self, cell: Cell) -> Field:
        """The codebook entry of a cell's column."""
        return self.layouts[cell.table].resource.field(cell.column)


def widen(study: Study) -> Wide:
    """Lay a study out on one line a participant.

    Tables without the identifier are left out: nothing says whom their rows are about. So are levels that fewer than
    five participants have, and columns of free text. Raises ``TwinError`` when every row needs one of these.
    """
    roles, people = study.roles, study.participants.set_index(study.roles.identifier)
    layouts, frames, present, left_out = {}, [], {}, []
    main = roles.tables["participants"]
    for resource in sorted(study.descriptor.resources, key=lambda item: item.name != main):
        names = {field.name for field in resource.fields}
        if roles.identifier not in names:
            left_out.append(f"table {resource.name}: no participants' identifier in it; it stays empty")
            continue
        layout, keyed, said = _laid_out(study, resource, main)
        layouts[resource.name] = layout
        left_out += said
        for level, part in keyed.groupby("level", sort=False):
            if level in layout.levels:
                present[(resource.name, level)] = people.index.isin(part.index)
                frames.append(_columns(part, layout, level).reindex(people.index))
    values = pd.concat(frames, axis=1)
    order = [cell for layout in layouts.values() for cell in layout.cells() if cell in set(values.columns)]
    values.columns = pd.Index([Cell(*name) for name in values.columns], tupleize_cols=False)
    rows = pd.DataFrame({key: flags for key, flags in present.items() if key[0] != main}, index=people.index)
    rows.columns = pd.Index(list(rows.columns), tupleize_cols=False)
    wanted = [(layout.name, level) for layout in layouts.values() for level in layout.levels if layout.name != main]
    rows = rows[wanted] if wanted else rows
    return Wide(layouts, values[order], rows, people[roles.group_column].astype(str), tuple(left_out))


def _columns(part: pd.DataFrame, layout: Layout, level: tuple) -> pd.DataFrame:
    named = part[[field.name for field in layout.fields]]
    named.columns = pd.Index([Cell(layout.name, name, level) for name in named.columns], tupleize_cols=False)
    return named


def _laid_out(study: Study, resource: Resource, main: str) -> tuple[Layout, pd.DataFrame, list[str]]:
    """The layout; the table by identifier, with its level; what is left out, in sentences."""
    roles, table = study.roles, study.tables[resource.name]
    keys = _keys(study, resource, main)
    if keys is None:
        level = table.groupby(roles.identifier).cumcount().add(1).map(lambda number: (number,))
        keys = ()
    else:
        level = pd.Series(list(table[list(keys)].itertuples(index=False, name=None)), index=table.index, dtype=object)
        level = level if keys else pd.Series([()] * len(table), index=table.index, dtype=object)
    counts = level.value_counts()
    levels = [one for one in _in_order(study, keys, list(dict.fromkeys(level))) if counts[one] >= FEWEST]
    said = [f"table {resource.name}: {len(counts) - len(levels)} levels with fewer than {FEWEST} rows are left out"]
    taken = {roles.identifier, *keys} | ({roles.group_column} if resource.name == main else set())
    fields = [field for field in resource.fields if field.name not in taken]
    held = tuple(field for field in fields if not _is_text(field))
    _refuse_required(study, resource, [field for field in fields if field not in held])
    said = said if len(counts) > len(levels) else []
    said += [f"{resource.path}, {f.name}: text, or a value of its own a row; left out" for f in fields if f not in held]
    layout = Layout(resource, keys, tuple(levels), held)
    return layout, table.assign(level=level).set_index(roles.identifier), said


def _refuse_required(study: Study, resource: Resource, fields: list[Field]) -> None:
    problems = [
        f"{resource.path}, column {field.name}: text or unique values, which a twin leaves empty, but the descriptor "
        "says `required`; drop that, or the column, or list its values in constraints.enum"
        for field in fields
        if field.constraints.get("required")
    ]
    if problems:
        raise TwinError(study.descriptor.name, problems)


def _keys(study: Study, resource: Resource, main: str) -> tuple[str, ...] | None:
    """The columns that tell a participant's rows apart; None when the rows have to be numbered."""
    roles, table = study.roles, study.tables[resource.name]
    if resource.name == main:
        return ()
    if resource.name in roles.tables.values():
        keys = ("visit",)
    else:
        keys = tuple(name for name in resource.primary_key if name != roles.identifier)
    unique = not table.duplicated([roles.identifier, *keys]).any() and table[list(keys)].notna().all(axis=None)
    few = not keys or len(table[list(keys)].drop_duplicates()) <= MOST_LEVELS
    return keys if unique and few else None


def _in_order(study: Study, keys: tuple[str, ...], levels: list[tuple]) -> list[tuple]:
    """Levels in the order of the protocol's visits, then of their values."""
    visits = {visit.name: place for place, visit in enumerate(study.roles.visits)}

    def rank(level: tuple) -> list:
        return [(visits[v], "") if v in visits else (v, "") if not isinstance(v, str) else (-1, v) for v in level]

    return sorted(levels, key=rank)


def _is_text(field: Field) -> bool:
    return (field.type == "string" and not field.is_category) or bool(field.constraints.get("unique"))
