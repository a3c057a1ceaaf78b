"""The searchable table: whole without a script, the same bytes again, and nothing from elsewhere."""

from __future__ import annotations

import re

import pytest

from helpers.report.listing import Cell, listing


@pytest.fixture(scope="module")
def made():
    rows = [[Cell("a < b", "kind", "01.ipynb#Data-used"), Cell("< 0.05", order="0.05", number=True)]] * 3
    return listing("tab-x", "Every <one>.", ["Statement", "Printed"], rows)


def test_every_row_is_there_without_a_script(made):
    table = made.html().partition("<table")[2].partition("</table>")[0]
    assert table.count("<tr>") == 4
    assert '<td><a href="01.ipynb#Data-used">a &lt; b</a><small>kind</small>' in table
    assert '<td class="number" data-order="0.05">&lt; 0.05' in table
    assert "Every &lt;one&gt;." in made.html()


def test_the_same_rows_give_the_same_bytes(made):
    content, cells = made.files().values()
    assert cells.decode().splitlines() == ["Statement,Printed", *["a < b · kind,< 0.05"] * 3]
    assert content == made.html().encode() == listing("tab-x", made.caption, made.heads, made.rows).html().encode()


def test_nothing_is_fetched_and_the_script_ends_where_it_should(made):
    html = made.html()
    assert re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=", html) == []
    script = html.rpartition("<script>")[2]
    assert "<!--" not in script
    assert script.count("</") == 1


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="listing tab-x: 1 cells under 2 headings: 'a'"):
        listing("tab-x", "", ["One", "Two"], [[Cell("a")]])


def test_the_bundle_names_its_file(made):
    bundle, metadata = made._repr_mimebundle_()
    assert metadata["helpers"]["file"] == "tables/tab-x.html"
    assert bundle["text/plain"] == "Every <one>. 3 rows."
