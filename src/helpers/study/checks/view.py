"""The tables of a study as the rules see them: indexed by line, with each row's group and participant beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.study.descriptor import Descriptor, Resource
from helpers.study.detection import with_limits
from helpers.study.read import Draft

NUMBERS = ("integer", "number")
VISITED = ("outcomes", "analytes")
# Columns beside a table's own, with names that no descriptor can give.
GROUP, PERSON = "group of the row", "number of the participant"


@dataclass(frozen=True, eq=False)
class View:
    """What the rules read.

    Attributes
    ----------
    descriptor : Descriptor
    tables : mapping of str to DataFrame
        By name of the resource; the index is the line of the file.
    """

    descriptor: Descriptor
    tables: Mapping[str, pd.DataFrame]

    @classmethod
    def of(cls, draft: Draft) -> View:
        """The view of a draft; every row with its group and participant's number, visits in the protocol's order."""
        roles, tables = draft.descriptor.roles, dict(draft.tables)
        if not draft.errors:
            # What stands in for values below the limit is what the analyses will see.
            tables = with_limits(tables, draft.descriptor)
        people = tables[roles.tables["participants"]].drop_duplicates(roles.identifier)
        known_people = pd.Index(people[roles.identifier].astype(object))
        groups = np.append(people[roles.group_column].astype(object).to_numpy(), None)
        visits = pd.CategoricalDtype([visit.name for visit in roles.visits], ordered=True)
        for role in (role for role in VISITED if role in roles.tables):
            name = roles.tables[role]
            frame = tables[name]
            # What is not a visit of the protocol becomes missing; the reading has named it.
            known = frame["visit"].where(frame["visit"].isin(visits.categories))
            # −1 for nobody known, who has no group: the last entry.
            person = known_people.get_indexer(frame[roles.identifier].astype(object))
            whose = pd.Categorical(groups[person])
            tables[name] = frame.assign(visit=known.astype(visits), **{GROUP: whose, PERSON: person})
        return cls(draft.descriptor, tables)

    @property
    def roles(self):
        """The roles of the descriptor."""
        return self.descriptor.roles

    @property
    def visited(self) -> tuple[str, ...]:
        """The roles of the tables of visits that the study has; one without a panel has no analytes."""
        return tuple(role for role in VISITED if role in self.roles.tables)

    @property
    def baseline(self) -> str:
        """Name of the first visit."""
        return self.roles.visits[0].name

    def table(self, role: str) -> pd.DataFrame:
        """The table that plays ``role``; tables of visits have a column ``GROUP``."""
        return self.tables[self.roles.tables[role]]

    def resource(self, role: str) -> Resource:
        """The descriptor's entry of the table that plays ``role``."""
        return self.descriptor.resource(self.roles.tables[role])

    def who(self, role: str) -> pd.Series:
        """Identifiers of a table's rows."""
        return self.table(role)[self.roles.identifier]

    def values(self, role: str) -> list[str]:
        """The measured columns of a table of visits."""
        if role == "analytes":
            return list(self.roles.analytes.columns)
        return list(dict.fromkeys(item.column for item in self.roles.outcomes))

    def planned(self, role: str, column: str) -> tuple[str, ...]:
        """The visits at which the protocol measures a column."""
        if role == "analytes":
            return self.roles.analytes.visits
        return next(item.visits for item in self.roles.outcomes if item.column == column)

    def persons(self) -> pd.DataFrame:
        """One row a participant, numbered from 0 as ``PERSON`` does: identifier and group."""
        people = self.table("participants").drop_duplicates(self.roles.identifier)
        return people[[self.roles.identifier, self.roles.group_column]].reset_index(drop=True)

    def has_row(self, role: str, wanted: pd.Series) -> np.ndarray:
        """For each participant, by number, whether a wanted row of a table is theirs."""
        numbers = self.table(role)[PERSON].to_numpy()
        found = np.zeros(len(self.persons()), dtype=bool)
        found[numbers[wanted.to_numpy(dtype=bool) & (numbers >= 0)]] = True
        return found

    def members(self, group: str) -> pd.Series:
        """Identifiers of a group."""
        people = self.table("participants")
        return people.loc[people[self.roles.group_column] == group, self.roles.identifier].drop_duplicates()

    @property
    def groups(self) -> tuple[str, ...]:
        """The compared groups, then the reference if there is one."""
        return (*self.roles.compared, *((self.roles.reference,) if self.roles.reference else ()))

    def wide(self, role: str, column: str) -> pd.DataFrame:
        """One row a participant, one column a visit; of repeated rows the first."""
        frame = self.table(role)
        rows = frame[[self.roles.identifier, "visit", column]].dropna()
        rows = rows.drop_duplicates([self.roles.identifier, "visit"])
        return rows.pivot(index=self.roles.identifier, columns="visit", values=column).astype("float64")

    def numeric(self) -> Iterator[tuple[Resource, str, pd.Series]]:
        """Every column of numbers of every table, without identifiers: resource, name, values as floats."""
        for resource in self.descriptor.resources:
            for field in resource.fields:
                named = field.name == self.roles.identifier or "enum" in field.constraints
                if resource.name in self.tables and field.type in NUMBERS and not named:
                    yield resource, field.name, self.tables[resource.name][field.name].astype("float64")
