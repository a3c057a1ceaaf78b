"""From the pages of a book to one text for paper."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from helpers.cli.supplement.fit import ALLOWED, Setting, column_widths, setting
from helpers.cli.supplement.gather import read_text
from helpers.cli.supplement.names import index, named
from helpers.cli.supplement.reduce import reduce_page
from helpers.cli.transform import Exhibit


@pytest.fixture(scope="module")
def text(small):
    document, items = read_text(small.where)
    return document, items, BeautifulSoup(document.content, "lxml")


def test_no_code_and_nothing_to_click_is_left(text):
    words = text[2].get_text(" ")
    for gone in ("secrets", "run.show", "How they are set", "Set-up", "Search takes any word", "On to the next", "#"):
        assert gone not in words
    assert text[2].select("script, style, details, button, .headerlink") == []


def test_what_was_folded_and_what_a_cell_printed_stays(text):
    words = text[2].get_text(" ")
    for kept in ("More", "Folded text.", "Printed.", "Scenario published.", "SD: standard deviation."):
        assert kept in words


def test_links_lead_into_the_text_or_to_the_web_and_nowhere_else(text):
    links = {link.get_text(): link["href"] for link in text[2].find_all("a")}
    assert links["told"] == "#methods-how"
    assert links["one"] == "#01_cohort"
    assert links["there"] == "https://doi.org/10.1/x"
    assert not {"rows", "your own"} & links.keys()
    assert "the lists" not in links
    places = {place["id"] for place in text[2].find_all(id=True)}
    assert [to for to in links.values() if to.startswith("#") and to[1:] not in places] == []


def test_a_page_about_using_the_compendium_is_not_in_it(text):
    assert [chapter.heading for chapter in text[0].chapters] == ["About", "1. One", "Methods", "Long tables"]


def test_a_table_of_hundreds_of_rows_stands_at_the_end(text):
    document, _, whole = text
    assert document.chapters[-1].content.find("table")["id"] == "tab-all"
    assert whole.find(id="tab-all").caption.get_text() == "Every check."
    assert whole.find("a", href="#tab-all").get_text() == "The table stands at the end."


def test_numbers_of_a_column_are_not_broken(text):
    assert text[2].find(id="tab-odd-name").find("td").get_text() == "1.5\N{NO-BREAK SPACE}(0.2)"


def test_names_are_the_papers_else_the_books(text):
    assert [(item.name, item.file) for item in text[1]] == [
        ("Figure 1", "Figure-1"),
        ("Table 1.1", "Table-1.1"),
        ("Table all", "Table-all"),
    ]


def test_the_papers_names_are_those_that_captions_tell(built):
    """A caption of the bundled study says which figure or table of the paper it answers."""
    from helpers.cli.layout import place

    _, items = read_text(place("data/synthetic", "published", built("data/synthetic").parents[2]))
    for item in items:
        said = item.exhibit.caption.partition(" of the paper)")
        if said[1]:
            wanted = said[0].rpartition("(")[2].replace("Supplementary Table ", "Table S")
            assert item.name == wanted, item.exhibit.name


def test_the_index_says_what_each_file_is(text):
    lines = index(text[1]).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("file,name,number in the book")
    assert lines[1] == "Figure-1,Figure 1,Figure 1.1,fig-outcomes-1,Field,Field. n = 3.,A blue field."


def test_an_exhibit_that_the_book_lost_is_named(text):
    with pytest.raises(LookupError, match="tab-lost: not in the text"):
        named([Exhibit("table", "tab-lost", "Lost.", "tables/tab-lost.csv")], text[0])


@pytest.mark.parametrize(
    ("columns", "word", "expected"),
    [
        (3, "short", ALLOWED[0]),
        (10, "0.12 (0.03)".replace(" ", "\N{NO-BREAK SPACE}"), ALLOWED[1]),
        (14, "x" * 11, ALLOWED[2]),
    ],
)
def test_a_table_is_set_as_large_as_it_fits(columns, word, expected):
    assert setting([["a"] * columns, [word] * columns]) == expected


def test_the_widest_table_still_has_a_setting_and_fills_the_page():
    rows = [["x" * 60] * 40] * 2
    at = setting(rows)
    assert at == Setting(6.5, True)
    assert sum(column_widths(rows, at)) == pytest.approx(at.width)


def test_what_is_there_to_be_copied_is_not_printed():
    page = "<section><h2>Fits</h2><p>a</p></section><section><h2>To paste into a manuscript</h2><pre>b</pre></section>"
    article = BeautifulSoup(f"<article>{page}</article>", "lxml").article
    reduce_page(article)
    assert article.get_text() == "Fitsa"


def test_a_link_is_of_one_style_for_the_browser_gives_each_style_a_rectangle_of_its_own():
    page = '<p>By <a href="#id2">Zhou <em>et al.</em>, 2021</a>, <em>not</em> <a href="#a"><code>b</code></a></p>'
    article = BeautifulSoup(f"<article>{page}</article>", "lxml").article
    reduce_page(article)
    assert article.a.decode_contents() == "Zhou et al., 2021"
    assert article.select_one("p > em").get_text() == "not"
    assert article.select_one("a > code")


def test_a_heading_over_rows_is_bold_where_there_are_only_headings_of_columns():
    page = (
        "<table><tbody><tr><th class='gt_group_heading' colspan='2'>MADRS</th></tr><tr><td>1</td></tr></tbody></table>"
    )
    article = BeautifulSoup(f"<article>{page}</article>", "lxml").article
    reduce_page(article)
    assert article.select_one("th strong").get_text() == "MADRS"
    assert not article.select("td strong")
