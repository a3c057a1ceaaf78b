"""The books of both bundled studies, up to date, and a browser to read them with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from helpers.cli.browser import find_browser

ROOT = Path(__file__).resolve().parents[2]
STUDIES = ("data/synthetic", "data/pbc")
FACTS = Path(__file__).with_name("facts.js").read_text(encoding="utf-8")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Whatever would leave the machine fails at once, and is recorded before it does.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
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
    def left_the_machine(self) -> list[str]:
        return [url for url in self.requests if not url.startswith(LOCAL)]


@pytest.fixture(scope="session", params=STUDIES)
def book(request, built) -> Path:
    """Folder of the built book of a study; built, or brought up to date, through the command line."""
    return (built(request.param) / "html").resolve()


@pytest.fixture(scope="session")
def browser(tmp_path_factory) -> Iterator[Browser]:
    executable = find_browser()
    assert executable, "no Chromium or Chrome: `make test` says what to install"
    home = str(tmp_path_factory.mktemp("browser"))
    environment = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home}
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=executable, args=list(FLAGS), env=environment)
        yield opened
        opened.close()


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
            return {**shown, "errors": visit.errors, "outside": visit.left_the_machine}

    return read
