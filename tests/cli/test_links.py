"""Links inside a compiled book."""

from __future__ import annotations

import pytest

from helpers.cli.links import dead_links
from helpers.cli.tables import page_listing


@pytest.fixture
def book(tmp_path):
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "01.csv").write_text("a\n", encoding="utf-8")
    (tmp_path / "one.html").write_text('<h2 id="here">Here</h2>', encoding="utf-8")

    def links(*addresses):
        body = "".join(f'<a class="x" href="{address}">y</a>' for address in addresses)
        (tmp_path / "two.html").write_text(body, encoding="utf-8")
        return dead_links(tmp_path)

    return links


def test_links_that_lead_somewhere(book):
    assert book("one.html", "one.html#here", "results/01.csv", "https://example.org/#x", "#", "mailto:a@b.c") == []


@pytest.mark.parametrize("address", ["three.html", "one.html#there", "results/02.csv", "#nowhere", "one.ipynb#Here"])
def test_links_that_do_not(book, address):
    assert book(address, address) == [f"two.html: {address}"]


def test_a_notebooks_heading_becomes_a_pages():
    made = page_listing(
        '<a href="04_x.ipynb#Time,-group-and-their-interaction">a</a> <a href="../results/04.csv">b</a>'
    )
    assert made == '<a href="04_x.html#time-group-and-their-interaction">a</a> <a href="../results/04.csv">b</a>'
