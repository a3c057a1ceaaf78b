"""The tables of a book as one Word document: real tables under numbered captions, with their notes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from helpers.cli.repack import FIXED, repacked

DATE = datetime(*FIXED)
MARKS = re.compile(r"(\*\*.+?\*\*|\*.+?\*)")
LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
SIDES = {"l": 0, "c": 1, "r": 2}  # as Word numbers alignments
WIDE, SMALL = 7, 7  # columns from which a page is turned; size of the type in tables, points


def table_marks(notebooks: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """What executed notebooks say of their tables, in order."""
    for notebook in notebooks:
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                mark = output.get("metadata", {}).get("helpers", {})
                if mark.get("kind") == "table":
                    yield mark


def tables_document(marks: Iterable[Mapping[str, Any]], folder: Path, title: str) -> bytes:
    """A Word file of tables.

    Parameters
    ----------
    marks : iterable of mapping
        ``caption``, ``file`` (CSV, relative to ``folder``), ``footnote`` and ``columns`` of each table.
    folder : Path
        Where the CSV files are.
    title : str
        Heading of the document.

    Returns
    -------
    bytes
        The same tables give the same bytes.
    """
    from docx import Document

    document = Document()
    document.core_properties.created = document.core_properties.modified = DATE
    document.core_properties.author, document.core_properties.title = "", title
    _turn(document.sections[0])
    document.add_heading(title, level=1)
    for mark in marks:
        rows = list(csv.reader(io.StringIO((folder / mark["file"]).read_text(encoding="utf-8"))))
        _add_caption(document, mark["caption"])
        _add_table(document, rows, (mark.get("columns") or {}).get("align", ""))
        _add_text(document.add_paragraph(), mark.get("footnote", ""))
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


def _turn(section) -> None:
    """Landscape: tables of clinical outcomes have nine columns."""
    from docx.enum.section import WD_ORIENT

    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


def _add_caption(document, caption: str) -> None:
    """A caption that Word numbers and lists."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = document.add_paragraph(style="Caption")
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run("Table ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "SEQ Table \\* ARABIC")
    number = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = str(1 + len(document.tables))
    number.append(text)
    field.append(number)
    paragraph._p.append(field)
    paragraph.add_run(". ")
    _add_text(paragraph, caption)


def _add_table(document, rows: list[list[str]], align: str) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Pt

    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    sides = align or "l" + "r" * (len(rows[0]) - 1)
    for number, cells in enumerate(rows):
        line = table.add_row()
        for cell, text, side in zip(line.cells, cells, sides, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.alignment = SIDES[side]
            indent = len(text) - len(text.lstrip(" "))
            _add_text(paragraph, "\u2003" * (indent // 2) + text.strip(" "), bold=not number)
            for run in paragraph.runs:
                run.font.size = Pt(SMALL)
    head = table.rows[0]._tr.get_or_add_trPr()
    head.append(OxmlElement("w:tblHeader"))


def _add_text(paragraph, text: str, bold: bool = False) -> None:
    """Markdown's emphasis as Word's; of a link, its words."""
    for part in MARKS.split(LINK.sub(r"\1", re.sub(r"[ \n]+", " ", text))):
        strong, slanted = part.startswith("**"), part.startswith("*") and not part.startswith("**")
        if part:
            run = paragraph.add_run(part.strip("*") if strong or slanted else part)
            run.bold, run.italic = bold or strong or None, slanted or None
