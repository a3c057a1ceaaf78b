"""Where the files of a run are."""

from __future__ import annotations

import pytest

from helpers.cli import layout
from helpers.cli.errors import UsageError
from helpers.cli.layout import NOTEBOOKS, digest_of, folder_name, outputs, place, upstream_outputs, write_digests


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    for name in ("notebooks", "scenarios", "data/pbc", "elsewhere/pbc"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "scenarios" / "published.yaml").write_text("seed: 1\n", encoding="utf-8")
    for folder in ("data/pbc", "elsewhere/pbc"):
        (tmp_path / folder / "datapackage.json").write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_study_of_the_checkout_keeps_its_name(checkout):
    where = place("data/pbc", "published")
    assert (where.study, where.folder) == ("data/pbc", "build/pbc/published")
    assert where.study_files() == ["data/pbc/datapackage.json"]
    assert where.scenario_file() == "scenarios/published.yaml"


def test_studies_of_one_name_in_two_places_do_not_share_a_folder(checkout):
    folders = {place(study, "published").folder for study in ("data/pbc", "elsewhere/pbc", str(checkout / "data/pbc"))}
    assert len(folders) == 2


def test_a_study_is_found_from_any_folder_of_the_checkout(checkout, monkeypatch):
    monkeypatch.chdir(checkout / "notebooks")
    assert place("data/pbc", "published").study == "data/pbc"
    assert place("../elsewhere/pbc", "published").study == "elsewhere/pbc"


def test_a_study_outside_the_checkout_is_absolute(checkout, tmp_path_factory):
    outside = tmp_path_factory.mktemp("laboratory data")
    where = place(str(outside), "published")
    assert where.study == str(outside)
    assert where.folder.startswith("build/laboratory-data")
    assert " " not in where.folder


def test_a_missing_study_is_refused_with_those_there_are(checkout):
    with pytest.raises(UsageError, match=r"'data/pcb': there is no such folder\n.*data/pbc"):
        place("data/pcb", "published")


@pytest.mark.parametrize(
    ("path", "home", "name"),
    [
        ("published", "scenarios", "published"),
        ("scenarios/mine.yaml", "scenarios", "mine"),
        ("data/own", "data", "own"),
        ("data/own/pbc", "data", "own-pbc"),
        ("data/my trial", "data", "my-trial"),
    ],
)
def test_names_in_the_build_folder(path, home, name):
    assert folder_name(path, home) == name


def test_the_edges_between_notebooks(checkout):
    where = place("data/pbc", "published")
    assert upstream_outputs(where, "02_efficacy") == ["build/pbc/published/results/01_cohort.csv"]
    assert "build/pbc/published/tables/completed_analytes.csv" in upstream_outputs(where, "05_regression_mediation")
    assert upstream_outputs(where, "03_baseline_cytokines") == []
    assert all(outputs(where, name)[0].endswith(f"{name}.ipynb") for name in NOTEBOOKS)


def test_the_ledger_waits_for_every_chapter_and_reads_the_witnesses(checkout):
    assert layout.NOTEBOOKS["06_claims"] == tuple(name for name in layout.NOTEBOOKS if name < "06_claims")
    where = place("data/pbc", "published")
    assert layout.further_inputs(where, "06_claims") == []
    for name in ("claims/zhou.yaml", "witnesses/strain.csv", "witnesses/readings.yaml", "witnesses/notes.md"):
        path = checkout / "data" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("", encoding="utf-8")
    (checkout / "data/pbc/datapackage.json").write_text('{"claims": "zhou"}', encoding="utf-8")
    assert layout.further_inputs(where, "06_claims") == ["data/witnesses/readings.yaml", "data/witnesses/strain.csv"]
    assert layout.further_inputs(where, "02_efficacy") == []


def test_digests_are_written_only_when_they_change(checkout):
    where = place("data/pbc", "published")
    path = checkout / write_digests(where)
    first = path.stat().st_mtime_ns
    write_digests(where)
    assert path.stat().st_mtime_ns == first
    (checkout / "data/pbc/datapackage.json").write_text("{ }", encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    write_digests(where)
    assert path.read_text(encoding="utf-8") != text


def test_a_missing_file_has_a_digest_of_its_own(tmp_path):
    assert digest_of(tmp_path, ["gone.csv"]) == "missing  gone.csv\n"


def test_every_notebook_has_its_turn():
    assert sorted(layout.STARTED_FIRST) == sorted([*layout.NOTEBOOKS, "agreement"])
