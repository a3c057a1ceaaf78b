"""The tutorial, from the SPSS file to numbers: its commands, its corrections, and what comes of them."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from helpers.analysis.results import pick, read_results
from helpers.analysis.scenarios import load_scenario
from helpers.claims.witness.score import study_rows
from helpers.study import load_study

from .conftest import COMMANDS, shell
from .make_sav import SENTINELS

ROOT = Path(__file__).parents[3]


def test_the_page_has_three_commands_to_the_book_beside_the_one_that_makes_the_file_and_one_to_share_it():
    assert COMMANDS[1:] == [
        "make study FROM=build/tutorial/trial.sav",
        "make study STUDY=data/own/trial",
        "make book STUDY=data/own/trial",
        "make share STUDY=data/own/trial",
    ]


def test_what_the_commands_say(trial):
    """Each count from the tables written by hand, each CV from the file itself."""
    tidy = load_study(trial.tidy)
    roles, people = tidy.roles, len(tidy.participants)
    kinds = f"{len(roles.outcomes)} outcomes, {len(roles.analytes.columns)} analytes, 1 events; 2 ignored"
    # The identifier is no variable; the group is not one either.
    variables = f"{len(tidy.participants.columns) - 2} participants"
    assert f"{len(roles.visits)} visits; variables: {variables}, {kinds}" in trial.started
    assert f"{people} participants; participants.csv {people} rows" in trial.converted
    below = tidy.below_limit["analyte"].value_counts()
    assert f"below the detection limit, {below.sum()} values: " in trial.converted
    assert all(f" {name} {count}" in trial.converted for name, count in below.items())
    cells, _ = pyreadstat.read_sav(trial.sav)
    for name, stem in (("il_6", "IL6"), ("tnf_a", "TNFA")):
        assert f"{name} {duplicate_cv(cells, stem):.1f} %" in trial.converted


def duplicate_cv(cells: pd.DataFrame, stem: str) -> float:
    """Root mean square of the samples' coefficients of variation, in per cent, over samples read twice."""
    firsts = [column for column in cells if re.fullmatch(rf"{stem}_\w+_?rep1", column, re.IGNORECASE)]
    pairs = np.concatenate([cells[[c, re.sub("1$", "2", c)]].dropna().to_numpy() for c in firsts])
    pairs = pairs[(pairs > 0).all(axis=1)]
    return 100 * float(np.sqrt(((pairs.std(axis=1, ddof=1) / pairs.mean(axis=1)) ** 2).mean()))


def test_the_page_counts_what_the_file_has(trial):
    page = " ".join((ROOT / "book" / "own_data.md").read_text(encoding="utf-8").split())
    cells, _ = pyreadstat.read_sav(trial.sav)
    tidy = load_study(trial.tidy)
    assert f"holds {len(cells)} participants in {len(cells.columns)} columns" in page
    assert f"{len(tidy.participants.columns) - 2} characteristics" in page
    assert f"{len(tidy.roles.analytes.columns)} cytokines with units" in page
    assert "eight visits" in page
    assert len(tidy.roles.visits) == 8


def test_git_takes_in_nothing_of_it(trial, checkout):
    """Neither the study nor the laboratory's file, wherever in the checkout it lies; adding by name is refused."""
    for name in ("data/own/trial/participants.csv", "data/own/trial/mapping.yaml", "build/tutorial/trial.sav"):
        assert (checkout / name).is_file()
        done = subprocess.run(["git", "-C", str(checkout), "add", name], capture_output=True, text=True, check=False)
        assert done.returncode != 0, name
        assert "ignored" in done.stderr
    (checkout / "trial.sav").write_bytes(b"$FL2")
    (checkout / "labs.csv").write_text("id\n", encoding="utf-8")
    subprocess.run(["git", "-C", str(checkout), "add", "--all"], check=True)
    listed = subprocess.run(["git", "-C", str(checkout), "ls-files"], capture_output=True, text=True, check=True).stdout
    assert ".gitignore" in listed.split()
    assert not [
        name for name in listed.split() if name.startswith(("data/own", "build")) or name.endswith((".sav", ".csv"))
    ]


def test_the_file_is_only_read_and_nothing_personal_is_kept(trial):
    assert trial.sav.read_bytes() == trial.before
    assert sorted(path.name for path in trial.folder.iterdir()) == [
        "analytes.csv", "assessments.csv", "below_limit.csv", "datapackage.json", "events.csv", "mapping.yaml",
        "participants.csv", "replicates.csv",
    ]  # fmt: skip
    kept = "".join(path.read_text(encoding="utf-8") for path in trial.folder.iterdir())
    assert not [word for word in SENTINELS if word in kept + trial.started + trial.converted]
    assert str(trial.sav.parent) not in (trial.folder / "datapackage.json").read_text(encoding="utf-8")


def test_a_run_on_own_data_leaves_no_cell_outside_its_results(trial, checkout):
    """Logs, caches and what the command prints: no concentration of anybody, nothing that the mapping left out."""
    run = "make check STUDY=data/own/trial && .venv/bin/python -m helpers.cli run notebooks/03_baseline_cytokines.ipynb"
    said = shell(f"{run} --study data/own/trial", checkout)
    built = checkout / "build" / "own-trial" / "published"
    assert (built / "results" / "03_baseline_cytokines.csv").is_file()
    places = [checkout / ".cache", checkout / ".snakemake", built]
    kept = [
        p
        for place in places
        for p in place.rglob("*")
        if p.is_file() and not {"results", "tables", "figures"} & {*p.parts}
    ]
    everything = said + "".join(p.read_text(encoding="utf-8", errors="replace") for p in kept if p.suffix != ".ipynb")
    cells = pd.read_csv(trial.folder / "analytes.csv", dtype=str).iloc[:, 2:].stack().dropna()
    telling = [cell for cell in pd.unique(cells) if len(cell) > 5]
    assert len(telling) > 100
    assert not [word for word in (*SENTINELS, *telling) if word in everything]
    shown = "".join(p.read_text(encoding="utf-8") for p in built.rglob("*.ipynb"))
    assert not [word for word in SENTINELS if word in shown]


def test_the_first_run_asks_only_what_the_file_cannot_say(trial):
    questions = [line for line in trial.started.splitlines() if line.startswith("  ")]
    assert [line.split(":")[0].strip() for line in questions] == [
        *(f"visits.{place}.day" for place in range(1, 6)),
        "rules.response.visit",
    ]
    assert 'DOB: "looks like a name, an address or a date of birth"' in trial.first
    assert "REMARKS: free text" in trial.first


def test_the_tables_are_those_written_by_hand(trial):
    made, tidy = load_study(trial.folder), load_study(trial.tidy)
    for name in ("participants", "assessments", "analytes"):
        first, second = (sorted_by_keys(getattr(study, name)) for study in (made, tidy))
        pd.testing.assert_frame_equal(first, second, rtol=1e-11, obj=name)
    events = made.tables["events"].sort_values(["id", "infusion"], ignore_index=True)
    by_hand = tidy.tables["infusions"].sort_values(["id", "infusion"], ignore_index=True)
    pd.testing.assert_frame_equal(events, by_hand)
    flags = [sorted_by_keys(study.below_limit.astype({"id": str}), "analyte") for study in (made, tidy)]
    pd.testing.assert_frame_equal(flags[0], flags[1], check_dtype=False)


def sorted_by_keys(frame: pd.DataFrame, *further: str) -> pd.DataFrame:
    return frame.sort_values([c for c in ("id", "visit", *further) if c in frame], ignore_index=True)


def test_the_numbers_of_all_five_analyses_are_those_of_the_tidy_tables(trial):
    settings = replace(load_scenario("published"), bootstrap=200)
    made, tidy = (study_rows(load_study(folder), settings) for folder in (trial.folder, trial.tidy))
    assert len(made) > 1500
    pd.testing.assert_frame_equal(made, tidy, rtol=1e-7)


def test_converting_again_gives_the_same_bytes(trial, checkout):
    before = {path.name: path.read_bytes() for path in trial.folder.iterdir()}
    shell(COMMANDS[2], checkout)
    assert {path.name: path.read_bytes() for path in trial.folder.iterdir()} == before


def test_the_book_and_what_may_leave_of_it(trial, checkout):
    """The page's last two commands: the book has the numbers of the tidy tables; what is shared has no few of them."""
    first_page = Path(shell(COMMANDS[3], checkout).splitlines()[-2])
    assert first_page.is_file()
    book = checkout / "build" / "own-trial" / "published"
    settings = load_scenario("published")
    tidy = pick(study_rows(load_study(trial.tidy), replace(settings, bootstrap=200)), analysis="mixed_model")
    mine = pick(read_results(book / "results" / "02_efficacy.csv"), analysis="mixed_model")
    assert mine["value"].to_numpy() == pytest.approx(tidy["value"].to_numpy(), rel=1e-7, nan_ok=True)
    full = read_results(book / "results" / "03_baseline_cytokines.csv")
    few = pick(full, statistic="below_limit")["value"].between(1, 4)
    assert few.any()
    folder = Path(shell(COMMANDS[4], checkout).splitlines()[-3])
    assert folder == book / "share"
    shared = pick(read_results(folder / "results" / "03_baseline_cytokines.csv"), statistic="below_limit")
    assert shared["value"][few.to_numpy()].isna().all()
    assert shared["value"][~few.to_numpy()].notna().any()
    everything = "".join(p.read_text(encoding="utf-8", errors="replace") for p in folder.rglob("*") if p.is_file())
    assert not [word for word in SENTINELS if word in everything]
