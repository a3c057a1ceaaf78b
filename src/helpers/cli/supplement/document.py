"""The one text that the PDF and the Word file are made from: title page, contents, chapters, all in HTML."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag

from helpers.cli.supplement.fit import LONG, ROWS_TOGETHER, cells, setting
from helpers.cli.supplement.pages import unlink_what_is_gone
from helpers.cli.supplement.reduce import heading_words, reduce_page

HEADINGS = ("h1", "h2", "h3")


@dataclass(frozen=True)
class Front:
    """What the title page says.

    Attributes
    ----------
    title : str
        Of the book.
    subtitle : str
        What this copy is, and of which study.
    notice : str
        What is said of made data on every page; empty for real data.
    lines : tuple of str
        Further lines, HTML.
    """

    title: str
    subtitle: str
    notice: str
    lines: tuple[str, ...]

    @property
    def running(self) -> str:
        """The head of every page."""
        return " · ".join(filter(None, ["Supplement", self.notice.partition(".")[0]]))


@dataclass(frozen=True)
class Chapter:
    """A page of the book as a chapter of the text: its anchor, its heading, and its content."""

    anchor: str
    heading: str
    content: Tag


@dataclass(frozen=True)
class Document:
    """The parts of the text: title page, what its figures and tables are (HTML list items), and the chapters."""

    front: Front
    figures: tuple[Tag, ...]
    tables: tuple[Tag, ...]
    chapters: tuple[Chapter, ...]

    @property
    def content(self) -> str:
        """All chapters, HTML."""
        return "\n".join(str(chapter.content) for chapter in self.chapters)

    def exhibits(self) -> dict[str, Tag]:
        """The figures and tables of the text by their anchors."""
        contents = (chapter.content.find_all(["figure", "table"], id=True) for chapter in self.chapters)
        return {place["id"]: place for found in contents for place in found}


def make_document(pages: Mapping[str, Tag], front: Front) -> Document:
    """The text made of a book's pages, which are changed: reduced, their tables set so that they fit.

    The first page's lists of figures and tables become the text's; tables of hundreds of rows, which can be searched
    on the screen, go to its end.
    """
    for article in pages.values():
        reduce_page(article)
        _set_tables(article)
    first = next(iter(pages.values()))
    if long := _long_tables(pages.values()):
        pages = {**pages, long["id"]: long}
    figures, tables = (_taken_list(first, f"{first['id']}-{kind}") for kind in ("figures", "tables"))
    unlink_what_is_gone(pages.values())
    return Document(front, figures, tables, tuple(map(_chapter, pages.values())))


def list_lines(document: Document) -> dict[str, list[tuple[str, str]]]:
    """Contents, figures and tables: the anchor and the words of each line; no list without a line."""
    chapters = [(chapter.anchor, chapter.heading) for chapter in document.chapters]
    figures, tables = (
        [(item.find("a")["href"][1:], " ".join(item.get_text().split())) for item in items]
        for items in (document.figures, document.tables)
    )
    found = {"Contents": chapters, "Figures": figures, "Tables": tables}
    return {name: lines for name, lines in found.items() if lines}


def contents(document: Document, pages: Mapping[str, int]) -> str:
    """Contents, list of figures, list of tables; ``pages`` has page numbers by anchor, where they are known."""
    made = []
    for name, lines in list_lines(document).items():
        items = "".join(
            f'<li><a href="#{place}"><span>{html.escape(words)}</span><span class="page">{pages.get(place, "")}</span>'
            "</a></li>\n"
            for place, words in lines
        )
        made.append(f'<nav class="contents"><p class="contents-name">{name}</p><ul>{items}</ul></nav>')
    return "\n".join(made)


def title_page(front: Front) -> str:
    """The first page, HTML."""
    notice = f'<p class="notice">{html.escape(front.notice)}</p>' if front.notice else ""
    lines = "".join(f"<p>{line}</p>" for line in front.lines)
    subtitle = f'<p class="subtitle">{html.escape(front.subtitle)}</p>'
    title = f'<p class="title">{html.escape(front.title)}</p>'
    return f'<section class="title-page">{title}{subtitle}{notice}{lines}</section>'


def _chapter(article: Tag) -> Chapter:
    article.name, article["class"] = "section", ["chapter"]
    return Chapter(article["id"], heading_words(article.find("h1")), article)


def _taken_list(page: Tag, name: str) -> tuple[Tag, ...]:
    """The items of a section's list; the section leaves the page."""
    section = page.find("section", id=name)
    return tuple(section.extract().find_all("li")) if section else ()


def _long_tables(pages: Iterable[Tag]) -> Tag | None:
    """A last chapter of the long tables that can be searched on the screen; in their places, where they are."""
    chapter = BeautifulSoup('<article id="long-tables"><h1>Long tables</h1></article>', "lxml").article
    for article in pages:
        for table in article.select(".exhibit.long > table.listing"):
            block, said = table.parent, table.caption.get_text()
            moved = f'<p>{html.escape(said)} <a href="#{table["id"]}">The table stands at the end.</a></p>'
            block.insert_before(BeautifulSoup(moved, "lxml").p)
            if chapter.find("table") is None:
                block.insert(0, chapter.h1.extract())
            chapter.append(block.extract())
    return chapter if chapter.find("table") else None


def _set_tables(article: Tag) -> None:
    """Give every table its type and page, and bind it to the note under it."""
    for table in article.find_all("table"):
        rows = cells(table)
        how = setting(rows)
        block = BeautifulSoup("", "lxml").new_tag("div")
        kept = ["together"] if len(rows) <= ROWS_TOGETHER else ["long"] if len(rows) > LONG else []
        block["class"] = ["exhibit", *(["turned"] if how.turned else []), *kept]
        block["style"] = f"font-size: {how.size:g}pt"
        note, above = table.find_next_sibling(), table.find_previous_sibling()
        table.wrap(block)
        if how.turned and above and above.name in HEADINGS:
            block.insert(0, above.extract())
        if note and "table-note" in note.get("class", []):
            block.append(note)
