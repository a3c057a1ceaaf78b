"""Every figure of both books as journals take it: one or two columns wide, type that can be read, fonts inside."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from helpers.cli.transform import exhibits

pytestmark = pytest.mark.book

WIDTHS, SMALLEST = (85, 174), 6.0  # millimetres, points
MM = 72 / 25.4
STUDIES = ("data/synthetic", "data/pbc")


@pytest.fixture(scope="module", params=STUDIES)
def figures(request, built) -> list[Path]:
    """The drawings that a book shows, without their endings."""
    folder = built(request.param)
    notebooks = sorted((folder / "notebooks").glob("*.ipynb"))
    shown = [item for path in notebooks for item in exhibits(json.loads(path.read_text(encoding="utf-8")))]
    return [(folder / item.file).with_suffix("") for item in shown if item.kind == "figure"]


def test_there_are_figures_and_each_is_in_the_published_book(figures):
    assert len(figures) > 15
    for path in figures:
        for ending in (".svg", ".pdf", ".png"):
            published = path.parents[1] / "html" / "figures" / f"{path.name}{ending}"
            assert published.read_bytes() == path.with_suffix(ending).read_bytes()


def test_each_is_as_wide_as_one_column_or_two(figures):
    for path in figures:
        width = float(re.search(r'<svg\b[^>]*\bwidth="([\d.]+)pt"', path.with_suffix(".svg").read_text("utf-8"))[1])
        assert min(abs(width / MM - wide) for wide in WIDTHS) < 0.1, path.name
        assert PdfReader(path.with_suffix(".pdf")).pages[0].mediabox.width == pytest.approx(width, abs=0.1)
        with Image.open(path.with_suffix(".png")) as picture:
            assert picture.info["dpi"] == pytest.approx((600, 600), abs=0.1)
            assert picture.width == pytest.approx(width / 72 * 600, abs=1)


def test_no_type_is_smaller_than_six_points(figures):
    small = {path.name: sizes(path)[0] for path in figures if sizes(path)[0] < SMALLEST}
    assert small == {}
    assert all(sizes(path)[-1] <= 12 for path in figures)


@cache
def sizes(path: Path) -> tuple[float, ...]:
    """Sizes of a figure's letters, in order; not of the spaces that a reader puts between words."""
    text, raw = pypdfium2.PdfDocument(path.with_suffix(".pdf"))[0].get_textpage(), pypdfium2.raw
    letters = (place for place in range(text.count_chars()) if not raw.FPDFText_IsGenerated(text, place))
    return tuple(sorted({round(raw.FPDFText_GetFontSize(text, place), 1) for place in letters}))


def test_nothing_says_when_it_was_made(figures):
    for path in figures:
        assert not PdfReader(path.with_suffix(".pdf")).metadata
        with Image.open(path.with_suffix(".png")) as picture:
            assert set(picture.info) == {"dpi"}
        assert "<dc:date>" not in path.with_suffix(".svg").read_text(encoding="utf-8")
