"""Pages that no study changes: citation with licence and changes, and the reporting checklist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml

from helpers.report.pages import citing_page

ROOT = Path(__file__).resolve().parents[2]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
# Sub-items of the statement for cohort studies (PLoS Med 2007;4:e296, table 1); an item without any is one line.
STROBE = {1: "ab", 6: "ab", 12: "abcde", 13: "abc", 14: "abc", 16: "abc"}


def test_the_page_on_citation_has_both_works_to_read_and_to_import():
    page = citing_page(CITATION, CHANGES)
    (article,) = CITATION["references"]
    assert f"Version {VERSION}" in page
    assert f"(https://doi.org/{article['doi']})" in page
    block = re.search(r"```bibtex\n(.*?)```", page, flags=re.DOTALL)[1]
    assert re.findall(r"^@(\w+)\{(\w+),$", block, flags=re.MULTILINE) == [
        ("software", "compendium"), ("article", "zhou2021"),
    ]  # fmt: skip
    assert block.count("{") == block.count("}")
    names = re.search(r'author = "(Zhou.*)",', block)[1].split(" and ")
    assert names == [f"{a['family-names']}, {a['given-names']}" for a in article["authors"]]


def test_the_changes_begin_with_the_version_that_is_built():
    assert re.search(r"^## (\S+?),? ", CHANGES, flags=re.MULTILINE)[1] == VERSION
    page = citing_page(CITATION, CHANGES)
    assert [line for line in page.splitlines() if line.startswith("# ")] == ["# Citing, licence, changes"]
    assert f"### {VERSION}" in page


def test_the_checklist_has_every_item_once_with_a_place():
    page = (ROOT / "book" / "strobe.md").read_text(encoding="utf-8")
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line.startswith("|")]
    items = [cells for cells in lines if re.match(r"\d", cells[0])]
    expected = [f"{n}{letter}" for n in range(1, 23) for letter in STROBE.get(n, [""])]
    assert [cells[0] for cells in items] == expected
    assert all(re.search(r"\]\(|\{numref\}|^the article$", cells[2]) for cells in items)
