"""The archive of a commit: what is in it, that it is the same again, and what is refused."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from pathlib import Path

import pytest

from helpers.cli import main
from helpers.cli.archive import ZENODO, make_archive, zenodo_text
from helpers.cli.errors import UsageError
from helpers.cli.layout import place

ROOT = Path(__file__).resolve().parents[2]


def git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@b.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A small checkout with one commit, a book, and a laboratory's own data that are not tracked."""
    root = tmp_path / "check out"
    texts = {
        "CITATION.cff": (ROOT / "CITATION.cff").read_text(encoding="utf-8"),
        "notebooks/01.ipynb": "{}",
        "scenarios/published.yaml": "seed: 1\n",
        "data/pbc/datapackage.json": "{}",
        "run": "#!/bin/sh\n",
        ".gitignore": "build/\ndata/own/\n",
    }
    for name, text in texts.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "run").chmod(0o755)
    git(tmp_path, "init", str(root))
    git(root, "add", "-A")
    git(root, "commit", "-m", "first")
    (root / "data" / "own" / "lab").mkdir(parents=True)
    (root / "data" / "own" / "lab" / "people.csv").write_text("id\nS001\n", encoding="utf-8")
    monkeypatch.chdir(root)
    where = place("data/pbc", "published", root)
    folder = where.path(".html-abc", "figures")
    folder.mkdir(parents=True)
    (folder.parent / "index.html").write_text("<p>book", encoding="utf-8")
    (folder / "fig.svg").write_text("<svg/>", encoding="utf-8")
    where.html.symlink_to(".html-abc")
    return root


def make(root: Path) -> Path:
    return make_archive(root, [place("data/pbc", "published", root)])


def test_it_holds_what_is_tracked_and_the_books_and_nothing_else(checkout):
    with zipfile.ZipFile(make(checkout)) as archive:
        names = [name.split("/", 1)[1] for name in archive.namelist()]
        modes = {name.filename.split("/", 1)[1]: name.external_attr >> 16 for name in archive.infolist()}
        assert archive.testzip() is None
    assert names == [
        ".gitignore",
        "CITATION.cff",
        "books/pbc/figures/fig.svg",
        "books/pbc/index.html",
        "data/pbc/datapackage.json",
        "notebooks/01.ipynb",
        "run",
        "scenarios/published.yaml",
    ]
    assert (modes["run"], modes["CITATION.cff"]) == (0o100755, 0o100644)


def test_the_same_commit_gives_the_same_bytes_whose_digest_stands_beside_them(checkout):
    path = make(checkout)
    first = path.read_bytes()
    (checkout / "CITATION.cff").touch()
    assert make(checkout).read_bytes() == first
    said = path.with_suffix(".zip.sha256").read_text(encoding="utf-8")
    assert said == f"{hashlib.sha256(first).hexdigest()}  {path.name}\n"


def test_a_changed_checkout_and_one_without_a_commit_are_refused(checkout, tmp_path):
    (checkout / "scenarios" / "published.yaml").write_text("seed: 2\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"1 file changed since: scenarios/published\.yaml"):
        make(checkout)
    with pytest.raises(UsageError, match="not under version control"):
        make_archive(tmp_path, [])
    assert not (checkout / "build" / "archive").exists()


def test_what_zenodo_is_told_is_what_the_citation_says():
    assert (ROOT / ZENODO).read_text(encoding="utf-8") == zenodo_text(ROOT)


def test_it_is_of_both_bundled_studies_books_brought_up_to_date(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr("helpers.cli.archive.clean_commit", lambda root: None)
    monkeypatch.setattr("helpers.cli.check.check_once", lambda where: "")
    monkeypatch.setattr(
        "helpers.cli.book.make_book", lambda where, jobs, limit: asked.append((where.study, jobs, limit))
    )
    monkeypatch.setattr("helpers.cli.archive.make_archive", lambda root, places: "a.zip")
    assert main(["archive", "--jobs", "3", "--limit", "40"]) == 0
    assert asked == [("data/synthetic", 3, 40), ("data/pbc", 3, 40)]
    assert "a.zip" in capsys.readouterr().out


def test_a_checkout_that_is_not_clean_is_refused_before_any_book_is_made(monkeypatch, capsys):
    def refuse(root):
        raise UsageError("changed")

    monkeypatch.setattr("helpers.cli.archive.clean_commit", refuse)
    monkeypatch.setattr("helpers.cli.book.make_book", lambda *given: pytest.fail("a book was made"))
    assert main(["archive"]) == 2
    assert "changed" in capsys.readouterr().err
