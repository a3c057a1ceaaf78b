"""The Word file beside each table of a compiled book; its CSV file is there already."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from helpers.cli.layout import Place
from helpers.cli.supplement.gather import front_of, shown_in
from helpers.cli.supplement.names import name_of
from helpers.cli.supplement.pages import anchors
from helpers.cli.supplement.table_word import Layout, table_file

NUMBER = re.compile(r'<table\b[^>]*?\bid="([^"]+)"[^>]*>\s*<caption>\s*<span class="caption-number">([^<]+)</span>')


def add_word_files(where: Place, book: Path) -> None:
    """Write ``tables/<label>.docx`` for every table of a book; its number is known once the book is compiled."""
    shown = shown_in(where)
    head = front_of(where, shown).running
    numbers = {label: number.strip() for page in sorted(book.glob("notebooks/*.html"))
               for label, number in NUMBER.findall(page.read_text(encoding="utf-8"))}  # fmt: skip
    for exhibit in shown:
        if exhibit.kind == "figure":
            continue
        number = next((numbers[name] for name in anchors(exhibit.name) if name in numbers), "")
        text = (book / "tables" / f"{exhibit.name}.csv").read_text(encoding="utf-8-sig")
        rows = list(csv.reader(io.StringIO(text)))
        name, layout = name_of(exhibit.name, number), Layout.of(exhibit.columns)
        made = table_file(name, exhibit.caption, exhibit.note, rows, layout, head)
        (book / "tables" / f"{exhibit.name}.docx").write_bytes(made)
