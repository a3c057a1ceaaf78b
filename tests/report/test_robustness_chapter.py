"""The chapter on the multiverse as its notebook runs: of the bundled cohort, and of a study without one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from helpers.report.multiverse_words import FAMILIES

ROOT = Path(__file__).parents[2]
NAME = "07_robustness"


@pytest.fixture(scope="module")
def shown(chapter, tmp_path_factory):
    """The chapter of a copy of each study: what a build on this machine has computed is not its own."""

    def of(name):
        folder = tmp_path_factory.mktemp(name)
        shutil.copytree(ROOT / "data" / name, folder / "study")
        return chapter(NAME, folder / "study", folder / "out", draw=True)

    return {name: of(name) for name in ("synthetic", "pbc")}


def test_a_study_without_a_multiverse_says_so_once_and_how_to_compute_it(shown):
    made = shown["pbc"]
    assert len([text for text in made.texts if "`make multiverse`" in text]) == 1
    assert made.rows.empty
    assert not made.tables
    assert not [item for item in made.shown if hasattr(item, "svg")]


def test_the_bundled_cohort_has_every_figure_and_table(shown):
    made = shown["synthetic"]
    kept = made.variables["kept"]
    drawn = [item.name for item in made.shown if hasattr(item, "svg")]
    assert drawn[:3] == ["fig-multiverse-shares", "fig-curves", "fig-choices"]
    assert len(drawn) == len(set(drawn)) == 3 + len(kept.detailed)
    assert [table.name for table in made.tables] == [
        "tab-multiverse-choices",
        "tab-multiverse-main",
        "tab-multiverse-arising",
    ]
    assert len(made.exhibit("tab-multiverse-main").frame) == len(kept.main)


def test_every_exhibit_can_be_read_and_says_that_the_data_are_made(shown, raw_text):
    made = shown["synthetic"]
    notice = made.run.study.descriptor.notice
    assert raw_text(made) == []
    for item in made.shown:
        if hasattr(item, "caption"):
            assert notice in item.caption
        if hasattr(item, "alt"):
            assert len(item.alt) > 60
            assert "nan" not in item.alt


def test_families_are_called_by_their_names_in_the_figure_and_the_table(shown):
    made = shown["synthetic"]
    alt = made.exhibit("fig-multiverse-shares").alt
    assert all(name in alt for name in FAMILIES.values())
    assert set(made.exhibit("tab-multiverse-main").frame["Family"]) <= set(FAMILIES.values())


def test_sentences_say_which_rows_they_were_written_from(shown):
    made = shown["synthetic"]
    with_numbers = [item for item in made.shown if getattr(item, "read", ())]
    assert len(with_numbers) == 4
    written = set(made.rows["statistic"])
    assert {key[-1] for item in with_numbers for key in item.read} <= written
