"""Links of a compiled book that lead nowhere; Sphinx checks those it knows, not those inside HTML tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

HREF = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')
ANCHOR = re.compile(r'\b(?:id|name)="([^"]+)"')


def dead_links(book: Path) -> list[str]:
    """Links between files of a book that have no file, or no such place in it: ``page: link``, each once."""
    return list(dict.fromkeys(found for page in sorted(book.rglob("*.html")) for found in _dead_of(page, book)))


def _dead_of(page: Path, book: Path) -> Iterator[str]:
    for link in dict.fromkeys(HREF.findall(page.read_text(encoding="utf-8"))):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = page.parent / unquote(parts.path) if parts.path else page
        if not target.exists() or (parts.fragment and not _has(target.resolve(), unquote(parts.fragment))):
            yield f"{page.relative_to(book).as_posix()}: {link}"


def _has(page: Path, anchor: str) -> bool:
    return page.suffix != ".html" or anchor in _anchors(page)


@cache
def _anchors(page: Path) -> frozenset[str]:
    return frozenset(ANCHOR.findall(page.read_text(encoding="utf-8")))
