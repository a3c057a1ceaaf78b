"""No number is typed into the pages of a book, and each that is said has a way to its rows and functions."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from bs4 import BeautifulSoup, Tag

from helpers.report.printed import numbers

from .pages import CHAPTERS, READ, file

# Written by functions, of which another test reads the code; the tutorial tells of one example file.
WRITTEN = ("methods", "missing", "conventions", "agreement", "trust", "numbers", "functions", "data", "citing")
HOW_TO = "own_data"
TYPED = tuple(page for page in READ if page not in (*WRITTEN, HOW_TO))
# What is computed, what is code, and what numbers a thing; figures and tables come from the rows whole.
COMPUTED = (
    ".computed, .source-link, pre, code, figure, table.results-table, .table-note, .listing-frame, p[id$='-caption'], "
    "script, style"
)
NUMBERED = ".section-number, .caption-number, a.reference, .headerlink"
PAPER = re.compile(r"(Supplementary )?(Figures?|Tables?) [\d, and]+ ?(and Supplementary Table \d )?of\b")
CITATION = "a[href*='references.html#'], a[href*='doi.org']"
# Lists of figures and tables are their captions, that of references is cited; releases of software are names.
LISTS = ("section#figures", "section#tables", ".citation-list")
RELEASE = re.compile(r"Python 3\.\d+|PROCESS \d")


def article(book: Path, page: str) -> Tag:
    return BeautifulSoup(file(book, page).read_text(encoding="utf-8"), "lxml").select_one("article.bd-article")


def typed_numbers(page: Tag) -> list[str]:
    """Text of the blocks that say a number which is neither computed nor cited."""
    for found in page.select(", ".join([*LISTS, COMPUTED])):
        if not found.decomposed:  # with what it stood in
            # A link to a source goes with the sentence that it belongs to.
            (found.parent if "source-link" in found.get("class", []) else found).decompose()
    blocks = [
        b for b in page.find_all(["p", "li", "td", "th", "dd", "dt", "h1", "h2", "h3"]) if not b.find(["p", "li"])
    ]
    blocks = [block for block in blocks if not block.select(CITATION)]
    for block in blocks:
        for found in block.select(NUMBERED):
            found.decompose()
    texts = (" ".join(block.get_text().split()) for block in blocks)
    return [text for text in texts if numbers(RELEASE.sub("", PAPER.sub("", text)))]


@pytest.mark.parametrize("page", TYPED)
def test_no_number_is_typed(book, page):
    assert typed_numbers(article(book, page)) == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>The groups differ by 3.1 points.</p>", 1),
        ("<div class='computed'><p>They differ by 3.1 points.</p></div>", 0),
        ("<p>They differ by 3.1 points <span class='on-screen source-link'><a>source</a></span></p>", 0),
        ("<p>Zhou <a class='reference internal' href='references.html#id3'>2021</a> followed 66 patients.</p>", 0),
        ("<li>IL-6 and IL-12p70</li>", 0),
        ("<td>12 of 33</td>", 1),
    ],
)
def test_a_typed_number_is_found(html, found):
    assert len(typed_numbers(BeautifulSoup(f"<article>{html}</article>", "lxml").article)) == found


@pytest.mark.parametrize("page", ["intro", *CHAPTERS])
def test_every_sentence_with_a_number_leads_to_its_rows_and_functions(book, page):
    links = article(book, page).select(".source-link a")
    assert links
    entries = BeautifulSoup(file(book, "numbers").read_text(encoding="utf-8"), "lxml")
    for link in links:
        target, place = urldefrag(link["href"])
        assert target.endswith("numbers.html")
        entry = entries.find(id=place).find_parent("section")
        assert entry.select("a[href^='functions.html#function-report-']"), place
        assert entry.select("tbody tr") or "No results row: counted from" in entry.get_text(), place


@pytest.mark.parametrize("page", [page for page in WRITTEN if page not in ("numbers", "functions")])
def test_a_page_that_a_function_writes_leads_to_it(book, page):
    (link,) = article(book, page).select(".written-by a")
    assert urldefrag(link["href"])[1].startswith("function-report-pages-")
