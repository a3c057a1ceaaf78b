"""What a page's tables carry for narrow screens: the headings of cells, roles, and the room they need."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from helpers.cli.phone import STEPS, for_phones, style

TABLE = """\
<table class="results-table wide-table table" id="tab-x"><caption>Means.</caption><thead>
<tr><th rowspan="2" scope="col">Visit</th><th colspan="2" scope="colgroup">Time</th><th rowspan="2">n</th></tr>
<tr><th scope="col">F</th><th scope="col">p</th></tr></thead><tbody>
<tr><th class="gt_group_heading" colspan="4" scope="colgroup">MADRS</th></tr>
<tr><th scope="row">Day 26</th><td class="gt_right">{F}</td><td> </td><td>66 &amp; more</td></tr></tbody></table>"""


def made(cell: str = "6.15"):
    return BeautifulSoup(for_phones(f"<p>Before</p>{TABLE.format(F=cell)}<p>After</p>"), "html.parser")


def test_a_cell_says_what_it_stands_under_and_each_part_what_it_is():
    table = made().table
    assert [cell["data-label"] for cell in table.find_all("td")] == ["Time: F", "Time: p", "n"]
    roles = [cell["role"] for cell in table.find_all(["th", "td"])]
    assert roles == ["columnheader"] * 5 + ["rowheader"] * 2 + ["cell"] * 3
    assert {row["role"] for row in table.find_all("tr")} == {"row"}
    assert table["role"] == "table"


def test_the_rest_of_the_page_and_the_text_of_the_table_stay():
    page = made()
    assert [part.get_text() for part in page.find_all("p")] == ["Before", "After"]
    assert [cell.decode_contents() for cell in page.find_all("td")] == ["6.15", "", "66 &amp; more"]


@pytest.mark.parametrize(("cell", "step"), [("6.15", None), ("x" * 40, 28), ("x" * 200, STEPS[-1])])
def test_a_table_is_stacked_where_it_has_no_room(cell, step):
    found = [name for name in made(cell).table["class"] if name.startswith("stack-")]
    assert found == ([f"stack-{step}"] if step else [])


def test_every_class_has_its_rules():
    assert sorted(set(map(int, re.findall(r"table\.stack-(\d+)", style())))) == list(STEPS)
    assert "WIDTH" not in style()


def test_a_listing_is_stacked_too_and_its_rows_are_left_to_its_script():
    page = for_phones('<table class="listing display" id="t"><tbody><tr><td>1</td></tr></tbody></table>')
    assert page == (
        f'<table class="listing stack-{STEPS[-1]} display" id="t"><tbody><tr><td>1</td></tr></tbody></table>'
    )
