"""Each figure and each table as files of its own, under the paper's names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from helpers.cli.downloads import PICTURES
from helpers.cli.layout import Place
from helpers.cli.supplement.names import Named, index

INDEX = "index.csv"


def figure_files(where: Place, items: Sequence[Named]) -> Iterator[tuple[str, bytes]]:
    """SVG, PDF and PNG of every figure, as its notebook saved them, and their index: file name and content."""
    for item in items:
        for ending in PICTURES.values():
            saved = where.path(Path(item.exhibit.file).with_suffix(ending).as_posix())
            yield f"{item.file}{ending}", saved.read_bytes()
    yield INDEX, index(items)


def table_files(where: Place, items: Sequence[Named]) -> Iterator[tuple[str, bytes]]:
    """CSV and Word file of every table, as the book offers them, and their index: file name and content."""
    for item in items:
        for ending in ("csv", "docx"):
            yield f"{item.file}.{ending}", (where.html / "tables" / f"{item.exhibit.name}.{ending}").read_bytes()
    yield INDEX, index(items)
