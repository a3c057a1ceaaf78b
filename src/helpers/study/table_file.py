"""Is a file a comma-separated table in UTF-8? What it is instead, and where its lines break the shape of a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from helpers.study.finding import ERROR, WARNING, Finding, rows_finding

BOM = b"\xef\xbb\xbf"
SAVE = "save it as CSV in UTF-8, comma separated"
NO_TABLE = "not a comma-separated table in UTF-8"
# First bytes of files that are often renamed or attached as a table.
SIGNATURES = {
    b"PK\x03\x04": "a zip archive, as Excel workbooks (.xlsx) are",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
    b"$FL2": "an SPSS file (.sav)",
    b"$FL3": "a compressed SPSS file (.zsav)",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "compressed with gzip",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
    b"<html": "a web page",
    b"<!DOC": "a web page",
}
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


def read_table(
    path: Path, name: str, expected: Sequence[str], rows_needed: bool = True
) -> tuple[pd.DataFrame | None, list[Finding]]:
    """Read a table as text.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What messages call it.
    expected : sequence of str
        The columns that the descriptor lists.
    rows_needed : bool
        Whether a heading without rows is an error; in a table that plays no role it is not.

    Returns
    -------
    text : DataFrame or None
        Every cell as it stands. Indexed by line, the first after the heading being 0; lines without any text are left
        out. None when the file, its heading or its lines cannot be used.
    findings : list of Finding
        What is wrong with the file, its heading or the shape of its lines.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        return None, [Finding(ERROR, "file", f"cannot be read ({error.strerror})", file=name)]
    findings = [*_content_findings(content, name)] or [*_heading_findings(content, name, expected)]
    if any(finding.severity == ERROR for finding in findings):
        return None, findings
    findings += _line_findings(content, name, len(expected), rows_needed)
    if any(finding.severity == ERROR for finding in findings):
        return None, findings
    try:
        text = pd.read_csv(
            io.BytesIO(content), dtype="string", keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        return None, [_quoting(name)]
    blank = (text.isna() | (text == "")).all(axis=1)
    return text[~blank] if blank.any() else text, findings


def _content_findings(content: bytes, name: str) -> Iterator[Finding]:
    """What the bytes say before they are read as a table."""
    kind = next((kind for start, kind in SIGNATURES.items() if content[:8].lstrip()[:5].startswith(start)), "")
    if kind:
        yield Finding(ERROR, "file-kind", f"{NO_TABLE}, but {kind}", advice=f"open it and {SAVE}", file=name)
    elif not content.removeprefix(BOM).strip():
        yield Finding(ERROR, "file-empty", "empty", "expected a heading and rows", "copy the file again", file=name)
    elif b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        what = f"{NO_TABLE}: bytes of value zero, first in line {line}"
        advice = f"the file is damaged, or in UTF-16; {SAVE}"
        yield Finding(ERROR, "file-damaged", what, advice=advice, file=name)
    else:
        yield from _encoding_findings(content, name)


def _encoding_findings(content: bytes, name: str) -> Iterator[Finding]:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        advice = f"it may be in the encoding of Windows (cp1252); {SAVE}"
        yield Finding(ERROR, "encoding", f"{NO_TABLE}: line {line} is in another encoding", advice=advice, file=name)


def heading(line: bytes, mark: str = ",") -> list[str]:
    """The cells of a line; none when it cannot be split."""
    try:
        return next(csv.reader([line.decode("utf-8", errors="replace")], delimiter=mark), [])
    except csv.Error:
        return []


def _first_lines(content: bytes, most: int) -> list[bytes]:
    # A heading is not longer than this; a whole table need not be copied for it.
    return _lines(content[:1_000_000])[:most]


def _lines(content: bytes) -> list[bytes]:
    return content.removeprefix(BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")


def _heading_findings(content: bytes, name: str, expected: Sequence[str]) -> Iterator[Finding]:
    found = heading(_first_lines(content, 1)[0])
    known = [column for column in found if column in expected]
    separator = _separator(content, expected)
    if len(known) < 2 and separator:
        advice = f"{SAVE}, with a point as the decimal sign"
        what = f"the cells are separated by {SEPARATORS[separator]}"
        yield Finding(ERROR, "separator", what, "expected commas", advice, file=name)
    elif not known:
        yield _no_heading(content, name, expected)
    else:
        yield from _column_findings(found, name, expected)


def _separator(content: bytes, expected: Sequence[str]) -> str:
    first = _first_lines(content, 1)[0]
    cells = {mark: heading(first, mark) for mark in SEPARATORS}
    return next((mark for mark, names in cells.items() if len({*names} & {*expected}) > 1), "")


def _no_heading(content: bytes, name: str, expected: Sequence[str]) -> Finding:
    """The first line may be a patient's: it is not repeated."""
    lines = _first_lines(content, 6)[1:]
    rows = [number for number, line in enumerate(lines, start=2) if {*heading(line)} & {*expected}]
    listed = ", ".join(expected[:6]) + (", …" if len(expected) > 6 else "")
    advice = f"row {rows[0]} looks like the heading: delete what stands above it" if rows else "put the heading back"
    return Finding(
        ERROR, "heading", "the first row names no column of the descriptor", f"expected {listed}", advice, name
    )


def _column_findings(found: Sequence[str], name: str, expected: Sequence[str]) -> Iterator[Finding]:
    spellings = {_plain(column): column for column in found if column not in expected}
    for column in expected:
        if column not in found:
            near = spellings.get(_plain(column))
            advice = f"column {near!r} looks like it: write it as the descriptor does" if near else ""
            advice = advice or "add the column, or take it out of the descriptor"
            yield Finding(
                ERROR, "column-missing", f"no column {column!r}, which the descriptor lists", "", advice, name
            )
    for column in dict.fromkeys(found):
        if found.count(column) > 1 and column:
            what = f"{found.count(column)} columns are called {column[:60]!r}"
            advice = "keep the right one, or give the other a name of its own"
            yield Finding(ERROR, "column-twice", what, "expected each name once", advice, name)
        elif column not in expected:
            yield _unknown_column(column, found.index(column) + 1, name)


def _unknown_column(column: str, number: int, name: str) -> Finding:
    if not column.strip():
        what, advice = f"column {number} has no name", "name and describe it, or remove it"
        return Finding(ERROR, "column-unknown", what, advice=advice, file=name)
    what = f"column {column[:60]!r} is not in the descriptor"
    return Finding(ERROR, "column-unknown", what, "describe it there or remove it", file=name)


def _plain(column: str) -> str:
    return "".join(sign for sign in column.casefold() if sign.isalnum())


def _line_findings(content: bytes, name: str, columns: int, rows_needed: bool) -> Iterator[Finding]:
    """Lines with more or fewer cells than the heading; blank lines have none."""
    counts = pd.Series(_cell_counts(content), dtype="int64")
    if counts.empty and not rows_needed:
        return
    if counts.empty:
        yield Finding(ERROR, "file-empty", "a heading without rows", "expected rows", "copy the file again", name)
        return
    if counts.iloc[-1] < 0:
        yield _quoting(name)
        return
    what = "the rows have more cells than the heading"
    advice = "quote cells that hold a comma; write decimals with a point"
    more = Finding(ERROR, "cells-more", what, f"expected {columns} cells", advice, name)
    if (counts[counts > 0] > columns).all():
        yield more
    else:
        yield from rows_finding(replace(more, what="more cells than the heading"), counts > columns)
    advice = "the file may be cut short, or a line broken in two: copy it again"
    fewer = Finding(ERROR, "cells-fewer", "fewer cells than the heading", f"expected {columns} cells", advice, name)
    yield from rows_finding(fewer, counts.between(1, columns - 1))
    if not content.endswith((b"\n", b"\r")):
        advice = "compare its end with the original, then add a line break"
        yield Finding(
            WARNING, "file-end", "the last line has no line break; the file may be cut short", "", advice, name
        )


def _quoting(name: str) -> Finding:
    advice = "look for a quotation mark without its pair"
    return Finding(ERROR, "quoting", f"{NO_TABLE}: a quotation mark is out of place or not closed", "", advice, name)


def _cell_counts(content: bytes) -> list[int]:
    """Cells of each row after the heading, 0 for a blank one; −1 at the end when a quotation is not closed."""
    if b'"' not in content:
        lines = _lines(content)[1:]
        while lines and not lines[-1].strip():
            lines.pop()
        return [line.count(b",") + 1 if line.strip() else 0 for line in lines]
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    counts = []
    try:
        next(reader, None)
        counts += (len(row) if any(row) or len(row) > 1 else 0 for row in reader)
    except csv.Error:
        counts.append(-1)
    return counts
