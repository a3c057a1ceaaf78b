"""A book's figures and tables by the names of the paper, the others by their numbers in the book."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from bs4 import Tag

from helpers.cli.supplement.document import Document
from helpers.cli.supplement.pages import anchors
from helpers.cli.tables import harmless
from helpers.cli.transform import Exhibit

# Which figure or table of the paper one of the book answers. Every study's are called so: they play the same part.
PAPER = {
    "fig-outcomes-1": "Figure 1",
    "fig-outcomes-2": "Figure 2",
    "fig-baseline-cytokines": "Figure 3",
    "tab-1": "Table 1",
    "tab-2": "Table 2",
    "tab-s1": "Table S1",
    "tab-s2": "Table S2",
    "tab-s3": "Table S3",
}
HEADS = ("file", "name", "number in the book", "label in the book", "title", "caption", "alternative text")


@dataclass(frozen=True)
class Named:
    """A figure or table as it stands in the text, with what it is called outside.

    Attributes
    ----------
    exhibit : Exhibit
        What its notebook says of it.
    place : Tag
        The figure, or the table, in the text.
    number : str
        In the book, ``Table 2.5``; empty for a table that can be searched.
    """

    exhibit: Exhibit
    place: Tag
    number: str

    @property
    def name(self) -> str:
        """The paper's name for it, else its number in the book, else its label."""
        return name_of(self.exhibit.name, self.number)

    @property
    def file(self) -> str:
        """Name of its files, without ending."""
        return self.name.replace(" ", "-")

    @property
    def alt(self) -> str:
        """What a figure shows, in words."""
        picture = self.place.find("img")
        return picture["alt"] if picture else ""

    @property
    def caption(self) -> str:
        """Its caption without its number."""
        said = " ".join(self.place.find(["figcaption", "caption"]).get_text().split())
        return said.removeprefix(self.number).strip()


def name_of(label: str, number: str) -> str:
    """What a figure or table is called outside the book.

    >>> name_of("tab-2", "Table 4.1"), name_of("tab-models", "Table 2.3"), name_of("tab-ledger", "")
    ('Table 2', 'Table 2.3', 'Table ledger')
    """
    return PAPER.get(label) or number or f"Table {label.partition('-')[2].replace('-', ' ')}"


def named(exhibits: Iterable[Exhibit], document: Document) -> list[Named]:
    """The figures and tables of a text, in the order of the notebooks.

    Raises
    ------
    LookupError
        One of them is not in the text.
    """
    places, found = document.exhibits(), []
    for exhibit in exhibits:
        place = next((places[name] for name in anchors(exhibit.name) if name in places), None)
        if place is None:
            raise LookupError(f"{exhibit.name}: not in the text of the supplement")
        number = place.select_one(".caption-number")
        found.append(Named(exhibit, place, number.get_text(strip=True) if number else ""))
    return found


def index(items: Iterable[Named]) -> bytes:
    """The index of a folder of figures or tables: CSV that Excel opens as what it is."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADS)
    for item in items:
        of_book = (item.number, item.exhibit.name, item.exhibit.title)
        writer.writerow(map(harmless, [item.file, item.name, *of_book, item.caption, item.alt]))
    return text.getvalue().encode("utf-8-sig")
