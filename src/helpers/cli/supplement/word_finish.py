"""What pandoc leaves to do in a Word file: widths of columns, turned pages, lists that Word can update, no dates."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from copy import deepcopy
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from helpers.cli.repack import FIXED, repacked
from helpers.cli.supplement.fit import ROWS_TOGETHER, Setting, column_widths, setting
from helpers.cli.supplement.word_style import CAPTIONS, LINE, NOTE, text_style

TALLEST = 7_300_000  # of a figure, EMU: leaves room for its caption
TWIPS_A_MM = 1440 / 25.4
# What Word makes the lists from when it is told to update them: headings, and captions by their style.
FIELDS = {
    "Contents": 'TOC \\o "1-2" \\h \\z \\u',
    "Figures": f'TOC \\h \\z \\t "{CAPTIONS[1]},1"',
    "Tables": f'TOC \\h \\z \\t "{CAPTIONS[0]},1"',
}
Rows = Sequence[Sequence[str]]


def finished(path: Path, title: str, tables: Sequence[Rows]) -> bytes:
    """The finished file; ``tables`` has the cells of its tables, in order. The same input gives the same bytes."""
    document = Document(str(path))
    turned = []
    for table, rows in zip(document.element.body.iterchildren(qn("w:tbl")), tables, strict=True):
        how = setting(rows)
        _set_table(table, rows, how)
        turned += [table] if how.turned else []
    _turn_pages(document.element.body, turned)
    _mark_lists(document)
    for picture in document.element.body.iter(qn("wp:inline")):
        _tidy_picture(picture)
    document.core_properties.title, document.core_properties.author = title, ""
    document.core_properties.created = document.core_properties.modified = datetime(*FIXED)
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


def _set_table(table, rows: Rows, how: Setting) -> None:
    """Widths of the columns, size of the type; no row is broken over two pages, nor a short table."""
    widths = [round(width * TWIPS_A_MM) for width in column_widths(rows, how)]
    for column, width in zip(table.tblGrid.iterchildren(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(width))
    whole = table.tblPr.find(qn("w:tblW"))
    whole.set(qn("w:type"), "pct")
    whole.set(qn("w:w"), "5000")
    style = text_style(how.size).replace(" ", "")
    for row in table.iterchildren(qn("w:tr")):
        row.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))
        left = list(widths)
        for cell in row.iterchildren(qn("w:tc")):
            size = OxmlElement("w:tcW")
            size.set(qn("w:w"), str(sum(left.pop(0) for _ in range(cell.grid_span))))
            size.set(qn("w:type"), "dxa")
            cell.get_or_add_tcPr().insert(0, size)
            for named in cell.iter(qn("w:pStyle")):
                named.set(qn("w:val"), style)
                if len(rows) <= ROWS_TOGETHER and row.getnext() is not None:
                    named.addnext(OxmlElement("w:keepNext"))


def _turn_pages(body, tables: Sequence) -> None:
    """Put each of the tables, with its heading, caption and note, on landscape pages."""
    last = body.sectPr
    upright = deepcopy(last)
    for first_page in upright.findall(qn("w:titlePg")):
        upright.remove(first_page)
    ends = []
    for table in tables:
        first, note = _first_of(table), _neighbour(table, after=True)
        before, after = _section_end(upright), _section_end(_turned(upright))
        first.addprevious(before)
        (note if _style_of(note) == NOTE.replace(" ", "") else table).addnext(after)
        ends.append((before, after))
    for (_, end), (begin, _) in pairwise(ends):
        if _neighbour(end, after=True) is begin:
            body.remove(end)
            body.remove(begin)
    if ends and _neighbour(ends[-1][1], after=True) is None:
        body.remove(ends[-1][1])
        body.replace(last, _turned(upright))
    _mark_first_page(body)


def _mark_first_page(body) -> None:
    """Only the first section has a first page of its own, without header and footer."""
    for number, section in enumerate(body.iter(qn("w:sectPr"))):
        for mark in section.findall(qn("w:titlePg")):
            section.remove(mark)
        if not number:
            section.append(OxmlElement("w:titlePg"))


def _first_of(table):
    """The first paragraph of what belongs to a table: its caption, a heading right above that."""
    first = table
    while (above := _neighbour(first, after=False)) is not None and _style_of(above).startswith(
        ("TableCaption", "Heading")
    ):
        first = above
    return first


def _neighbour(element, after: bool):
    """The next paragraph or table, or None at the end of the text."""
    for found in element.itersiblings(preceding=not after):
        if found.tag in (qn("w:p"), qn("w:tbl")):
            return found
    return None


def _style_of(element) -> str:
    found = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}") if element is not None else None
    return found.get(qn("w:val")) if found is not None else ""


def _section_end(section):
    """An empty paragraph that ends a section."""
    paragraph, properties = OxmlElement("w:p"), OxmlElement("w:pPr")
    spacing = OxmlElement("w:spacing")
    for name, value in (("before", "0"), ("after", "0"), ("line", "20"), ("lineRule", "exact")):
        spacing.set(qn(f"w:{name}"), value)
    properties.append(spacing)
    properties.append(deepcopy(section))
    paragraph.append(properties)
    return paragraph


def _turned(section):
    section = deepcopy(section)
    size = section.find(qn("w:pgSz"))
    width, height = size.get(qn("w:w")), size.get(qn("w:h"))
    size.set(qn("w:w"), height)
    size.set(qn("w:h"), width)
    size.set(qn("w:orient"), "landscape")
    return section


def _mark_lists(document) -> None:
    """Make a field of each list at the front, so that Word can add the pages (References, Update Table)."""
    for name, lines in _lists(document):
        _field_part(lines[0], name, first=True)
        _field_part(lines[-1], name, first=False)


def _lists(document) -> Iterator[tuple[str, list]]:
    name, lines = "", []
    for paragraph in document.paragraphs:
        if paragraph.style.name == LINE:
            lines.append(paragraph)
            continue
        if lines:
            yield name, lines
            lines = []
        if paragraph.style.name.startswith("Heading"):
            name = paragraph.text


def _field_part(paragraph, name: str, first: bool) -> None:
    run = OxmlElement("w:r")
    for kind in ("begin", "", "separate") if first else ("end",):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = FIELDS[name]
        run.append(part)
    if first:
        paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, run)
    else:
        paragraph._p.append(run)


def _tidy_picture(picture) -> None:
    """Forget where a picture was read from; a figure as tall as a page leaves room for its caption."""
    for named in picture.iter(qn("pic:cNvPr")):
        named.attrib.pop("descr", None)
    extents = [picture.find(qn("wp:extent")), *picture.iter(qn("a:ext"))]
    height = int(extents[0].get("cy"))
    for extent in extents if height > TALLEST else ():
        extent.set("cx", str(int(extent.get("cx")) * TALLEST // height))
        extent.set("cy", str(TALLEST))
