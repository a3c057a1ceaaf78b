"""What `make multiverse` kept is shown for the tables and claims it was computed from, and for no others."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from helpers.analysis.disclosure import Disclosure
from helpers.analysis.places import project_root
from helpers.analysis.robustness.files import DIGESTS, FILES, SHARES, digests, kept_files
from helpers.analysis.robustness.kept import read_kept
from helpers.analysis.run import Run
from helpers.analysis.scenarios import load_scenario
from helpers.study import load_study

ROOT = project_root()
COMMITTED = Path("data/multiverse/synthetic")


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with the bundled study, its ledger and its committed multiverse, which a test may change."""
    here = tmp_path / "checkout"
    (here / "notebooks").mkdir(parents=True)
    for name in ("scenarios", "data/synthetic", "data/claims", COMMITTED):
        shutil.copytree(ROOT / name, here / name)
    monkeypatch.chdir(here)
    return here


def run_of(folder: Path) -> Run:
    study = load_study(folder, name="mine")
    return Run("07_robustness", study, load_scenario("published"), "published", folder, by_hand=False, folder=folder)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_is_committed_belongs_to_the_study_and_the_claims_of_the_checkout():
    study = ROOT / "data" / "synthetic"
    tables = sorted(path for path in study.iterdir() if path.suffix in (".csv", ".json"))
    found = digests(tables, ROOT / "data" / "claims" / "zhou2021.yaml")
    assert found == (ROOT / COMMITTED / DIGESTS).read_text(encoding="utf-8")


def test_it_is_read_where_nothing_changed(checkout):
    kept = read_kept(run_of(checkout / "data" / "synthetic"))
    assert kept.missing == ""
    assert len(kept.shares) == kept.shares["claim"].nunique() > len(kept.main) > 0
    assert set(kept.main) <= set(kept.shares["claim"])
    # One an analysis, whose tests and comparisons are of the same models: the first of its main claims.
    by_analysis = kept.curves.groupby(kept.curves["family"].str.partition("_")[0])["claim"].unique()
    assert sorted(kept.detailed) == sorted(claims[0] for claims in by_analysis)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("data/synthetic/participants.csv", "female", "male"),
        ("data/claims/zhou2021.yaml", 'printed: "0.478"', 'printed: "0.479"'),
        ("data/claims/zhou2021.yaml", "analyte: il_6, group: pain", "analyte: il_6, group: non_pain"),
        ("data/claims/zhou2021.yaml", "sign: positive", "sign: negative"),
        ("scenarios/published.yaml", "alpha: 0.05", "alpha: 0.01"),
        ("scenarios/published.yaml", "seed: 2", "seed: 3"),
    ],
    ids=["a cell of a table", "a printed figure", "the row that answers", "a direction", "the level", "the seed"],
)
def test_other_tables_claims_or_settings_make_it_stale_and_the_command_is_named(checkout, file, old, new):
    change(checkout / file, old, new)
    kept = read_kept(run_of(checkout / "data" / "synthetic"))
    assert "other tables, claims or settings" in kept.missing
    assert "`make multiverse`" in kept.missing
    assert (kept.main, kept.detailed) == ([], [])


def test_a_better_wording_of_a_claim_makes_nothing_stale(checkout):
    ledger = checkout / "data" / "claims" / "zhou2021.yaml"
    change(ledger, "Patients with pain at baseline,", "Patients who had pain at baseline,")
    change(ledger, "# --- Cohort", "# --- The cohort")
    assert read_kept(run_of(checkout / "data" / "synthetic")).missing == ""


@pytest.mark.parametrize("inside", [True, False], ids=["of the checkout", "outside it"])
def test_a_study_copied_to_another_folder_keeps_it(checkout, tmp_path, inside):
    copy = checkout / "data" / "own" / "trial" if inside else tmp_path / "elsewhere" / "trial"
    shutil.copytree(checkout / "data" / "synthetic", copy)
    assert read_kept(run_of(copy)).missing == ""
    assert kept_files(checkout, copy) == [f"{COMMITTED}/{name}" for name in FILES]
    change(copy / "participants.csv", "female", "male")
    assert "other tables" in read_kept(run_of(copy)).missing


def test_what_this_machine_computed_comes_before_what_is_committed(checkout):
    built = checkout / "build" / "synthetic" / "multiverse"
    shutil.copytree(checkout / COMMITTED, built)
    shares = (built / SHARES).read_text(encoding="utf-8").splitlines(keepends=True)
    (built / SHARES).write_text("".join(shares[:4]), encoding="utf-8")
    run = run_of(checkout / "data" / "synthetic")
    assert len(read_kept(run).shares) == 3
    assert kept_files(checkout, run.folder)[0].startswith("build/")
    (built / DIGESTS).write_text("of another time\n", encoding="utf-8")
    assert len(read_kept(run).shares) > 3


@pytest.mark.parametrize("name", FILES)
def test_a_folder_without_one_of_its_files_is_not_used(checkout, name):
    built = checkout / "build" / "synthetic" / "multiverse"
    shutil.copytree(checkout / COMMITTED, built)
    (built / name).unlink()
    run = run_of(checkout / "data" / "synthetic")
    assert {Path(path).parent for path in kept_files(checkout, run.folder)} == {COMMITTED}
    assert read_kept(run).missing == ""
    (checkout / COMMITTED / name).unlink()
    assert kept_files(checkout, run.folder) == []
    assert "has not been computed" in read_kept(run).missing


def test_a_study_of_which_none_was_computed_is_told_how(checkout):
    shutil.copytree(ROOT / "data" / "pbc", checkout / "data" / "pbc")
    kept = read_kept(run_of(checkout / "data" / "pbc"))
    assert "has not been computed" in kept.missing
    assert "`make multiverse`" in kept.missing
    assert kept_files(checkout, checkout / "data" / "pbc") == []


def test_it_is_left_out_of_what_leaves_the_machine_and_where_there_is_no_folder(checkout):
    run = run_of(checkout / "data" / "synthetic")
    assert "disclosure control" in read_kept(replace(run, disclosure=Disclosure(5, pd.DataFrame()))).missing
    assert "in no folder" in read_kept(replace(run, folder=None)).missing


def test_a_ledger_that_is_not_there_is_no_error_of_the_multiverse(checkout):
    run = run_of(checkout / "data" / "synthetic")
    (checkout / "data" / "claims" / "zhou2021.yaml").unlink()
    assert "other tables, claims or settings" in read_kept(run).missing


def test_every_specification_of_a_main_claim_is_there_once_and_the_papers_own_is_first(checkout):
    curves = read_kept(run_of(checkout / "data" / "synthetic")).curves
    assert not curves.duplicated(["claim", "key"]).any()
    for _, curve in curves.groupby("claim"):
        assert curve["position"].tolist() == list(range(len(curve)))
        assert curve["family"].nunique() == 1
        assert (curve["key"].str.partition("; ")[0] == curve["family"]).all()
