"""A book's figures as PDF and as pictures of points, from the drawings that its notebooks made (SVG)."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from pathlib import Path

from helpers.cli.errors import RunError
from helpers.cli.supplement.chromium import print_page
from helpers.cli.supplement.pdf import finished

PRINT_DPI, WORD_DPI = 600, 300


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of a drawing in points.

    >>> size_of('<svg height="216pt" version="1.1" width="493.2pt">')
    (493.2, 216.0)
    """
    (opening,) = re.findall(r"<svg\b[^>]*>", svg)[:1]
    width, height = (re.search(rf'\b{side}="([\d.]+)pt"', opening) for side in ("width", "height"))
    return float(width[1]), float(height[1])


def to_pdf(drawings: Mapping[str, Path], folder: Path, browser: str) -> dict[str, bytes]:
    """Each drawing as a PDF of its own size, by name; all are printed at once, in ``folder``.

    Raises
    ------
    RunError
        The browser did not give one page a drawing.
    """
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import RectangleObject

    sizes = {name: size_of(path.read_text(encoding="utf-8")) for name, path in drawings.items()}
    page, printed = folder / "drawings.html", folder / "drawings.pdf"
    page.write_text(_sheet(drawings, sizes), encoding="utf-8")
    print_page(page, printed, browser)
    sheets = PdfReader(io.BytesIO(finished(printed.read_bytes()))).pages
    if len(sheets) != len(drawings):
        raise RunError(f"{browser} printed {len(drawings)} figures on {len(sheets)} pages")
    made = {}
    for sheet, (name, (width, height)) in zip(sheets, sizes.items(), strict=True):
        writer = PdfWriter()
        one = writer.add_page(sheet)
        top = float(one.mediabox.top)
        for box in ("mediabox", "cropbox", "trimbox", "bleedbox", "artbox"):
            setattr(one, box, RectangleObject((0, top - height, width, top)))
        writer.metadata = None
        stream = io.BytesIO()
        writer.write(stream)
        made[name] = stream.getvalue()
    return made


def to_png(pdf: bytes, dpi: int) -> bytes:
    """The first page of a PDF as a picture."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        size = [round(side * dpi / 72) for side in document[0].get_size()]
        # Its own size is rounded up, of numbers that are a hair too large.
        picture = document[0].render(scale=dpi / 72).to_pil().convert("RGB").crop((0, 0, *size))
    finally:
        document.close()
    stream = io.BytesIO()
    picture.save(stream, "PNG", dpi=(dpi, dpi), optimize=False)
    return stream.getvalue()


def _sheet(drawings: Mapping[str, Path], sizes: Mapping[str, tuple[float, float]]) -> str:
    """A page of HTML with one drawing a printed page, each page a little larger than its drawing."""
    rules, pictures = [], []
    for number, (name, path) in enumerate(drawings.items()):
        width, height = sizes[name]
        rules.append(f"@page p{number} {{size: {width + 2:g}pt {height + 2:g}pt; margin: 0}}")
        style = f"page: p{number}; width: {width:g}pt; height: {height:g}pt"
        pictures.append(f'<img style="{style}" alt="" src="{path.resolve().as_uri()}">')
    style = "body {margin: 0} img {display: block; break-inside: avoid}"
    return f"<!DOCTYPE html><meta charset=utf-8><style>{style}\n{chr(10).join(rules)}</style>{''.join(pictures)}"
