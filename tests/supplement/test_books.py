"""The supplements of both bundled studies, opened and looked at page by page."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator

import numpy as np
import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from helpers.cli.office import find_office
from helpers.cli.supplement.document import list_lines
from helpers.cli.supplement.pages import anchors

pytestmark = pytest.mark.book

A4 = (595, 842)
CODE = re.compile(r"\brun\.show\(|^\s*from [\w.]+ import |^\s*import \w+$|^\s*\w+: \w+ = ", re.MULTILINE)
POINTS_A_PIXEL = 2  # at which pages are looked at
EDGE = 34  # points, of a page that stay white: the margins are 18 mm (51 points)


@pytest.fixture(scope="module")
def reader(taken):
    return PdfReader(taken.pdf)


@pytest.fixture(scope="module")
def words(taken):
    """The text of each page of the PDF."""
    document = pypdfium2.PdfDocument(taken.pdf)
    return [_plain(page.get_textpage().get_text_range()) for page in document]


@pytest.fixture(scope="module")
def word(taken):
    return Document(str(taken.word))


def test_every_figure_and_table_of_the_book_is_in_both(taken, words, word):
    pdf, docx = "".join(words), "".join(_plain(p.text) for p in word.paragraphs)
    captions = {item.exhibit.name: _plain(f"{item.number} {item.caption}") for item in taken.items}
    assert len(captions) == len(taken.items) > 30
    assert [name for name, caption in captions.items() if caption not in pdf] == []
    assert [name for name, caption in captions.items() if caption not in docx] == []
    assert len(word.tables) == taken.document.content.count("<table")


def test_every_figure_tells_what_it_shows_in_both(taken, reader, word):
    expected = sorted(item.alt for item in taken.items if item.alt)
    assert len(expected) == sum(item.exhibit.kind == "figure" for item in taken.items) > 10
    in_pdf = {str(tag["/Alt"]) for tag in _tags(reader.trailer["/Root"]["/StructTreeRoot"]) if "/Alt" in tag}
    in_word = [picture.get("descr") for picture in word.element.body.iter(qn("wp:docPr"))]
    assert set(expected) - in_pdf == set()
    assert set(expected) - set(in_word) == set()
    assert all(in_word)


def test_the_pdf_is_tagged_has_a_language_and_bookmarks(taken, reader):
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    kinds = {tag.get("/S") for tag in _tags(root["/StructTreeRoot"])}
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure", "/Caption", "/L", "/Link"} <= kinds
    titles = [_plain(entry.title) for entry in reader.outline if not isinstance(entry, list)]
    assert titles == [_plain(chapter.heading) for chapter in taken.document.chapters]


def test_no_code_of_a_notebook_is_in_either(words, word):
    assert [CODE.search(page) for page in words if CODE.search(page)] == []
    everything = "\n".join(text.text or "" for text in word.element.body.iter(qn("w:t")))
    assert CODE.findall(everything) == []


def test_every_font_is_in_the_pdf(reader):
    fonts = {str(font.get("/BaseFont")): font for page in reader.pages for font in _fonts(page)}
    assert any("STIXGeneral" in name for name in fonts)
    assert [name for name, font in fonts.items() if not _embedded(font)] == []


def test_contents_tell_the_page_a_thing_is_on(taken, reader, words):
    marks = reader.named_destinations
    for lines in list_lines(taken.document).values():
        for place, said in lines:
            number = 1 + reader.get_destination_page_number(marks[f"/{place}"])
            assert any(f"{_plain(said)}{number}" in page for page in words[1:4]), said


def test_links_of_the_pdf_lead_to_places_in_it(reader):
    wanted = {
        str(link.get_object()["/Dest"])
        for page in reader.pages
        for link in page.get("/Annots", [])
        if "/Dest" in link.get_object()
    }
    assert len(wanted) > 40
    assert wanted <= set(reader.named_destinations)


def test_pages_are_a4_full_of_something_and_nothing_is_cut_at_their_edges(taken):
    _look(taken.pdf, edge=EDGE)


@pytest.mark.parametrize("taken", ["data/pbc"], indirect=True)  # the shorter one: LibreOffice takes its time
def test_the_pages_of_the_word_file_too(taken, tmp_path):
    office = find_office()
    assert office, "no LibreOffice: `make test` says what to install"
    command = [office, "--headless", f"-env:UserInstallation={(tmp_path / 'home').as_uri()}", "--convert-to", "pdf"]
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run([*command, "--outdir", str(tmp_path), str(taken.word)], env=environment, check=False,
                          capture_output=True, text=True, timeout=300)  # fmt: skip
    printed = tmp_path / "supplement.pdf"
    assert printed.is_file(), done.stderr
    _look(printed, edge=EDGE)


def test_a_word_file_turns_only_pages_of_tables(word):
    for section in word.sections:
        assert {round(section.page_width.pt), round(section.page_height.pt)} == set(A4)
    assert word.sections[0].orientation == 0


def test_every_label_is_a_place_in_the_word_file(taken, word):
    marks = {mark.get(qn("w:name")) for mark in word.element.body.iter(qn("w:bookmarkStart"))}
    assert [item.exhibit.name for item in taken.items if not marks & set(anchors(item.exhibit.name))] == []
    links = {link.get(qn("w:anchor")) for link in word.element.body.iter(qn("w:hyperlink"))} - {None}
    assert links <= marks


def _look(path, edge: float) -> None:
    """Render every page: A4 upright or turned, ink on it, none near its left and right edge."""
    document = pypdfium2.PdfDocument(path)
    for number, page in enumerate(document, start=1):
        assert tuple(sorted(map(round, page.get_size()))) == A4, number
        ink = np.asarray(page.render(scale=1 / POINTS_A_PIXEL).to_pil().convert("L")) < 200
        assert ink.any(), f"page {number} is empty"
        columns = np.flatnonzero(ink.any(axis=0)) * POINTS_A_PIXEL
        assert edge < columns.min(), f"page {number}, left"
        assert columns.max() < page.get_width() - edge, f"page {number}, right"


def _plain(text: str) -> str:
    """Letters, digits and signs alone: lines are broken and blanks set as the page needs, at hyphens too."""
    return re.sub(r"[\s\-\N{SOFT HYPHEN}\ufffe]+", "", text)


def _tags(tag) -> Iterator:
    waiting = [tag]
    while waiting:
        one = waiting.pop().get_object()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            yield one
            waiting += [one["/K"]] if "/K" in one else []


def _fonts(page) -> Iterator:
    for font in page["/Resources"].get("/Font", {}).values():
        yield from (inner.get_object() for inner in font.get_object().get("/DescendantFonts", [font]))


def _embedded(font) -> bool:
    described = font.get("/FontDescriptor", {})
    return font.get("/Subtype") == "/Type3" or any(
        name in described for name in ("/FontFile", "/FontFile2", "/FontFile3")
    )
