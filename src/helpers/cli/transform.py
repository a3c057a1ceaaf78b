"""From an executed notebook to a chapter: exhibits become numbered figures and tables, machinery is folded."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.cli.downloads import PICTURES, TABLES, downloads
from helpers.cli.provenance.origins import labels_of, source_link

# Tags of the cells that are folded away, and what their fold is called.
FOLDED = {
    "injected-parameters": "Parameters of this run",
    "parameters": "Parameters, with their allowed values",
    "setup": "Set-up",
    "write": "Write the results",
}
HIDE = "hide-input"
WIDE = 7  # columns


@dataclass(frozen=True)
class Exhibit:
    """A figure or table of a chapter.

    Attributes
    ----------
    kind : str
        ``figure``, ``table``, or ``listing``, a table with a search of its own.
    name : str
        Its label, for ``{numref}``.
    caption : str
        Markdown; its first sentence is the title in lists.
    file : str
        Picture, CSV table or HTML table, relative to the run's build folder.
    note : str
        Markdown under a table.
    columns : mapping
        Of a table: ``align``, and where there are such ``groups``, ``spanners`` and ``wordy``.
    """

    kind: str
    name: str
    caption: str
    file: str
    note: str = ""
    columns: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def title(self) -> str:
        """The caption's bold opening, else its first sentence.

        >>> Exhibit("table", "tab-1", "Baseline. Mean (SD) unless said.", "tables/tab-1.csv").title
        'Baseline'
        """
        if bold := re.match(r"\*\*(.+?)\*\*", self.caption):
            return bold[1].rstrip(".")
        end = r"(?:(?<=[\w)*%]{2})|(?<=\s\d))\.\s+(?=[A-Z*])"  # not after an initial or `p.`
        first = re.split(end, _one_line(self.caption), maxsplit=1)[0]
        return first.rstrip(".")


def chapter(notebook: dict[str, Any], name: str = "") -> dict[str, Any]:
    """The book's copy of an executed notebook called ``name``; the argument is left as it is.

    Outputs that carry ``metadata.helpers`` become Markdown cells after their code cell: a ``{figure}``,
    ``{results-table}`` or ``{raw}`` directive, or the text itself with a link to its rows. Parameters, set-up and
    writing cells are folded away.

    Raises
    ------
    ValueError
        An output's ``metadata.helpers`` is of no known kind, or lacks its name, caption, file or alternative text.
    """
    labels = labels_of(notebook, name)
    cells = [made for cell in notebook["cells"] for made in _chapter_cells(cell, labels)]
    return {**copy.deepcopy({k: v for k, v in notebook.items() if k != "cells"}), "cells": cells}


def exhibits(notebook: Mapping[str, Any]) -> list[Exhibit]:
    """The figures and tables of an executed notebook, in order."""
    marked = (meta for cell in notebook["cells"] for meta in map(_mark, cell.get("outputs", [])) if meta)
    return [_exhibit(mark) for mark in marked if mark["kind"] != "text"]


def _exhibit(mark: Mapping[str, Any]) -> Exhibit:
    columns = mark.get("columns") or {}
    return Exhibit(mark["kind"], mark["name"], mark["caption"], mark["file"], mark.get("footnote", ""), columns)


def _chapter_cells(original: dict[str, Any], labels: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    cell = copy.deepcopy(original)
    if cell["cell_type"] != "code":
        yield cell
        return
    outputs = original["outputs"]
    cell["outputs"] = [output for output in outputs if not _mark(output)]
    fold = _fold(cell)
    yield _folded(cell, fold) if fold else cell
    marked = [output for output in outputs if _mark(output)]
    for number, output in enumerate(marked, start=1):
        source = DIRECTIVES[_kind(output)](output, labels.get(id(output), ""))
        yield {"cell_type": "markdown", "id": f"{cell.get('id', 'cell')}-{number}", "metadata": {}, "source": source}


def _mark(output: Mapping[str, Any]) -> dict[str, Any]:
    return output.get("metadata", {}).get("helpers", {})


def _kind(output: Mapping[str, Any]) -> str:
    kind, needed = _mark(output).get("kind"), {"figure": ("name", "caption", "file", "alt"), "text": ()}
    if kind not in DIRECTIVES:
        raise ValueError(f"an output is marked as {kind!r}; expected one of {', '.join(DIRECTIVES)}")
    missing = [key for key in needed.get(kind, ("name", "caption", "file")) if not _mark(output).get(key)]
    if missing:
        raise ValueError(f"{kind} {_mark(output).get('name', '(unnamed)')}: lacks {', '.join(missing)}")
    return kind


def _fold(cell: Mapping[str, Any]) -> str:
    """What the fold over a cell's code is called; empty when the code is shown.

    Imports stand in the set-up cell only, so that it is known even untagged.
    """
    tags = set(cell["metadata"].get("tags", []))
    named = [name for tag, name in FOLDED.items() if tag in tags]
    imports = re.search(r"^(import|from) ", "".join(cell["source"]), flags=re.MULTILINE)
    return named[0] if named else FOLDED["setup"] if imports else ""


def _folded(cell: dict[str, Any], name: str) -> dict[str, Any]:
    tags = [tag for tag in cell["metadata"].get("tags", []) if tag != HIDE]
    prompts = {"code_prompt_show": name, "code_prompt_hide": name}
    return {**cell, "metadata": {**cell["metadata"], "tags": [*tags, HIDE], "mystnb": prompts}}


def _text(output: Mapping[str, Any], label: str) -> str:
    """A sentence; one that says a number stands in a block of its own and leads to its rows."""
    text = "".join(output["data"]["text/markdown"])
    return f"(said-{label})=\n\n:::{{container}} computed\n{text}{source_link(label)}\n:::" if label else text


def _figure(output: Mapping[str, Any], label: str) -> str:
    mark = _mark(output)
    options = {"alt": mark["alt"], "name": mark["name"]}
    body = "\n\n".join(filter(None, [mark["caption"].strip(), mark.get("footnote", "").strip()]))
    return _directive("figure", f"/{mark['file']}", options, body) + "\n\n" + _files(mark, PICTURES)


def _table(output: Mapping[str, Any], label: str) -> str:
    """A table of :mod:`helpers.cli.directive`, its note, and its files."""
    mark = _mark(output)
    options = {
        "file": f"/{Path(mark['file']).with_suffix('.html').as_posix()}",
        "name": mark["name"],
        "class": " ".join(["results-table", *_wide(mark.get("columns") or {})]),
    }
    table = _directive("results-table", _one_line(mark["caption"]), options, "")
    note = mark.get("footnote", "").strip()
    noted = f":::{{container}} table-note\n{note}\n:::" if note else ""
    return "\n\n".join(filter(None, [table, noted, _files(mark, TABLES)]))


def _files(mark: Mapping[str, Any], endings: Mapping[str, str]) -> str:
    """The line under a figure or table; its files stand in the published book beside the chapters."""
    stem = f"../{Path(mark['file']).with_suffix('').as_posix()}"
    return _directive("raw", "html", {}, downloads(stem, endings, _exhibit(mark).title, mark.get("source", "")))


def _listing(output: Mapping[str, Any], label: str) -> str:
    """An HTML table as it stands, after a label that pages can link to."""
    mark = _mark(output)
    listed = _directive("raw", "html", {"file": f"../{mark['file']}"}, "")
    return f"({mark['name']})=\n\n{listed}\n\n{_files(mark, TABLES)}"


def _wide(columns: Mapping[str, Any]) -> list[str]:
    """The class of a table with many columns or with sentences in them, which is set smaller.

    >>> _wide({"align": "l" * 9}), _wide({"align": "lr"})
    (['wide-table'], [])
    """
    return ["wide-table"] if len(columns.get("align", "")) >= WIDE or columns.get("wordy") else []


def _directive(name: str, argument: str, options: Mapping[str, str], body: str) -> str:
    """A MyST directive; option values are quoted, so that colons and hashes in them stay text."""
    lines = [f":{key}: {_quoted(value)}" for key, value in options.items()]
    return "\n".join([f"``````{{{name}}} {argument}", *lines, "", body, "``````"]).replace("\n\n\n", "\n\n")


def _one_line(text: str) -> str:
    """Text without line breaks and double spaces; no-break spaces stay, so that a number keeps its unit.

    >>> _one_line("95\\xa0%\\n  interval ")
    '95\\xa0% interval'
    """
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


def _quoted(value: str) -> str:
    text = _one_line(str(value))
    return text if re.fullmatch(r"[\w/.\- ]+", text) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


DIRECTIVES = {"figure": _figure, "table": _table, "listing": _listing, "text": _text}
