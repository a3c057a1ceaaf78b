"""What a notebook shows: its bundle, its files, and the refusal of raw numbers."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO

import pandas as pd
import pytest
from PIL import Image
from pypdf import PdfReader

from helpers.report.exhibit import FigureExhibit, TextExhibit, figure_exhibit, table_exhibit
from helpers.report.style import MM, SINGLE, drawing, new_figure

FRAME = pd.DataFrame({"Name": ["a <b>", "c, d"], "Value": ["1.0", "–"]})


def test_table():
    table = table_exhibit(FRAME, "tab-x", "A & B", note="n < 5")
    bundle, metadata = table._repr_mimebundle_()
    assert metadata["helpers"] == {
        "kind": "table", "name": "tab-x", "caption": "A & B", "file": "tables/tab-x.csv", "footnote": "n < 5",
        "columns": {"align": "lr"}, "source": "",
    }  # fmt: skip
    assert "a &lt;b&gt;" in bundle["text/html"]
    assert "n &lt; 5" in bundle["text/html"]
    assert "<b>" not in bundle["text/html"]
    content, rows = table.files().values()
    assert rows.decode().strip() in bundle["text/html"]
    assert list(csv.reader(StringIO(content.decode()))) == [["Name", "Value"], ["a <b>", "1.0"], ["c, d", "–"]]


@pytest.mark.parametrize("cell", [1.23456, 3, None, float("nan"), pd.NA])
def test_cell_that_is_not_text_is_refused(cell):
    with pytest.raises(ValueError, match="table tab-x, column 'Value': every cell must be formatted text"):
        table_exhibit(pd.DataFrame({"Value": ["1", cell]}, dtype=object), "tab-x", "")


def test_headings_over_columns_and_groups_of_rows():
    frame = pd.DataFrame({"Kind": ["One", "One", "Two"], "Name": ["a", "  b", "c"], "F: p": ["1.5", "12.25", "–"]})
    page = table_exhibit(frame, "tab-x", "", "llr", groups="Kind", spanners=["F"])._repr_mimebundle_()[0]["text/html"]
    assert re.findall(r'<th[^>]* scope="(\w+)">(?:<span[^>]*>)?([^<]+)', page) == [
        ("col", "Name"), ("col", "F"), ("col", "p"),
        ("colgroup", "One"), ("row", "a"), ("row", "\N{EM SPACE}b"), ("colgroup", "Two"), ("row", "c"),
    ]  # fmt: skip
    assert re.findall(r"<td[^>]*>([^<]+)", page) == ["1.5\N{FIGURE SPACE}", "12.25", "–"]
    assert not re.search(r"<t[dhr][^>]* id=", page)


def test_a_table_without_rows_is_refused():
    with pytest.raises(ValueError, match="table tab-x: a heading without a row"):
        table_exhibit(FRAME.iloc[:0], "tab-x", "")


def test_figure():
    figure = FigureExhibit("fig-x", "Caption", "What is seen", "<svg/>")
    bundle, metadata = figure._repr_mimebundle_()
    assert bundle == {"image/svg+xml": "<svg/>", "text/plain": "What is seen"}
    assert metadata["helpers"]["file"] == "figures/fig-x.svg"
    assert figure.files() == {"figures/fig-x.svg": b"<svg/>"}


def test_a_figure_is_saved_for_journals_too_with_its_fonts_and_without_a_day():
    with drawing():
        sheet = new_figure(SINGLE, 30 * MM)
        sheet.add_subplot().set_title("Ten µg")
        made = figure_exhibit(sheet, "fig-x", "Caption", "What is seen")
    files = made.files()
    assert {name: content[:4] for name, content in files.items()} == {
        "figures/fig-x.svg": b"<?xm", "figures/fig-x.pdf": b"%PDF", "figures/fig-x.png": b"\x89PNG",
    }  # fmt: skip
    assert files == made.files()
    pdf = PdfReader(BytesIO(files["figures/fig-x.pdf"]))
    assert not pdf.metadata
    assert "Ten µg" in pdf.pages[0].extract_text()
    assert float(pdf.pages[0].mediabox.width) == pytest.approx(SINGLE * 72, abs=0.01)
    fonts = [font.get_object() for font in pdf.pages[0]["/Resources"]["/Font"].values()]
    assert fonts
    assert all("/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts)
    with Image.open(BytesIO(files["figures/fig-x.png"])) as picture:
        assert picture.width == pytest.approx(85 / 25.4 * 600, abs=1)
        assert set(picture.info) == {"dpi"}


def test_every_format_has_the_same_layout():
    with drawing():
        sheet = new_figure(SINGLE, 40 * MM)
        axes = sheet.add_subplot()
        axes.set_ylabel("Level")
        made = figure_exhibit(sheet, "fig-x", "Caption", "What is seen")
    before = axes.get_position().bounds
    made.files()
    assert axes.get_position().bounds == before


def test_text():
    bundle, metadata = TextExhibit("*Yes*")._repr_mimebundle_()
    assert bundle["text/markdown"] == "*Yes*"
    assert metadata == {"helpers": {"kind": "text", "source": "", "read": []}}
    assert TextExhibit("x").files() == {}


@pytest.mark.parametrize("name", ["synthetic", "pbc"])
def test_every_file_is_beside_the_results(name, books):
    for chapter in books[name].values():
        for table in chapter.tables:
            for path, content in table.files().items():
                assert (chapter.run.output / path).read_bytes() == content


@pytest.mark.parametrize("name", ["synthetic", "pbc"])
def test_names_are_unique_in_a_book(name, books):
    names = [table.name for chapter in books[name].values() for table in chapter.tables]
    assert len(set(names)) == len(names)
    assert all(
        len(t.align or "x" * t.frame.shape[1]) == t.frame.shape[1] for c in books[name].values() for t in c.tables
    )
