"""The built books, read in a browser over ``file://``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

pytestmark = pytest.mark.book

CHAPTERS = (
    "notebooks/01_cohort",
    "notebooks/02_efficacy",
    "notebooks/03_baseline_cytokines",
    "notebooks/04_longitudinal_cytokines",
    "notebooks/05_regression_mediation",
)
PAGES = ("index", "intro", *CHAPTERS, "methods", "data", "references", "genindex", "search")
# What the paper shows, by the label of its figure or table; the controls' and the pain scale's are not for every study.
EVERYWHERE = {
    "notebooks/01_cohort": {"fig-flow", "fig-missing", "tab-1"},
    "notebooks/02_efficacy": {"tab-s1", "tab-endpoints"},
    "notebooks/03_baseline_cytokines": {"fig-baseline-cytokines", "tab-s2"},
    "notebooks/04_longitudinal_cytokines": {"tab-2", "tab-s3"},
    "notebooks/05_regression_mediation": {"tab-regressions"},
}
KETAMINE_ONLY = {"notebooks/05_regression_mediation": {"fig-mediation", "tab-mediation"}}

VISIBLE_TEXT = """() => {
  const copy = document.querySelector('article').cloneNode(true);
  copy.querySelectorAll('div.highlight, script, style').forEach(e => e.remove());
  document.body.appendChild(copy);
  const text = copy.innerText;
  copy.remove();
  return text;
}"""
EMPTY_SECTIONS = """() => [...document.querySelectorAll('article section')].filter(section => {
  const rest = [...section.children].filter(e => !/^H[1-6]$/.test(e.tagName) && e.tagName !== 'SPAN');
  return !rest.some(e => e.innerText.trim() || e.querySelector('img'));
}).map(section => section.id)"""
HEADING_AFTER_HEADING = """() => {
  const empty = [];
  for (const section of document.querySelectorAll('article section')) {
    const children = [...section.children].filter(e => e.tagName !== 'SPAN');
    if (children.length === 1) empty.push(section.id);
  }
  return empty;
}"""
PICTURES = "() => [...document.querySelectorAll('img')].map(i => ({alt: i.alt, src: i.src, width: i.naturalWidth}))"
CAPTIONS = """() => Object.fromEntries(
  [...document.querySelectorAll('figure[id], table[id]')].map(e => {
    const number = e.querySelector('.caption-number');
    const text = e.querySelector('.caption-text');
    return [e.id, [number ? number.innerText : '', text ? text.innerText : '']];
  }))"""
# A p value to three places, a statistic to two or three; more than four is a number nobody formatted.
RAW_FLOAT = re.compile(r"(?<![\d./-])-?\d+\.\d{5,}(?![\d.])|\d(?:\.\d+)?e[-+]\d\d")
TROUBLE = re.compile(r"Traceback|Warning:|\bError:|\bnan\b|\bNaN\b|\bNone\b|\{\{|\}\}|<NA>|np\.float")


def file(book: Path, page: str) -> Path:
    return book / f"{page}.html"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_quietly_and_asks_nobody(book, open_page, name):
    visit = open_page(file(book, name))
    visit.page.wait_for_timeout(200)
    assert visit.errors == []
    assert visit.left_the_machine == []
    assert visit.page.title()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_names_a_script_or_style_of_another_host(book, name):
    html = file(book, name).read_text(encoding="utf-8")
    assert re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"'](?:https?:)?//[^\"']+", html) == []
    assert not re.search(r"unpkg|jsdelivr|cdnjs|googleapis|mathjax", html, flags=re.IGNORECASE)


@pytest.mark.parametrize("name", [p for p in PAGES if p not in ("index", "genindex", "search")])
def test_what_a_reader_sees_is_formatted_and_complete(book, open_page, name):
    page = open_page(file(book, name)).page
    text = page.evaluate(VISIBLE_TEXT)
    assert len(text) > 100
    assert [match[0] for match in RAW_FLOAT.finditer(text)] == []
    assert [_around(text, match) for match in TROUBLE.finditer(text)] == []
    assert page.evaluate(EMPTY_SECTIONS) == []
    assert page.evaluate(HEADING_AFTER_HEADING) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_has_an_alternative_text_and_is_there(book, open_page, name):
    for picture in open_page(file(book, name)).page.evaluate(PICTURES):
        assert len(picture["alt"].strip()) > 3, picture["src"]
        assert Path(picture["src"]).stem not in picture["alt"]
        assert picture["width"] > 0, picture["src"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_figures_and_tables_are_there_numbered_and_captioned(book, open_page, name):
    visit = open_page(file(book, name))
    shown = visit.page.evaluate(CAPTIONS)
    expected = EVERYWHERE[name] | (KETAMINE_ONLY.get(name, set()) if _is_synthetic(book) else set())
    assert expected <= set(shown)
    chapter = CHAPTERS.index(name) + 1
    for label, (number, caption) in shown.items():
        kind = "Figure" if label.startswith("fig") else "Table"
        assert re.fullmatch(rf"{kind} {chapter}\.\d+", number.strip()), label
        assert len(caption) > 10, label


@pytest.mark.parametrize("name", CHAPTERS)
def test_made_data_are_called_so_on_every_figure_and_table(book, open_page, name):
    if not _is_synthetic(book):
        pytest.skip("real data carry no such notice")
    captions = open_page(file(book, name)).page.evaluate(CAPTIONS)
    assert [label for label, (_, text) in captions.items() if "synthetic" not in text.lower()] == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_parameters_and_set_up_are_folded_and_open_on_a_click(book, open_page, name):
    page = open_page(file(book, name)).page
    folds = page.locator("details.hide")
    titles = [" ".join(text.split()) for text in folds.locator("summary").all_inner_texts()]
    assert {"Parameters, with their allowed values", "Parameters of this run", "Set-up"} <= set(titles)
    first = folds.first
    assert not first.locator("pre").is_visible()
    first.locator("summary").click()
    assert first.locator("pre").is_visible()


def test_search_finds_a_word(book, open_page):
    visit = open_page(book / "search.html", "?q=missing")
    visit.page.wait_for_selector("#search-results li a")
    assert visit.page.locator("#search-results li a").count() >= 1
    assert visit.errors == []
    assert visit.left_the_machine == []


def test_search_starts_from_any_page(book, open_page):
    page = open_page(file(book, "methods")).page
    page.keyboard.press("Control+k")
    page.keyboard.type("missing")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li a")
    assert "search.html" in page.url


def test_the_dark_mode_switch_works(book, open_page):
    visit = open_page(file(book, CHAPTERS[0]))
    html = visit.page.locator("html")
    seen = set()
    for _ in range(3):
        visit.page.locator("button.theme-switch-button:visible").first.click()
        seen.add(html.get_attribute("data-theme"))
    assert seen == {"light", "dark"}
    assert visit.errors == []


def test_a_reader_who_prefers_dark_gets_it(book, open_page):
    page = open_page(file(book, "intro"), scheme="dark").page
    assert page.locator("html").get_attribute("data-theme") == "dark"


@pytest.mark.parametrize("name", CHAPTERS)
def test_binder_and_download_buttons(book, open_page, name):
    page = open_page(file(book, name)).page
    links = page.locator("header a, .header-article a").evaluate_all("all => all.map(a => a.href)")
    launch = [link for link in links if link.startswith("https://mybinder.org/v2/")]
    assert [link.split("urlpath=")[1] for link in launch] == [f"lab/tree/{name}.ipynb"]
    (offered,) = [link for link in links if link.endswith(".ipynb") and link.startswith("file:")]
    cells = json.loads(Path(unquote(offered.removeprefix("file://"))).read_text(encoding="utf-8"))["cells"]
    assert not any("{figure}" in "".join(cell["source"]) for cell in cells)
    assert any(cell.get("outputs") for cell in cells)


def test_the_front_page_lists_and_links_every_figure_and_table(book, open_page):
    page = open_page(file(book, "intro")).page
    listed = set(page.locator("article li a.reference").evaluate_all("all => all.map(a => a.hash.slice(1))"))
    for name in CHAPTERS:
        assert set(open_page(file(book, name)).page.evaluate(CAPTIONS)) <= listed


def test_links_between_pages_lead_somewhere(book, open_page):
    broken = []
    for name in PAGES:
        links = open_page(file(book, name)).page.locator("a[href]").evaluate_all("all => all.map(a => a.href)")
        broken += [link for link in links if link.startswith("file:") and not _leads_somewhere(link)]
    assert broken == []


def _leads_somewhere(link: str) -> bool:
    target, _, anchor = unquote(link.removeprefix("file://")).partition("#")
    path = Path(target.partition("?")[0])
    if not path.exists():
        return False
    return not anchor or path.suffix != ".html" or _has_anchor(path, anchor)


def _has_anchor(path: Path, anchor: str) -> bool:
    return f'id="{anchor}"' in path.read_text(encoding="utf-8")


def _is_synthetic(book: Path) -> bool:
    return "synthetic" in book.parts


def _around(text: str, match: re.Match[str]) -> str:
    return " ".join(text[max(0, match.start() - 40) : match.end() + 40].split())
