"""The research object of a small book: it is valid, it describes every file that is there, and a person can read it."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from html import unescape

import pytest

from helpers.cli.crate.commit import commit_of
from helpers.cli.layout import NOTEBOOKS

pytestmark = pytest.mark.pipeline


@pytest.fixture(scope="module")
def book(tree):
    done = tree.run("book", "--study", "data/pbc", "--jobs", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    return (tree.root / "build" / "pbc" / "published" / "html").resolve()


@pytest.fixture(scope="module")
def entities(book):
    found = json.loads((book / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    assert len({one["@id"] for one in found}) == len(found)
    return {one["@id"]: one for one in found}


def test_an_independent_validator_finds_nothing(book, problems):
    assert problems(book) == []


def test_the_validator_finds_what_is_missing(book, tmp_path, problems):
    text = (book / "ro-crate-metadata.json").read_text(encoding="utf-8")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "ro-crate-metadata.json").write_text(text.replace('"HowTo"', '"Thing"'), encoding="utf-8")
    assert any("HowTo" in line for line in problems(tmp_path / "other"))


def test_every_file_is_there_with_its_digest_and_size(book, entities):
    files = {name: one for name, one in entities.items() if "File" in one["@type"] and not name.startswith("ni:")}
    assert {f"workflow/notebooks/{name}.ipynb" for name in NOTEBOOKS} <= set(files)
    assert {f"results/{name}.csv" for name in NOTEBOOKS} <= set(files)
    for name, one in files.items():
        content = (book / name).read_bytes()
        assert (one["sha256"], one["contentSize"]) == (hashlib.sha256(content).hexdigest(), str(len(content))), name


def test_a_studys_tables_are_named_by_their_digests_and_are_not_copied(tree, book, entities):
    tables = sorted((tree.root / "data" / "pbc").glob("*.csv"))
    named = {one["name"]: one for name, one in entities.items() if name.startswith("ni:///sha-256;")}
    assert len(tables) > 1
    for table in tables:
        digest = hashlib.sha256(table.read_bytes()).hexdigest()
        assert named[f"data/pbc/{table.name}"]["sha256"] == digest
        assert not [path for path in book.rglob("*.csv") if path.read_bytes() == table.read_bytes()]


def test_who_depends_on_whom_is_said(entities):
    read = {one["@id"] for one in entities["#run/05_regression_mediation"]["object"]}
    assert "results/04_longitudinal_cytokines.csv" in read
    assert {one["@id"] for one in entities["#run/04_longitudinal_cytokines"]["result"]} >= {
        "results/04_longitudinal_cytokines.csv",
        "_sources/notebooks/04_longitudinal_cytokines.ipynb",
    }
    assert "#value/alpha" in read
    assert entities["#value/alpha"]["value"] == "0.05"


def test_nothing_says_when_or_where_it_was_built(tree, book):
    for name in ("ro-crate-metadata.json", "ro-crate-preview.html"):
        text = (book / name).read_text(encoding="utf-8")
        assert "Time" not in text.replace("Times are left out", "")
        assert str(tree.root) not in text


def test_the_page_shows_every_file_and_leads_to_it(book, entities):
    page = (book / "ro-crate-preview.html").read_text(encoding="utf-8")
    shown = set(map(unescape, re.findall(r"<code>([0-9a-f]{64})</code>", page)))
    left = {e["@id"] for name, one in entities.items() if name.startswith("#run/") for e in one["result"]}
    assert {entities[name]["sha256"] for name in left} <= shown
    assert 'id="results-01_cohort-csv"' in page
    assert "not under version control" in page


def test_a_commit_is_named_with_what_changed_since(tmp_path):
    def git(*arguments):
        who = ["-c", "user.name=A", "-c", "user.email=a@b.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *arguments], check=True, capture_output=True)

    assert commit_of(tmp_path).in_words() == "not under version control"
    git("init")
    assert commit_of(tmp_path).name == ""
    (tmp_path / "a file.txt").write_text("1")
    git("add", "-A")
    git("commit", "-m", "first")
    (tmp_path / "untracked.txt").write_text("1")
    assert commit_of(tmp_path).in_words().endswith("nothing changed since")
    (tmp_path / "a file.txt").write_text("2")
    assert commit_of(tmp_path).in_words().endswith("and 1 file changed since: a file.txt")
