"""Nothing is started only while every file that was read and every file that was made is as the last build left it."""

from __future__ import annotations

import os

import pytest

from helpers.cli import current
from helpers.cli.layout import Place

READ = {
    "data/pbc/datapackage.json": "{}",
    "data/pbc/participants.csv": "id\n",
    "scenarios/published.yaml": "seed: 1\n",
    "notebooks/01_cohort.ipynb": "{}",
    "src/helpers/x.py": "",
    "book/intro.md": "",
    "tests/oracles/agreement.py": "",
    "Snakefile": "",
    "requirements.lock": "",
}
BUILD = "build/pbc/published"
MADE = ["html/index.html", "html/_static/a.css", "figures/f.png", "tables/t.csv", "results/01_cohort.csv", "book.done"]


@pytest.fixture
def where(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("notebooks", "src"):
        (tmp_path / folder).mkdir()
    place = Place(tmp_path, "data/pbc", "published")
    for name, text in {**READ, "build/agreement.csv": "", **{f"{place.folder}/{n}": n for n in MADE}}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    current.record(place, before(place))
    return place


def before(where):
    return current.states(where.root, current.inputs(where))


def test_as_it_was_left_there_is_nothing_to_do(where):
    assert current.is_current(where, before(where))


@pytest.mark.parametrize("name", [*READ, "build/agreement.csv", *(f"{BUILD}/{name}" for name in MADE)])
def test_whatever_is_changed_touched_or_removed_is_noticed(where, name):
    path = where.root / name
    content, state = path.read_bytes(), path.stat()
    path.write_bytes(content + b" ")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert not current.is_current(where, before(where)), "edited by hand, with its old time"
    path.write_bytes(content)
    os.utime(path, (0, 0))
    assert not current.is_current(where, before(where)), "replaced by an older one"
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert current.is_current(where, before(where)), "as it was"
    if name != "scenarios/published.yaml":  # without which there is no run
        path.unlink()
        assert not current.is_current(where, before(where)), "removed"


@pytest.mark.parametrize(
    "name", ["data/pbc/more.csv", "src/helpers/y.py", "book/more.md", "build/pbc/published/tables/x"]
)
def test_a_file_that_was_added_is_noticed(where, name):
    (where.root / name).write_text("", encoding="utf-8")
    assert not current.is_current(where, before(where))


def test_what_changed_while_the_build_ran_is_noticed_by_the_next(where):
    read_before = before(where)
    (where.root / "book" / "intro.md").write_text("edited meanwhile", encoding="utf-8")
    current.record(where, read_before)
    assert not current.is_current(where, before(where))


def test_what_a_clock_ahead_has_left_is_named(where):
    assert current.to_come(where.root, current.inputs(where)) == []
    later = (where.root / "book" / "intro.md").stat().st_mtime + 3600
    os.utime(where.root / "book" / "intro.md", (later, later))
    assert current.to_come(where.root, current.inputs(where)) == ["book/intro.md"]
