"""Write the two pages on where everything comes from, and the front page's sentences with their links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.cli.layout import write_text
from helpers.cli.provenance.calls import name_of
from helpers.cli.provenance.functions_page import functions_page, label_of
from helpers.cli.provenance.numbers_page import numbers_page
from helpers.cli.provenance.origins import Origin, Signed, found_in, said_in, source_link
from helpers.report.printed import numbers

FRONT, FRONT_TITLE, FRONT_SECTION = "intro", "Front page", "What this build shows"
Front = Mapping[str, Sequence[Signed]]


def written_by(function: Callable) -> str:
    """The line under a page of the book that a function writes; leads to that function (Markdown)."""
    name = name_of(function)
    link = f"[`{name.removeprefix('helpers.')}`](#{label_of(name)})"
    return f"\n:::{{container}} on-screen written-by\nThis page was written by {link} when the book was built.\n:::\n"


def write_provenance(
    source: Path,
    notebooks: Mapping[str, Mapping[str, Any]],
    results: Mapping[str, pd.DataFrame],
    front: Front,
    pages: Mapping[str, Callable],
) -> dict[str, str]:
    """Write ``numbers.md`` and ``functions.md`` and return the front page's sentences (Markdown).

    Parameters
    ----------
    source : Path
        The book's source folder.
    notebooks : mapping of str to dict
        Executed notebooks by name.
    results : mapping of str to DataFrame
        Results rows by notebook.
    front : mapping of str to sequence of Signed
        Sentences of the front page by the name of their substitution.
    pages : mapping of str to callable
        The functions that write pages of the book, by page.
    """
    found = [origin for name, notebook in notebooks.items() for origin in found_in(notebook, name)]
    own = _own(front, found)
    said = [*own, *(origin for origin in found if origin.kind == "text")]
    titles = {name: _title(notebook) for name, notebook in notebooks.items()} | {FRONT: FRONT_TITLE}
    write_text(source / "numbers.md", numbers_page(said, results, titles))
    whole = [Origin("", name, "", "page", "", name_of(write), (), (), "") for name, write in pages.items()]
    write_text(source / "functions.md", functions_page([*own, *found, *whole]))
    labels = {origin.source: origin.label for origin in reversed(said)}
    return {name: _linked(sentences, labels) for name, sentences in front.items()}


def _own(front: Front, found: Iterable[Origin]) -> list[Origin]:
    """Origins of the front page's sentences that no chapter has."""
    known = {origin.source for origin in found}
    every = [sentence for sentences in front.values() for sentence in sentences]
    own = [item for item in every if numbers(item.markdown) and item.source not in known]
    return [said_in(item, FRONT, FRONT_SECTION) for item in own]


def _linked(sentences: Sequence[Signed], labels: Mapping[str, str]) -> str:
    """One sentence as it stands, several as a list, each with the link to its source."""
    parts = [item.markdown + (source_link(labels[item.source]) if item.source in labels else "") for item in sentences]
    return parts[0] if len(parts) == 1 else "\n".join(f"- {part}" for part in parts)


def _title(notebook: Mapping[str, Any]) -> str:
    first = "".join(notebook["cells"][0]["source"])
    return re.search(r"^# +(.+)$", first, flags=re.MULTILINE)[1]
