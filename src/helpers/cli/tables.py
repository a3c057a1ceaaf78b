"""A notebook's tables as the book offers them: links that lead to its pages, cells that a spreadsheet may open."""

from __future__ import annotations

import csv
import io
import re

from docutils.nodes import make_id

# A spreadsheet would run such a cell as a formula (OWASP, "CSV Injection"), whatever white space stands before it.
# Numbers, negative ones too, are left as they are; a typographic minus (U+2212) begins no formula.
FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?%?\s*|-inf")
BYTE_ORDER = "\ufeff"  # without it Excel takes UTF-8 for something else


def page_listing(text: str) -> str:
    """An HTML table for a page of the book: links to headings of notebooks become links to headings of pages.

    >>> page_listing('<a href="02_efficacy.ipynb#Tests-of-group,-time">')
    '<a href="02_efficacy.html#tests-of-group-time">'
    """
    return re.sub(r'href="(\w+)\.ipynb#([^"]*)"', lambda m: f'href="{m[1]}.html#{make_id(m[2])}"', text)


def spreadsheet(text: str) -> str:
    """A CSV table that Excel opens as what it is; a cell that it would run as a formula gets an apostrophe in front.

    >>> spreadsheet("a,b\\n=1+1,-0.5\\n").removeprefix(BYTE_ORDER)
    "a,b\\n'=1+1,-0.5\\n"
    """
    return BYTE_ORDER + harmless_table(text)


def harmless_table(text: str) -> str:
    """A CSV table in which no cell is a formula; see :func:`harmless`.

    >>> harmless_table("id,x\\n=1+1,-0.5\\n")
    "id,x\\n'=1+1,-0.5\\n"
    """
    out = io.StringIO()
    rows = csv.reader(io.StringIO(text, newline=""))
    csv.writer(out, lineterminator="\n").writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def harmless(cell: str) -> str:
    """A cell as it is, with an apostrophe in front where a spreadsheet would run it.

    Not for what is read back by a program of ours, as study folders and the rows between notebooks are: there the
    apostrophe would be a part of the identifier.

    >>> harmless("=HYPERLINK(0)"), harmless("-1+1"), harmless("-3.1"), harmless("−3.1")
    ("'=HYPERLINK(0)", "'-1+1", '-3.1', '−3.1')
    """
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell
