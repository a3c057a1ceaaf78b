"""Each figure and each table as files of its own, under the paper's names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from copy import copy
from pathlib import Path

from bs4 import Tag

from helpers.cli.layout import Place
from helpers.cli.supplement.fit import cells
from helpers.cli.supplement.names import Named, index
from helpers.cli.supplement.word import Writer, write_word
from helpers.cli.transform import PICTURES

INDEX = "index.csv"


def figure_files(where: Place, items: Sequence[Named]) -> Iterator[tuple[str, bytes]]:
    """SVG, PDF and PNG of every figure, as its notebook saved them, and their index: file name and content."""
    for item in items:
        for ending in PICTURES.values():
            saved = where.path(Path(item.exhibit.file).with_suffix(ending).as_posix())
            yield f"{item.file}{ending}", saved.read_bytes()
    yield INDEX, index(items)


def table_files(where: Place, items: Sequence[Named], notice: str, writer: Writer) -> Iterator[tuple[str, bytes]]:
    """CSV and Word file of every table, and their index: file name and content."""
    for item in items:
        yield f"{item.file}.csv", table_text(where, item).encode("utf-8-sig")
        yield f"{item.file}.docx", write_word(_alone(item), item.name, notice, {}, writer)
    yield INDEX, index(items)


def table_text(where: Place, item: Named) -> str:
    """The cells of a table as CSV: those its notebook saved, else those that stand in the text."""
    saved = where.path("tables", f"{item.exhibit.name}.csv")
    if saved.is_file():
        return saved.read_text(encoding="utf-8")
    text = io.StringIO()
    rows = ([" ".join(cell.split()) for cell in row] for row in cells(item.place))
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _alone(item: Named) -> str:
    """A table with its caption and note, under the name that its file has; no link, as there is nowhere to lead to."""
    block: Tag = copy(item.place.parent)
    for heading in block.find_all(["h1", "h2", "h3"], recursive=False):
        heading.decompose()
    for link in block.find_all("a", href=lambda target: target.startswith("#")):
        link.unwrap()
    if number := block.select_one(".caption-number"):
        number.string = f"{item.name} "
    return str(block)
