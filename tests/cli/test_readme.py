"""The block of the README that `make claims` writes, and the badge."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from helpers.cli import layout, readme
from helpers.cli.errors import UsageError
from helpers.cli.facts import binder_url

ROOT = Path(__file__).parents[2]


def test_only_the_block_changes(tmp_path):
    path = tmp_path / "README.md"
    path.write_text("before\n<!-- claims: written by `make claims` -->\nold\n<!-- end -->\nafter\n", encoding="utf-8")
    found = readme.with_counts(path, "| new |")
    assert found == "before\n<!-- claims: written by `make claims` -->\n\n| new |\n<!-- end -->\nafter\n"


def test_each_command_changes_its_own_block(tmp_path):
    path = tmp_path / "README.md"
    claims = "<!-- claims: written by `make claims` -->\ncounts\n<!-- end -->\n"
    path.write_text(f"{claims}<!-- bench: written by `make bench` -->\nold\n<!-- end -->\nafter\n", encoding="utf-8")
    found = readme.with_block(path, "bench", "new \\1")
    assert found == f"{claims}<!-- bench: written by `make bench` -->\n\nnew \\1\n<!-- end -->\nafter\n"


def test_a_readme_without_the_block_is_refused(tmp_path):
    path = tmp_path / "README.md"
    path.write_text("nothing here", encoding="utf-8")
    with pytest.raises(UsageError, match="expected the line"):
        readme.with_counts(path, "| new |")


def test_counts_of_a_book_that_was_not_built_are_refused(tmp_path):
    (tmp_path / "data" / "mine").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"verdicts.md: there is no such file"):
        readme.write_counts(layout.place("data/mine", "published", tmp_path))


@pytest.mark.book
def test_the_readme_says_what_the_build_counts(built):
    table = (built("data/synthetic") / layout.VERDICTS).read_text(encoding="utf-8")
    path = ROOT / "README.md"
    assert path.read_text(encoding="utf-8") == readme.with_counts(path, table)


def test_the_badge_leads_to_where_the_project_says_its_repository_is():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"]({binder_url(project['urls']['Repository'])})" in (ROOT / "README.md").read_text(encoding="utf-8")
