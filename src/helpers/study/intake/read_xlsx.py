"""Excel workbooks: every sheet, by the values that Excel last computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from helpers.study.absurd import CELLS, bomb, merged_too_far
from helpers.study.intake.errors import SHOWN, SourceError
from helpers.study.intake.source import Column, Table, cell_text, clean_headings

OLE = b"\xd0\xcf\x11\xe0"


def read_xlsx(path: Path, alias: str) -> list[Table]:
    """Read every sheet of a workbook that holds anything.

    Raises
    ------
    SourceError
        Not a workbook, protected, or a sheet with merged cells, formulas that Excel has not computed, errors such as
        ``#DIV/0!``, or a heading that is not in row 1.
    """
    values, formulas = _workbook(path, True), _workbook(path, False)
    for sheet in values.worksheets:
        if sheet.max_row * sheet.max_column > CELLS:
            corner = f"{sheet.max_row:,} rows and {sheet.max_column:,} columns"
            where = f"{path.name}, sheet {sheet.title}"
            raise SourceError(where, [f"{corner}; something stands far from the table: delete it, or split the table"])
    sheets = [sheet for sheet in values.worksheets if sheet.max_row > 1 or sheet["A1"].value is not None]
    if not sheets:
        raise SourceError(path.name, ["no sheet holds anything"])
    several = len(sheets) > 1
    problems = [line for sheet in sheets for line in _problems(sheet, formulas[sheet.title])]
    if problems:
        raise SourceError(path.name, problems)
    return [
        _table(path, sheet, f"{alias}_{place + 1}" if several else alias, several) for place, sheet in enumerate(sheets)
    ]


def _workbook(path: Path, values: bool) -> Any:
    import openpyxl

    start = path.read_bytes()[:8]
    if start.startswith(OLE):
        raise SourceError(
            path.name, ["protected by a password, or an .xls of old; save it as .xlsx without a password"]
        )
    try:
        said, area = bomb(path), merged_too_far(path)
        found = None if said or area else openpyxl.load_workbook(path, data_only=values)
    except Exception:
        # A damaged file fails wherever in zip, XML or cell the damage lies: no list of exceptions is whole.
        raise SourceError(
            path.name, ["not an Excel workbook, whatever its name says, or damaged; save it from Excel as .xlsx"]
        ) from None
    if said:
        raise SourceError(path.name, [f"{said}; save it from Excel again, without what no analysis needs"])
    if area:
        raise SourceError(path.name, [f"cells {area} are merged; unmerge them, one name a column"])
    return found


def _problems(sheet: Any, formulas: Any) -> list[str]:
    where = f"sheet {sheet.title}"
    merged = [str(area) for area in sheet.merged_cells.ranges]
    found = (
        [f"{where}: cells {', '.join(merged[:SHOWN])} are merged; unmerge them, one name a column"] if merged else []
    )
    uncomputed, errors = [], []
    for row in formulas.iter_rows():
        for cell in row:
            value = sheet[cell.coordinate]
            if cell.data_type == "f" and value.value is None:
                uncomputed.append(cell.coordinate)
            if value.data_type == "e":
                errors.append(cell.coordinate)
    if uncomputed:
        found.append(
            f"{where}: cells {', '.join(uncomputed[:SHOWN])} hold formulas without a computed value; "
            "open and save the file in Excel, or paste values"
        )
    if errors:
        found.append(f"{where}: cells {', '.join(errors[:SHOWN])} hold an error of Excel such as #DIV/0!")
    return found


def _table(path: Path, sheet: Any, alias: str, several: bool) -> Table:
    where = f"{path.name}, sheet {sheet.title}"
    grid = [list(row) for row in sheet.iter_rows(values_only=True)]
    width = max((place + 1 for row in grid for place, cell in enumerate(row) if cell is not None), default=0)
    filled = [sum(cell is not None for cell in row[:width]) for row in grid]
    if width > 2 and filled[0] == 1:
        raise SourceError(where, ["row 1 holds one cell; expected the names of the columns, a title belongs elsewhere"])
    names = clean_headings(grid[0][:width], where)
    rows = [row[:width] for row in grid[1:]]
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise SourceError(where, ["a heading and no row of values"])
    kinds = [_kind([row[place] for row in rows]) for place in range(width)]
    frame = pd.DataFrame([[cell_text(cell) for cell in row] for row in rows], columns=names, dtype="string")
    columns = tuple(Column(name, kind=kind) for name, kind in zip(names, kinds, strict=True))
    return Table(alias, path, sheet.title if several else "", columns, frame)


def _kind(cells: list[Any]) -> str:
    kinds = {_kind_of(cell) for cell in cells if cell is not None}
    return kinds.pop() if len(kinds) == 1 else "mixed" if kinds else "text"


def _kind_of(cell: Any) -> str:
    if isinstance(cell, bool | str):
        return "text"
    return "number" if isinstance(cell, int | float) else "date"
