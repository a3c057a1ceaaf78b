"""From an executed notebook to a chapter: exhibits become numbered figures and tables, machinery is folded."""

from __future__ import annotations

import copy
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Tags of the cells that are folded away, and what their fold is called.
FOLDED = {
    "injected-parameters": "Parameters of this run",
    "parameters": "Parameters, with their allowed values",
    "setup": "Set-up",
    "write": "Write the results",
}
HIDE = "hide-input"
# What a figure is saved as, and what its links are called.
PICTURES = {"SVG": ".svg", "PDF": ".pdf", "PNG": ".png"}
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
    """

    kind: str
    name: str
    caption: str
    file: str

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


def chapter(notebook: dict[str, Any]) -> dict[str, Any]:
    """The book's copy of an executed notebook; the argument is left as it is.

    Outputs that carry ``metadata.helpers`` become Markdown cells after their code cell: a ``{figure}``,
    ``{csv-table}`` or ``{raw}`` directive, or the text itself. Parameters, set-up and writing cells are folded away.

    Raises
    ------
    ValueError
        An output's ``metadata.helpers`` is of no known kind, or lacks its name, caption, file or alternative text.
    """
    cells = [made for cell in notebook["cells"] for made in _chapter_cells(copy.deepcopy(cell))]
    return {**copy.deepcopy({k: v for k, v in notebook.items() if k != "cells"}), "cells": cells}


def exhibits(notebook: Mapping[str, Any]) -> list[Exhibit]:
    """The figures and tables of an executed notebook, in order."""
    marked = (meta for cell in notebook["cells"] for meta in map(_mark, cell.get("outputs", [])) if meta)
    return [Exhibit(m["kind"], m["name"], m["caption"], m["file"]) for m in marked if m["kind"] != "text"]


def _chapter_cells(cell: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if cell["cell_type"] != "code":
        yield cell
        return
    outputs = cell["outputs"]
    cell["outputs"] = [output for output in outputs if not _mark(output)]
    fold = _fold(cell)
    yield _folded(cell, fold) if fold else cell
    marked = [output for output in outputs if _mark(output)]
    for number, output in enumerate(marked, start=1):
        source = DIRECTIVES[_kind(output)](output)
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


def _text(output: Mapping[str, Any]) -> str:
    return "".join(output["data"]["text/markdown"])


def _figure(output: Mapping[str, Any]) -> str:
    mark = _mark(output)
    options = {"alt": mark["alt"], "name": mark["name"]}
    body = "\n\n".join(filter(None, [mark["caption"].strip(), mark.get("footnote", "").strip()]))
    return _directive("figure", f"/{mark['file']}", options, body) + "\n\n" + _downloads(mark)


def _downloads(mark: Mapping[str, Any]) -> str:
    """A line of links to the files of a figure, which stand in the published book beside its chapters."""
    title = html.escape(Exhibit("figure", mark["name"], mark["caption"], mark["file"]).title)
    stem = f"../{mark['file'].rpartition('.')[0]}"
    links = " · ".join(
        f'<a href="{stem}{ending}" aria-label="{name} of the figure: {title}">{name}</a>'
        for name, ending in PICTURES.items()
    )
    return _directive("raw", "html", {}, f'<p class="on-screen downloads">{links}</p>')


def _table(output: Mapping[str, Any]) -> str:
    mark = _mark(output)
    columns = mark.get("columns") or {}
    options = {
        "file": f"/{mark['file']}",
        "header-rows": str(columns.get("header_rows", 1)),
        "widths": "auto",
        "name": mark["name"],
        "class": " ".join(["results-table", *_wide(columns), *_alignment(columns.get("align", ""))]),
    }
    table = _directive("csv-table", _one_line(mark["caption"]), options, "")
    note = mark.get("footnote", "").strip()
    return f"{table}\n\n:::{{container}} table-note\n{note}\n:::" if note else table


def _listing(output: Mapping[str, Any]) -> str:
    """An HTML table as it stands, after a label that pages can link to."""
    mark = _mark(output)
    return f"({mark['name']})=\n\n" + _directive("raw", "html", {"file": f"../{mark['file']}"}, "")


def _wide(columns: Mapping[str, Any]) -> list[str]:
    """The class of a table with many columns or with sentences in them, which is set smaller.

    >>> _wide({"align": "l" * 9}), _wide({"align": "lr"})
    (['wide-table'], [])
    """
    return ["wide-table"] if len(columns.get("align", "")) >= WIDE or columns.get("wordy") else []


def _alignment(letters: str) -> list[str]:
    """One class a column that is not left-aligned; the style sheet knows them.

    >>> _alignment("lrc")
    ['right-2', 'centre-3']
    """
    words = {"r": "right", "c": "centre"}
    return [f"{words[letter]}-{number}" for number, letter in enumerate(letters, start=1) if letter in words]


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
