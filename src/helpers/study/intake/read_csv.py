"""Text tables: encoding, separator and decimal mark are found out, and refused where the file contradicts itself."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from helpers.study.intake.errors import SourceError, rows_named
from helpers.study.intake.source import Column, Table, clean_headings

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
COMMA = re.compile(r"[<>≤≥]?\s*[-+]?\d+,\d+")
POINT = re.compile(r"[<>≤≥]?\s*[-+]?\d*\.\d+")


def read_csv(path: Path, alias: str, options: Mapping[str, str] | None = None) -> Table:
    """Read a text table.

    Parameters
    ----------
    path : Path
        A file with one heading row, separated by commas, semicolons or tabs.
    alias : str
        What the mapping calls the table.
    options : mapping, optional
        ``encoding``, ``separator`` (comma, semicolon, tab), ``decimal`` (point, comma), where a person has said them.

    Raises
    ------
    SourceError
        No text, no table, rows of different lengths, or numbers written in two ways.
    """
    given = dict(options or {})
    content = path.read_bytes()
    encoding = given.get("encoding") or _encoding(content, path.name)
    text = _decoded(content, encoding, path.name)
    separator = given.get("separator") or _separator(text, path.name)
    rows = _rows(text, SEPARATORS[separator], path.name)
    names = clean_headings(rows[0][1], path.name)
    frame = _frame(rows, names, path.name)
    decimal = given.get("decimal") or _decimal(frame, path.name)
    if decimal == "comma":
        frame = frame.apply(lambda column: column.where(~column.str.fullmatch(COMMA), column.str.replace(",", ".")))
    found = {"encoding": encoding, "separator": separator, "decimal": decimal}
    return Table(alias, path, "", tuple(Column(name) for name in names), frame, options=found)


def _encoding(content: bytes, where: str) -> str:
    if not content.strip():
        raise SourceError(where, ["the file is empty; expected a heading row and rows of values"])
    for mark, name in BOMS:
        if content.startswith(mark):
            return name
    if content[:4] in (b"PK\x03\x04", b"$FL2", b"$FL3") or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise SourceError(where, ["not a text table: an Excel or SPSS file by its first bytes; name it as such"])
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _guessed(content, where)
    if b"\0" in content:
        raise SourceError(where, ["not text: it holds zero bytes; save it as CSV in UTF-8"])
    return "utf-8"


def _guessed(content: bytes, where: str) -> str:
    """The encoding of a text that does not say it; western European unless the bytes speak for another."""
    from charset_normalizer import from_bytes

    best = from_bytes(content).best()
    if best is None or b"\0" in content:
        raise SourceError(where, ["not text in any encoding known here; save it as CSV in UTF-8"])
    if best.encoding.startswith(("cp125", "iso8859", "latin", "mac", "hp_roman", "cp437", "cp85")):
        try:
            content.decode("cp1252")
        except UnicodeDecodeError:
            return best.encoding
        return "cp1252"
    return best.encoding


def _decoded(content: bytes, encoding: str, where: str) -> str:
    try:
        text = content.decode(encoding)
    except LookupError:
        raise SourceError(
            where, [f"encoding {encoding!r} is not known; expected a name such as utf-8 or cp1252"]
        ) from None
    except UnicodeDecodeError as error:
        raise SourceError(where, [f"not text in {encoding}, from byte {error.start + 1} on"]) from None
    if not text.strip():
        raise SourceError(where, ["the file is empty; expected a heading row and rows of values"])
    return text


def _separator(text: str, where: str) -> str:
    """The separator that gives most columns in the heading; it is the heading that has no decimal commas."""
    heading = next(line for line in text.splitlines() if line.strip())
    widths = {name: len(next(csv.reader([heading], delimiter=sign))) for name, sign in SEPARATORS.items()}
    best = max(widths, key=lambda name: widths[name])
    if widths[best] < 2:
        raise SourceError(where, ["one column only; expected several, separated by comma, semicolon or tab"])
    return best


def _rows(text: str, separator: str, where: str) -> list[tuple[int, list[str]]]:
    """Each row that holds anything, with the number of its line."""
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    rows = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, cells))
    except csv.Error as error:
        raise SourceError(where, [f"line {reader.line_num}: {error}; a quotation mark may be missing"]) from None
    if len(rows) < 2:
        raise SourceError(where, ["a heading and no row of values"])
    return rows


def _frame(rows: list[tuple[int, list[str]]], names: list[str], where: str) -> pd.DataFrame:
    wrong = [line for line, cells in rows[1:] if len(cells) != len(names)]
    if wrong:
        raise SourceError(
            where,
            [f"{rows_named(wrong)}: more or fewer cells than the heading; expected {len(names)} in each row"],
        )
    cells = [[cell.strip() for cell in row] for _, row in rows[1:]]
    # The index is the line, the one after the heading's being 0, blank lines counted.
    frame = pd.DataFrame(cells, columns=names, dtype="string", index=[line - 2 for line, _ in rows[1:]])
    return frame.mask(frame == "")


def _decimal(frame: pd.DataFrame, where: str) -> str:
    comma = _first(frame, COMMA)
    point = _first(frame, POINT)
    if comma and point:
        raise SourceError(
            where,
            [
                f"numbers are written in two ways: with a comma in column {comma[0]!r}, row {comma[1]}, and with a "
                f"point in column {point[0]!r}, row {point[1]}; expected one decimal mark in a file"
            ],
        )
    return "comma" if comma else "point"


def _first(frame: pd.DataFrame, pattern: re.Pattern[str]) -> tuple[str, int] | None:
    for name in frame.columns:
        found = frame[name].str.fullmatch(pattern).fillna(False)
        if found.any():
            return name, int(found.idxmax()) + 2
    return None
