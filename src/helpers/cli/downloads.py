"""The line under a figure or table of a page: its files to take away, the function and the run that made it."""

from __future__ import annotations

import html
from collections.abc import Mapping

from helpers.cli.provenance.calls import function_at, name_of
from helpers.cli.provenance.functions_page import label_of

# What a link is called, and how the file ends.
PICTURES = {"SVG": ".svg", "PDF": ".pdf", "PNG": ".png"}
TABLES = {"CSV": ".csv", "Word": ".docx"}


# The page of the book's research object, on which every file that a notebook left has its place.
PREVIEW = "ro-crate-preview.html"


def anchor(name: str) -> str:
    """Where a file of the book is on that page; see :func:`downloads`."""
    return name.removeprefix("../").replace("/", "-").replace(".", "-")


def downloads(stem: str, endings: Mapping[str, str], title: str, source: str = "") -> str:
    """The line, as HTML; no part of a supplement on paper.

    Parameters
    ----------
    stem : str
        Where the files are from a chapter, without their endings: ``../tables/tab-1``.
    endings : mapping of str to str
        :data:`PICTURES` or :data:`TABLES`.
    title : str
        What it is, for a reader who hears the links one by one.
    source : str
        Full name of the function that made it; empty when unknown.

    Examples
    --------
    >>> downloads("../tables/tab-1", {"CSV": ".csv"}, "Baseline")
    '<p class="on-screen downloads"><a href="../tables/tab-1.csv" download aria-label="CSV: Baseline">CSV</a></p>'
    >>> anchor("../tables/tab-1.csv")
    'tables-tab-1-csv'
    """
    said = html.escape(title.replace("*", ""))
    links = [
        f'<a href="{stem}{ending}" download aria-label="{words}: {said}">{words}</a>'
        for words, ending in endings.items()
    ]
    if source:
        place = f"../functions.html#{label_of(name_of(function_at(source)))}"
        links.append(f'<a href="{place}" aria-label="Code: {said}">Code</a>')
        run = f"../{PREVIEW}#{anchor(stem + next(iter(endings.values())))}"
        links.append(f'<a href="{run}" aria-label="Run: {said}">Run</a>')
    return f'<p class="on-screen downloads">{" · ".join(links)}</p>'
