"""A trial as a laboratory keeps it, and the same trial as tidy tables.

``write_trial(folder)`` writes ``trial.sav`` (wide, SPSS: names of its own, value labels, user-missing codes 999 and -9,
values below the detection limit, two readings of some analytes, other units, a text variable with ``<0.13``) and
``tidy/``, the study folder that should come of it. Both are made of the synthetic cohort.

    .venv/bin/python tests/study/intake/make_sav.py build/tutorial
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import sys
from pathlib import Path

import pandas as pd
import pyreadstat

SOURCE = Path(__file__).parents[3] / "data" / "synthetic"
NOT_DONE, BELOW = 999, -9
# Nothing of a participant but the code may be repeated anywhere; these are looked for.
SENTINELS = ("Cell content nobody may see", "1961-02-03")
CODES = {
    "group": (
        "COND",
        "Study group",
        {"pain": (1, "Pain"), "non_pain": (2, "Non-pain"), "control": (3, "Healthy control")},
    ),
    "sex": ("GENDER", "Gender", {"female": (1, "Female"), "male": (2, "Male")}),
    "marital_status": (
        "MARITAL",
        "Marital status",
        {"single": (1, "Single"), "married": (2, "Married"), "divorced_widowed": (3, "Divorced/widowed")},
    ),
    "employment": (
        "JOB",
        "Employment",
        {"employed": (1, "Employed"), "student": (2, "Student"), "unemployed": (3, "Unemployed")},
    ),
}
YES_NO = {"no": (0, "No"), "yes": (1, "Yes")}
BINARY = {
    "smoking": ("SMOKER", "Current smoker"),
    "family_history": ("FAMHIST", "Family history of mood disorder"),
    "suicidal_ideation": ("SUICIDALITY", "Suicidal ideation at screening"),
    "ssri": ("SSRI", "SSRI, stable dose"),
    "snri": ("SNRI", "SNRI, stable dose"),
    "other_antidepressant": ("OTHER_AD", "Other antidepressant"),
    "antipsychotic": ("ANTIPSYCHOTICS", "Antipsychotic"),
    "mood_stabiliser": ("MOODSTAB", "Mood stabiliser"),
    "benzodiazepine": ("BENZO", "Benzodiazepine"),
}
NUMBERS = {
    "age": ("AGE_Y", "Age at screening (years)"),
    "education": ("EDU", "Years of schooling"),
    "bmi": ("BMI", "Body mass index"),
    "age_at_onset": ("ONSET", "Age at first episode"),
    "illness_duration": ("ILLDUR", "Duration of illness (months)"),
    "episodes": ("N_EPISODES", "Depressive episodes so far"),
    "hospitalisations": ("ADMISSIONS", "Psychiatric admissions"),
    "hamd17": ("HDRS17", "HDRS-17 at screening"),
    "failed_trials": ("FAILED_AD_TRIALS", "Antidepressant trials that failed"),
}
VISITS = ("baseline", *(f"infusion_{n}" for n in range(1, 7)), "day_26")
WHEN = ("baseline", *(f"24 h after infusion {n}" for n in range(1, 6)), "day 13, 24 h after infusion 6", "day 26")
SCALES = {"madrs": ("MADRS", "MADRS total"), "vas": ("PAINVAS", "Pain VAS"), "sensory": ("MPQ_S", "SF-MPQ sensory"),
          "affective": ("MPQ_A", "SF-MPQ affective"), "ppi": ("PPI", "Present pain intensity")}  # fmt: skip
BLOOD = {"baseline": ("T1", "baseline"), "infusion_6": ("T2", "day 13"), "day_26": ("T3", "day 26")}
ASSAYS = {
    "itac": "ITAC", "gm_csf": "GMCSF", "fractalkine": "CX3CL1", "ifn_gamma": "IFNg", "il_10": "IL10", "mip_3a": "MIP3a",
    "il_12p70": "IL12", "il_13": "IL13", "il_17a": "IL17A", "il_1b": "IL1b", "il_2": "IL2", "il_4": "IL4",
    "il_23": "IL23", "il_5": "IL5", "il_6": "IL6", "il_7": "IL7", "il_8": "CXCL8", "mip_1b": "MIP1b", "tnf_a": "TNFa",
}  # fmt: skip
READ_TWICE, NANOGRAMS, AS_TEXT = ("il_6", "tnf_a"), ("il_23",), ("il_13",)
# The detection limits (pg/mL) are set so that some values lie below.
LIMITS = {"il_13": 0.95, "il_5": 0.5, "il_6": 0.8, "il_2": 0.6}


def tidy_tables() -> dict[str, pd.DataFrame]:
    """The tables of the study: the cohort's, with what lies below the limits taken out and named."""
    tables = {
        name: pd.read_csv(SOURCE / f"{name}.csv") for name in ("participants", "assessments", "analytes", "infusions")
    }
    analytes, flags = tables["analytes"], []
    for name, limit in LIMITS.items():
        low = analytes[name] < limit
        flags.append(analytes.loc[low, ["id", "visit"]].assign(analyte=name, limit=limit))
        analytes[name] = analytes[name].mask(low)
    return {**tables, "below_limit": pd.concat(flags, ignore_index=True)}


def write_tidy(folder: Path, tables: dict[str, pd.DataFrame]) -> Path:
    """The study folder as somebody would have written it by hand."""
    folder.mkdir(parents=True, exist_ok=True)
    document = json.loads((SOURCE / "datapackage.json").read_text(encoding="utf-8"))
    document |= {"name": "tidy", "data_source": "real", "claims": None}
    for resource in document["resources"]:
        if resource["name"] == "analytes":
            for field in resource["schema"]["fields"][2:]:
                field.pop("constraints")
    fields = [copy.deepcopy(f) for f in document["resources"][2]["schema"]["fields"][:2]]
    fields += [{"name": "analyte", "type": "string"}, {"name": "limit", "type": "number"}]
    document["resources"].append({"name": "below_limit", "path": "below_limit.csv", "schema": {"fields": fields}})
    document["roles"]["analytes"]["detection"] = {"table": "below_limit", "rule": "lod_sqrt2"}
    (folder / "datapackage.json").write_text(json.dumps(document), encoding="utf-8")
    for name, frame in tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return folder


class Sav:
    """Columns of the SPSS file, with their labels, value labels and missing codes."""

    def __init__(self):
        self.data: dict[str, pd.Series] = {}
        self.labels: dict[str, str] = {}
        self.values: dict[str, dict] = {}
        self.missing: dict[str, list] = {}

    def add(self, name: str, label: str, data: pd.Series, values: dict | None = None, missing: tuple = ()) -> None:
        self.data[name], self.labels[name] = data, label
        if values:
            self.values[name] = values
        if missing:
            self.missing[name] = list(missing)

    def write(self, path: Path) -> Path:
        frame = pd.DataFrame(self.data)
        pyreadstat.write_sav(
            frame, str(path), column_labels=self.labels, variable_value_labels=self.values, missing_ranges=self.missing
        )
        return path


def write_sav(path: Path, tables: dict[str, pd.DataFrame]) -> Path:
    """The SPSS file: one row a participant."""
    people = tables["participants"].set_index("id")
    sav = Sav()
    sav.add("SUBJ_CODE", "Participant code", pd.Series(people.index, people.index))
    sav.add("DOB", "Date of birth", pd.Series(dt.date(1961, 2, 3), people.index))
    for column in people:
        _person(sav, column, people[column])
    _scales(sav, tables["assessments"], people.index)
    _pain(sav, tables["infusions"], people.index)
    _assays(sav, tables, people.index)
    sav.add("REMARKS", "Remarks", pd.Series([f"{SENTINELS[0]} {n}" for n in range(len(people))], people.index))
    return sav.write(path)


def _person(sav: Sav, column: str, data: pd.Series) -> None:
    if column in NUMBERS:
        sav.add(*NUMBERS[column], data.astype("float64").fillna(NOT_DONE), {NOT_DONE: "Not recorded"}, (NOT_DONE,))
        return
    name, label, levels = CODES[column] if column in CODES else (*BINARY[column], YES_NO)
    codes = data.map({level: float(code) for level, (code, _) in levels.items()})
    sav.add(name, label, codes, dict(levels.values()))  # controls: system-missing


def _scales(sav: Sav, table: pd.DataFrame, index: pd.Index) -> None:
    for column, (stem, label) in SCALES.items():
        wide = table.pivot(index="id", columns="visit", values=column).reindex(index)
        for number, (visit, when) in enumerate(zip(VISITS, WHEN, strict=True)):
            if wide[visit].notna().any():
                data = wide[visit].fillna(NOT_DONE)
                sav.add(f"{stem}_{number}", f"{label}, {when}", data, {NOT_DONE: "Not done"}, (NOT_DONE,))


def _pain(sav: Sav, table: pd.DataFrame, index: pd.Index) -> None:
    wide = table.pivot(index="id", columns="infusion", values="pain_reported").reindex(index)
    for number in wide:
        sav.add(f"PAIN_REPORTED_INF{number}", f"Pain at infusion {number}", wide[number], {0: "No", 1: "Yes"})


def _assays(sav: Sav, tables: dict[str, pd.DataFrame], index: pd.Index) -> None:
    flags = tables["below_limit"].set_index(["id", "visit", "analyte"])["limit"]
    for column, stem in ASSAYS.items():
        title, unit = stem, "ng/mL" if column in NANOGRAMS else "ng/L" if column in READ_TWICE else "pg/ml"
        for visit, (token, when) in BLOOD.items():
            table = tables["analytes"]
            data = table[table["visit"] == visit].set_index("id")[column].reindex(index)
            low = pd.Series([(who, visit, column) in flags.index for who in index], index)
            if column in AS_TEXT:
                text = data.map(lambda value: f"{value:g}", na_action="ignore").where(~low, f"<{LIMITS[column]}")
                sav.add(f"{stem}_{token}", f"{title} ({unit}), {when}", text.astype(object).where(text.notna(), ""))
                continue
            data = (data / 1000 if column in NANOGRAMS else data).where(~low, BELOW)
            labels = {BELOW: "Below detection limit", NOT_DONE: "No sample"}
            for number, shift in ((1, 0.02), (2, -0.02)) if column in READ_TWICE else ((0, 0),):
                name = f"{stem}_{token}" + (f"_rep{number}" if number else "")
                label = f"{title} ({unit}), {when}" + (f", reading {number}" if number else "")
                shifted = (data * (1 + shift)).where(data > 0, data).fillna(NOT_DONE)
                sav.add(name, label, shifted, labels, (NOT_DONE, BELOW))
        if column in LIMITS and column not in AS_TEXT:
            sav.add(f"LOD_{stem}", f"{title}, limit of detection ({unit})", pd.Series(LIMITS[column], index))


def write_trial(folder: Path) -> tuple[Path, Path]:
    """Both forms of the trial: the SPSS file and the tidy study folder."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = tidy_tables()
    return write_sav(folder / "trial.sav", tables), write_tidy(folder / "tidy", tables)


if __name__ == "__main__":
    print(*write_trial(Path(sys.argv[1])), sep="\n")
