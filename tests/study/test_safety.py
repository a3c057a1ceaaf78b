"""Nothing outside a study's folder is read, and nothing that would take the machine."""

from __future__ import annotations

import io
import json
import zipfile

import openpyxl
import pytest

from helpers.study import StudyError, absurd, load_study
from helpers.study.intake import SourceError
from helpers.study.intake.read import read_sources

OUTSIDE = [
    "../infusions.csv", "a/../../infusions.csv", "/etc/passwd", "C:infusions.csv", "C:/infusions.csv", "C:\\x.csv",
    "\\\\host\\infusions.csv", "file:///etc/passwd", "https://example.org/infusions.csv", "infusions.csv:stream",
    "infusions.csv\0", "infusions.csv\n", "a\\..\\b.csv",
]  # fmt: skip


@pytest.fixture
def folder(study_folder):
    return study_folder("synthetic").save()


def moved(folder, path):
    """The study with its last table said to be elsewhere."""
    descriptor = folder / "datapackage.json"
    document = json.loads(descriptor.read_text(encoding="utf-8"))
    document["resources"][-1]["path"], old = path, document["resources"][-1]["path"]
    descriptor.write_text(json.dumps(document), encoding="utf-8")
    return folder / old


@pytest.mark.parametrize("path", OUTSIDE)
def test_a_path_out_of_the_folder_is_refused(folder, path):
    moved(folder, path)
    with pytest.raises(StudyError, match=r"resources\.\d+\.path"):
        load_study(folder)


@pytest.mark.parametrize("through", ["file", "folder"])
def test_a_link_out_of_the_folder_is_refused(folder, tmp_path, through):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    table = moved(folder, "here/table.csv")
    table.rename(elsewhere / "table.csv")
    if through == "folder":
        (folder / "here").symlink_to(elsewhere)
    else:
        (folder / "here").mkdir()
        (folder / "here" / "table.csv").symlink_to(elsewhere / "table.csv")
    with pytest.raises(StudyError, match=r"here/table\.csv: a link that leads out of the study's folder"):
        load_study(folder)


def test_a_study_behind_a_link_and_links_within_it_are_read(folder, tmp_path):
    table = moved(folder, "here.csv")
    (folder / "here.csv").symlink_to(table)
    (tmp_path / "link").symlink_to(folder)
    assert len(load_study(tmp_path / "link").participants)


def test_a_table_or_descriptor_larger_than_any_is_refused(folder):
    table = moved(folder, "large.csv")
    table.rename(folder / "large.csv")
    with (folder / "large.csv").open("r+b") as file:
        file.truncate(absurd.LARGEST + 1)  # sparse: nothing is written
    with pytest.raises(StudyError, match=r"large\.csv: 512 MB; expected at most 512 MB"):
        load_study(folder)
    with (folder / "datapackage.json").open("r+b") as file:
        file.truncate(2 * absurd.DESCRIPTOR)
    with pytest.raises(StudyError, match=r"datapackage\.json.*\n.*32 MB; expected at most 16 MB"):
        load_study(folder)


def workbook(path, change=lambda sheet: None):
    book = openpyxl.Workbook()
    for row in (["id", "value"], ["P1", 3], ["P2", 4]):
        book.active.append(row)
    change(book.active)
    book.save(path)
    return path


def refused(path, said):
    with pytest.raises(SourceError, match=said):
        read_sources([path])


def test_a_zip_bomb_is_refused_by_its_table_of_contents(tmp_path):
    path = workbook(tmp_path / "bomb.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", bytes(20 * absurd.MB))
    refused(path, r"bomb\.xlsx.*\n.*MB that unpack to 20 MB; expected at most 512 MB and 200 times the file")


def test_an_archive_that_understates_what_it_holds(tmp_path):
    path = workbook(tmp_path / "lie.xlsx")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/styles.xml", bytes(20 * absurd.MB))
    content = path.read_bytes().replace((20 * absurd.MB).to_bytes(4, "little"), (99).to_bytes(4, "little"))
    path.write_bytes(content)
    refused(path, "not an Excel workbook, whatever its name says, or damaged")


def test_an_archive_of_many_parts_is_refused(tmp_path):
    path = workbook(tmp_path / "parts.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(absurd.PARTS):
            archive.writestr(f"x{number}", "")
    refused(path, "an archive of 10,0.. parts")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda sheet: sheet.cell(1_048_576, 16_384, "x"), "1,048,576 rows and 16,384 columns"),
        (lambda sheet: sheet.merged_cells.add("A1:XFD1048576"), "cells A1:XFD1048576 are merged"),
    ],
)
def test_a_workbook_of_few_bytes_and_many_cells_is_refused(tmp_path, change, said):
    path = workbook(tmp_path / "far.xlsx", change)
    assert path.stat().st_size < 20_000
    refused(path, said)


@pytest.mark.parametrize("name", ["labs.csv", "labs.xlsx", "labs.sav"])
def test_a_file_larger_than_any_is_refused(tmp_path, name):
    with (tmp_path / name).open("wb") as file:
        file.truncate(absurd.LARGEST + 1)
    refused(tmp_path / name, f"{name}.*\n.*512 MB; expected at most 512 MB")


def test_an_ordinary_workbook_is_read(tmp_path):
    stream = io.BytesIO(workbook(tmp_path / "labs.xlsx").read_bytes())
    assert zipfile.ZipFile(stream).testzip() is None
    assert len(read_sources([tmp_path / "labs.xlsx"])[0].frame) == 2
