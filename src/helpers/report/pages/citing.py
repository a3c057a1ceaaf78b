"""The page on citation, licence and changes, written from ``CITATION.cff`` and ``CHANGELOG.md``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from helpers.report.format import listed
from helpers.report.markdown import escaped, paragraphs

FIELDS = ("title", "journal", "year", "volume", "pages", "doi", "version")
LICENCES = (
    "Code: BSD 3-Clause. Text and figures: [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/). A study’s tables "
    "have the licence that [the page on the data](data.md) names."
)


def citing_page(citation: Mapping[str, Any], changes: str) -> str:
    """The page (Markdown).

    Parameters
    ----------
    citation : mapping
        The contents of ``CITATION.cff`` (Citation File Format 1.2), with the article among its ``references``.
    changes : str
        The text of ``CHANGELOG.md``; its headings move one level down.
    """
    article = citation["references"][0]
    return paragraphs(
        "# Citing, licence, changes",
        "## How to cite",
        "The compendium, with the version that made this book, and the article whose analysis it reconstructs:",
        f"- {_software(citation)}\n- {_article(article)}",
        f"```bibtex\n{bibtex(citation)}\n\n{bibtex(article)}\n```",
        "## Licence",
        LICENCES,
        re.sub(r"^#", "##", changes, flags=re.MULTILINE).replace("## Changelog", "## Changes", 1).strip(),
    )


def bibtex(entry: Mapping[str, Any]) -> str:
    """A software or an article in Citation File Format as BibTeX, written by pybtex.

    >>> print(bibtex({"type": "software", "title": "Things", "version": "1.0", "authors": [{"name": "The authors"}]}))
    @software{compendium,
        author = "{The authors}",
        title = "Things",
        version = "1.0"
    }
    """
    from pybtex.database import BibliographyData, Entry, Person

    article = entry["type"] == "article"
    key = f"{entry['authors'][0]['family-names'].lower()}{entry['year']}" if article else "compendium"
    plain = {**entry, "title": " ".join(entry["title"].split()), "pages": entry.get("start")}
    fields = [(name, str(plain[name])) for name in FIELDS if plain.get(name)]
    people = [Person(_bibtex_name(author)) for author in entry["authors"]]
    made = Entry("article" if article else "software", fields=fields, persons={"author": people})
    return BibliographyData({key: made}).to_string("bibtex").strip()


def _bibtex_name(author: Mapping[str, str]) -> str:
    return f"{author['family-names']}, {author['given-names']}" if "family-names" in author else f"{{{author['name']}}}"


def _short_names(entry: Mapping[str, Any]) -> str:
    names = [
        f"{a['family-names']} {a['given-names'][0]}" if "family-names" in a else a["name"] for a in entry["authors"]
    ]
    return listed([escaped(name) for name in names])


def _software(citation: Mapping[str, Any]) -> str:
    title = escaped(" ".join(citation["title"].split()))
    return f"{_short_names(citation)}. *{title}*. Version {citation['version']}, {citation['license']}."


def _article(entry: Mapping[str, Any]) -> str:
    place = f"*{escaped(entry['journal'])}* {entry['year']};{entry['volume']}:{entry['start']}"
    title = escaped(entry["title"])
    return f"{_short_names(entry)}. {title}. {place}. [{entry['doi']}](https://doi.org/{entry['doi']})"
