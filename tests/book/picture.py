"""The picture of the book in the README: `make picture`, after `make book`."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from helpers.cli.browser import find_browser

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "build" / "synthetic" / "published" / "html" / "notebooks" / "02_efficacy.html"
PICTURE = ROOT / "book" / "picture.png"
WIDTH, HEIGHT = 1280, 820


def main() -> int:
    """Photograph the chapter on efficacy where its curves are."""
    browser = find_browser()
    if not (browser and PAGE.is_file()):
        print("the picture needs Chromium or Chrome, and the bundled cohort's book: make book", file=sys.stderr)
        return 2
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = opened.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(PAGE.as_uri())
        page.locator("#fig-time-to-endpoint").scroll_into_view_if_needed()
        page.evaluate("document.querySelector('#fig-time-to-endpoint').scrollIntoView({block: 'center'})")
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURE)
        opened.close()
    print(PICTURE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
