"""Who takes part: demography, illness history, medication. One severity runs through what a clinician rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from . import parameters as p
from .design import PATIENT_GROUPS, Sizes, candidates, columns, levels, limits
from .draws import Array, to_integer, yes_no

MODEL = p.Demography()


@dataclass(frozen=True)
class Patients:
    """Table of the patients, pain group first, and the severity (standard normal) behind their ratings."""

    table: pd.DataFrame
    severity: Array


def draw_patients(rng: np.random.Generator, size: Sizes) -> Patients:
    """Patients, redrawn until the two groups differ in ``parameters.DIFFER`` and in no other candidate.

    A small cohort may never get there: of ``parameters.REDRAWS`` draws the one with the fewest breaches is taken.
    """
    best, fewest = None, np.inf
    for _ in range(p.REDRAWS):
        drawn = _draw_once(rng, size)
        breaches = len(breached(drawn.table))
        if breaches < fewest:
            best, fewest = drawn, breaches
        if not breaches:
            break
    return best


def breached(table: pd.DataFrame) -> list[str]:
    """Candidate columns that differ between the patient groups and should not, or the other way round."""
    p_values = {column: difference_p(table, column) for column in candidates()}
    return [c for c, value in p_values.items() if (value > p.CLEARLY if c in p.DIFFER else value < p.UNCLEAR)]


def difference_p(table: pd.DataFrame, column: str) -> float:
    """p of the difference between the two patient groups: Student's t for numbers, Pearson's chi-square for categories.

    1 when the column does not vary.
    """
    group, values = table["group"].to_numpy(), table[column].to_numpy()
    kinds, code = np.unique(values, return_inverse=True)
    if len(kinds) < 2:
        return 1.0
    if pd.api.types.is_numeric_dtype(table[column]):
        return float(stats.ttest_ind(*(values[group == g] for g in PATIENT_GROUPS)).pvalue)
    counts = [np.bincount(code[group == g], minlength=len(kinds)) for g in PATIENT_GROUPS]
    return float(stats.chi2_contingency(np.array(counts), correction=False).pvalue)


def draw_controls(rng: np.random.Generator, patients: pd.DataFrame, size: Sizes) -> pd.DataFrame:
    """Controls, each matched in sex, and in age within two years, to a patient of its own as long as there are any."""
    n, pool = size.controls, rng.permutation(len(patients))
    match = patients.iloc[np.resize(pool, n)]
    age = to_integer(match["age"].to_numpy() + rng.integers(-2, 3, n), *limits("participants", "age"))
    table = pd.DataFrame({"group": "control", "age": age, "sex": match["sex"].to_numpy()})
    return table.assign(**_education_and_bmi(rng, table), **_circumstances(rng, age, ill=False))


def _draw_once(rng: np.random.Generator, size: Sizes) -> Patients:
    group = np.repeat(PATIENT_GROUPS, size.patients)
    n = len(group)
    severity = rng.standard_normal(n)
    lowest, highest = limits("participants", "age")
    age = to_integer(lowest + np.abs(MODEL.age[0] - lowest + MODEL.age[1] * rng.standard_normal(n)), lowest, highest)
    sex = np.where(rng.random(n) < MODEL.female, "female", "male")
    table = pd.DataFrame({"group": group, "age": age, "sex": sex})
    table = table.assign(
        **_education_and_bmi(rng, table),
        **_circumstances(rng, age, ill=True),
        **_history(rng, age, severity),
        **_ratings(rng, severity),
        **_medication(rng, n),
    )
    return Patients(table[[c for c in columns("participants") if c != "id"]], severity)


def _education_and_bmi(rng: np.random.Generator, table: pd.DataFrame) -> dict[str, Array]:
    n, age = len(table), table["age"].to_numpy()
    older = (age - MODEL.age[0]) / MODEL.age[1]
    schooling = table["group"].map(dict(MODEL.education)) + MODEL.education_sd * (
        -0.25 * older + 0.97 * rng.standard_normal(n)
    )
    # Nobody has been at school longer than since the age of six.
    education = np.minimum(to_integer(schooling, 5, 20), age - 5)
    bmi = table["group"].map(dict(MODEL.bmi)) + MODEL.bmi_sd * (0.2 * older + 0.98 * rng.standard_normal(n))
    return {"education": education, "bmi": np.round(np.clip(bmi, 16.0, 36.0), 1)}


def _circumstances(rng: np.random.Generator, age: Array, ill: bool) -> dict[str, Array]:
    """Marriage, work and smoking, which go with age."""
    n = len(age)
    ever_married, apart = rng.random(n) < np.clip((age - 20) / 18, 0.02, 0.9), rng.random(n) < 0.13
    single, married, alone = levels("marital_status")
    employed, student, unemployed = levels("employment")
    studies, works = (age < 24) & (rng.random(n) < 0.6), rng.random(n) < (0.5 if ill else 0.75)
    return {
        "marital_status": np.where(ever_married, np.where(apart, alone, married), single),
        "employment": np.where(studies, student, np.where(works, employed, unemployed)),
        "smoking": yes_no(rng.random(n) < MODEL.smoking),
    }


def _history(rng: np.random.Generator, age: Array, severity: Array) -> dict[str, Array]:
    """Onset, duration, episodes and admissions; the onset follows from age and duration."""
    n = len(age)
    exact_age = age + rng.random(n)
    years = np.minimum(MODEL.duration_years * np.exp(0.8 * rng.standard_normal(n)), exact_age - 12)
    months = to_integer(12 * years, 4, limits("participants", "illness_duration")[1])
    return {
        "family_history": yes_no(rng.random(n) < MODEL.family_history),
        "age_at_onset": np.floor(exact_age - months / 12).astype(int),
        "illness_duration": months,
        "episodes": 1 + rng.poisson(0.8 + 0.12 * np.minimum(years, 15)),
        "hospitalisations": rng.poisson(np.exp(0.1 + 0.25 * severity)),
    }


def _ratings(rng: np.random.Generator, severity: Array) -> dict[str, Array]:
    n = len(severity)
    mean, sd = MODEL.hamd17
    minimum = 17  # the least score that enters
    threshold = stats.norm.ppf(1 - MODEL.suicidal_ideation)
    return {
        "suicidal_ideation": yes_no(0.5 * severity + 0.87 * rng.standard_normal(n) > threshold),
        "hamd17": to_integer(mean + sd * (0.75 * severity + 0.66 * rng.standard_normal(n)), minimum, 40),
        "failed_trials": 2 + rng.poisson(np.exp(-0.1 + 0.2 * severity)),
    }


def _medication(rng: np.random.Generator, n: int) -> dict[str, Array]:
    """Everybody takes an antidepressant, some a second one of another class, some an addition."""
    names, shares = zip(*MODEL.main_antidepressant, strict=True)
    first = rng.choice(len(names), n, p=shares)
    second = np.where(rng.random(n) < MODEL.second_antidepressant, (first + rng.integers(1, 3, n)) % 3, first)
    classes = {name: yes_no((first == k) | (second == k)) for k, name in enumerate(names)}
    return classes | {name: yes_no(rng.random(n) < share) for name, share in MODEL.added}
