"""Correlations of the analytes, against pandas on the tables as they are on disk."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.analysis import baseline_cytokines, correlations
from helpers.analysis.disclosure import plan_for
from helpers.analysis.results import ROUNDING, join, pick, row, to_frame
from helpers.analysis.settings import Settings
from helpers.models import adjust
from helpers.study import load_study

STUDIES = ("synthetic", "pbc")
NO_TESTS = to_frame([])


def wide(raw, visit):
    """The raw levels at a visit by participant, with the group."""
    table = raw.analytes[raw.analytes["visit"] == visit].set_index("id")[raw.roles["analytes"]["columns"]]
    people = raw.participants.set_index("id")[raw.roles["group"]["column"]]
    return table, people.reindex(table.index)


@pytest.mark.parametrize("name", STUDIES)
def test_at_baseline_they_are_those_of_the_raw_levels(name, raw, books, studies):
    levels, group = wide(raw[name], studies[name].baseline)
    rows = pick(books[name]["03_baseline_cytokines"].rows, analysis=correlations.BASELINE)
    many = levels.shape[1]
    assert len(rows) == many * (many - 1) // 2 * group.nunique()
    for label, part in levels.groupby(group):
        expected, seen = part.corr(method="spearman"), part.notna().astype(int)
        for found in pick(rows, group=label).itertuples():
            assert found.value == pytest.approx(expected.loc[found.analyte, found.contrast], rel=ROUNDING)
            assert found.n == (seen[found.analyte] * seen[found.contrast]).sum()


@pytest.mark.parametrize("name", STUDIES)
def test_changes_are_those_of_the_observed_samples(name, raw, books, studies):
    first, group = wide(raw[name], studies[name].baseline)
    rows = pick(books[name]["05_regression_mediation"].rows, analysis=correlations.CHANGE)
    assert set(rows["visit"]) == set(studies[name].roles.analytes.visits) - {studies[name].baseline}
    for (label, visit), mine in rows.groupby(["group", "visit"]):
        later, _ = wide(raw[name], visit)
        ratio = (later / first.reindex(later.index))[group.reindex(later.index) == label]
        expected = ratio.round(10).corr(method="spearman")
        for found in mine.itertuples():
            assert found.value == pytest.approx(expected.loc[found.analyte, found.contrast], rel=ROUNDING)


def test_p_is_adjusted_over_the_pairs_of_a_group(books):
    rows = pick(books["synthetic"]["03_baseline_cytokines"].rows, analysis=correlations.BASELINE)
    for _, part in rows.groupby("group"):
        np.testing.assert_allclose(part["p_adjusted"], adjust(part["p"].to_numpy(), "fdr_bh"))
        assert set(part["adjustment"]) == {"fdr_bh"}


def test_of_many_analytes_those_with_the_smallest_p_are_paired_and_the_rest_is_said(monkeypatch, study_folder):
    monkeypatch.setattr(correlations, "MOST_ANALYTES", 3)
    study = load_study(study_folder("synthetic").save())
    columns = study.roles.analytes.columns
    p = dict.fromkeys(columns, 0.5) | {columns[2]: 0.01, columns[7]: 0.02, columns[4]: 0.03}
    tests = to_frame([row("ancova", "F", 1.0, analyte=name, p=value) for name, value in p.items()])
    rows = correlations.baseline_correlations(study, Settings(), tests)
    kept = rows[rows["group"] != ""]
    assert set(kept["analyte"]) | set(kept["contrast"]) == {columns[2], columns[4], columns[7]}
    (rest,) = rows[rows["group"] == ""].itertuples()
    assert np.isnan(rest.value)
    assert "the 3 of 19 analytes with the smallest p" in rest.method


def test_few_in_a_group_are_said_and_nothing_fails(study_folder):
    folder = study_folder("pbc")
    people = folder.tables["participants"]
    column = folder.roles["group"]["column"]
    few = people.groupby(column).head(8)
    for name, table in folder.tables.items():
        folder.tables[name] = table[table["id"].isin(few["id"])] if "id" in table else table
    rows = correlations.baseline_correlations(load_study(folder.save()), Settings(), NO_TESTS)
    assert rows["value"].isna().all()
    assert rows["method"].str.startswith("not computed: fewer than 10 pairs").all()


def test_without_analytes_or_with_one_visit_of_them_there_are_none(study_folder):
    folder = study_folder("pbc")
    folder.roles["analytes"]["visits"] = ["baseline"]
    folder.roles.pop("mediation")
    study = load_study(folder.save())
    assert correlations.change_correlations(study, Settings(), NO_TESTS).empty
    tests = baseline_cytokines.univariate_tests(study, Settings())
    assert not correlations.baseline_correlations(study, Settings(), tests).empty


def test_control_takes_them_for_no_counts_and_hides_how_many_are_missing():
    """Perfect correlations are whole numbers; n one below a full group tells of one who is missing."""
    flow = [row("flow", "participants", 33, group="a"), row("flow", "participants", 4, group="b")]
    cells = {"analyte": "x", "contrast": "y", "visit": "baseline", "p": 0.0, "df1": 1}
    found = [
        row(correlations.BASELINE, correlations.STATISTIC, 1.0, group="a", n=33, df2=31, **cells),
        row(
            correlations.BASELINE,
            correlations.STATISTIC,
            0.41237,
            group="a",
            n=32,
            df2=30,
            **{**cells, "contrast": "z"},
        ),
        row(correlations.BASELINE, correlations.STATISTIC, 1.0, group="b", n=4, df2=2, **cells),
    ]
    rows = join(to_frame(flow), to_frame(found))
    shown = pick(plan_for(rows, 5).rows(rows), analysis=correlations.BASELINE)
    assert shown["value"].tolist()[:2] == [1.0, 0.412]
    assert shown["n"].isna().tolist() == [False, True, True]
    assert np.isnan(shown["value"].iloc[2])
