"""The pages of a published book as one text: anchors that are unique, links that lead inside it or out to the web."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag
from docutils.nodes import make_id

# How to use the compendium, and the ways back to its code; nothing of a supplement on paper.
LEFT_OUT = ("own_data", "numbers", "functions")


def page_names(toc: Mapping[str, Any]) -> list[str]:
    """The pages of a book's table of contents that a supplement has, in order.

    >>> page_names({"root": "intro", "parts": [{"chapters": [{"file": "methods"}, {"file": "own_data"}]}]})
    ['intro', 'methods']
    """
    chapters = [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [name for name in (toc["root"], *chapters) if name not in LEFT_OUT]


def read_pages(html: Path, toc: Path, labels: Collection[str]) -> dict[str, Tag]:
    """The articles of a published book by the names of their pages, linked with each other.

    Parameters
    ----------
    html : Path
        Folder of the published book.
    toc : Path
        The book's ``_toc.yml``.
    labels : collection of str
        Names of figures and tables; they stay what they are, every other anchor gets its page's name in front.
    """
    names = page_names(yaml.safe_load(toc.read_text(encoding="utf-8")))
    articles = {name: _article(html / f"{name}.html") for name in names}
    for name, article in articles.items():
        for link in article.find_all("a", href=True):
            _lead(link, name, articles, labels)
        for picture in article.find_all("img"):
            picture["src"] = (html / posixpath.dirname(name) / unquote(picture["src"])).resolve().as_uri()
    for name, article in articles.items():
        for place in article.find_all(id=True):
            place["id"] = anchor(name, place["id"], labels)
        article["id"] = anchor(name)
    return articles


def anchor(page: str, place: str = "", labels: Collection[str] = ()) -> str:
    """The name of a place in the one text.

    >>> anchor("notebooks/02_efficacy"), anchor("methods", "cohort"), anchor("methods", "tab-1", ["tab-1"])
    ('02_efficacy', 'methods-cohort', 'tab-1')
    """
    return place if place in labels else "-".join(filter(None, [posixpath.basename(page), place]))


def anchors(label: str) -> tuple[str, str]:
    """How a label stands in a page: as it is in raw HTML, in Sphinx's form elsewhere.

    >>> anchors("tab-regressions-alkaline_phosphatase")
    ('tab-regressions-alkaline_phosphatase', 'tab-regressions-alkaline-phosphatase')
    """
    return label, make_id(label)


def _article(page: Path) -> Tag:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "lxml").select_one("article.bd-article")


def _lead(link: Tag, page: str, pages: Iterable[str], labels: Collection[str]) -> None:
    """Lead a link to its place in the text; one to what the text has not becomes the words it stands on."""
    parts = urlsplit(link["href"])
    if parts.scheme in ("http", "https", "mailto"):
        return
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path))) if parts.path else page
    target = re.sub(r"\.html$", "", path)
    if target not in pages:
        link.unwrap()
        return
    link["href"] = "#" + anchor(target, unquote(parts.fragment), labels)
    del link["title"]


def unlink_what_is_gone(articles: Iterable[Tag]) -> None:
    """Links to places that no article has any more become the words they stand on."""
    articles = list(articles)
    places = {place["id"] for article in articles for place in (article, *article.find_all(id=True))}
    for article in articles:
        for link in article.find_all("a", href=re.compile("^#")):
            if link["href"][1:] not in places:
                link.unwrap()
