"""What a notebook shows: a figure, a table or a sentence, with everything a reader and the book need to place it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO, StringIO

import pandas as pd
from matplotlib.figure import Figure

from helpers.report.lookup import Key, Lookup, keys_of
from helpers.report.markdown import tagless
from helpers.report.slim import slim
from helpers.report.style import PRINT_DPI, drawing
from helpers.report.typeset_table import head_and_body

Bundle = tuple[dict[str, str], dict[str, dict]]
# Of a picture for print, a file is hardly smaller at higher levels, and takes up to three times as long.
PNG_LEVEL = 4


@dataclass(frozen=True)
class FigureExhibit:
    """A figure with its caption and alternative text.

    Attributes
    ----------
    name : str
        Label for cross-references, ``fig-madrs``.
    caption : str
        Markdown. Says what is drawn, the n and what bars or bands mean.
    alt : str
        What a person who cannot see the figure should learn from it, from the data.
    svg : str
        The drawing.
    drawing : Figure or None
        What it was drawn on, which the other files are printed from when they are asked for.
    source : str
        The function that made it; see :mod:`helpers.report.signed`.
    """

    name: str
    caption: str
    alt: str
    svg: str = field(repr=False)
    drawing: Figure | None = field(default=None, repr=False, compare=False)
    source: str = ""

    @property
    def file(self) -> str:
        """Where the drawing is saved, relative to the run's output."""
        return f"figures/{self.name}.svg"

    def files(self) -> dict[str, bytes]:
        """Everything to save, SVG, PDF and PNG: path and content."""
        made = {".svg": self.svg.encode("utf-8"), **(printed(self.drawing) if self.drawing else {})}
        return {f"figures/{self.name}{ending}": content for ending, content in made.items()}

    def _repr_mimebundle_(self, include=None, exclude=None) -> Bundle:
        facts = {"kind": "figure", "name": self.name, "caption": tagless(self.caption), "alt": self.alt}
        facts["file"] = self.file
        facts["source"] = self.source
        return {"image/svg+xml": self.svg, "text/plain": self.alt}, {"helpers": facts}


# In a notebook; the book has its own style sheet. The class stands twice because JupyterLab’s own rules would win.
NOTEBOOK_STYLE = """\
<style>
.results-table.results-table {border-collapse: collapse; font-variant-numeric: tabular-nums lining-nums}
.results-table.results-table caption {caption-side: top; text-align: left; color: inherit}
.results-table.results-table :is(th, td) {text-align: left; vertical-align: top; padding: 0.2rem 0.6rem}
.results-table.results-table tbody th {font-weight: normal}
.results-table.results-table :is(.gt_group_heading, thead th) {font-weight: bold}
.results-table.results-table .gt_right {text-align: right}
.results-table.results-table .gt_center {text-align: center}
</style>"""


@dataclass(frozen=True)
class TableExhibit:
    """A table of ready-made text cells, with its caption and notes.

    Attributes
    ----------
    frame : DataFrame
        Text; the columns are the headings.
    align : str
        One letter a column, ``l``, ``c`` or ``r``.
    note : str
        Markdown under the table: abbreviations, tests, what the numbers are.
    wordy : bool
        Whether the cells hold sentences, so that the table is set smaller.
    groups : str
        The column whose values are set as headings over the rows that share them; empty for none.
    spanners : tuple of str
        Headings over several columns: a column ``Time: F`` stands under ``Time``.
    source : str
        The function that made it.
    """

    name: str
    caption: str
    frame: pd.DataFrame = field(repr=False)
    align: str = ""
    note: str = ""
    wordy: bool = False
    groups: str = ""
    spanners: tuple[str, ...] = ()
    source: str = ""

    @property
    def file(self) -> str:
        """Where the table's cells are saved, relative to the run's output; beside it its rows as HTML."""
        return f"tables/{self.name}.csv"

    @property
    def sides(self) -> str:
        """One letter a column; unless said otherwise, numbers follow the first."""
        return self.align or "l" + "r" * (self.frame.shape[1] - 1)

    @cached_property
    def rows(self) -> str:
        """Head and body as HTML."""
        return head_and_body(self.frame, self.sides, self.groups, self.spanners)

    def files(self) -> dict[str, bytes]:
        """Everything to save: path and content."""
        text = StringIO()
        self.frame.to_csv(text, index=False, lineterminator="\n")
        rows = self.file.replace(".csv", ".html")
        return {self.file: text.getvalue().encode("utf-8"), rows: f"{self.rows}\n".encode()}

    def _repr_mimebundle_(self, include=None, exclude=None) -> Bundle:
        facts = {"kind": "table", "name": self.name, "caption": tagless(self.caption), "file": self.file}
        facts |= {"source": self.source, "footnote": tagless(self.note), "columns": {"align": self.sides}}
        said = {"wordy": self.wordy, "groups": self.groups, "spanners": list(self.spanners)}
        facts["columns"] |= {key: value for key, value in said.items() if value}
        return {"text/html": self._html(), "text/plain": self.frame.to_string(index=False)}, {"helpers": facts}

    def _html(self) -> str:
        note = f"<p><small>{_emphasised(self.note)}</small></p>" if self.note else ""
        caption = f"<caption>{_emphasised(self.caption)}</caption>"
        return f'{NOTEBOOK_STYLE}<table class="results-table">{caption}{self.rows}</table>{note}'


def _emphasised(text: str) -> str:
    """Markdown's asterisks as HTML; everything else is text."""
    strong = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text))
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", strong)


@dataclass(frozen=True)
class TextExhibit:
    """A sentence or paragraph computed from the results rows (Markdown).

    Attributes
    ----------
    read : tuple of tuple of str
        Keys (:data:`helpers.report.lookup.KEYS`) of the rows that its numbers are from.
    source : str
        The function that wrote it.
    """

    markdown: str
    read: tuple[Key, ...] = ()
    source: str = ""

    def __post_init__(self):
        object.__setattr__(self, "markdown", tagless(self.markdown))

    def files(self) -> dict[str, bytes]:
        """Nothing to save: the text is in the notebook."""
        return {}

    def _repr_mimebundle_(self, include=None, exclude=None) -> Bundle:
        facts = {"kind": "text", "source": self.source, "read": [list(key) for key in self.read]}
        return {"text/markdown": self.markdown, "text/plain": self.markdown}, {"helpers": facts}


def text_exhibit(markdown: str, *read: pd.DataFrame | Lookup) -> TextExhibit:
    """Turn a sentence into an exhibit that knows the rows it was written from: results rows, or what a lookup found.

    >>> from helpers.analysis.results import row, to_frame
    >>> text_exhibit("There are 24.", to_frame([row("response", "count", 24, group="pain")])).read
    (('response', '', '', 'pain', '', '', 'count'),)
    """
    keys = (key for item in read for key in (item.read if isinstance(item, Lookup) else keys_of(item)))
    return TextExhibit(markdown, tuple(dict.fromkeys(keys)))


def figure_exhibit(figure: Figure, name: str, caption: str, alt: str) -> FigureExhibit:
    """Turn a drawing into an exhibit; the same drawing gives the same bytes."""
    svg = _saved(figure, "svg", metadata={"Date": None, "Creator": None})
    with drawing():  # what was laid out for one format stays in its place in the others, which saves time too
        figure.set_layout_engine(None)
    return FigureExhibit(name, caption, alt, slim(svg.decode("utf-8")), figure)


def printed(figure: Figure) -> dict[str, bytes]:
    """A drawing as journals take it, by ending: vectors with their fonts, and points. No file holds a date."""
    undated = {"CreationDate": None, "Creator": None, "Producer": None}
    points = {"dpi": PRINT_DPI, "metadata": {"Software": None}, "pil_kwargs": {"compress_level": PNG_LEVEL}}
    return {".pdf": _saved(figure, "pdf", metadata=undated), ".png": _saved(figure, "png", **points)}


def _saved(figure: Figure, form: str, **options) -> bytes:
    stream = BytesIO()
    with drawing():
        figure.savefig(stream, format=form, **options)
    return stream.getvalue()


def table_exhibit(
    frame: pd.DataFrame,
    name: str,
    caption: str,
    align: str = "",
    note: str = "",
    wordy: bool = False,
    groups: str = "",
    spanners: Sequence[str] = (),
) -> TableExhibit:
    """Turn a frame of text cells into an exhibit.

    Raises
    ------
    ValueError
        A cell is a number or is missing: numbers are formatted before they are shown. Or there is no row.
    """
    for column in frame.columns:
        if not frame[column].map(lambda cell: isinstance(cell, str)).all():
            raise ValueError(f"table {name}, column {column!r}: every cell must be formatted text")
    if frame.empty:
        raise ValueError(f"table {name}: a heading without a row; where there is nothing to show, a sentence says so")
    return TableExhibit(name, caption, frame, align, note, wordy, groups, tuple(spanners))
