"""From a study folder to a :class:`Study`: typed tables that hold what their descriptor says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.study import parse
from helpers.study.absurd import DESCRIPTOR, too_large
from helpers.study.columns import typed_table
from helpers.study.descriptor import Descriptor, Field, Resource
from helpers.study.detection import detection_findings, with_limits
from helpers.study.errors import DescriptorError, StudyNotFoundError, TableError
from helpers.study.finding import ERROR, Finding
from helpers.study.validate import link_findings, table_findings


@dataclass(frozen=True, eq=False)
class Study:
    """A study in memory: its descriptor and its tables.

    Attributes
    ----------
    descriptor : Descriptor
        What every column means and which part it plays.
    tables : mapping of str to DataFrame
        One frame a resource, columns typed as the descriptor says. Analytes below the detection limit hold what the
        descriptor's rule puts there; ``below_limit`` names them.
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
    def below_limit(self) -> pd.DataFrame:
        """The values below the detection limit: ``id, visit, analyte, limit``; no row where the study names none."""
        role = self.roles.analytes.detection
        columns = [self.roles.identifier, "visit", "analyte", "limit"]
        return self.tables[role.table][columns] if role else pd.DataFrame(columns=columns)

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


@dataclass(frozen=True, eq=False)
class Draft:
    """A study folder as it was read, whatever is wrong with it.

    Attributes
    ----------
    descriptor : Descriptor
    tables : mapping of str to DataFrame
        The tables that could be read, indexed by line (the first after the heading is 0), in the order of the file.
        Cells that could not be read are missing.
    findings : tuple of Finding
        Everything wrong with files, headings, types, constraints, keys and links.
    """

    descriptor: Descriptor
    tables: Mapping[str, pd.DataFrame]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What makes the folder unusable."""
        return tuple(finding for finding in self.findings if finding.severity == ERROR)

    def study(self) -> Study:
        """The study; only for a draft without errors."""
        complete = with_limits(self.tables, self.descriptor)
        tables = {name: frame.reset_index(drop=True) for name, frame in complete.items()}
        return Study(self.descriptor, _ordered(tables, self.descriptor))


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
    draft = read_draft(folder, name)
    if draft.errors:
        raise TableError(name or str(folder), draft.errors)
    return draft.study()


def read_draft(folder: str | Path, name: str | None = None) -> Draft:
    """Read a study folder, and say what is wrong with its tables instead of refusing it.

    Raises
    ------
    StudyNotFoundError, DescriptorError
        As :func:`load_study`: without a descriptor nothing can be said of the tables.
    """
    folder, where = Path(folder), name or str(folder)
    if not folder.is_dir():
        raise StudyNotFoundError(where, ["there is no such folder; give a folder that holds datapackage.json"])
    if not (folder / parse.FILE).is_file():
        raise StudyNotFoundError(where, [f"no {parse.FILE} in it; that file describes the tables and their roles"])
    if large := too_large(folder / parse.FILE, DESCRIPTOR):
        raise DescriptorError(f"{where}/{parse.FILE}", [f"{large}: it describes tables, and does not hold them"])
    descriptor = parse.parse_descriptor(_text(folder / parse.FILE, where), where)
    tables, findings = {}, []
    for resource in descriptor.resources:
        frame, found = _load_table(folder, resource, descriptor)
        findings += found
        if frame is not None:
            tables[resource.name] = frame
    findings += link_findings(tables, descriptor)
    if not any(finding.severity == ERROR for finding in findings):
        findings += detection_findings(tables, descriptor)
    return Draft(descriptor, tables, tuple(findings))


def _text(path: Path, where: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise DescriptorError(f"{where}/{path.name}", ["not text in UTF-8; save it in that encoding"]) from None
    except OSError as error:
        raise DescriptorError(f"{where}/{path.name}", [f"cannot be read ({error.strerror})"]) from None


def _load_table(folder: Path, resource: Resource, descriptor: Descriptor) -> tuple[pd.DataFrame | None, list[Finding]]:
    """The table, or None when its columns could not be told, and everything wrong with it."""
    path = folder / resource.path
    if not path.is_file():
        what = "not in the folder, though the descriptor lists it"
        advice = "copy it there; upper and lower case matter"
        return None, [Finding(ERROR, "file-missing", what, advice=advice, file=resource.path)]
    if not path.resolve().is_relative_to(folder.resolve()):
        what = "a link that leads out of the study's folder"
        return None, [Finding(ERROR, "file-outside", what, advice="copy the table into it", file=resource.path)]
    if large := too_large(path):
        return None, [Finding(ERROR, "file-size", large, advice="leave out what no analysis needs", file=resource.path)]
    plays_a_role = resource.name in descriptor.roles.tables.values()
    table, findings = typed_table(path, resource, descriptor.roles.identifier, plays_a_role)
    if table is None:
        return None, findings
    findings += table_findings(table, resource, descriptor)
    # Identifiers are names, even where they look like numbers.
    identifier = descriptor.roles.identifier
    named = {identifier: "string"} if identifier in table.frame else {}
    return table.frame.astype(named), findings


def _ordered(tables: dict[str, pd.DataFrame], descriptor: Descriptor) -> dict[str, pd.DataFrame]:
    """Visits become an ordered category, so that every later sort is the protocol's order."""
    visits = pd.CategoricalDtype([visit.name for visit in descriptor.roles.visits], ordered=True)
    roles = descriptor.roles
    ordered = dict(tables)
    for role in (role for role in ("outcomes", "analytes") if role in roles.tables):
        frame = tables[roles.tables[role]].astype({"visit": visits})
        ordered[roles.tables[role]] = frame.sort_values([roles.identifier, "visit"], ignore_index=True)
    return ordered
