"""What a notebook shows: a figure, a table or a sentence, with everything a reader and the book need to place it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from io import BytesIO, StringIO

import pandas as pd
from matplotlib.figure import Figure

from helpers.report.style import PRINT_DPI, drawing

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
    """

    name: str
    caption: str
    alt: str
    svg: str = field(repr=False)
    drawing: Figure | None = field(default=None, repr=False, compare=False)

    @property
    def file(self) -> str:
        """Where the drawing is saved, relative to the run's output."""
        return f"figures/{self.name}.svg"

    def files(self) -> dict[str, bytes]:
        """Everything to save, SVG, PDF and PNG: path and content."""
        made = {".svg": self.svg.encode("utf-8"), **(printed(self.drawing) if self.drawing else {})}
        return {f"figures/{self.name}{ending}": content for ending, content in made.items()}

    def _repr_mimebundle_(self, include=None, exclude=None) -> Bundle:
        facts = {"kind": "figure", "name": self.name, "caption": self.caption, "alt": self.alt, "file": self.file}
        return {"image/svg+xml": self.svg, "text/plain": self.alt}, {"helpers": facts}


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
    """

    name: str
    caption: str
    frame: pd.DataFrame = field(repr=False)
    align: str = ""
    note: str = ""
    wordy: bool = False

    @property
    def file(self) -> str:
        """Where the table is saved, relative to the run's output."""
        return f"tables/{self.name}.csv"

    def files(self) -> dict[str, bytes]:
        """Everything to save: path and content."""
        text = StringIO()
        self.frame.to_csv(text, index=False, lineterminator="\n")
        return {self.file: text.getvalue().encode("utf-8")}

    def _repr_mimebundle_(self, include=None, exclude=None) -> Bundle:
        facts = {"kind": "table", "name": self.name, "caption": self.caption, "file": self.file}
        facts |= {"footnote": self.note, "columns": {"align": self.align or "l" + "r" * (self.frame.shape[1] - 1)}}
        facts["columns"] |= {"wordy": True} if self.wordy else {}
        return {"text/html": self._html(), "text/plain": self.frame.to_string(index=False)}, {"helpers": facts}

    def _html(self) -> str:
        align = self.align or "l" + "r" * (self.frame.shape[1] - 1)
        side = {"l": "left", "c": "center", "r": "right"}

        def line(tag: str, cells) -> str:
            return "".join(
                f'<{tag} style="text-align:{side[how]}">{html.escape(str(cell))}</{tag}>'
                for cell, how in zip(cells, align, strict=True)
            )

        body = "".join(f"<tr>{line('td', cells)}</tr>" for cells in self.frame.itertuples(index=False))
        note = f"<p><small>{_emphasised(self.note)}</small></p>" if self.note else ""
        caption = f'<caption style="text-align:left">{_emphasised(self.caption)}</caption>'
        head = f"<thead><tr>{line('th', self.frame.columns)}</tr></thead>"
        return f"<table>{caption}{head}<tbody>{body}</tbody></table>{note}"


def _emphasised(text: str) -> str:
    """Markdown's asterisks as HTML; everything else is text."""
    strong = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text))
    return re.sub(r"\*(.+?)\*", r"<em>\1</em>", strong)


@dataclass(frozen=True)
class TextExhibit:
    """A sentence or paragraph computed from the results rows (Markdown)."""

    markdown: str

    def files(self) -> dict[str, bytes]:
        """Nothing to save: the text is in the notebook."""
        return {}

    def _repr_mimebundle_(self, include=None, exclude=None) -> Bundle:
        return {"text/markdown": self.markdown, "text/plain": self.markdown}, {"helpers": {"kind": "text"}}


def figure_exhibit(figure: Figure, name: str, caption: str, alt: str) -> FigureExhibit:
    """Turn a drawing into an exhibit; the same drawing gives the same bytes."""
    svg = _saved(figure, "svg", metadata={"Date": None, "Creator": None})
    with drawing():  # what was laid out for one format stays in its place in the others, which saves time too
        figure.set_layout_engine(None)
    return FigureExhibit(name, caption, alt, svg.decode("utf-8"), figure)


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
    frame: pd.DataFrame, name: str, caption: str, align: str = "", note: str = "", wordy: bool = False
) -> TableExhibit:
    """Turn a frame of text cells into an exhibit.

    Raises
    ------
    ValueError
        A cell is a number or is missing: numbers are formatted before they are shown.
    """
    for column in frame.columns:
        if not frame[column].map(lambda cell: isinstance(cell, str)).all():
            raise ValueError(f"table {name}, column {column!r}: every cell must be formatted text")
    return TableExhibit(name, caption, frame, align, note, wordy)
