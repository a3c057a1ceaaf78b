"""One outcome and one analyte that cannot be analysed: their rows say why, they are shown, and all else comes out."""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd
import pytest

GROUPS, VISITS = ("a", "b", "c"), ("start", "middle", "end")
CHAPTERS = ("01", "02", "03", "04", "05")
NUMBER = {"type": "number"}


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """Three groups of eight at three visits; ``weak`` is to be broken, ``firm`` never."""
    random = np.random.default_rng(5)
    people = pd.DataFrame({"id": [f"P{i:02d}" for i in range(24)], "group": np.repeat(GROUPS, 8)})
    people["age"] = random.normal(50, 8, 24).round(1)
    long = people[["id"]].merge(pd.DataFrame({"visit": VISITS}), how="cross")
    own = np.repeat(random.normal(0, 2, 24), 3)

    def values() -> np.ndarray:
        return (20 + own + random.normal(0, 1, 72)).round(2)

    outcomes = long.assign(firm=values(), weak=values())
    return {"participants": people, "outcomes": outcomes, "analytes": long.assign(il=values(), tnf=values())}


def constant(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name] * 0 + 7


def three_values(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name].where(np.arange(len(frame)) < 3)


def no_baseline(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name].where(frame["visit"] != "start")


def no_end(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name].where(frame["visit"] != "end")


def never(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name].where(frame["id"] == "")


def one_group_absent(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name].where(frame["id"] < "P16")


def one_person_in_a_group(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name].where(frame["id"] < "P17")


KINDS = (constant, three_values, no_baseline, no_end, never, one_group_absent, one_person_in_a_group)


@pytest.fixture(scope="module")
def chapters_of(book, write, tmp_path_factory):
    """Runs chapters of the study with its weak columns broken; each way once."""
    done = {}

    def run(tables, breaking=None):
        name = breaking.__name__ if breaking else "whole"
        if name not in done:
            frames = copy.deepcopy(tables)
            for table, column in (("outcomes", "weak"), ("analytes", "tnf")):
                if breaking:
                    frames[table][column] = breaking(frames[table], column)
            folder = tmp_path_factory.mktemp(name)
            done[name] = book(write(folder / "study", frames), folder / "out", breaking is one_group_absent, CHAPTERS)
        return done[name]

    return run


@pytest.fixture(scope="module")
def write(study_writer, visit_list):
    def made(folder, frames):
        people = {"group": {"type": "string", "constraints": {"enum": list(GROUPS)}}, "age": NUMBER}
        columns = {"outcomes": {"firm": NUMBER, "weak": NUMBER}, "analytes": {"il": NUMBER, "tnf": NUMBER}}
        roles = {
            "group": {"column": "group", "compared": list(GROUPS)},
            "visits": visit_list(VISITS, [0, 7, 14]),
            "outcomes": [{"column": name, "label": name, "visits": list(VISITS)} for name in ("firm", "weak")],
            "response": {"outcome": "weak", "fraction": 0.05, "visit": "end"},
            "analytes": {"columns": ["il", "tnf"], "visits": list(VISITS), "transform": "log"},
            "baseline_table": [{"column": "age", "candidate": True}, {"column": "weak"}],
            "change_regressions": [{"outcome": name, "groups": list(GROUPS)} for name in ("firm", "weak")],
            "mediation": {"group": "a", "visit": "end", "x": "tnf", "m": "firm", "y": "weak"},
        }
        return study_writer(folder, "A small trial", people, columns, roles, frames)

    return made


@pytest.mark.parametrize("breaking", KINDS)
def test_every_chapter_runs_and_shows_nothing_raw(breaking, tables, chapters_of, raw_text):
    made = chapters_of(tables, breaking)
    assert {key: raw_text(part) for key, part in made.items() if raw_text(part)} == {}


def rows_of(chapters, column: str, name: str) -> pd.DataFrame:
    rows = pd.concat([part.rows for part in chapters.values()], ignore_index=True)
    return rows[rows[column] == name]


@pytest.mark.parametrize("breaking", KINDS)
def test_what_cannot_be_computed_has_a_row_with_its_reason(breaking, tables, chapters_of):
    made = chapters_of(tables, breaking)
    for column, name in (("outcome", "weak"), ("analyte", "tnf")):
        mine = rows_of(made, column, name)
        failed = mine[mine["value"].isna() | ((mine["statistic"] == "converged") & (mine["value"] == 0))]
        assert len(failed), (column, breaking.__name__)
        assert (failed["method"].str.len() > 0).all()


@pytest.mark.parametrize("breaking", KINDS)
def test_all_else_comes_out_as_if_nothing_had_failed(breaking, tables, chapters_of):
    """The same rows of the sound outcome and analyte; only the family of an adjustment may be smaller."""
    whole, made = chapters_of(tables), chapters_of(tables, breaking)
    for column, name in (("outcome", "firm"), ("analyte", "il")):
        usual, mine = (rows_of(part, column, name) for part in (whole, made))
        # Rows of both (change of an outcome on that of an analyte, multiple imputation) see the broken one as well.
        alone = [part[~part["analysis"].str.contains("change_regression|multiple")] for part in (usual, mine)]
        keys = ["analysis", "outcome", "analyte", "group", "contrast", "visit", "statistic"]
        values = [part.set_index(keys)[["value", "df2", "p"]].sort_index() for part in alone]
        pd.testing.assert_frame_equal(*values, rtol=1e-9)


@pytest.mark.parametrize("breaking", [constant, three_values, never])
def test_a_model_without_a_fit_is_named_in_its_table(breaking, tables, chapters_of):
    made = chapters_of(tables, breaking)
    for chapter, name, title in (("02_efficacy", "tab-fits-efficacy", "weak"),
                                 ("04_longitudinal_cytokines", "tab-fits-cytokines", "tnf")):  # fmt: skip
        table = made[chapter].exhibit(name)
        lines = table.frame[table.frame["State"] == "Not converged"]
        assert lines["Which"].str.lower().str.contains(title).any()


def test_a_change_from_a_baseline_nobody_has_is_not_computed(tables, chapters_of):
    mine = rows_of(chapters_of(tables, no_baseline), "outcome", "weak")
    change = mine[(mine["analysis"] == "mixed_model") & (mine["statistic"] == "change")]
    assert change["value"].isna().all()
    assert change["method"].str.contains("no value at start").all()


def test_the_other_groups_are_still_compared(tables, chapters_of):
    mine = rows_of(chapters_of(tables, one_group_absent), "outcome", "weak")
    gaps = mine[(mine["analysis"] == "mixed_model") & (mine["statistic"] == "mean_difference")]
    assert set(gaps.loc[gaps["value"].notna(), "contrast"]) == {"a - b"}
    sizes = mine[mine["statistic"] == "cohens_d"].dropna(subset=["value"])
    assert set(sizes["contrast"]) == {"b - a"}
