"""Who took part and the baseline table, against counts and tests made from the files."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.analysis import baseline_table, cohort
from helpers.analysis.results import pick, value_of
from helpers.analysis.settings import Settings
from helpers.study import load_study

STUDIES = ("synthetic", "pbc")
CONTINUOUS = {
    "synthetic": (
        "age", "education", "bmi", "age_at_onset", "illness_duration", "episodes", "hospitalisations", "hamd17",
        "failed_trials",
    ),
    "pbc": ("age",),
}  # fmt: skip
CATEGORICAL = {
    "synthetic": (
        "sex", "marital_status", "employment", "smoking", "family_history", "suicidal_ideation", "ssri", "snri",
        "other_antidepressant", "antipsychotic", "mood_stabiliser", "benzodiazepine",
    ),
    "pbc": ("sex", "ascites", "hepatomegaly", "spiders", "edema_at_entry", "stage"),
}  # fmt: skip
AT_BASELINE = {
    "synthetic": ("madrs", "vas", "sensory", "affective", "ppi"),
    "pbc": ("bilirubin", "alkaline_phosphatase"),
}


def variables(kinds: dict) -> list[tuple[str, str]]:
    return [(study, name) for study, names in kinds.items() for name in names]


def by_group(source, column: str) -> dict[str, pd.Series]:
    """The values of a column by group; an outcome's are those of the baseline visit."""
    frame = source.participants
    if column not in frame:
        first = source.outcomes[source.outcomes["visit"] == "baseline"][["id", column]]
        frame = frame[["id", "group"]].merge(first, on="id")
    return {group: part[column].dropna() for group, part in frame.groupby("group")}


@pytest.mark.parametrize("name", STUDIES)
def test_flow(name, raw, all_rows, one):
    source, rows = raw[name], all_rows[name]
    tables = {"assessed": source.outcomes, "sampled": source.analytes}
    for group, members in source.participants.groupby("group"):
        cells = {"analysis": "flow", "group": group}
        assert one(rows, statistic="participants", **cells) == len(members)
        for statistic, table in tables.items():
            values = table.drop(columns=["id", "visit", "day"], errors="ignore")
            present = table[values.notna().any(axis=1) & table["id"].isin(members["id"])]
            expected = present.groupby("visit")["id"].nunique().to_dict()
            found = pick(rows, statistic=statistic, **cells)
            assert {v: n for v, n in zip(found["visit"], found["value"], strict=True) if n} == expected
            assert set(found["n"]) <= {len(members)}


def test_facts_of_the_synthetic_cohort(all_rows, one):
    rows = all_rows["synthetic"]
    sampled = pick(rows, analysis="flow", statistic="sampled", visit="day_26")
    assert (sampled["n"] - sampled["value"]).sum() == 5
    assert one(rows, analysis="flow", statistic="participants", group="control") == 60
    assert set(pick(rows, analysis="flow", statistic="sampled", group="control")["visit"]) == {"baseline"}


@pytest.mark.parametrize("name", STUDIES)
def test_missing_values(name, raw, all_rows):
    source, rows = raw[name], pick(all_rows[name], analysis="missing")
    planned = {item["column"]: item["visits"] for item in source.roles["outcomes"]}
    panel = source.roles["analytes"]
    expected = {}
    for group in source.roles["group"]["compared"]:
        members = source.participants.loc[source.participants["group"] == group, "id"]
        for table, plan in (
            (source.outcomes, planned),
            (source.analytes, dict.fromkeys(panel["columns"], panel["visits"])),
        ):
            for column, visits in plan.items():
                wide = table.pivot(index="id", columns="visit", values=column).reindex(index=members, columns=visits)
                for visit, count in wide.isna().sum().items():
                    expected[column, group, visit] = (count, len(members))
    columns = np.where(rows["outcome"] != "", rows["outcome"], rows["analyte"])
    keys = zip(columns, rows["group"], rows["visit"], strict=True)
    assert dict(zip(keys, zip(rows["value"], rows["n"], strict=True), strict=True)) == expected


def test_eligibility(raw, all_rows):
    people, rows = raw["synthetic"].participants, pick(all_rows["synthetic"], analysis="eligibility")
    patients = people[people["group"] != "control"]
    outside = [
        (~people["age"].between(18, 65)).sum(),
        (patients["hamd17"] < 17).sum(),
        (patients["failed_trials"] < 2).sum(),
    ]
    assert rows["value"].tolist() == outside == [0, 0, 0]
    assert rows["n"].tolist() == [126, 66, 66]


def test_eligibility_counts_those_outside(study_folder, chapter):
    folder = study_folder()
    limits = folder.roles["eligibility"]
    limits[0]["maximum"], limits[1]["minimum"] = 60, 20
    people = folder.tables["participants"]
    rows = pick(chapter("01_cohort", folder.save()).rows, analysis="eligibility")
    assert rows["value"].tolist() == [(people["age"] > 60).sum(), (people["hamd17"] < 20).sum(), 0]
    assert rows["value"].iloc[0] > 0


def test_grouping_rule(raw, all_rows, one):
    scores = raw["synthetic"].outcomes.query("visit == 'baseline'").set_index("id")
    pain = (scores[["vas", "sensory", "affective", "ppi"]] > 0).any(axis=1)
    recorded = raw["synthetic"].participants.set_index("id")["group"].reindex(scores.index)
    for group, ruled in (("pain", pain), ("non_pain", ~pain)):
        cells = {"analysis": "classification", "group": group}
        assert one(all_rows["synthetic"], statistic="recorded", **cells) == (recorded == group).sum() == 33
        assert one(all_rows["synthetic"], statistic="agree", **cells) == (ruled & (recorded == group)).sum()
        assert one(all_rows["synthetic"], statistic="percent", **cells) == 50


def test_grouping_rule_and_record_may_differ(study_folder, chapter, one):
    folder = study_folder()
    scores, people = folder.tables["assessments"], folder.tables["participants"]
    who = people.loc[people["group"] == "non_pain", "id"].iloc[0]
    scores.loc[(scores["id"] == who) & (scores["visit"] == "baseline"), "ppi"] = 1
    done = chapter("01_cohort", folder.save())
    assert one(done.rows, analysis="classification", group="non_pain", statistic="agree") == 32
    assert any("the rule and the record differ for some" in text for text in done.texts)


@pytest.mark.parametrize(("name", "column"), [*variables(CONTINUOUS), *variables(AT_BASELINE)])
def test_continuous_variable(name, column, raw, all_rows, one):
    source, rows = raw[name], pick(all_rows[name], analysis="baseline", outcome=column)
    values = by_group(source, column)
    for group, part in values.items():
        if len(part):
            assert one(rows, statistic="mean", group=group) == pytest.approx(part.mean())
            assert one(rows, statistic="sd", group=group) == pytest.approx(part.std())
            assert one(rows, "n", statistic="mean", group=group) == len(part)
    first, second = (values[group] for group in source.roles["group"]["compared"])
    if min(first.std(), second.std()) == 0 == max(first.std(), second.std()):
        return
    test = stats.ttest_ind(first, second)
    assert one(rows, statistic="t") == pytest.approx(test.statistic)
    assert one(rows, "p", statistic="t") == pytest.approx(test.pvalue)
    assert one(rows, "df2", statistic="t") == len(first) + len(second) - 2
    size = (first.mean() - second.mean()) / np.sqrt((first.var() + second.var()) / 2)
    assert one(rows, statistic="standardised_difference") == pytest.approx(size)


@pytest.mark.parametrize(("name", "column"), variables(CATEGORICAL))
def test_categorical_variable(name, column, raw, all_rows, one):
    source, rows = raw[name], pick(all_rows[name], analysis="baseline", outcome=column)
    values = by_group(source, column)
    for group, part in values.items():
        for level, count in part.value_counts().items():
            assert one(rows, statistic="count", group=group, contrast=level) == count
            assert one(rows, statistic="percent", group=group, contrast=level) == pytest.approx(100 * count / len(part))
    compared = source.roles["group"]["compared"]
    counts = pd.DataFrame({group: values[group].value_counts() for group in compared}).fillna(0)
    test = stats.chi2_contingency(counts, correction=False)
    assert one(rows, statistic="chi_square") == pytest.approx(test.statistic)
    assert one(rows, "p", statistic="chi_square") == pytest.approx(test.pvalue)
    assert one(rows, "df1", statistic="chi_square") == test.dof
    if len(counts) == 2:
        p, q = (counts[group].iloc[0] / counts[group].sum() for group in compared)
        size = abs(p - q) / np.sqrt((p * (1 - p) + q * (1 - q)) / 2)
        assert one(rows, statistic="standardised_difference") == pytest.approx(size)


def test_difference_of_several_levels(raw, all_rows, one):
    """Yang and Dalton's formula written out for marital status."""
    values = by_group(raw["synthetic"], "marital_status")
    p, q = (
        values[group].value_counts(normalize=True)[["single", "married"]].to_numpy() for group in ("pain", "non_pain")
    )
    spread = sum(np.diag(v) - np.outer(v, v) for v in (p, q)) / 2
    expected = np.sqrt((p - q) @ np.linalg.solve(spread, p - q))
    cells = {"analysis": "baseline", "outcome": "marital_status", "statistic": "standardised_difference"}
    assert one(all_rows["synthetic"], **cells) == pytest.approx(expected)


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize("alpha", [0.05, 0.2, 0.001])
def test_covariates_are_the_candidates_that_differ(name, alpha, raw, studies):
    study, source = studies[name], raw[name]
    expected = []
    for item in source.roles["baseline_table"]:
        if item.get("candidate"):
            first, second = (by_group(source, item["column"])[group] for group in source.roles["group"]["compared"])
            if item["column"] in CONTINUOUS[name]:
                p = stats.ttest_ind(first, second).pvalue
            else:
                counts = pd.DataFrame({"a": first.value_counts(), "b": second.value_counts()}).fillna(0)
                p = stats.chi2_contingency(counts, correction=False).pvalue
            expected += [item["column"]] if p < alpha else []
    chosen = baseline_table.choose(study, Settings(alpha=alpha))
    assert list(baseline_table.recorded_covariates(chosen)) == expected
    if (name, alpha) == ("synthetic", 0.05):
        assert expected == ["education", "bmi"]
    none = baseline_table.choose(study, Settings(alpha=alpha, covariates="none"))
    assert baseline_table.recorded_covariates(none) == ()


def test_a_missing_score_leaves_the_rule_undecided(study_folder):
    """Who has no score above its limit but lacks one is not put among those without pain."""
    folder = study_folder()
    people, scores = folder.tables["participants"], folder.tables["assessments"]
    member = people.loc[people["group"] == "non_pain", "id"].iloc[0]
    scores.loc[(scores["id"] == member) & (scores["visit"] == "baseline"), "vas"] = None
    field = folder.field("assessments", "vas")
    field["constraints"].pop("required", None)
    rows = cohort.classification(load_study(folder.save()))
    recorded, agree = (value_of(rows, group="non_pain", statistic=name) for name in ("recorded", "agree"))
    assert recorded - agree == 1
