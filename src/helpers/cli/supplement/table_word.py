"""One table as a Word file, from its cells: a real table with its heads, groups of rows, caption and note."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor

from helpers.cli.repack import FIXED, repacked
from helpers.cli.supplement.fit import ROWS_TOGETHER, Setting, column_widths, joined, setting
from helpers.cli.supplement.word_style import NOTE, new_document, text_style
from helpers.report.decimals import on_point
from helpers.report.typeset_table import indented, spanner_of

TWIPS_A_MM = 1440 / 25.4
JUSTIFIED = {"l": "left", "c": "center", "r": "right"}


@dataclass(frozen=True)
class Cell:
    """A cell of a Word table: its text, the columns it spans, its side, whether it is a heading or merged downwards."""

    text: str
    side: str = "l"
    span: int = 1
    bold: bool = False
    merge: str = ""


@dataclass(frozen=True)
class Layout:
    """What a table's cells do not say: the side of each column, the column of groups, headings over columns."""

    align: str = ""
    groups: str = ""
    spanners: tuple[str, ...] = ()

    @classmethod
    def of(cls, columns: Mapping[str, Any]) -> Layout:
        """The layout that a notebook saves with a table."""
        return cls(columns.get("align", ""), columns.get("groups", ""), tuple(columns.get("spanners", ())))


def table_file(name: str, caption: str, note: str, rows: Sequence[Sequence[str]], layout: Layout, head: str) -> bytes:
    """A Word file with one table.

    Parameters
    ----------
    name : str
        What stands before the caption, ``Table 2.1``.
    caption, note : str
        Markdown.
    rows : sequence of sequence of str
        The cells, headings first.
    layout : Layout
        How they are set.
    head : str
        The head of every page.

    Returns
    -------
    bytes
        The same table gives the same bytes.
    """
    rows = _on_points(rows, layout)
    kept = [n for n, title in enumerate(rows[0]) if title != layout.groups]
    shown = [[row[n] for n in kept] for row in rows]
    how = setting(shown)
    document = new_document(head)
    if how.turned:
        page = document.sections[0]
        page.orientation, page.page_width, page.page_height = 1, page.page_height, page.page_width
    _add_text(document, f"**{name}** {caption}", "Caption")
    lines = [*_heads(rows[0], kept, layout), *_body(rows, kept, layout)]
    document.element.body.insert(1, parse_xml(_table(lines, shown, how, len(rows) <= ROWS_TOGETHER)))
    if note:
        _add_text(document, note, NOTE)
    document.core_properties.title, document.core_properties.author = name, ""
    document.core_properties.comments = ""
    document.core_properties.created = document.core_properties.modified = datetime(*FIXED)
    stream = io.BytesIO()
    document.save(stream)
    return repacked(stream.getvalue())


def _on_points(rows: Sequence[Sequence[str]], layout: Layout) -> list[list[str]]:
    """The cells with the decimal points of right-aligned columns under each other, and numbers on one line."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    for place, (head, *cells) in enumerate(columns):
        if _side(layout, place) == "r":
            columns[place] = [head, *map(joined, on_point(cells))]
    return [list(row) for row in zip(*columns, strict=True)]


def _add_text(document, text: str, style: str) -> None:
    """A paragraph of Markdown with emphasis only, which captions and notes have."""
    paragraph = document.add_paragraph(style=style)
    paragraph.paragraph_format.keep_with_next = style != NOTE
    for part in re.split(r"(\*\*.+?\*\*|\*.+?\*)", text):
        run = paragraph.add_run(part.strip("*") if part.startswith("*") else part)
        run.bold, run.italic = part.startswith("**"), part.startswith("*") and not part.startswith("**")
        run.font.color.rgb, run.font.size = RGBColor(0x11, 0x11, 0x11), Pt(9 if style != NOTE else 8)


def _heads(titles: Sequence[str], kept: Sequence[int], layout: Layout) -> Iterator[list[Cell]]:
    """One line of headings, or two where some stand over several columns."""
    over = [spanner_of(titles[n], layout.spanners) for n in kept]
    named = [titles[n].removeprefix(f"{above}: ") for n, above in zip(kept, over, strict=True)]
    sides = [_side(layout, n) for n in kept]
    if not any(over):
        yield [Cell(text, side, bold=True) for text, side in zip(named, sides, strict=True)]
        return
    first: list[Cell] = []
    for above, found in groupby(range(len(kept)), key=over.__getitem__):
        places = list(found)
        if above:
            first.append(Cell(above, "c", len(places), bold=True))
        else:
            first += [Cell(named[n], sides[n], bold=True, merge="restart") for n in places]
    yield first
    yield [Cell(named[n], sides[n], bold=True) if over[n] else Cell("", merge="continue") for n in range(len(kept))]


def _body(rows: Sequence[Sequence[str]], kept: Sequence[int], layout: Layout) -> Iterator[list[Cell]]:
    group = rows[0].index(layout.groups) if layout.groups else None
    before = None
    for row in rows[1:]:
        if group is not None and row[group] != before:
            before = row[group]
            yield [Cell(before, span=len(kept), bold=True)]
        yield [Cell(indented(row[n]), _side(layout, n)) for n in kept]


def _side(layout: Layout, column: int) -> str:
    return layout.align[column] if layout.align else "l"


def _table(lines: Sequence[Sequence[Cell]], shown, how: Setting, together: bool) -> str:
    """The table in Word's own words: cell by cell python-docx takes seven times as long, in every build of a book."""
    widths = [round(width * TWIPS_A_MM) for width in column_widths(shown, how)]
    heads = 1 + any(cell.merge for cell in lines[0])
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    style = text_style(how.size).replace(" ", "")
    body = []
    for number, line in enumerate(lines):
        after = "<w:keepNext/>" if together and number < len(lines) - 1 else ""
        marks = "<w:cantSplit/>" + ("<w:tblHeader/>" if number < heads else "")
        body.append(f"<w:tr><w:trPr>{marks}</w:trPr>{''.join(_cells(line, widths, style, after))}</w:tr>")
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="Table"/><w:tblW w:w="5000" w:type="pct"/>'
        f'<w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{"".join(body)}</w:tbl>'
    )


def _cells(line: Sequence[Cell], widths: Sequence[int], style: str, after: str) -> Iterator[str]:
    place = 0
    for cell in line:
        width = sum(widths[place : place + cell.span])
        place += cell.span
        spans = (f'<w:gridSpan w:val="{cell.span}"/>' if cell.span > 1 else "") + (
            f'<w:vMerge w:val="{cell.merge}"/>' if cell.merge else ""
        )
        words = "<w:br/>".join(
            f'<w:t xml:space="preserve">{html.escape(text, quote=False)}</w:t>' for text in cell.text.split("\n")
        )
        yield (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}</w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>'
            f'{after}<w:jc w:val="{JUSTIFIED[cell.side]}"/></w:pPr><w:r>{"<w:rPr><w:b/></w:rPr>" if cell.bold else ""}'
            f"{words}</w:r></w:p></w:tc>"
        )
