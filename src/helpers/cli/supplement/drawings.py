"""A figure as a picture of points, which Word files hold, from the PDF that its notebook saved."""

from __future__ import annotations

import io

WORD_DPI = 300


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
