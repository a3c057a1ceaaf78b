"""A long table that a reader can search and sort, whole in the page: plain HTML first, DataTables on top of it.

DataTables and jQuery come with great_tables, whose own interactive table needs a script to be seen at all; here the
table is plain HTML, complete where no script runs. Nothing is fetched.
"""

from __future__ import annotations

import gzip
import html
import json
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import pandas as pd

from helpers.report.exhibit import Bundle, TableExhibit

PROGRAMS = {"jquery": "jquery.slim.min.js", "datatables": "dataTables.min.js", "style": "dataTables.min.css"}
PAGE_LENGTHS = (25, 100, -1)  # rows; -1 is all
STYLE = """\
.listing-frame {container-type: inline-size; overflow-x: auto; margin: 0.5rem 0 1rem; font-size: 0.85rem}
.listing-frame :is(div.dt-container, .dt-input, .dt-paging-button) {background: transparent !important;
  color: inherit !important}
.listing-frame .dt-container label {margin: 0 0.4rem}
.listing-frame table.listing {width: 100%; min-width: 38rem; font-size: 0.75rem; border-collapse: collapse}
.listing-frame table.listing th, .listing-frame table.listing td {text-align: left; vertical-align: top;
  padding: 0.25rem 0.35rem; white-space: normal}
.listing-frame table.listing td:last-child {overflow-wrap: anywhere}
.listing-frame table.listing td.number {text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums}
.listing-frame table.listing small {display: block; font-size: 0.95em; opacity: 0.85}"""

# The programs stand in the page packed, a third of their size, and leave no name behind: each sees a ``module`` of its
# own. What a cell is sorted by, the heading that it stands under where rows are shown as cards, and its role are said
# here, so that they do not weigh on the page.
START = """\
(async () => {
  const table = document.getElementById(%(id)s);
  if (!table || table.classList.contains('dataTable') || !window.DecompressionStream) return;
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const role = (element, name) => element.setAttribute('role', name);
  role(table, 'table');
  [table.tHead, ...table.tBodies].forEach((part) => role(part, 'rowgroup'));
  [...table.rows].forEach((row) => {
    role(row, 'row');
    [...row.cells].forEach((cell, n) => {
      role(cell, cell.tagName === 'TH' ? 'columnheader' : 'cell');
      if (n && cell.tagName === 'TD') cell.dataset.label = heads[n];
      if (cell.className === 'number')
        cell.dataset.order ??= cell.textContent.match(/[-−]?\\d+(\\.\\d+)?/)?.[0].replace('−', '-') ?? '';
    });
  });
  const unpacked = (packed) => {
    const bytes = new Blob([Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0))]);
    return new Response(bytes.stream().pipeThrough(new DecompressionStream('gzip'))).text();
  };
  const run = (program, needed) => {
    const module = {exports: {}};
    new Function('module', 'exports', 'require', 'define', program)(module, module.exports, () => needed);
    return module.exports;
  };
  const style = document.createElement('style');
  style.textContent = await unpacked(%(style)s);
  document.head.prepend(style);
  const jquery = run(await unpacked(%(jquery)s));
  const DataTable = run(await unpacked(%(datatables)s), jquery);
  new DataTable(table, %(options)s);
})();"""


class Cell(NamedTuple):
    """A cell: its text, a small second line, where it leads, and what it is sorted by; when that is empty, a number by
    the first number in its text, another by its text.
    """

    text: str
    small: str = ""
    href: str = ""
    order: str = ""
    number: bool = False


@dataclass(frozen=True)
class ListingExhibit:
    """A searchable table.

    Attributes
    ----------
    name : str
        Label for links, ``tab-ledger``.
    caption : str
        Plain text.
    heads : tuple of str
        Column headings.
    rows : tuple of tuple of Cell
        One tuple a row.
    cells : DataFrame or None
        The text cells to save beside it, where it was made of such; else those of its rows are.
    source : str
        The function that made it.
    """

    name: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    cells: pd.DataFrame | None = field(default=None, repr=False, compare=False)
    source: str = ""

    @property
    def file(self) -> str:
        """Where the table is saved, relative to the run's output."""
        return f"tables/{self.name}.html"

    def files(self) -> dict[str, bytes]:
        """Everything to save: path and content."""
        lines = ([" · ".join(filter(None, (cell.text, cell.small))) for cell in row] for row in self.rows)
        cells = pd.DataFrame(lines, columns=self.heads) if self.cells is None else self.cells
        text = cells.to_csv(index=False, lineterminator="\n")
        return {self.file: self.html().encode("utf-8"), f"tables/{self.name}.csv": text.encode("utf-8")}

    def _repr_mimebundle_(self, include=None, exclude=None) -> Bundle:
        facts = {"kind": "listing", "name": self.name, "caption": self.caption, "file": self.file}
        facts["source"] = self.source
        return {"text/html": self.html(), "text/plain": f"{self.caption} {len(self.rows)} rows."}, {"helpers": facts}

    @property
    def anchor(self) -> str:
        """The name as Sphinx writes it into links: small letters, digits and hyphens.

        >>> listing("tab-regressions-scale_1", "", [], []).anchor
        'tab-regressions-scale-1'
        """
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")

    def html(self) -> str:
        """The table with its style and script; the same rows give the same text."""
        packed = {name: _packed(file) for name, file in PROGRAMS.items()}
        names = {"id": self.anchor, **packed, "options": _options()}
        start = START % {name: _literal(value) for name, value in names.items()}
        return (
            f"<style>{STYLE}</style>\n"
            f'<p id="{self.anchor}-caption">{html.escape(self.caption)}</p>\n'
            '<p class="on-screen">Search takes any word; a click on a heading sorts.</p>\n'
            f'<div class="listing-frame">{self._table()}</div>\n<script>{start}</script>'
        )

    def _table(self) -> str:
        heads = "".join(f'<th scope="col">{html.escape(head)}</th>' for head in self.heads)
        # HTML does without the end tags of rows and cells, which would be a fifteenth of a long table.
        body = "\n".join(f"<tr>{''.join(map(_cell, row))}" for row in self.rows)
        head = f"<thead><tr>{heads}</tr></thead>"
        said = f'id="{self.anchor}" aria-describedby="{self.anchor}-caption"'
        return f'<table class="listing display" {said}>{head}\n<tbody>{body}</tbody></table>'


MOST_LINES = 60  # of a table that is printed whole; a longer one can be searched


def searchable(table: TableExhibit) -> TableExhibit | ListingExhibit:
    """The table itself, or, when it has more than :data:`MOST_LINES` lines, one that a reader can search and sort.

    >>> import pandas as pd
    >>> from helpers.report.exhibit import table_exhibit
    >>> frame = pd.DataFrame({"Analyte": ["IL-6"] * 61, "p": ["0.01"] * 61})
    >>> type(searchable(table_exhibit(frame, "tab-x", "Long."))).__name__
    'ListingExhibit'
    """
    if len(table.frame) <= MOST_LINES:
        return table
    align = table.align or "l" + "r" * (table.frame.shape[1] - 1)
    numbers = [side == "r" for side in align]
    rows = tuple(
        tuple(Cell(text, number=right)
              for text, right in zip(line, numbers, strict=True))
        for line in table.frame.itertuples(index=False, name=None)
    )  # fmt: skip
    caption = " ".join(part.replace("*", "") for part in (table.caption, table.note) if part)
    return ListingExhibit(table.name, caption, tuple(map(str, table.frame.columns)), rows, table.frame)


def _cell(cell: Cell) -> str:
    text = html.escape(cell.text, quote=False)
    text = f'<a href="{html.escape(cell.href)}">{text}</a>' if cell.href else text
    small = f"<small>{html.escape(cell.small, quote=False)}</small>" if cell.small else ""
    order = f' data-order="{html.escape(cell.order)}"' if cell.order else ""
    kind = ' class="number"' if cell.number else ""
    return f"<td{kind}{order}>{text}{small}"


def _options() -> dict[str, Any]:
    lengths = [{"label": "All", "value": n} if n < 0 else n for n in PAGE_LENGTHS]
    words = {"search": "Search", "lengthMenu": "_MENU_ rows a page"}
    return {
        "pageLength": PAGE_LENGTHS[0],
        "lengthMenu": lengths,
        "order": [],
        "autoWidth": False,
        "language": words,
    }


def _literal(value: Any) -> str:
    """A value as JavaScript; no ``<`` in it that a page would take for the end of the script or a comment.

    >>> print(_literal("</script><!--"))
    "\\u003c/script>\\u003c!--"
    """
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


@cache
def _packed(name: str) -> str:
    """A file that comes with great_tables, compressed, in letters; the same file gives the same letters."""
    content = files("great_tables").joinpath("js", name).read_bytes()
    return b64encode(gzip.compress(content, mtime=0)).decode("ascii")


def listing(name: str, caption: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> ListingExhibit:
    """Turn rows of cells into a searchable table.

    Raises
    ------
    ValueError
        A row has not one cell a heading.
    """
    for row in rows:
        if len(row) != len(heads):
            raise ValueError(f"listing {name}: {len(row)} cells under {len(heads)} headings: {row[0].text!r}")
    return ListingExhibit(name, caption, tuple(heads), tuple(map(tuple, rows)))
