"""Fresh synthetic cohorts: exact counts and complete, valid tables for any seed and size."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.study.synthetic import make_cohort, write_cohort
from helpers.study.synthetic.design import PATIENT_GROUPS, candidates, columns, limits, outcome_visits, sizes, visits
from helpers.study.synthetic.participants import breached, difference_p

COMMITTED = Path(__file__).parents[2] / "data" / "synthetic"
TABLES = ("participants", "assessments", "analytes", "infusions")
ANY = [1, 3, 4]

ANALYTES = columns("analytes")[2:]


@cache
def cohort(seed: int = 1, n: int = 33) -> dict[str, pd.DataFrame]:
    return make_cohort(seed, n)


def wide(seed: int, column: str, n: int = 33) -> tuple[pd.DataFrame, pd.Series]:
    """One outcome, patients × visits, and their groups."""
    tables = cohort(seed, n)
    values = tables["assessments"].pivot(index="id", columns="visit", values=column)[visits()]
    return values, tables["participants"].set_index("id")["group"].reindex(values.index)


# Counts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", ANY)
@pytest.mark.parametrize("n", [33, 12, 50])
def test_counts_are_exact_for_any_seed_and_size(seed, n):
    size = sizes(n)
    tables = cohort(seed, n)
    assert tables["participants"]["group"].value_counts().to_dict() == {
        "pain": n,
        "non_pain": n,
        "control": size.controls,
    }
    assert tables["infusions"]["pain_reported"].sum() == size.infusions_with_pain
    madrs, group = wide(seed, "madrs", n)
    for g in PATIENT_GROUPS:
        own = madrs[group == g]
        assert (own["infusion_6"] <= own["baseline"] / 2).sum() == size.responders[g]
        assert (own["infusion_6"] <= 10).sum() == size.remitters[g]
        last = tables["analytes"].query("visit == 'day_26'")["id"]
        assert (~own.index.isin(last)).sum() == size.last_sample_missing[g]


def test_published_counts():
    size = sizes()
    assert (size.patients, size.controls, size.infusions_with_pain) == (33, 60, 76)
    assert size.responders == {"pain": 24, "non_pain": 16}
    assert size.remitters == {"pain": 17, "non_pain": 9}
    assert size.last_sample_missing == {"pain": 2, "non_pain": 3}


def test_too_small_is_refused():
    with pytest.raises(ValueError, match="at least 6"):
        make_cohort(1, n=5)


# Tables -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", ANY)
def test_values_are_inside_the_descriptor(seed):
    package = json.loads((COMMITTED / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        table = cohort(seed)[resource["name"]]
        fields = resource["schema"]["fields"]
        assert list(table) == [field["name"] for field in fields]
        assert not table.duplicated(resource["schema"]["primaryKey"]).any()
        for field in fields:
            _check(table[field["name"]], field)


def _check(values: pd.Series, field: dict) -> None:
    rules = field["constraints"]
    present = values.dropna()
    assert not (rules.get("required") and values.isna().any()), field["name"]
    if "enum" in rules:
        assert set(present) <= set(rules["enum"]), field["name"]
    if field["type"] == "integer":
        assert pd.api.types.is_integer_dtype(values), field["name"]
    if "minimum" in rules:
        assert present.between(rules["minimum"], rules["maximum"]).all(), field["name"]


def test_only_the_last_samples_are_missing():
    tables = cohort()
    assessments, samples = tables["assessments"], tables["analytes"]
    assert len(assessments) == 66 * 8
    assert len(samples) == 66 * 3 + 60 - 5
    assert not samples.isna().any(axis=None)
    assert not assessments[["madrs", "vas"]].isna().any(axis=None)
    asked = assessments["visit"].isin(outcome_visits("ppi"))
    for scale in ("sensory", "affective", "ppi"):
        assert (assessments[scale].notna() == asked).all()


@pytest.mark.parametrize("seed", ANY)
def test_history_fits_age_and_entry_rules(seed):
    people = cohort(seed)["participants"]
    patients, controls = people[people["group"] != "control"], people[people["group"] == "control"]
    assert patients.notna().all(axis=None)
    assert controls.drop(columns=patients.columns[:9]).isna().all(axis=None)
    assert (patients["hamd17"] >= 17).all()
    assert (patients["failed_trials"] >= 2).all()
    gap = patients["age"] - patients["age_at_onset"] - patients["illness_duration"] / 12
    assert gap.between(-1, 1.1).all()
    assert (people["education"] <= people["age"] - 5).all()
    assert (patients[["ssri", "snri", "other_antidepressant"]] == "yes").any(axis=1).all()


@pytest.mark.parametrize("seed", ANY)
def test_pain_at_baseline_is_what_defines_the_groups(seed):
    for scale in ("vas", "sensory", "affective", "ppi"):
        scores, group = wide(seed, scale)
        assert (scores.loc[group == "non_pain", "baseline"] == 0).all()
        if scale != "affective":
            assert (scores.loc[group == "pain", "baseline"] > 0).all()
    vas, group = wide(seed, "vas")
    assert vas.loc[group == "non_pain", "infusion_1":].to_numpy().sum() > 0


# Files --------------------------------------------------------------------------------------------------------------


def test_same_seed_same_bytes_other_seed_other_bytes(tmp_path):
    first, again, other = (
        write_cohort(tmp_path / name, make_cohort(seed), {'"seed": 0': f'"seed": {seed}'})
        for name, seed in [("a", 5), ("b", 5), ("c", 6)]
    )
    for one, two, three in zip(first, again, other, strict=True):
        assert one.read_bytes() == two.read_bytes() != three.read_bytes()
        assert b"\r" not in one.read_bytes()
    assert json.loads(other[-1].read_text(encoding="utf-8"))["generator"]["seed"] == 6
    assert sorted(p.name for p in first[0].parent.iterdir()) == sorted(
        [*(f"{t}.csv" for t in TABLES), "datapackage.json"]
    )


def test_nothing_is_written_when_a_table_is_missing(tmp_path):
    with pytest.raises(KeyError):
        write_cohort(tmp_path / "new", {}, {})
    assert not (tmp_path / "new").exists()


# Structure ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", ANY)
def test_visits_and_analytes_correlate(seed):
    madrs, group = wide(seed, "madrs")
    for g in PATIENT_GROUPS:
        follow_up = madrs.loc[group == g, "infusion_1":].astype(float).corr().to_numpy()
        assert follow_up.min() > 0.1
        assert np.median(follow_up[np.triu_indices(7, 1)]) > 0.5
    samples = cohort(seed)["analytes"].set_index(["id", "visit"])
    levels = np.log(samples[ANALYTES]).unstack("visit")
    within = [levels[a]["baseline"].corr(levels[a]["infusion_6"]) for a in ANALYTES]
    assert min(within) > 0.15
    assert 0.45 < np.median(within) < 0.85
    between = levels.xs("baseline", axis=1, level="visit").corr().to_numpy()[np.triu_indices(len(ANALYTES), 1)]
    assert 0.2 < np.median(between) < 0.7


@pytest.mark.parametrize("seed", ANY)
def test_only_education_and_bmi_differ(seed):
    people = cohort(seed)["participants"]
    patients = people[people["group"] != "control"]
    assert breached(patients) == []
    differing = {column for column in candidates() if difference_p(patients, column) < 0.05}
    assert differing == {"education", "bmi"}
    for column in differing:
        means = patients.groupby("group")[column].mean()
        assert means["pain"] > means["non_pain"]


def test_controls_match_in_age_and_sex():
    people = cohort()["participants"].assign(patient=lambda d: d["group"] != "control")
    assert stats.ttest_ind(people.query("patient")["age"], people.query("~patient")["age"]).pvalue > 0.2
    assert stats.chi2_contingency(pd.crosstab(people["patient"], people["sex"]), correction=False).pvalue > 0.2


def test_limits_come_from_the_descriptor():
    assert limits("assessments", "sensory") == (0, 33)
    assert outcome_visits("vas") == visits()
