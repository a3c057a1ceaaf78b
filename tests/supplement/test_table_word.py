"""A table's own Word file: headings over columns, groups of rows, sides, caption, note, and the same bytes again."""

from __future__ import annotations

import io

import pytest
from docx import Document
from docx.oxml.ns import qn

from helpers.cli.supplement.table_word import Layout, table_file

ROWS = [
    ["Group", "Visit", "Time: F", "Time: p", "n"],
    ["Pain", "Day 26", "12.5", "< 0.001", "33"],
    ["Pain", "  later", "1.25", "0.5", "a & b"],
    ["No pain", "Day 26", "0.1", "–", ""],
]
LAYOUT = Layout("llrrr", "Group", ("Time",))


def written(rows=ROWS, layout=LAYOUT) -> bytes:
    return table_file("Table 2.1", "*F* tests. **Bold**.", "n: *patients*.", rows, layout, "Supplement · Made up")


@pytest.fixture(scope="module")
def document():
    return Document(io.BytesIO(written()))


def test_caption_table_and_note_in_order(document):
    kinds = [child.tag.rpartition("}")[2] for child in document.element.body]
    assert kinds == ["p", "tbl", "p", "sectPr"]
    caption, note = document.paragraphs
    assert (caption.text, note.text) == ("Table 2.1 F tests. Bold.", "n: patients.")
    assert [run.text for run in caption.runs if run.italic] == ["F"]
    assert document.sections[0].header.paragraphs[0].text == "Supplement · Made up"


def test_headings_stand_over_their_columns_and_groups_over_their_rows(document):
    (table,) = document.tables
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    assert texts[0] == ["Visit", "Time", "Time", "n"]
    assert texts[1] == ["Visit", "F", "p", "n"]  # merged downwards
    assert [row[0] for row in texts[2:]] == ["Pain", "Day 26", "\N{EM SPACE}later", "No pain", "Day 26"]
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, True, False, False, False, False, False]


def test_numbers_are_right_aligned_by_their_points(document):
    cells = [row.cells[1] for row in document.tables[0].rows[3:5]]
    assert [cell.text for cell in cells] == ["12.5\N{FIGURE SPACE}", "1.25"]
    assert {cell.paragraphs[0].alignment for cell in cells} == {2}


def test_the_same_table_gives_the_same_bytes():
    assert written() == written()


def test_a_wide_table_turns_the_page():
    rows = [[f"Column {n}" for n in range(14)], ["0.12 (0.10 to 0.14)"] * 14]
    page = Document(io.BytesIO(written(rows, Layout("l" + "r" * 13)))).sections[0]
    assert page.page_width > page.page_height
