"""Results are rows: their columns, their keys, their reasons, and the way through a file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.results import (
    COLUMNS,
    TEXT,
    ResultsError,
    join,
    pick,
    read_results,
    row,
    to_frame,
    value_of,
    write_results,
)

STUDIES = ("synthetic", "pbc")
KEYS = ["analysis", "outcome", "analyte", "group", "contrast", "visit", "statistic"]


@pytest.mark.parametrize("name", STUDIES)
def test_columns_and_types_of_every_chapter(name, books):
    for chapter in books[name].values():
        rows = chapter.rows
        assert tuple(rows.columns) == COLUMNS
        assert all(rows[column].dtype == "string" for column in TEXT)
        assert all(rows[column].dtype == "float64" for column in COLUMNS if column not in TEXT)
        assert not rows[list(TEXT)].isna().any().any()


@pytest.mark.parametrize("name", STUDIES)
def test_one_row_a_key(name, all_rows):
    assert not all_rows[name].duplicated(KEYS).any()


@pytest.mark.parametrize("name", STUDIES)
def test_numbers_are_possible(name, all_rows):
    rows = all_rows[name]
    assert rows.loc[rows["value"].isna(), "method"].str.len().gt(0).all()
    for column in ("p", "p_adjusted"):
        assert rows[column].dropna().between(0, 1).all()
    both = rows.dropna(subset=["p", "p_adjusted"])
    assert (both["p_adjusted"] >= both["p"] - 1e-12).all()
    assert both["adjustment"].str.len().gt(0).all()
    ends = rows.dropna(subset=["ci_low", "ci_high"])
    assert (ends["ci_low"] <= ends["value"] + 1e-9).all()
    assert (ends["value"] <= ends["ci_high"] + 1e-9).all()
    assert (rows["n"].dropna() > 0).all()
    assert (rows["n"].dropna() % 1 == 0).all()


@pytest.mark.parametrize("name", STUDIES)
def test_names_in_rows_are_the_studys(name, all_rows, raw):
    roles, rows = raw[name].roles, all_rows[name]
    assert set(rows["visit"]) <= {"", *(visit["name"] for visit in roles["visits"])}
    assert set(rows["analyte"]) == {"", *roles["analytes"]["columns"]}
    groups = {*roles["group"]["compared"], roles["group"]["reference"] or ""}
    assert set(rows["group"]) == {"", *groups}
    assert set(rows["scenario"]) == {"published, with bootstrap = 400"}


@pytest.mark.parametrize("name", STUDIES)
def test_round_trip_through_the_file(name, books):
    for notebook, chapter in books[name].items():
        back = read_results(chapter.run.output / "results" / f"{notebook}.csv")
        for column in COLUMNS:
            if column in TEXT:
                assert back[column].tolist() == chapter.rows[column].tolist()
            else:
                assert np.allclose(back[column], chapter.rows[column], rtol=1e-9, atol=0, equal_nan=True)


def test_file_is_the_same_when_written_twice(all_rows, tmp_path):
    for name in ("one", "two"):
        write_results(all_rows["pbc"], tmp_path / name / "results.csv")
    write_results(read_results(tmp_path / "one" / "results.csv"), tmp_path / "three.csv")
    texts = [
        path.read_bytes()
        for path in (tmp_path / "one/results.csv", tmp_path / "two/results.csv", tmp_path / "three.csv")
    ]
    assert texts[0] == texts[1] == texts[2]
    assert not list(tmp_path.rglob("*.part"))


def test_texts_that_look_like_missing_values_stay(tmp_path):
    rows = to_frame([row("NA", "null", 1.5, group="nan", visit="None"), row("x", "infinite", float("inf"))])
    write_results(rows, tmp_path / "r.csv")
    assert read_results(tmp_path / "r.csv").equals(rows)


def test_missing_value_needs_its_reason():
    with pytest.raises(ResultsError, match="a missing value needs its reason"):
        row("response", "percent", float("nan"), group="pain")
    assert np.isnan(row("response", "percent", float("nan"), method="nobody assessed")["value"])


def test_unknown_column_is_refused():
    with pytest.raises(ResultsError, match="results have no column colour, grp"):
        row("response", "count", 1, grp="pain", colour="red")


def test_no_rows_are_a_table_with_columns():
    rows = to_frame([])
    assert (tuple(rows.columns), len(rows)) == (COLUMNS, 0)
    assert len(join(rows, to_frame([row("a", "b", 1)]))) == 1


def test_picking(all_rows):
    rows = all_rows["synthetic"]
    assert len(pick(rows, analysis="response", statistic="count")) == 2
    with pytest.raises(ResultsError, match="found 2"):
        value_of(rows, analysis="response", statistic="count")
    with pytest.raises(ResultsError, match="found 0"):
        value_of(rows, analysis="response", statistic="median")
    assert isinstance(pick(rows, analysis="nothing"), pd.DataFrame)
