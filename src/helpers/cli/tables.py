"""The cells of a CSV table, made safe for a page: text stays text."""

from __future__ import annotations

import csv
import io
import re

from docutils.nodes import make_id

# At the start of a cell Markdown would read these as a list, a heading, a quotation or a rule.
BLOCK_START = re.compile(r"^([-+*#>]|\d+[.)])(?=\s|$|[#>])")
RULE = re.compile(r"^(-{2,}|\*{2,}|_{2,}|={2,}|~{3,}|`{3,})")
EM_SPACE = "&emsp;"  # the character itself would be stripped


def page_table(text: str) -> str:
    """A CSV table for a ``{csv-table}`` directive, its cells escaped where a block of Markdown would begin.

    Inline marks (emphasis, sub- and superscript) are kept; indentation becomes em spaces, two blanks one em.

    Raises
    ------
    ValueError
        The table has a heading but no row.

    Examples
    --------
    >>> page_table("a,b\\n- 1,  x\\n")
    'a,b\\n\\\\- 1,&emsp;x\\n'
    """
    rows = [[_safe(cell) for cell in row] for row in csv.reader(io.StringIO(text))]
    if len(rows) < 2:
        raise ValueError("a heading without a row; where there is nothing to show, a sentence says so")
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def page_listing(text: str) -> str:
    """An HTML table for a page of the book: links to headings of notebooks become links to headings of pages.

    >>> page_listing('<a href="02_efficacy.ipynb#Tests-of-group,-time">')
    '<a href="02_efficacy.html#tests-of-group-time">'
    """
    return re.sub(r'href="(\w+)\.ipynb#([^"]*)"', lambda m: f'href="{m[1]}.html#{make_id(m[2])}"', text)


def _safe(cell: str) -> str:
    indent = len(cell) - len(cell.lstrip(" "))
    body = re.sub(r"[ \t\r\n]+", " ", cell).strip(" ")
    escaped = RULE.sub(lambda m: "\\" + m[0], BLOCK_START.sub(_escape, body))
    return EM_SPACE * ((indent + 1) // 2) + escaped


def _escape(match: re.Match[str]) -> str:
    mark = match[1]
    return f"{mark[:-1]}\\{mark[-1]}"
