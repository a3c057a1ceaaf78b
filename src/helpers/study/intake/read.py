"""From paths to tables; the files are only read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from helpers.study.absurd import too_large
from helpers.study.intake.errors import SourceError
from helpers.study.intake.read_csv import read_csv
from helpers.study.intake.read_sav import read_sav
from helpers.study.intake.read_xlsx import read_xlsx
from helpers.study.intake.source import Table

SPSS, EXCEL, TEXT = (".sav", ".zsav"), (".xlsx", ".xlsm"), (".csv", ".tsv", ".txt")


def read_sources(paths: Sequence[Path], options: Mapping[str, Mapping[str, str]] | None = None) -> list[Table]:
    """Read every table of every file.

    Parameters
    ----------
    paths : sequence of Path
    options : mapping, optional
        For a path (as text) how its text is to be read: encoding, separator, decimal mark.

    Raises
    ------
    SourceError
        A file is not there, or cannot be read as tables. Each problem is told once, for all files.
    """
    tables, problems, wheres = [], [], []
    for path in paths:
        try:
            tables += _read(path, _alias(path, [t.alias for t in tables]), (options or {}).get(str(path), {}))
        except SourceError as error:
            wheres.append(error.where)
            problems += error.problems if len(paths) == 1 else [f"{error.where}: {line}" for line in error.problems]
    if problems:
        raise SourceError(wheres[0] if len(paths) == 1 else "the files", problems)
    return [_without_empty_rows(table) for table in tables]


def _read(path: Path, alias: str, options: Mapping[str, str]) -> list[Table]:
    if not path.is_file():
        raise SourceError(str(path), ["there is no such file"])
    kind = path.suffix.lower()
    if not path.stat().st_size:
        raise SourceError(path.name, ["the file is empty"])
    if large := too_large(path):
        raise SourceError(path.name, [f"{large}: split it, or leave out what no analysis needs"])
    try:
        if kind in SPSS:
            return [read_sav(path, alias)]
        if kind in EXCEL:
            return read_xlsx(path, alias)
        if kind in TEXT:
            return [read_csv(path, alias, options)]
    except PermissionError:
        raise SourceError(path.name, ["may not be read; check the rights of the file"]) from None
    raise SourceError(path.name, [f"files {kind or 'without an ending'} are not read; expected .sav, .xlsx or .csv"])


def _alias(path: Path, taken: Sequence[str]) -> str:
    """A short name of the file for the mapping, different from the others'."""
    base = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_") or "file"
    names = [base, *(f"{base}_{number}" for number in range(2, 100))]
    return next(name for name in names if not any(t == name or t.startswith(f"{name}_") for t in taken))


def _without_empty_rows(table: Table) -> Table:
    """Rows that hold nothing are no cases; the index keeps the place of the others."""
    from dataclasses import replace

    empty = (table.frame.isna() | (table.frame == "")).all(axis=1)
    frame: pd.DataFrame = table.frame[~empty]
    if frame.empty:
        raise SourceError(table.title, ["no row holds anything"])
    return replace(table, frame=frame)


def sha256(path: Path) -> str:
    """The digest by which a later run knows whether a file is still the same."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
