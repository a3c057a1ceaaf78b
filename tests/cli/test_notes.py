"""A step's note tells whether what it read and made is as it was."""

from __future__ import annotations

import json
import os

import pytest

from helpers.cli import notes
from helpers.cli.layout import NOTEBOOKS, Place, outputs
from helpers.cli.lost import MARKER, forget_what_is_lost

NAME = "02_efficacy"
READ = {
    "data/pbc/datapackage.json": "{}",
    "data/pbc/participants.csv": "id\n",
    "scenarios/published.yaml": "seed: 1\n",
    "src/helpers/x.py": "",
    "requirements.lock": "",
    "build/pbc/published/results/01_cohort.csv": "a\n",
    f"notebooks/{NAME}.ipynb": "{}",
}


@pytest.fixture
def where(tmp_path, monkeypatch, make_cell):
    monkeypatch.chdir(tmp_path)
    place = Place(tmp_path, "data/pbc", "published")
    made = dict.fromkeys(outputs(place, NAME), "b\n")
    made[outputs(place, NAME)[0]] = json.dumps(make_cell["notebook"](make_cell["code"]("x")))
    for name, text in {**READ, **made}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    notes.write(place, NAME, notes.reads(place, NAME))
    return place


def test_as_it_was_left_a_step_stands(where):
    assert notes.spoilt(where, NAME) == []
    assert not notes.outdated(where, NAME)


@pytest.mark.parametrize("name", READ)
def test_what_it_read_is_noticed_when_it_changes_whatever_its_time(where, name):
    path = where.root / name
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    os.utime(path, (0, 0))
    assert notes.outdated(where, NAME)


def test_what_it_made_is_named_when_it_is_edited_or_gone(where):
    path = where.path("results", f"{NAME}.csv")
    path.write_text("", encoding="utf-8")
    assert notes.spoilt(where, NAME) == [f"{where.folder}/results/{NAME}.csv"]
    path.unlink()
    assert notes.spoilt(where, NAME) == [f"{where.folder}/results/{NAME}.csv"]


@pytest.mark.parametrize("text", ["", "[]", '{"read": {}}'])
def test_a_note_that_cannot_be_read_vouches_for_nothing(where, text):
    where.path("notes", f"{NAME}.json").write_text(text, encoding="utf-8")
    assert notes.spoilt(where, NAME) == [f"{where.folder}/notes/{NAME}.json"]


def test_what_does_not_stand_is_let_go_and_named(where, capsys):
    where.path("results", f"{NAME}.csv").write_text("", encoding="utf-8")
    forget_what_is_lost(where)
    assert not where.path("notebooks", f"{NAME}.ipynb").exists()
    assert f"{NAME}  made again: not as it was left: {where.folder}/results/{NAME}.csv" in capsys.readouterr().out


def test_a_book_that_was_edited_is_let_go(where, capsys):
    page = where.html / "index.html"
    page.parent.mkdir()
    page.write_text("a book", encoding="utf-8")
    marker = where.path(MARKER)
    marker.write_text(notes.tree_digest(where.html), encoding="utf-8")
    forget_what_is_lost(where)
    assert marker.exists()
    page.write_text("another", encoding="utf-8")
    forget_what_is_lost(where)
    assert not marker.exists()
    assert "its pages are not as they were left" in capsys.readouterr().out


def test_what_a_killed_write_left_goes(where):
    part = where.path("results", f"{NAME}.csv.123.part")
    part.write_text("half", encoding="utf-8")
    forget_what_is_lost(where)
    assert not part.exists()


def test_an_edited_comparison_with_other_programs_is_made_again(where):
    made = where.root / "build" / "agreement.csv"
    made.write_text("part\n", encoding="utf-8")
    notes.write_agreement(where.root)
    forget_what_is_lost(where)
    assert made.exists()
    made.write_text("part\nby hand\n", encoding="utf-8")
    forget_what_is_lost(where)
    assert not made.exists()


def test_every_notebook_can_be_asked(where):
    assert all(notes.spoilt(where, name) == [] for name in NOTEBOOKS)
