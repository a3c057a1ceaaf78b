"""Files that are no comma-separated table in UTF-8, or not whole: each is told by what it is, none by a traceback."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest


def replaced(old: bytes, new: bytes, count: int = -1):
    return lambda content: content.replace(old, new, count)


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("scales.csv", content)
    return packed.getvalue()


def line(number: int, change):
    """Change one line, counted from 1."""

    def apply(content: bytes) -> bytes:
        lines = content.split(b"\n")
        lines[number - 1] = change(lines[number - 1])
        return b"\n".join(lines)

    return apply


def on_top(*lines: bytes):
    return lambda content: b"\n".join([*lines, content])


def swapped_heading(old: bytes, new: bytes):
    return line(1, replaced(old, new))


UMLAUT = "Müllerstraße"
# What is done to scales.csv, the rule that says so, the row (None where there is none), and a part of the message.
BROKEN = {
    "UTF-16": (lambda c: c.decode().encode("utf-16"), "file-kind", None, "text in UTF-16"),
    "UTF-16 without a mark": (lambda c: c.decode().encode("utf-16-le"), "file-damaged", None, "bytes of value zero"),
    "Windows encoding": (line(5, lambda x: x + UMLAUT.encode("cp1252")), "encoding", None, "line 5"),
    "Latin-1 heading": (line(1, lambda x: x + "ü".encode("latin-1")), "encoding", None, "line 1"),
    "semicolons": (replaced(b",", b";"), "separator", None, "separated by semicolons; expected commas"),
    "tabs": (replaced(b",", b"\t"), "separator", None, "separated by tabs"),
    "vertical bars": (replaced(b",", b"|"), "separator", None, "separated by vertical bars"),
    "a zip archive renamed": (zipped, "file-kind", None, "a zip archive, as Excel workbooks"),
    "an old workbook renamed": (lambda c: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + c, "file-kind", None, "(.xls)"),
    "an SPSS file renamed": (lambda c: b"$FL2@(#) SPSS" + c, "file-kind", None, "an SPSS file"),
    "a PDF renamed": (lambda c: b"%PDF-1.7\n" + c, "file-kind", None, "a PDF"),
    "gzip": (lambda c: gzip.compress(c, mtime=0), "file-kind", None, "compressed with gzip"),
    "a web page": (on_top(b"<!DOCTYPE html><html>"), "file-kind", None, "a web page"),
    "an empty file": (lambda c: b"", "file-empty", None, "empty; expected a heading and rows"),
    "blank lines only": (lambda c: b"\n\n \n", "file-empty", None, "empty"),
    "a byte-order mark only": (lambda c: b"\xef\xbb\xbf", "file-empty", None, "empty"),
    "a heading only": (lambda c: c.split(b"\n")[0] + b"\n", "file-empty", None, "a heading without rows"),
    "nul bytes": (line(7, lambda x: x + b"\0\0"), "file-damaged", None, "first in line 7"),
    "no heading": (lambda c: c.split(b"\n", 1)[1], "heading", None, "expected code, visit, seen, madrs, pain"),
    "a title above the heading": (on_top(b"Trial,,,,"), "heading", None, "row 2 looks like the heading"),
    "two merged rows above": (on_top(b"Who,,,Scores,", b",,,points,cm"), "heading", None, "row 3 looks like"),
    "a column twice": (swapped_heading(b"pain", b"madrs"), "column-twice", None, "2 columns are called 'madrs'"),
    "a column without a name": (line(1, lambda x: x + b","), "column-unknown", None, "column 6 has no name"),
    "a column missing": (swapped_heading(b"pain", b"vas"), "column-missing", None, "no column 'pain'"),
    "a column unknown": (swapped_heading(b"pain", b"vas"), "column-unknown", None, "column 'vas' is not in"),
    "another case": (swapped_heading(b"madrs", b"MADRS "), "column-missing", None, "column 'MADRS ' looks like it"),
    "a space in the heading": (swapped_heading(b"visit", b" visit"), "column-missing", None, "' visit' looks like it"),
    "decimal commas": (replaced(b",", b",1,", -1), "cells-more", None, "more cells than the heading"),
    "one row too long": (line(9, lambda x: x + b",7341"), "cells-more", 9, "row 9: more cells than the heading"),
    "one row too short": (line(9, lambda x: x.rsplit(b",", 2)[0]), "cells-fewer", 9, "fewer cells than the heading"),
    "cut short": (lambda c: c[: c.rindex(b"2021")], "cells-fewer", 145, "the file may be cut short"),
    "a quotation not closed": (line(6, lambda x: b'"' + x), "quoting", None, "quotation mark"),
    "a quotation mark in a cell": (line(6, replaced(b",week", b',"we"ek')), "quoting", None, "quotation mark"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_no_table_is_named(good, check, name):
    damage, rule, row, said = BROKEN[name]
    content = good.file("scales").read_bytes()
    if name == "decimal commas":
        damage = lambda c: b"\n".join([c.split(b"\n")[0], *(x + b",5" for x in c.split(b"\n")[1:-1]), b""])  # noqa: E731
    good.write("scales", damage(content))
    done = check(good)
    assert done.status == 2
    found = done.finding(rule, file="scales.csv")
    assert found["severity"] == "error"
    assert found["rows"] == ([row] if row else [])
    assert said in done.said.replace("\n    ", " ")
    assert found["advice"] or "describe it there" in found["expected"]
    # The rows of the broken table: codes, dates and scores are not repeated beyond the rows named.
    for hidden in (UMLAUT, "2021-03", "7341", "Ã", "\ufffd"):
        assert hidden not in done.everything


ACCEPTED = {
    "a byte-order mark": lambda c: b"\xef\xbb\xbf" + c,
    "line ends of Windows": replaced(b"\n", b"\r\n"),
    "line ends of old Macintosh": replaced(b"\n", b"\r"),
    "everything in quotation marks": lambda c: b"\n".join(
        b",".join(b'"' + cell + b'"' for cell in x.split(b",")) if x else x for x in c.split(b"\n")
    ),
    "blank lines at the end": lambda c: c + b"\n\n,,,,\n",
    "spaces around numbers": line(4, lambda x: x.rsplit(b",", 1)[0] + b", 4 "),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_what_programs_write_is_accepted(good, check, name):
    good.write("scales", ACCEPTED[name](good.file("scales").read_bytes()))
    done = check(good)
    assert (done.status, done.rules("error")) == (0, set()), done.said


def test_a_missing_end_of_line_is_a_warning(good, check):
    good.write("scales", good.file("scales").read_bytes().rstrip(b"\n"))
    done = check(good)
    assert (done.status, done.rules("warning")) == (0, {"file-end"})


def test_a_table_that_is_not_there(good, check):
    good.file("doses").unlink()
    done = check(good)
    assert done.status == 2
    assert done.finding("file-missing", file="doses.csv")["what"].startswith("not in the folder")


def test_a_folder_in_the_place_of_a_table(good, check):
    good.file("doses").unlink()
    good.file("doses").mkdir()
    assert check(good).finding("file-missing", file="doses.csv")


def test_every_broken_table_is_named_in_one_pass(good, check):
    good.write("scales", good.file("scales").read_bytes().replace(b",", b";"))
    good.write("blood", zipped(b""))
    good.put("people", "age", "7341", 3)
    done = check(good)
    assert {item["file"] for item in done.findings} == {"scales.csv", "blood.csv", "people.csv"}
