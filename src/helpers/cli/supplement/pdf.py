"""The supplement as one PDF: A4, tagged, with bookmarks, page numbers in its contents, and no date in it."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from helpers.cli.environment import SOURCE_DATE_EPOCH
from helpers.cli.supplement.chromium import print_page
from helpers.cli.supplement.document import Document, contents, title_page

# Of matplotlib, which every installation has: the same letters on every computer.
FONTS = {
    ("STIXGeneral", "normal", "normal"): "STIXGeneral.ttf",
    ("STIXGeneral", "bold", "normal"): "STIXGeneralBol.ttf",
    ("STIXGeneral", "normal", "italic"): "STIXGeneralItalic.ttf",
    ("STIXGeneral", "bold", "italic"): "STIXGeneralBolIta.ttf",
    ("DejaVu Serif", "normal", "normal"): "DejaVuSerif.ttf",
    ("DejaVu Serif", "bold", "normal"): "DejaVuSerif-Bold.ttf",
    ("DejaVu Sans", "normal", "normal"): "DejaVuSans.ttf",
    ("DejaVu Sans", "bold", "normal"): "DejaVuSans-Bold.ttf",
    ("DejaVu Sans Mono", "normal", "normal"): "DejaVuSansMono.ttf",
}
DATE = re.compile(rb"\(D:\d{14}[+-]\d\d'\d\d'\)")
FIXED_DATE = datetime.fromtimestamp(int(SOURCE_DATE_EPOCH), UTC).strftime("(D:%Y%m%d%H%M%S+00'00')").encode()
NODE = re.compile(rb"\(node\d{8}\)")
MARGINS = "20mm 18mm 18mm"
SMALL = "font: 8pt STIXGeneral, serif; color: #444;"


def make_pdf(document: Document, folder: Path, browser: str) -> bytes:
    """Print the text twice: the second time with the page numbers that the first one gave.

    Returns
    -------
    bytes
        The same text gives the same bytes under the same browser.
    """
    page, printed = folder / "supplement.html", folder / "printed.pdf"
    page.write_text(printable(document, {}), encoding="utf-8")
    print_page(page, printed, browser)
    page.write_text(printable(document, places(printed.read_bytes())), encoding="utf-8")
    print_page(page, printed, browser)
    return finished(printed.read_bytes())


def printable(document: Document, pages: Mapping[str, int]) -> str:
    """The whole text as a page of HTML to print."""
    front = document.front
    head = (
        f'<meta charset="utf-8"><title>{html.escape(front.title)}</title>'
        f"<style>{_fonts()}\n{files('helpers.cli.supplement').joinpath('print.css').read_text('utf-8')}\n"
        f"{_columns()}\n{_page_rules(document)}</style>"
    )
    body = f"{title_page(front)}\n{contents(document, pages)}\n{document.content}"
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def places(content: bytes) -> dict[str, int]:
    """Page numbers, from 1, of the places in a PDF that its links lead to."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    found = reader.named_destinations.items()
    return {name.removeprefix("/"): 1 + reader.get_destination_page_number(place) for name, place in found}


def finished(content: bytes) -> bytes:
    """The same PDF without what two printings differ in: the time, and the numbers of the nodes in the browser.

    Lengths stay, so that every place in the file does; so does the order of the nodes, which a tree is sorted by.

    >>> finished(b"(D:20261124232524+00'00') (node00000364) (node00000365) (node00000364)")
    b"(D:20210823000000+00'00') (node00000001) (node00000002) (node00000001)"
    """
    numbers = {node: rank for rank, node in enumerate(sorted(set(NODE.findall(content))), start=1)}
    content = NODE.sub(lambda match: b"(node%08d)" % numbers[match[0]], content)
    return DATE.sub(FIXED_DATE, content)


def _fonts() -> str:
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return "\n".join(
        f"@font-face {{font-family: '{family}'; font-weight: {weight}; font-style: {style}; "
        f"src: url('{(folder / name).as_uri()}')}}"
        for (family, weight, style), name in FONTS.items()
    )


def _columns(most: int = 20) -> str:
    """Columns that are not left-aligned, as the book's classes name them."""
    sides = (("right", "right"), ("centre", "center"))
    return "\n".join(
        f".{word}-{n} tr > :nth-child({n}) {{text-align: {side}}}" for word, side in sides for n in range(1, most + 1)
    )


def _page_rules(document: Document) -> str:
    """A page style a chapter, upright and turned, with the chapter's name at its head; none on the title page."""
    foot = f"@bottom-center {{content: counter(page); {SMALL}}}"
    left = f"@top-left {{content: {_literal(document.front.running)}; {SMALL}}}"
    rules = [f"@page {{size: A4; margin: {MARGINS}; {foot}}}", "@page :first {@bottom-center {content: none}}"]
    for number, chapter in enumerate(document.chapters):
        right = f"@top-right {{content: {_literal(chapter.heading)}; {SMALL}}}"
        heads = f"margin: {MARGINS}; {foot} {left} {right}"
        rules.append(f"@page c{number} {{size: A4; {heads}}}")
        rules.append(f"@page c{number}t {{size: A4 landscape; {heads}}}")
        rules.append(f"#{_selector(chapter.anchor)} {{page: c{number}}}")
        rules.append(f"#{_selector(chapter.anchor)} .turned {{page: c{number}t}}")
    return "\n".join(rules)


def _literal(text: str) -> str:
    """A text as CSS takes it."""
    return json.dumps(text, ensure_ascii=False)


def _selector(anchor: str) -> str:
    """An anchor as CSS takes it: it may start with a digit.

    >>> _selector("01_cohort")
    '\\\\30 1_cohort'
    """
    return f"\\{ord(anchor[0]):x} {anchor[1:]}" if anchor[0].isdigit() else anchor
