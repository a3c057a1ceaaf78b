"""A table of text cells as HTML, set by great_tables: headings over several columns, groups of rows, aligned decimals.

Of what great_tables makes, head and body are kept: rows and cells with their scopes, spans and classes. Its own styles
(9 kB a table, black on white) would stand in a page once a table and against the page's dark colours; its title is a
cell, where the book needs a caption that it can number; and its identifiers repeat what the scopes say. So the caption,
the note and the style are the notebook's and the book's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from helpers.report.decimals import on_point

EM_SPACE = "\u2003"  # white space that a page does not fold
SIDES = {"l": "left", "c": "center", "r": "right"}
GROUP = "group"
# What the scopes say too, and classes for styles that are not kept.
NEEDLESS = re.compile(
    r' (?:id|headers)="[^"]*"| (?:row|col)span="1"'
    r"|\bgt_(?:row|left|stub|col_headings?|columns_(?:top|bottom)_border|group_heading_row) ?"
)


def head_and_body(frame: pd.DataFrame, align: str, groups: str = "", spanners: Sequence[str] = ()) -> str:
    """The ``<thead>`` and ``<tbody>`` of a table.

    Parameters
    ----------
    frame : DataFrame
        Text; a column ``Time: F`` stands as ``F`` under the heading ``Time`` when that is one of ``spanners``.
    align : str
        One letter a column, ``l``, ``c`` or ``r``.
    groups : str
        The column whose values become headings over the rows that share them; empty for none.
    spanners : sequence of str
        Headings over several columns.

    Examples
    --------
    >>> frame = pd.DataFrame({"Scale": ["MADRS"], "Time: F": ["6.1"], "Time: p": ["0.01"]})
    >>> made = head_and_body(frame, "lrr", spanners=["Time"])
    >>> re.findall("<th[^>]*colspan=\\"2\\"[^>]*>", made)
    ['<th class="gt_center gt_column_spanner_outer" colspan="2" scope="colgroup">']
    """
    from great_tables import GT  # costs a second, which only those pay who show a table

    heads = [str(name) for name in frame.columns]
    keys = [GROUP if name == groups else f"c{place}" for place, name in enumerate(heads)]
    shown = {key: _column(frame.iloc[:, n], align[n]) for n, key in enumerate(keys)}
    first, *rest = [key for key in keys if key != GROUP]
    under = [spanner_of(name, spanners) for name in heads]
    labels = {key: name.removeprefix(f"{over}: ") for key, name, over in zip(keys, heads, under, strict=True)}
    table = GT(pd.DataFrame(shown), rowname_col=first, groupname_col=GROUP if groups else None, id="table")
    table = table.tab_stubhead(labels[first]).cols_label(**{key: labels[key] for key in rest})
    for key in rest:
        table = table.cols_align(SIDES[align[keys.index(key)]], key)
    for over in dict.fromkeys(filter(None, under)):
        table = table.tab_spanner(over, [key for key, name in zip(keys, under, strict=True) if name == over])
    return _kept(table.as_raw_html())


def spanner_of(head: str, spanners: Sequence[str]) -> str:
    """The heading over a column; empty when it stands alone.

    >>> spanner_of("Group × time: p", ["Group", "Group × time"]), spanner_of("Visit: first", ["Group"])
    ('Group × time', '')
    """
    return next((over for over in spanners if head.startswith(f"{over}: ")), "")


def _column(cells: pd.Series, side: str) -> list[str]:
    found = [indented(" ".join(re.split(r"[\t\r\n]+", cell))) for cell in cells]
    return on_point(found) if side == "r" else found


def indented(cell: str) -> str:
    """A cell with its indentation as em spaces, two blanks one em.

    >>> indented("  Female").replace(EM_SPACE, "_")
    '_Female'
    """
    body = cell.lstrip(" ")
    return EM_SPACE * ((len(cell) - len(body) + 1) // 2) + body


def _kept(page: str) -> str:
    """Head and body; in cells ``<`` is escaped, so that what looks like a tag is one."""
    head, body = (re.search(rf"<{part}\b.*?</{part}>", page, flags=re.DOTALL)[0] for part in ("thead", "tbody"))
    slim = re.sub(r"<t[hrd]\b[^>]*>", lambda tag: NEEDLESS.sub("", tag[0]), f"{head}\n{body}")
    slim = slim.replace(' class=""', "").replace('" >', '">')
    return re.sub(r">\s+<", "><", slim).replace("</tr>", "</tr>\n")
