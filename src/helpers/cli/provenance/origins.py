"""Where everything that a chapter shows comes from, read from its executed notebook."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from docutils.nodes import make_id

from helpers.cli.provenance.calls import function_at, functions_behind, name_of
from helpers.report.printed import numbers

Key = tuple[str, ...]


class Signed(Protocol):
    """What a sentence has to know: its words, the rows it read, the function that wrote it."""

    markdown: str
    read: tuple[Key, ...]
    source: str


@dataclass(frozen=True)
class Origin:
    """One figure, table or sentence.

    Attributes
    ----------
    label : str
        Unique in the book; sentences are labelled ``said-<label>``, their rows ``rows-<label>``.
    chapter : str
        Name of the notebook; ``intro`` for the front page.
    section : str
        The heading it stands under.
    kind : str
        ``figure``, ``table``, ``listing``, ``text`` or ``page``, a page of the book that a function writes.
    name : str
        Label of a figure or table; empty for a sentence.
    source : str
        Full name of the function that made it.
    behind : tuple of str
        Full names of the functions whose results that function was given.
    read : tuple of tuple of str
        Keys of the results rows that a sentence's numbers are from.
    markdown : str
        A sentence's words; the caption of a figure or table.
    """

    label: str
    chapter: str
    section: str
    kind: str
    name: str
    source: str
    behind: tuple[str, ...]
    read: tuple[Key, ...]
    markdown: str


def found_in(notebook: Mapping[str, Any], chapter: str) -> list[Origin]:
    """The figures, tables and sentences of an executed notebook that say which function made them, in order."""
    behind = functions_behind(_code(notebook))
    return [
        Origin(label, chapter, section, mark["kind"], mark.get("name", ""), mark["source"],
               behind.get(name_of(function_at(mark["source"])), ()), tuple(map(tuple, mark.get("read", ()))),
               mark.get("caption") or _words(output))
        for section, output, mark, label in _signed(notebook, chapter)
    ]  # fmt: skip


def said_in(exhibit: Signed, page: str, section: str) -> Origin:
    """The origin of a sentence that stands on a page of the book itself, not in a notebook."""
    label = _label(page, exhibit.source)
    return Origin(label, page, section, "text", "", exhibit.source, (), exhibit.read, exhibit.markdown)


def labels_of(notebook: Mapping[str, Any], chapter: str) -> dict[int, str]:
    """The labels of a notebook's outputs by the identity of the output."""
    return {id(output): label for _, output, _, label in _signed(notebook, chapter)}


def source_link(label: str) -> str:
    """Markdown that leads from a sentence to its rows, section and functions."""
    return f" [[source](#rows-{label})]{{.on-screen .source-link}}"


def place_of(origin: Origin) -> str:
    """Where a link to a sentence leads: the sentence in its chapter, the section on a page of the book itself."""
    if origin.chapter[0].isdigit():
        return f"#said-{origin.label}"
    return f"{origin.chapter}.md#{make_id(origin.section)}"


def _signed(notebook: Mapping[str, Any], chapter: str) -> Iterator[tuple[str, Mapping, Mapping, str]]:
    """Section, output, its mark and its label, of every output that is signed."""
    section, seen = "", Counter()
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            section = _last_heading("".join(cell["source"])) or section
        for output in cell.get("outputs", []):
            mark = output.get("metadata", {}).get("helpers", {})
            if not mark.get("source") or (mark["kind"] == "text" and not numbers(_words(output))):
                continue
            label = _label(chapter, mark["source"])
            seen[label] += 1
            yield section, output, mark, label if seen[label] == 1 else f"{label}-{seen[label]}"


def _label(chapter: str, source: str) -> str:
    """``02-text-efficacy-endpoints``.

    >>> _label("02_efficacy", "helpers.report.text.efficacy.endpoints")
    '02-text-efficacy-endpoints'
    """
    return f"{chapter.partition('_')[0]}-{make_id(source.removeprefix('helpers.report.'))}"


def _last_heading(markdown: str) -> str:
    found = re.findall(r"^#+ +(.+?) *$", markdown, flags=re.MULTILINE)
    return found[-1] if found else ""


def _code(notebook: Mapping[str, Any]) -> list[str]:
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _words(output: Mapping[str, Any]) -> str:
    return "".join(output["data"].get("text/markdown", ""))
