"""PDF, Word file, figures and tables of a small book: what is in them, the same bytes again, whole or not at all."""

from __future__ import annotations

import csv
import io

import pytest
from docx import Document
from docx.oxml.ns import qn
from PIL import Image
from pypdf import PdfReader

from helpers.cli import main
from helpers.cli.errors import RunError
from helpers.cli.supplement import chromium, make, pandoc

KINDS = ("pdf", "word", "figures", "tables")


@pytest.fixture(scope="module")
def made(small):
    return {kind: small.take(kind) for kind in KINDS}


def content(path):
    return {p.name: p.read_bytes() for p in sorted(path.iterdir())} if path.is_dir() else path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_book_gives_the_same_bytes_and_nothing_is_left_behind(small, made, kind):
    first = content(made[kind])
    assert content(small.take(kind)) == first
    assert small.left() == []


def test_the_pdf_names_no_day_and_no_folder(small, made):
    found = PdfReader(made["pdf"])
    assert found.metadata.title == "A small <study>"
    assert str(found.metadata.creation_date_raw) == "D:20210823000000+00'00'"
    assert str(small.where.root).encode() not in made["pdf"].read_bytes()


def test_the_word_file_names_no_folder(small, made):
    from zipfile import ZipFile

    with ZipFile(made["word"]) as packed:
        everything = b"".join(packed.read(name) for name in packed.namelist())
    assert str(small.where.root).encode() not in everything
    assert b".supplement-" not in everything


def test_word_has_real_tables_captions_headings_and_alternative_texts(made):
    document = Document(str(made["word"]))
    styles = {p.text.replace("\N{NO-BREAK SPACE}", " "): p.style.name for p in document.paragraphs if p.text}
    assert styles["1. One"] == "Heading 1"
    assert styles["Table 1.1 Means."] == "Table Caption"
    assert styles["Figure 1.1 Field. n = 3."] == "Image Caption"
    assert styles["SD: standard deviation."] == "Table Note"
    assert [table.cell(0, 0).text for table in document.tables] == ["Group", "Statement"]
    assert all(table._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None for table in document.tables)
    assert [picture.get("descr") for picture in document.element.body.iter(qn("wp:docPr"))] == ["A blue field."]
    assert [table.cell(1, 1).paragraphs[0].alignment for table in document.tables] == [2, 2]


def test_word_turns_the_page_for_a_table_that_needs_it_and_back(made):
    document = Document(str(made["word"]))
    assert [section.orientation for section in document.sections] == [0, 1]
    assert document.tables[1].cell(3, 0).text == "Claim 2\nCount"


def test_words_lists_can_be_updated(made):
    fields = [field.text for field in Document(str(made["word"])).element.body.iter(qn("w:instrText"))]
    assert [field.split()[0] for field in fields] == ["TOC"] * 3


def test_figures_have_their_size_in_each_format(made):
    folder = made["figures"]
    assert sorted(path.name for path in folder.iterdir()) == [
        "Figure-1.pdf",
        "Figure-1.png",
        "Figure-1.svg",
        "index.csv",
    ]
    with Image.open(folder / "Figure-1.png") as picture:
        assert picture.size == (2000, 1000)
        assert picture.info["dpi"] == pytest.approx((600, 600), abs=0.1)
        assert {picture.getpixel(at) for at in ((20, 20), (1980, 980))} == {(0, 114, 178, 255)}
    box = PdfReader(folder / "Figure-1.pdf").pages[0].mediabox
    assert (float(box.width), float(box.height)) == pytest.approx((240, 120))


def test_tables_are_there_as_csv_and_word_file(made):
    folder = made["tables"]
    text = (folder / "Table-1.1.csv").read_text(encoding="utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1] == ["Pain", "1.5 (0.2)"]
    rows = list(csv.reader(io.StringIO((folder / "Table-all.csv").read_text(encoding="utf-8-sig"))))
    assert (rows[0], rows[2], len(rows)) == (["Statement", "Printed"], ["Claim 1 · Count", "1"], 201)
    document = Document(str(folder / "Table-1.1.docx"))
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows][1] == ["Pain", "1.5\N{NO-BREAK SPACE}(0.2)"]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.cell(1, 1).paragraphs[0].alignment == 2
    assert [p.text for p in document.paragraphs if p.text] == ["Table 1.1 Means.", "SD: standard deviation."]
    assert len((folder / "index.csv").read_text(encoding="utf-8-sig").splitlines()) == 3


def test_a_failure_leaves_what_was_there(fresh, monkeypatch):
    good = content(fresh.take("tables"))

    def fail(*given):
        raise RunError("no")

    monkeypatch.setattr(make, "table_files", fail)
    with pytest.raises(RunError):
        fresh.take("tables")
    assert content(fresh.where.path("supplement", "tables")) == good
    assert fresh.left() == []


@pytest.mark.parametrize("kind", ["pdf"])
def test_without_a_browser_nothing_runs_and_what_to_install_is_said(kind, monkeypatch, capsys):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    monkeypatch.setattr("helpers.cli.book.make_book", lambda *given: 1 / 0)
    assert main([kind, "--study", "data/pbc"]) == 2
    assert "apt-get install chromium" in capsys.readouterr().err


def test_without_pandoc_nothing_runs_and_what_to_do_is_said(monkeypatch, capsys):
    import pypandoc

    def absent():
        raise OSError("No pandoc was found")

    monkeypatch.setattr(pypandoc, "get_pandoc_path", absent)
    monkeypatch.setattr(make, "browser_for_printing", lambda: "chromium")
    monkeypatch.setattr("helpers.cli.book.make_book", lambda *given: 1 / 0)
    assert main(["word", "--study", "data/pbc"]) == 2
    assert "pypandoc-binary" in capsys.readouterr().err


def test_a_browser_that_fails_is_quoted(tmp_path):
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\necho 'no display' >&2\nexit 3\n", encoding="utf-8")
    browser.chmod(0o755)
    with pytest.raises(RunError, match=r"(?s)did not print a\.html \(exit status 3\).*no display"):
        chromium.print_page(tmp_path / "a.html", tmp_path / "a.pdf", str(browser))


def test_a_browser_that_hangs_is_ended_and_started_again(tmp_path, monkeypatch):
    browser, pdf, hung = tmp_path / "browser", tmp_path / "a.pdf", tmp_path / "hung"
    script = f"#!/bin/sh\n[ -e {hung} ] && echo pdf > {pdf} && exit\ntouch {hung}\nsleep 600 & wait\n"
    browser.write_text(script, encoding="utf-8")
    browser.chmod(0o755)
    monkeypatch.setattr(chromium, "SECONDS", 2)
    chromium.print_page(tmp_path / "a.html", pdf, str(browser))
    assert pdf.read_text(encoding="utf-8") == "pdf\n"
    browser.write_text("#!/bin/sh\nsleep 600\n", encoding="utf-8")
    with pytest.raises(RunError, match=r"did not print a\.html within 2 seconds, 3 times"):
        chromium.print_page(tmp_path / "a.html", pdf, str(browser))


def test_a_pandoc_that_fails_is_quoted(tmp_path):
    with pytest.raises(RunError, match="did not write"):
        pandoc.run_pandoc(pandoc.find_pandoc(), "-f", "html", "-o", tmp_path / "a.docx", tmp_path / "absent.html")
