"""A notebook's tables as the book offers them: links that lead to its pages, cells that a spreadsheet may open."""

from __future__ import annotations

import csv
import io
import re

from docutils.nodes import make_id

# A spreadsheet would run such a cell as a formula. Numbers, negative ones too, are left as they are.
FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d.])")
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
    out = io.StringIO()
    rows = csv.reader(io.StringIO(text))
    csv.writer(out, lineterminator="\n").writerows([_harmless(cell) for cell in row] for row in rows)
    return BYTE_ORDER + out.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if FORMULA.match(cell) else cell
