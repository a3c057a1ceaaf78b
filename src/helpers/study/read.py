"""From a study folder to a :class:`Study`: typed tables that hold what their descriptor says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.study import parse
from helpers.study.columns import typed_table
from helpers.study.descriptor import Descriptor, Field, Resource
from helpers.study.errors import DescriptorError, StudyNotFoundError, TableError
from helpers.study.validate import link_problems, table_problems


@dataclass(frozen=True, eq=False)
class Study:
    """A study in memory: its descriptor and its tables.

    Attributes
    ----------
    descriptor : Descriptor
        What every column means and which part it plays.
    tables : mapping of str to DataFrame
        One frame a resource, columns typed as the descriptor says.
    """

    descriptor: Descriptor
    tables: Mapping[str, pd.DataFrame]

    @property
    def roles(self):
        """The roles of the descriptor."""
        return self.descriptor.roles

    @property
    def participants(self) -> pd.DataFrame:
        """One row a participant."""
        return self.tables[self.roles.tables["participants"]]

    @property
    def assessments(self) -> pd.DataFrame:
        """One row a participant and visit, one column an outcome."""
        return self.tables[self.roles.tables["outcomes"]]

    @property
    def analytes(self) -> pd.DataFrame:
        """One row a participant and blood sample, one column an analyte, in the unit of the assay.

        Without a row for a study that has no analytes.
        """
        if not self.roles.analytes.columns:
            return self.assessments.loc[:, [self.roles.identifier, "visit"]].iloc[:0]
        return self.tables[self.roles.tables["analytes"]]

    def field(self, role: str, column: str) -> Field:
        """The codebook entry of a column of the table that plays ``role``."""
        return self.descriptor.resource(self.roles.tables[role]).field(column)

    @property
    def baseline(self) -> str:
        """Name of the first visit."""
        return self.roles.visits[0].name

    def group_label(self, group: str) -> str:
        """The name a reader sees for a group."""
        return self.field("participants", self.roles.group_column).label(group)

    def visit_label(self, visit: str) -> str:
        """The name a reader sees for a visit."""
        return next(v.label for v in self.roles.visits if v.name == visit)


def load_study(folder: str | Path, name: str | None = None) -> Study:
    """Read and check a study folder.

    Parameters
    ----------
    folder : path
        Holds ``datapackage.json`` and the tables it lists.
    name : str, optional
        What messages call the folder; the path itself when not given.

    Raises
    ------
    StudyNotFoundError
        There is no such folder, or no descriptor in it.
    DescriptorError
        The descriptor does not describe a study.
    TableError
        A table is missing, or holds something the descriptor excludes. Every problem of every table is named at once,
        by file, column, row and participant.
    """
    folder, where = Path(folder), name or str(folder)
    if not folder.is_dir():
        raise StudyNotFoundError(where, ["there is no such folder; give a folder that holds datapackage.json"])
    if not (folder / parse.FILE).is_file():
        raise StudyNotFoundError(where, [f"no {parse.FILE} in it; that file describes the tables and their roles"])
    descriptor = parse.parse_descriptor(_text(folder / parse.FILE, where), where)
    tables, problems = {}, []
    for resource in descriptor.resources:
        frame, found = _load_table(folder, resource, descriptor)
        problems += found
        if frame is not None:
            tables[resource.name] = frame
    problems += link_problems(tables, descriptor)
    if problems:
        raise TableError(where, problems)
    return Study(descriptor, _ordered(tables, descriptor))


def _text(path: Path, where: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DescriptorError(f"{where}/{path.name}", [f"not text in UTF-8 ({error})"]) from None


def _load_table(folder: Path, resource: Resource, descriptor: Descriptor) -> tuple[pd.DataFrame | None, list[str]]:
    """The table, or None when its columns could not be told, and everything wrong with it."""
    path = folder / resource.path
    if not path.is_file():
        return None, [f"{resource.path}: not in the folder, though the descriptor lists it"]
    table, problems = typed_table(path, resource, descriptor.roles.identifier)
    if table is None:
        return None, problems
    problems += table_problems(table, resource, descriptor)
    # Identifiers are names, even where they look like numbers.
    identifier = descriptor.roles.identifier
    named = {identifier: "string"} if identifier in table.frame else {}
    return table.frame.astype(named).reset_index(drop=True), problems


def _ordered(tables: dict[str, pd.DataFrame], descriptor: Descriptor) -> dict[str, pd.DataFrame]:
    """Visits become an ordered category, so that every later sort is the protocol's order."""
    visits = pd.CategoricalDtype([visit.name for visit in descriptor.roles.visits], ordered=True)
    roles = descriptor.roles
    ordered = dict(tables)
    for role in {"outcomes", "analytes"} & set(roles.tables):
        frame = tables[roles.tables[role]].astype({"visit": visits})
        ordered[roles.tables[role]] = frame.sort_values([roles.identifier, "visit"], ignore_index=True)
    return ordered
