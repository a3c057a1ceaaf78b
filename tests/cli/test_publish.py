"""The book is replaced in one step."""

from __future__ import annotations

import pytest

from helpers.cli.publish import complaints, publish, tree_digest


@pytest.fixture
def make_html(tmp_path):
    def make(text):
        folder = tmp_path / "built"
        (folder / "sub").mkdir(parents=True)
        (folder / "index.html").write_text(text, encoding="utf-8")
        return folder

    return make


def test_a_new_book_takes_the_place_of_the_old_one(tmp_path, make_html):
    link = tmp_path / "html"
    for text in ("first", "second", "second"):
        digest = publish(make_html(text), link)
        assert link.is_symlink()
        assert (link / "index.html").read_text(encoding="utf-8") == text
        assert link.resolve().name.startswith(f".html-{digest[:12]}")
    assert len(list(tmp_path.glob(".html-*"))) == 1


def test_a_plain_folder_in_the_way_is_replaced(tmp_path, make_html):
    (tmp_path / "html").mkdir()
    publish(make_html("book"), tmp_path / "html")
    assert (tmp_path / "html" / "index.html").is_file()


def test_a_digest_follows_names_and_contents(make_html):
    folder = make_html("text")
    before = tree_digest(folder)
    (folder / "index.html").rename(folder / "other.html")
    assert tree_digest(folder) != before


def test_complaints_are_cut_short():
    found = complaints("\n".join(f"page.md:{n}: WARNING: w" for n in range(20)))
    assert len(found) == 13
    assert found[-1] == "... and 8 more"
