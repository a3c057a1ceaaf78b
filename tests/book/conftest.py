"""The books of both bundled studies, up to date, and a browser to read them with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
STUDIES = ("data/synthetic", "data/pbc")
FACTS = Path(__file__).with_name("facts.js").read_text(encoding="utf-8")
LOCAL = ("file:", "data:", "blob:", "about:")


@dataclass
class Visit:
    """A page as a reader sees it, with what the browser complained of and asked for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def watch(self) -> Visit:
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("requestfailed", lambda request: self.errors.append(f"not loaded: {request.url}"))
        self.page.on("request", lambda request: self.requests.append(request.url))
        return self

    @property
    def weight(self) -> int:
        """Bytes of the page and of every file that it loaded."""
        files = {unquote(urlsplit(url).path) for url in self.requests if url.startswith("file:")}
        return sum(Path(name).stat().st_size for name in files)

    @property
    def left_the_machine(self) -> list[str]:
        return [url for url in self.requests if not url.startswith(LOCAL)]


@pytest.fixture(scope="session", params=STUDIES)
def book(request, built) -> Path:
    """Folder of the built book of a study; built, or brought up to date, through the command line."""
    return (built(request.param) / "html").resolve()


@contextmanager
def _visit(browser: Browser, path: Path, query: str = "", scheme: str = "light") -> Iterator[Visit]:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 900})
    try:
        visit = Visit(context.new_page()).watch()
        visit.page.goto(path.as_uri() + query, wait_until="load")
        yield visit
    finally:
        context.close()


@pytest.fixture
def open_page(browser):
    """Open a page of the book over ``file://``, to use it."""
    with ExitStack() as stack:
        yield lambda *given, **options: stack.enter_context(_visit(browser, *given, **options))


@pytest.fixture(scope="session")
def read_page(browser):
    """What a page of the book shows; each page is opened once, however many tests ask."""

    @cache
    def read(path: Path) -> dict:
        with _visit(browser, path) as visit:
            visit.page.wait_for_timeout(150)
            shown = visit.page.evaluate(FACTS)
            return {**shown, "errors": visit.errors, "outside": visit.left_the_machine, "weight": visit.weight}

    return read
