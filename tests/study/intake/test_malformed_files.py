"""Files that cannot be read: each has its message and exit status 2, and nothing is written."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest

from helpers.cli import main

from . import small

CONTENT = "Somebody’s secret"


def zipped() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("letter.txt", CONTENT)
    return stream.getvalue()


def lines(*rows: str) -> str:
    return "\n".join([",".join(small.HEAD), *(",".join(map(str, row)) for row in small.ROWS), *rows]) + "\n"


def spoiled(**cells) -> pd.DataFrame:
    """The small trial with single cells changed: ``ID=(2, "P01")`` puts P01 into row 2 (the heading is row 1)."""
    data = small.frame().astype(object)
    for name, (row, value) in cells.items():
        data.loc[row - 2, name] = value
    return data


def renamed(**names) -> pd.DataFrame:
    return small.frame().rename(columns=names)


def twice(p):
    book = small.xlsx(p / "t.xlsx").read_bytes()
    return small.text(p / "t.xlsx", book[: len(book) // 2])


def truncated_sav(p):
    path = small.sav(p / "t.sav")
    return small.text(path, path.read_bytes()[:-200])


def mixed_decimals(p):
    data = small.frame().astype(str)
    data["IL6_d0_pgml"] = data["IL6_d0_pgml"].str.replace(".", ",")
    return small.csv(p / "t.csv", data, sep=";")


def merged(area):
    return lambda p: small.xlsx(p / "t.xlsx", lambda sheet: sheet.merge_cells(area))


def cell(place, value):
    return lambda p: small.xlsx(p / "t.xlsx", lambda sheet: sheet.__setitem__(place, value))


FILES = {
    "no such file": (lambda p: p / "none.csv", "there is no such file"),
    "a folder": (lambda p: p, "there is no such file"),
    "another kind of file": (lambda p: small.text(p / "t.docx", zipped()), "files .docx are not read"),
    "an empty text": (lambda p: small.text(p / "t.csv", ""), "the file is empty"),
    "an empty SPSS file": (lambda p: small.text(p / "t.sav", ""), "the file is empty"),
    "blank lines only": (lambda p: small.text(p / "t.csv", "\n \n\n"), "the file is empty"),
    "a byte order mark only": (lambda p: small.text(p / "t.csv", "\ufeff"), "the file is empty"),
    "a heading only": (lambda p: small.text(p / "t.csv", "id,group\n"), "a heading and no row of values"),
    "one column": (lambda p: small.text(p / "t.csv", "id\nP1\nP2\n"), "one column only"),
    "a row too long": (
        lambda p: small.text(p / "t.csv", lines("P77,pain,1,f,1,1,1,1,9")),
        "row 14: more or fewer cells",
    ),
    "a row too short": (lambda p: small.text(p / "t.csv", lines("P77,pain")), "row 14: more or fewer cells"),
    "an unquoted decimal comma": (
        lambda p: small.text(p / "t.csv", lines("P77,pain,1,f,1,1,1,5,1")),
        "expected 8 in each",
    ),
    "an open quotation": (lambda p: small.text(p / "t.csv", lines('"P77,pain')), "a quotation mark may be missing"),
    "comma and point": (mixed_decimals, "numbers are written in two ways"),
    "zero bytes": (lambda p: small.text(p / "t.csv", b"id,group\x00\x00\nP1,pain\n"), "zero bytes"),
    "UTF-16 without its mark": (lambda p: small.text(p / "t.csv", lines(), "utf-16-le"), "zero bytes"),
    "UTF-16 cut short": (lambda p: small.text(p / "t.csv", lines().encode("utf-16")[:-1]), "not text in utf-16"),
    "a workbook named csv": (
        lambda p: small.text(p / "t.csv", small.xlsx(p / "x.xlsx").read_bytes()),
        "an Excel or SPSS",
    ),
    "an SPSS file named csv": (
        lambda p: small.text(p / "t.csv", small.sav(p / "x.sav").read_bytes()),
        "an Excel or SPSS",
    ),
    "two columns of one name": (
        lambda p: small.csv(p / "t.csv", renamed(AGE="SEX")),
        "columns 3, 4 are all called 'SEX'",
    ),
    "a column without a name": (lambda p: small.csv(p / "t.csv", renamed(AGE="")), "row 1, column 3: no name"),
    "a name of pictures only": (lambda p: small.csv(p / "t.csv", renamed(AGE="🙂")), "without a letter or digit"),
    "any zip named xlsx": (lambda p: small.text(p / "t.xlsx", zipped()), "not an Excel workbook"),
    "a text named xlsx": (lambda p: small.text(p / "t.xlsx", lines()), "not an Excel workbook"),
    "half a workbook": (twice, "not an Excel workbook, whatever its name says, or damaged"),
    "a password on a workbook": (lambda p: small.text(p / "t.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600), "a password"),
    "an Excel file of old": (
        lambda p: small.text(p / "t.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
        "files .xls are not read",
    ),
    "an empty workbook": (
        lambda p: small.xlsx(p / "t.xlsx", lambda s: s.delete_rows(1, 99)),
        "no sheet holds anything",
    ),
    "merged headings": (merged("E1:F1"), "cells E1:F1 are merged"),
    "merged cells": (merged("B2:B4"), "cells B2:B4 are merged"),
    "a formula never computed": (cell("C5", "=C4+1"), "cells C5 hold formulas without a computed value"),
    "an error of Excel": (cell("C5", "#DIV/0!"), "cells C5 hold an error of Excel"),
    "a title above the heading": (
        lambda p: small.xlsx(p / "t.xlsx", rows=[["Our trial"], small.HEAD, *small.ROWS]),
        "row 1 holds one cell",
    ),
    "a heading over two rows": (
        lambda p: small.xlsx(p / "t.xlsx", rows=[["ID", "MADRS", None], [None, "0", "13"], ["P1", 30, 20]]),
        "row 1, column 3: no name",
    ),
    "headings twice in a workbook": (
        lambda p: small.xlsx(p / "t.xlsx", rows=[["ID", "AGE", "AGE"], ["P1", 1, 2]]),
        "columns 2, 3 are all called 'AGE'",
    ),
    "a text named sav": (lambda p: small.text(p / "t.sav", lines()), "not an SPSS file"),
    "a workbook named sav": (
        lambda p: small.text(p / "t.sav", small.xlsx(p / "x.xlsx").read_bytes()),
        "not an SPSS file",
    ),
    "half an SPSS file": (truncated_sav, "cut short"),
    "a password on an SPSS file": (
        lambda p: small.text(p / "t.sav", b"\x1c\0\0\0ENCRYPTEDSAV" + b"\0" * 99),
        "a password",
    ),
    "an SPSS file without cases": (lambda p: small.sav(p / "t.sav", small.frame().iloc[:0]), "the file has no cases"),
    "no identifier": (
        lambda p: small.csv(p / "t.csv", small.frame().drop(columns="ID")),
        "no column looks like an identifier",
    ),
    "a row without identifier": (lambda p: small.csv(p / "t.csv", spoiled(ID=(4, None))), "row 4: nothing in 'ID'"),
    "an identifier twice": (lambda p: small.csv(p / "t.csv", spoiled(ID=(4, "P01"))), "row 4 (participant P01)"),
    "an identifier twice in SPSS": (
        lambda p: small.sav(p / "t.sav", spoiled(ID=(4, "P01"))),
        "row 3 (participant P01)",
    ),
    "a visit twice": (
        lambda p: small.csv(p / "t.csv", pd.concat([small.long(), small.long().tail(1)])),
        "row 26 (participant P12): a second row for the same 'ID' and 'VISIT'",
    ),
}


def run(capsys, *arguments) -> str:
    assert main(["study", *map(str, arguments)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert CONTENT not in said.err
    return said.err


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_is_named_and_nothing_is_written(name, tmp_path, capsys):
    make, expected = FILES[name]
    (tmp_path / "files").mkdir()
    source = make(tmp_path / "files")
    assert expected in run(capsys, "--from", source, "--study", tmp_path / "own" / "trial")
    assert not (tmp_path / "own").exists()


def test_files_about_different_people(tmp_path, capsys):
    first = small.csv(tmp_path / "clinic.csv", small.frame()[["ID", "GROUP", "MADRS_0", "MADRS_13"]])
    labs = small.frame()[["ID", "IL6_d0_pgml"]].assign(ID=[f"X{n}" for n in range(12)])
    second = small.csv(tmp_path / "labs.csv", labs)
    said = run(capsys, "--from", first, second, "--study", tmp_path / "own")
    assert "labs.csv: none of its identifiers ('ID') is in clinic.csv" in said
    assert not (tmp_path / "own").exists()


def test_all_unreadable_files_are_named_at_once(tmp_path, capsys):
    first, second = small.text(tmp_path / "a.sav", "x,y\n"), small.text(tmp_path / "b.csv", "")
    said = run(capsys, "--from", first, second, "--study", tmp_path / "own")
    assert "a.sav: not an SPSS file" in said
    assert "b.csv: the file is empty" in said


@pytest.mark.parametrize("study", [".", "notebooks", "data/mine", "data/own"])
def test_a_folder_that_git_would_take_in_is_refused(study, tmp_path, capsys):
    source = small.csv(tmp_path / "t.csv")
    assert "git would take it in" in run(capsys, "--from", source, "--study", study)


def test_nothing_named_at_all(capsys):
    assert 'expected FROM="trial.sav labs.xlsx" to start' in run(capsys)


def test_a_study_without_a_mapping(tmp_path, capsys):
    assert "no mapping.yaml in it" in run(capsys, "--study", tmp_path / "none")


def test_an_open_quotation_among_the_files(tmp_path, capsys):
    assert "a quotation mark is missing" in run(capsys, "--from", "'a.sav b.sav", "--study", tmp_path / "x")
