"""Each figure and each table as files of its own, under the paper's names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from helpers.cli.layout import Place
from helpers.cli.supplement.drawings import PRINT_DPI, to_png
from helpers.cli.supplement.names import Named, index

INDEX = "index.csv"


def figure_files(where: Place, items: Sequence[Named], drawings: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """SVG of every figure, PDF and PNG where ``drawings`` has its PDF, and their index: file name and content."""
    for item in items:
        yield f"{item.file}.svg", where.path(item.exhibit.file).read_bytes()
        if pdf := drawings.get(Path(item.exhibit.file).stem):
            yield f"{item.file}.pdf", pdf
            yield f"{item.file}.png", to_png(pdf, PRINT_DPI)
    yield INDEX, index(items)


def table_files(where: Place, items: Sequence[Named]) -> Iterator[tuple[str, bytes]]:
    """CSV and Word file of every table, as the book offers them, and their index: file name and content."""
    for item in items:
        for ending in ("csv", "docx"):
            yield f"{item.file}.{ending}", (where.html / "tables" / f"{item.exhibit.name}.{ending}").read_bytes()
    yield INDEX, index(items)
