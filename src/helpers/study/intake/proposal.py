"""What a first reading of a laboratory's files proposes; the mapping file is written from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from helpers.study.intake.layout import Layout
from helpers.study.intake.source import Column, Table
from helpers.study.intake.visits import ProposedVisit

DECIDE = "DECIDE"


@dataclass(frozen=True, eq=False)
class Place:
    """A column of one of the tables, with what was read from its name and label."""

    table: Table
    layout: Layout
    column: Column
    ref: str

    @property
    def values(self):
        """The column's cells, text; missing and empty alike are missing."""
        cells = self.table.frame[self.column.name]
        return cells.mask(cells == "")


@dataclass(frozen=True)
class Variable:
    """A variable of the study as the mapping will hold it.

    Attributes
    ----------
    section : str
        ``participants``, ``outcomes``, ``analytes`` or ``events``.
    source : str or mapping
        The column it comes from; by visit where it has several, each a column or a list of the assay's readings.
    entry : mapping
        The other keys of its entry in the mapping.
    why : str
        What was inferred from what; a comment in the mapping.
    """

    name: str
    section: str
    source: Any
    entry: Mapping[str, Any]
    why: str


@dataclass(frozen=True, eq=False)
class Proposal:
    """Everything the mapping file is written from."""

    name: str
    tables: tuple[Table, ...]
    layouts: Mapping[str, Layout]
    group: Mapping[str, Any]
    group_why: str
    visits: tuple[ProposedVisit, ...]
    long_visits: Mapping[str, Mapping[str, str]]
    variables: tuple[Variable, ...]
    rules: Mapping[str, Any]
    ignored: Mapping[str, str] = field(default_factory=dict)

    def section(self, name: str) -> list[Variable]:
        """The variables of one section."""
        return [variable for variable in self.variables if variable.section == name]
