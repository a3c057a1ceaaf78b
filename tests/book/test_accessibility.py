"""What people need who do not see the book, do not use a mouse, read it enlarged or on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from .pages import PAGES, file

pytestmark = pytest.mark.book

# Web Content Accessibility Guidelines 2.2, levels A and AA.
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
PHONE, TABLET, ENLARGED = 360, 768, 640  # CSS pixels; a window of 1280 at 200 % has 640
WEIGHT = 2_000_000  # bytes, with every file that a page loads
STOPS = 160  # presses of the Tab key, enough for every page without a long list
SCROLLING = """() => [...document.querySelectorAll('article *')]
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(e).overflowX))
  .filter((e) => !e.closest('pre, .highlight'))
  .map((e) => `${e.tagName} ${e.className} ${e.querySelector('[id]')?.id}`)"""
FOCUS = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  const ring = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none' || style.boxShadow !== 'none';
  return {tag: at.tagName, text: at.innerText || at.ariaLabel || at.title || '', ring,
          seen: box.width > 0 && box.height > 0, inside: !!at.closest('article'),
          next: !!at.closest('.prev-next-area')};
}"""


@pytest.mark.parametrize("name", PAGES)
def test_no_rule_of_the_guidelines_is_broken(book, open_page, name):
    visit = open_page(file(book, name))
    assert broken(visit.page, WCAG) == []


@pytest.mark.parametrize("name", PAGES)
def test_text_can_be_told_from_its_ground_in_the_dark(book, open_page, name):
    visit = open_page(file(book, name), scheme="dark")
    assert visit.page.locator("html").get_attribute("data-theme") == "dark"
    assert broken(visit.page, CONTRAST) == []


def broken(page, options: dict) -> list[str]:
    """The rules broken, with the first places."""
    page.wait_for_timeout(200)
    found = Axe().run(page, options=options).response["violations"]
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes'][:3]]}" for rule in found]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_on_a_phone_or_enlarged(book, browser, name):
    context = browser.new_context(viewport={"width": TABLET, "height": 800})
    page = context.new_page()
    page.goto(file(book, name).as_uri())
    for width in (TABLET, ENLARGED, PHONE):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(100)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_but_code_scrolls_sideways_inside_a_page_on_a_phone(book, browser, name):
    context = browser.new_context(viewport={"width": PHONE, "height": 800})
    page = context.new_page()
    page.goto(file(book, name).as_uri())
    page.wait_for_timeout(200)
    assert page.evaluate(SCROLLING) == []
    context.close()


def test_a_row_of_a_table_becomes_a_card_whose_cells_say_their_heading(book, browser):
    """At the width of a phone; its parts are still a table's to who hears them."""
    context = browser.new_context(viewport={"width": PHONE, "height": 800})
    page = context.new_page()
    page.goto(file(book, "notebooks/02_efficacy").as_uri())
    cell = page.locator("#tab-s1 td").first
    said = cell.evaluate("(cell) => getComputedStyle(cell, '::before').content")
    assert "Observed mean (SD)" in said
    assert cell.evaluate("(cell) => cell.offsetTop < cell.nextElementSibling.offsetTop")
    assert cell.get_attribute("role") == "cell"
    page.set_viewport_size({"width": 1280, "height": 900})
    assert cell.evaluate("(cell) => getComputedStyle(cell, '::before').content") == "none"
    context.close()


@pytest.mark.parametrize("name", ["intro", "notebooks/05_regression_mediation"])
def test_a_page_can_be_read_by_keyboard_alone(book, open_page, name):
    """Tab leads past the skip link and the contents through the text to the next page; every stop can be seen."""
    page, stops = open_page(file(book, name)).page, []
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))
        if stops[-1]["next"]:
            break
    assert "skip to main content" in stops[0]["text"].lower()
    assert any(stop["inside"] for stop in stops)
    assert stops[-1]["next"]
    hidden = [stop for stop in stops if not (stop["seen"] and stop["ring"])]
    assert hidden == []


def test_the_skip_link_leads_to_the_text(book, open_page):
    page = open_page(file(book, "intro")).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")


def test_a_fold_opens_by_keyboard(book, open_page):
    page = open_page(file(book, "notebooks/01_cohort")).page
    fold = page.locator("details.hide").first
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    assert fold.locator("pre").is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light(book, read_page, name):
    assert read_page(file(book, name))["weight"] < WEIGHT
