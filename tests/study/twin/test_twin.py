"""A twin is a study like the real one, without anybody of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.results import pick
from helpers.analysis.scenarios import load_scenario
from helpers.claims.witness.score import study_rows
from helpers.study import load_study
from helpers.study.twin import fidelity, make_twin, write_twin

PBC = pytest.mark.parametrize("made", ["pbc"], indirect=True)
BUNDLED = pytest.mark.parametrize("made", ["synthetic"], indirect=True)


def test_same_tables_columns_groups_and_sizes(made):
    assert list(made.read.tables) == list(made.study.tables)
    for name, table in made.study.tables.items():
        assert list(made.read.tables[name]) == list(table)
    groups = made.study.roles.group_column
    counts = made.study.participants[groups].value_counts().sort_index()
    pd.testing.assert_series_equal(made.read.participants[groups].value_counts().sort_index(), counts)


def test_it_says_that_it_is_made_and_nothing_of_where_the_study_is(made):
    document = json.loads((made.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert document["data_source"] == "synthetic"
    assert document["notice"] == "Synthetic twin of a study"
    assert document["generator"] == {"module": "helpers.study.twin", "seed": 7}
    assert document["claims"] is None
    assert "sources" not in document
    assert document["resources"] == made.study.descriptor.raw["resources"]
    assert document["roles"] == made.study.descriptor.raw["roles"]


def test_no_identifier_of_the_study_is_in_any_file(made):
    real = set(made.study.participants[made.study.roles.identifier])
    words = {word for path in made.folder.iterdir() for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    assert not real & words


@PBC
def test_same_seed_same_bytes_another_seed_others(made, tmp_path):
    write_twin(tmp_path / "again", made.study, make_twin(made.study, seed=7))
    files = sorted(path.name for path in made.folder.iterdir())
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == files
    assert all((tmp_path / "again" / f).read_bytes() == (made.folder / f).read_bytes() for f in files)
    other = make_twin(made.study, seed=8).tables["participants"]["age"]
    assert list(other) != list(made.twin.tables["participants"]["age"])


def test_all_analyses_run_on_it(made):
    settings = replace(load_scenario("published"), bootstrap=100)
    rows = study_rows(made.read, settings)
    failed = rows[rows["value"].isna()]
    assert failed.empty, failed["method"].unique()
    # One fitted model an outcome and analyte, as on the study itself.
    fitted = pick(rows, analysis="mixed_model", statistic="F")["outcome"].unique()
    assert set(fitted) == {item.column for item in made.study.roles.outcomes}


def test_means_spreads_and_missing_values_are_like_the_studys(made):
    table = fidelity(made.twin)
    sizes = made.study.participants[made.study.roles.group_column].value_counts()
    n = table["group"].map(sizes).astype(float)
    sd = (
        table["study"]
        .where(table["statistic"] == "sd")
        .groupby([table[c] for c in ("table", "column", "level", "group")])
    )
    error = (table["twin"] - table["study"]).abs() / (sd.transform("max") / np.sqrt(n))
    means = error[table["statistic"] == "mean"].replace(np.inf, np.nan).dropna()
    # Draws of as many participants: a mean lies within two standard errors or so of the study's.
    assert means.median() < 1
    assert (means < 4).mean() > 0.97
    missing = table[table["statistic"] == "missing"]
    assert (missing["twin"] - missing["study"]).abs().max() < 0.2
    assert ((missing["study"] == 1) == (missing["twin"] == 1)).all()
    assert (missing.loc[missing["study"] == 0, "twin"] == 0).mean() > 0.9


def test_visits_of_one_participant_are_correlated_as_in_the_study(made):
    table = fidelity(made.twin).set_index("statistic")
    between = table.loc[["mean correlation between visits of one column"]]
    assert (between["study"] > 0.3).all()
    assert ((between["twin"] - between["study"]).abs() < 0.15).all()


@BUNDLED  # the other study is a randomised trial, whose groups need not differ
def test_groups_differ_as_they_do_in_the_study(made):
    people = made.read.participants.set_index("id")["group"].astype(str)
    first = made.read.assessments.query("visit == 'baseline'").set_index("id")
    vas = first["vas"].groupby(people.reindex(first.index)).mean()
    assert vas["non_pain"] == 0
    assert vas["pain"] > 3


def test_who_left_does_not_come_back_more_often_than_in_the_study(made):
    def returns(study) -> float:
        visits = [visit.name for visit in study.roles.visits]
        seen = study.assessments.assign(here=1).pivot(index="id", columns="visit", values="here")
        there = seen.reindex(columns=visits).notna().to_numpy()
        gone = np.maximum.accumulate(~there, axis=1)
        return float((there & gone).any(axis=1).mean())

    assert abs(returns(made.read) - returns(made.study)) < 0.08


@PBC
def test_nobody_is_seen_after_the_end_of_follow_up(made):
    rows = made.read.assessments.merge(made.read.participants[["id", "follow_up_days"]], on="id")
    assert (rows["day"] <= rows["follow_up_days"]).all()


@BUNDLED
def test_rules_between_columns_are_kept(made):
    people = made.read.participants
    known = people.dropna(subset=["age_at_onset"])
    assert (known["age"] >= known["age_at_onset"]).all()
    years = (known["age"] - known["age_at_onset"] - known["illness_duration"] / 12).astype(float)
    assert years.abs().max() <= 1
    assert (known["hamd17"] >= 17).all()
    assert (known["failed_trials"] >= 2).all()
    first = made.read.assessments.query("visit == 'baseline'").set_index("id")
    pain = (first[["vas", "sensory", "affective", "ppi"]] > 0).any(axis=1)
    group = people.set_index("id")["group"].reindex(first.index)
    assert (pain == (group == "pain")).all()


def test_numbers_are_written_as_the_study_writes_them(made):
    def places(path):
        frame = pd.read_csv(path, dtype=str)
        wanted = [n for n in frame if n not in ("id", "visit") and frame[n].str.fullmatch(r"[\d.]+").fillna(True).all()]
        return {name: frame[name].dropna().str.partition(".")[2].str.len().max() for name in wanted}

    for resource in made.study.descriptor.resources:
        original = made.source / resource.path
        ours, theirs = places(made.folder / resource.path), places(original)
        assert all(ours[name] <= theirs[name] for name in ours if name in theirs)


@PBC
def test_a_twin_can_have_a_twin(made, tmp_path):
    again = make_twin(made.read, seed=1)
    write_twin(tmp_path / "again", made.read, again)
    assert load_study(tmp_path / "again").descriptor.name == "pbc-twin-twin"
