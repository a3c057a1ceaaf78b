"""The built books, read in a browser over ``file://``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from .pages import CHAPTERS, LEDGER, PAGES, READ, file

pytestmark = pytest.mark.book

# What the paper shows, by the label of its figure or table; the controls' and the pain scale's are not for every study.
EVERYWHERE = {
    "notebooks/01_cohort": {"fig-flow", "fig-missing", "tab-1"},
    "notebooks/02_efficacy": {"tab-s1", "tab-endpoints"},
    "notebooks/03_baseline_cytokines": {"fig-baseline-cytokines", "tab-s2"},
    "notebooks/04_longitudinal_cytokines": {"tab-2", "tab-s3"},
    "notebooks/05_regression_mediation": {"tab-passing"},
    "notebooks/06_claims": set(),
    "notebooks/07_robustness": set(),
    "notebooks/08_design": set(),
}
KETAMINE_ONLY = {
    "notebooks/05_regression_mediation": {"fig-mediation", "tab-mediation"},
    LEDGER: {"tab-claims-kinds", "fig-claims", "tab-audit", "tab-audit-readings", "fig-bounds"},
}
# What holds whatever the data: its caption says so instead.
PRINTED_ONLY = "From the printed figures alone."

# A p value has three places, a statistic two or three; more than four is a number nobody formatted, unless a DOI.
RAW_FLOAT = re.compile(r"(?<![\d./-])-?\d+\.\d{5,}(?![\d./])|\d(?:\.\d+)?e[-+]\d\d")
TROUBLE = re.compile(r"Traceback|Warning:|\w+Error:|\bnan\b|\bNaN\b|\binf\b|<NA>|\{\{|\}\}|np\.float|object at 0x")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_loads_quietly_and_asks_nobody(book, read_page, name):
    page = read_page(file(book, name))
    assert page["errors"] == []
    assert page["outside"] == []
    assert page["title"]


def test_the_index_leads_to_the_first_page(book, open_page):
    visit = open_page(book / "index.html")
    visit.page.wait_for_url("**/intro.html")
    assert visit.errors == []
    assert visit.left_the_machine == []


@pytest.mark.parametrize("name", ["index", *PAGES])
def test_no_page_names_a_script_or_style_of_another_host(book, name):
    html = file(book, name).read_text(encoding="utf-8")
    assert re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=[\"'](?:https?:)?//[^\"']+", html) == []
    assert not re.search(r"unpkg|jsdelivr|cdnjs|googleapis|mathjax", html, flags=re.IGNORECASE)


@pytest.mark.parametrize("name", READ)
def test_what_a_reader_sees_is_formatted_and_complete(book, read_page, name):
    page = read_page(file(book, name))
    text = page["text"]
    assert len(text) > 100
    if name != "numbers":  # which is there to show every digit that is kept
        assert [_around(text, match) for match in RAW_FLOAT.finditer(text)] == []
    assert [_around(text, match) for match in TROUBLE.finditer(text)] == []
    assert page["emptySections"] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_has_an_alternative_text_and_is_there(book, read_page, name):
    for picture in read_page(file(book, name))["pictures"]:
        assert len(picture["alt"].strip()) > 3, picture["src"]
        assert Path(picture["src"]).stem not in picture["alt"]
        assert picture["width"] > 0, picture["src"]


@pytest.mark.parametrize("name", CHAPTERS)
def test_figures_and_tables_are_there_numbered_and_captioned(book, read_page, name):
    shown = read_page(file(book, name))["captions"]
    expected = EVERYWHERE[name] | (KETAMINE_ONLY.get(name, set()) if _is_synthetic(book) else set())
    assert expected <= set(shown)
    chapter = CHAPTERS.index(name) + 1
    for label, (number, caption) in shown.items():
        kind = "Figure" if label.startswith("fig") else "Table"
        assert re.fullmatch(rf"{kind} {chapter}\.\d+", number), label
        assert len(caption) > 10, label


@pytest.mark.parametrize("name", CHAPTERS)
def test_made_data_are_called_so_on_every_figure_and_table(book, read_page, name):
    captions = read_page(file(book, name))["captions"]
    of_data = {label: text for label, (_, text) in captions.items() if PRINTED_ONLY not in text}
    named = [label for label, text in of_data.items() if "synthetic" in text.lower()]
    assert named == (list(of_data) if _is_synthetic(book) else [])


@pytest.mark.parametrize("name", CHAPTERS)
def test_parameters_and_set_up_are_folded_away(book, read_page, name):
    folds = read_page(file(book, name))["folds"]
    assert {"Parameters, with their allowed values", "Parameters of this run", "Set-up"} <= set(folds)


def test_a_fold_opens_on_a_click(book, open_page):
    fold = open_page(file(book, CHAPTERS[0])).page.locator("details.hide").first
    assert not fold.locator("pre").is_visible()
    fold.locator("summary").click()
    assert fold.locator("pre").is_visible()


def test_search_finds_a_word(book, open_page):
    visit = open_page(book / "search.html", "?q=missing")
    visit.page.wait_for_selector("#search-results li a")
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
    seen = set()
    for _ in range(3):
        visit.page.locator("button.theme-switch-button:visible").first.click()
        seen.add(visit.page.locator("html").get_attribute("data-theme"))
    assert seen == {"light", "dark"}
    assert visit.errors == []


def test_a_reader_who_prefers_dark_gets_it(book, open_page):
    page = open_page(file(book, "intro"), scheme="dark").page
    assert page.locator("html").get_attribute("data-theme") == "dark"


@pytest.mark.parametrize("name", CHAPTERS)
def test_binder_and_download_buttons(book, read_page, name):
    links = read_page(file(book, name))["buttons"]
    launch = [link for link in links if link.startswith("https://mybinder.org/v2/")]
    assert [link.split("urlpath=")[1] for link in launch] == [f"lab/tree/{name}.ipynb"]
    (offered,) = [link for link in links if link.endswith(".ipynb") and link.startswith("file:")]
    cells = json.loads(Path(unquote(offered.removeprefix("file://"))).read_text(encoding="utf-8"))["cells"]
    assert not any("{figure}" in "".join(cell["source"]) for cell in cells)
    assert any(cell.get("outputs") for cell in cells)


def test_the_front_page_lists_and_links_every_figure_and_table(book, read_page):
    listed = set(read_page(file(book, "intro"))["listed"])
    for name in CHAPTERS:
        assert set(read_page(file(book, name))["captions"]) <= listed


@pytest.mark.parametrize("name", PAGES)
def test_links_between_pages_lead_somewhere(book, read_page, name):
    links = read_page(file(book, name))["links"]
    assert [link for link in links if link.startswith("file:") and not _leads_somewhere(link)] == []


def test_every_check_of_the_ledger_can_be_searched_and_sorted(ledger_page):
    visit, rows = ledger_page, ledger_page.page.locator("#tab-ledger tbody tr")
    visit.page.wait_for_selector(".dt-search input")
    assert rows.count() == 25
    visit.page.fill(".dt-search input", "madrs-d no such words")
    assert "No matching records" in rows.first.inner_text()
    visit.page.fill(".dt-search input", '"effect size"')
    assert all("effect size" in text.lower() for text in rows.all_inner_texts())
    visit.page.fill(".dt-search input", "")
    visit.page.locator("#tab-ledger thead th", has_text="Computed").click()
    shown = [float(cell.get_attribute("data-order")) for cell in rows.locator("td:nth-child(4)").all()]
    assert shown == sorted(shown)
    assert visit.errors == []
    assert visit.left_the_machine == []


def test_a_check_leads_to_its_section_and_to_its_results(ledger_page):
    page = ledger_page.page
    page.wait_for_selector(".dt-search input")
    links = page.locator("#tab-ledger tbody tr").first.locator("a")
    assert links.last.get_attribute("href") == "../results/01_cohort.csv"
    links.first.click()
    page.wait_for_url("**/01_cohort.html#*")


def test_without_scripts_every_check_is_there(built, browser):
    path = built("data/synthetic") / "html" / f"{LEDGER}.html"
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.resolve().as_uri())
    claims = (built("data/synthetic") / "results" / "06_claims.csv").read_text(encoding="utf-8").splitlines()
    total = next(float(line.split(",")[7]) for line in claims if line.startswith("claims,,,,,,checks,"))
    assert page.locator("#tab-ledger tbody tr").count() == total
    context.close()


@pytest.mark.parametrize("name", CHAPTERS)
def test_under_each_table_are_its_files(book, name):
    page = file(book, name)
    tables = {found for found in read_labels(page) if found.startswith("tab-")}
    offered = re.findall(r'<a href="\.\./tables/([^"]+)\.(csv|docx)" download', page.read_text(encoding="utf-8"))
    assert {label.replace("_", "-") for label, _ in offered} == tables
    assert len(offered) == 2 * len(tables)
    for label, ending in offered:
        assert (book / "tables" / f"{label}.{ending}").stat().st_size > 20


def read_labels(page: Path) -> set[str]:
    return set(re.findall(r'<table[^>]*\bid="([^"]+)"', page.read_text(encoding="utf-8")))


@pytest.fixture
def ledger_page(built, open_page):
    return open_page((built("data/synthetic") / "html" / f"{LEDGER}.html").resolve())


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
