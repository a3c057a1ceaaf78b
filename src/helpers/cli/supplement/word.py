"""The supplement as a Word file: real tables, captions, heading styles and alternative texts."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from helpers.cli.supplement.document import Document, list_lines
from helpers.cli.supplement.drawings import WORD_DPI, to_png
from helpers.cli.supplement.fit import cells, side_of
from helpers.cli.supplement.pandoc import run_pandoc
from helpers.cli.supplement.word_finish import finished
from helpers.cli.supplement.word_style import LINE, NOTE, NOTICE, write_reference


@dataclass(frozen=True)
class Writer:
    """What Word files are written with: pandoc's path, and a folder for what lies between."""

    pandoc: str
    folder: Path


def supplement(document: Document, drawings: Mapping[str, bytes], writer: Writer) -> bytes:
    """The whole text; ``drawings`` has each figure as PDF by the name of its file."""
    front = document.front
    title = (("Title", front.title), ("Subtitle", front.subtitle), (NOTICE, front.notice))
    lines = [_styled(style, html.escape(text)) for style, text in title if text]
    lines += [f"<p>{line}</p>" for line in front.lines]
    for name, items in list_lines(document).items():
        lines.append(f"<{'h1' if name == 'Contents' else 'h2'}>{name}</{'h1' if name == 'Contents' else 'h2'}>")
        lines += [_styled(LINE, f'<a href="#{place}">{html.escape(words)}</a>') for place, words in items]
    return write_word("\n".join([*lines, document.content]), front.title, front.running, drawings, writer)


def write_word(content: str, title: str, header: str, drawings: Mapping[str, bytes], writer: Writer) -> bytes:
    """HTML as a Word file.

    Returns
    -------
    bytes
        The same text and drawings give the same bytes.
    """
    body = BeautifulSoup(content, "lxml").body
    _prepare(body, drawings, writer.folder)
    source, made, reference = (writer.folder / name for name in ("word.html", "word.docx", "reference.docx"))
    page = f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"></head>{body}</html>'
    source.write_text(page, encoding="utf-8")
    write_reference(reference, writer.pandoc, header)
    run_pandoc(writer.pandoc, "-f", "html", "-t", "docx", "--reference-doc", reference, "-o", made, source)
    return finished(made, title, [cells(table) for table in body.find_all("table")])


def _prepare(body: Tag, drawings: Mapping[str, bytes], folder: Path) -> None:
    """What pandoc is to see: pictures of points, alignment on the cells, notes in a style of their own."""
    for picture in body.find_all("img"):
        name = PurePosixPath(unquote(urlsplit(picture["src"]).path)).stem
        path = folder / f"{name}.png"
        path.write_bytes(to_png(drawings[name], WORD_DPI))
        picture["src"] = str(path)
    for number in body.select("span.caption-number"):
        number.name, number.attrs = "strong", {}
    for table in body.find_all("table"):
        _align(table)
    for note in body.select("div.table-note"):
        note["data-custom-style"] = NOTE


def _align(table: Tag) -> None:
    for cell in table.find_all(["th", "td"]):
        if side := side_of(cell):
            cell["style"] = f"text-align: {side}"


def _styled(style: str, content: str) -> str:
    return f'<div data-custom-style="{style}"><p>{content}</p></div>'
