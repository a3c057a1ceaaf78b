"""The whole check of a study folder in one pass: reading, then every rule; errors and warnings as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from helpers.study.checks import check_tables
from helpers.study.errors import DescriptorError, TableError
from helpers.study.finding import ERROR, WARNING, Finding
from helpers.study.parse import FILE
from helpers.study.read import Study, read_draft


@dataclass(frozen=True, eq=False)
class Checked:
    """What the check of a folder found.

    Attributes
    ----------
    where : str
        The folder as the user named it.
    findings : tuple of Finding
        Errors first, each in the order of the tables and rules.
    rows : mapping of str to int
        Rows of each table that could be read.
    study : Study or None
        None when there are errors of reading.
    """

    where: str
    findings: tuple[Finding, ...]
    rows: Mapping[str, int]
    study: Study | None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What stops a build."""
        return tuple(finding for finding in self.findings if finding.severity == ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What the book shows."""
        return tuple(finding for finding in self.findings if finding.severity == WARNING)

    def refuse_errors(self) -> Study:
        """The study.

        Raises
        ------
        TableError
            There are errors.
        """
        if self.errors or self.study is None:
            raise TableError(self.where, self.errors)
        return self.study

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON, as ``check.schema.json`` beside this module describes them."""
        return {
            "study": self.where,
            "errors": len(self.errors),
            "warnings": len(self.warnings),
            "tables": [{"file": file, "rows": rows} for file, rows in self.rows.items()],
            "findings": [finding.as_dict() for finding in self.findings],
        }


def check_study(folder: str | Path, name: str | None = None) -> Checked:
    """Check a study folder.

    Parameters
    ----------
    folder, name
        As for :func:`helpers.study.load_study`.

    Raises
    ------
    StudyNotFoundError
        There is no such folder, or no descriptor in it.
    """
    where = name or str(folder)
    try:
        draft = read_draft(folder, name)
    except DescriptorError as error:
        return Checked(where, tuple(replace(finding, file=FILE) for finding in error.findings), {}, None)
    found = [*draft.findings, *check_tables(draft)]
    findings = tuple(sorted(found, key=lambda finding: finding.severity != ERROR))
    rows = {item.path: len(draft.tables[item.name]) for item in draft.descriptor.resources if item.name in draft.tables}
    return Checked(where, findings, rows, None if draft.errors else draft.study())
