"""Studies that are not the bundled ones: without some parts, with codes for names, with too little to compute."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.analysis.results import pick

THREE = ("gm_csf", "il_6", "tnf_a")
ABSENT = {"remission": None, "classification": None, "adverse_events": None, "mediation": None}
EMPTY = {"eligibility": [], "change_regressions": [], "analyte_covariates": []}


@pytest.fixture
def folder(study_folder):
    """The synthetic study with three analytes, which is enough to break and quick to run."""
    made = study_folder()
    made.keep_analytes(*THREE)
    made.roles["change_regressions"] = made.roles["change_regressions"][:1]
    return made


@pytest.fixture
def run(folder, book, tmp_path, raw_text):
    """Runs chapters of the folder, all unless told; nothing they show may be empty or raw."""

    def go(*only: str, draw: bool = False):
        chapters = book(folder.save(), tmp_path / "out", draw, only)
        assert {name: raw_text(part) for name, part in chapters.items() if raw_text(part)} == {}
        return chapters

    return go


def test_everything_optional_left_out(folder, run):
    folder.roles.update(ABSENT | EMPTY)
    folder.roles["group"]["reference"] = None
    folder.document.update(claims=None, notice=None, data_source="real", title="Our study")
    chapters = run(draw=True)
    said = " ".join(text for part in chapters.values() for text in part.texts)
    for reason in ("eligibility", "not made by a rule", "no event at each exposure", "no mediation path"):
        assert reason in said
    assert "asks for no regression of change" in said
    assert "of the paper" not in said
    assert not any(
        "ynthetic" in text for part in chapters.values() for text in (*part.texts, *(t.caption for t in part.tables))
    )


def test_bundled_studies_show_nothing_raw(books, raw_text):
    shown = {(name, key): raw_text(part) for name, parts in books.items() for key, part in parts.items()}
    assert {key: found for key, found in shown.items() if found} == {}


def analyte_rows(chapters, name: str):
    return {part: chapter.rows[chapter.rows["analyte"] == name] for part, chapter in chapters.items()}


@pytest.mark.parametrize("kind", ["constant", "three values", "never measured"])
def test_an_analyte_that_cannot_be_analysed(kind, folder, run, books):
    """Its rows say why, and the others come out as they would without it."""
    field = folder.field("analytes", "gm_csf")
    field["constraints"] = {}
    table = folder.tables["analytes"]
    left = {"constant": 0, "three values": 3, "never measured": 0}[kind]
    table["gm_csf"] = 20.0 if kind == "constant" else table["gm_csf"].where(np.arange(len(table)) < left)
    chapters = run("03", "04", "05")
    rows = analyte_rows(chapters, "gm_csf")
    failed = [
        pick(rows["03_baseline_cytokines"], analysis="ancova", statistic="F"),
        pick(rows["04_longitudinal_cytokines"], analysis="cytokine_all_visits", statistic="converged"),
        pick(rows["05_regression_mediation"], analysis="change_regression", statistic="beta"),
    ]
    for part in failed:
        assert len(part)
        assert part["method"].str.contains("not computed|not fitted").all()
    assert (failed[1]["value"] == 0).all()
    for name in ("il_6", "tnf_a"):
        usual = analyte_rows(books["synthetic"], name)
        for chapter, analysis in (
            ("03_baseline_cytokines", "ancova"),
            ("04_longitudinal_cytokines", "cytokine_all_visits"),
        ):
            mine, theirs = (pick(r[chapter], analysis=analysis) for r in (analyte_rows(chapters, name), usual))
            assert np.allclose(mine["value"], theirs["value"], equal_nan=True)
            assert np.allclose(mine["p"], theirs["p"], equal_nan=True)
    # The family of the adjustment is what could be tested.
    tests = pick(chapters["03_baseline_cytokines"].rows, analysis="ancova", statistic="F").dropna(subset=["p"])
    assert np.allclose(tests["p_adjusted"].max(), tests["p"].max())


def test_codes_for_categories_are_not_quantities(folder, chapter, books, raw_text):
    """0 and 1 for sex, yes and no as true and false: the same counts, tests and labels as with names."""
    people, fields = folder.tables["participants"], folder.field
    people["sex"] = people["sex"].map({"female": 0, "male": 1})
    fields("participants", "sex").update(
        type="integer", constraints={"enum": [0, 1]}, categoriesLabels={"0": "Female", "1": "Male"}
    )
    people["ssri"] = people["ssri"].map({"yes": True, "no": False})
    fields("participants", "ssri").update(type="boolean", constraints={}, categoriesLabels={})
    path = folder.save()
    made, usual = chapter("01_cohort", path), books["synthetic"]["01_cohort"]
    assert raw_text(made) == []
    names = {"sex": {"0": "female", "1": "male"}, "ssri": {"true": "yes", "false": "no"}}
    for outcome, levels in names.items():
        mine, theirs = (pick(done.rows, analysis="baseline", outcome=outcome) for done in (made, usual))
        values = {}
        for key, part in (("mine", mine), ("theirs", theirs)):
            named = part["contrast"].map(lambda name, levels=levels: levels.get(name, name))
            values[key] = dict(
                zip(zip(part["statistic"], part["group"], named, strict=True), part["value"], strict=True)
            )
        assert values["mine"] == pytest.approx(values["theirs"])
        # Two levels by group, counts and percentages, and the test; controls have no medication.
        assert len(values["mine"]) == {"sex": 14, "ssri": 10}[outcome]
    lines = made.exhibit("tab-1").frame
    assert lines["Characteristic"].str.strip().isin(["Female", "Male"]).sum() == 2
    ancova = [pick(done.rows, analysis="ancova", analyte="il_6") for done in
              (chapter("03_baseline_cytokines", path), books["synthetic"]["03_baseline_cytokines"])]  # fmt: skip
    assert np.allclose(ancova[0]["value"], ancova[1]["value"])


def test_numbers_as_identifiers(folder, run, books):
    """Codes 1, 2, 3 …: the chapters of a build hand them on as they are."""
    for name, frame in folder.tables.items():
        frame["id"] = frame["id"].str[1:].astype(int)
        folder.field(name, "id").update(type="integer", constraints={"required": True})
    rows, usual = run("04", "05")["05_regression_mediation"].rows, books["synthetic"]["05_regression_mediation"].rows
    mine, theirs = (
        pick(frame, analyte="il_6", outcome="madrs", analysis="change_regression") for frame in (rows, usual)
    )
    assert np.allclose(mine["value"], theirs["value"])
    assert mine["n"].tolist() == theirs["n"].tolist()


def test_other_names_for_identifier_and_group(folder, run, all_rows, one):
    for name, frame in folder.tables.items():
        folder.tables[name] = frame.rename(columns={"id": "code", "group": "arm"})
        folder.field(name, "id")["name"] = "code"
    for item in folder.document["resources"]:
        item["schema"]["primaryKey"] = ["code" if key == "id" else key for key in item["schema"]["primaryKey"]]
    folder.field("participants", "group")["name"] = "arm"
    folder.roles["identifier"], folder.roles["group"]["column"] = "code", "arm"
    chapters = run()
    cells = {"analysis": "mixed_model", "outcome": "madrs", "statistic": "F", "contrast": "interaction"}
    assert one(chapters["02_efficacy"].rows, **cells) == pytest.approx(one(all_rows["synthetic"], **cells))


@pytest.mark.parametrize("value", [30, 0])
def test_an_endpoint_that_nobody_or_everybody_reaches(value, folder, run):
    scores = folder.tables["assessments"]
    scores.loc[scores["visit"] != "baseline", "madrs"] = value
    scores.loc[scores["visit"] == "baseline", "madrs"] = 30 + np.arange(66) % 3
    rows = run("01", "02")["02_efficacy"].rows
    counts = pick(rows, analysis="response", statistic="count")["value"].tolist()
    assert counts == ([0, 0] if value else [33, 33])
    failed = rows[rows["value"].isna()]
    assert failed["method"].str.startswith("not computed").all()
    assert len(failed)


def test_nobody_assessed_at_the_visit_of_the_rule(folder, run):
    scores = folder.tables["assessments"]
    keep = scores["visit"].isin(["baseline", "infusion_1", "infusion_2"])
    folder.tables["assessments"] = scores[keep]
    rows = run()["02_efficacy"].rows
    assert pick(rows, analysis="response", statistic="percent")["method"].tolist() == ["nobody assessed"] * 2
    # The curves end before the rule's visit, where nothing is known.
    assert pick(rows, analysis="time_to_response", statistic="restricted_mean_difference")["value"].isna().all()


def test_small_cohort(folder, run):
    people = folder.tables["participants"]
    few = people.groupby("group").head(5)["id"]
    for name, frame in folder.tables.items():
        folder.tables[name] = frame[frame["id"].isin(few)]
    rows = run()["02_efficacy"].rows
    assert pick(rows, analysis="response", statistic="count")["n"].tolist() == [5, 5]
