"""From a page for the screen to a text for paper: no code, nothing to click, nothing folded away."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from helpers.cli.paste import HEADING as COPIED
from helpers.cli.supplement.fit import joined, side_of

# Never on paper; ``on-screen`` marks what only makes sense on a page that can be clicked.
DROPPED = "style, script, button, noscript, a.headerlink, .toctree-wrapper, .on-screen"
# Sections that lead to the next page, or repeat the methods for copying.
ON_SCREEN = ("Next", COPIED)


def reduce_page(article: Tag) -> None:
    """Take out of a page, in place, what does not belong on paper, and open what is folded."""
    for found in article.select(DROPPED):
        found.decompose()
    _drop_parameters(article)
    _drop_code(article)
    for fold in article.select("details"):
        _open(fold)
    for section in article.select("section"):
        if (heading := section.find("h2", recursive=False)) and _words(heading) in ON_SCREEN:
            section.decompose()
    for block in article.select("pre"):
        block.string = block.get_text().strip("\n")
    for item in article.find_all("li"):
        _unwrap_only_paragraph(item)
    _plain_links(article)
    _plain_tables(article)


def _drop_parameters(article: Tag) -> None:
    """Of the section on a notebook's parameters, keep what the run says of them, not how they are set."""
    if not (cell := article.select_one("div.cell.tag_parameters")):
        return
    heading = cell.find_parent("section").find(["h2", "h3"], recursive=False)
    for sibling in list(cell.previous_siblings):
        if sibling is heading:
            break
        sibling.extract()


def _drop_code(article: Tag) -> None:
    """Of a cell keep what it printed."""
    for cell in article.select("div.cell"):
        for part in cell.select("details.hide, .cell_input"):
            if not part.decomposed:
                part.decompose()
        cell.unwrap() if cell.get_text(strip=True) or cell.find("img") else cell.decompose()


def _open(fold: Tag) -> None:
    """A fold becomes its content under its name."""
    summary = fold.find("summary", recursive=False)
    if summary:
        summary.name = "p"
        summary.attrs = {"class": ["fold-name"]}
        summary.string = summary.get_text(" ", strip=True)
    fold.name, fold.attrs = "div", {}


def _plain_links(article: Tag) -> None:
    """A link whose words change their style within is set in one.

    Chromium gives each style its own rectangle to click, or one to all: which of both is not always the same, and with
    it the numbers of everything that follows in the PDF.
    """
    for link in article.select("a[href]:has(em, strong, i, b)"):
        link.string = link.get_text()


def _plain_tables(article: Tag) -> None:
    """Tables without frames that scroll; one that could be searched gets its caption inside; cells hold text."""
    for frame in article.select(".pst-scrollable-table-container, .listing-frame"):
        frame.unwrap()
    for table in article.select("table.listing"):
        said = article.select_one(f"p[id$='{table['id']}-caption']").extract()
        said.name, said.attrs = "caption", {}
        table.insert(0, said)
        del table["aria-describedby"]
    for cell in article.find_all(["th", "td"]):
        _unwrap_only_paragraph(cell)
    breaks = BeautifulSoup("", "lxml")
    for heading in article.select("th.gt_group_heading"):  # over rows: a Word file has headings of columns only
        for words in heading.find_all(string=True):
            words.wrap(breaks.new_tag("strong"))
    for small in article.find_all("small"):
        small.insert_before(breaks.new_tag("br"))
    for head in article.find_all("thead"):
        for heading in head.find_all("th"):
            heading["scope"] = heading.get("scope", "col")
    for table in article.find_all("table"):
        _join_numbers(table)


def _unwrap_only_paragraph(holder: Tag) -> None:
    paragraphs = holder.find_all("p", recursive=False)
    if len(paragraphs) == 1:
        paragraphs[0].unwrap()


def _join_numbers(table: Tag) -> None:
    """In cells that are not left-aligned, a number and its interval stay on one line."""
    for cell in (table.tbody or table).find_all("td"):
        if side_of(cell) and cell.string:
            cell.string = joined(cell.string)


def _words(heading: Tag) -> str:
    """A heading without its number.

    >>> _words(BeautifulSoup('<h2><span class="section-number">1.2. </span>Next</h2>', "lxml").h2)
    'Next'
    """
    parts = (piece for piece in heading.find_all(string=True) if "section-number" not in piece.parent.get("class", []))
    return "".join(parts).strip()


def heading_words(heading: Tag) -> str:
    """A heading as it is read, its number first."""
    return " ".join(heading.get_text().split())
