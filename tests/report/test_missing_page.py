"""The page on missing data: read from rows, honest about what does not apply, and about nobody in particular."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from helpers.analysis import missing_outcomes, missing_samples
from helpers.analysis.longitudinal_cytokines import ALL_VISITS, SENSITIVITY
from helpers.analysis.multiple_imputation import ANALYSIS
from helpers.analysis.results import join, row, to_frame
from helpers.analysis.settings import Settings
from helpers.report.format import p_value
from helpers.report.pages import missing_page

STUDIES = ("synthetic", "pbc")


def analyte_changes(study) -> pd.DataFrame:
    """Changes as the chapter on levels writes them, made up: the page reads rows."""
    made = []
    for place, analysis in enumerate((ALL_VISITS, ALL_VISITS + SENSITIVITY, ANALYSIS)):
        for analyte in study.roles.analytes.columns:
            for group in study.roles.compared:
                for visit in study.roles.analytes.visits[1:]:
                    cells = {"analyte": analyte, "group": group, "visit": visit, "df2": 60, "p": 0.04, "n": 66}
                    made.append(row(analysis, "change", 0.5 + place, ci_low=0, ci_high=9, **cells))
    return to_frame(made)


@pytest.fixture(scope="module")
def written(rows):
    found = {}
    for name in STUDIES:
        study = rows[name]["run"].study
        found[name] = join(
            rows[name]["missing"],
            rows[name]["patterns"],
            missing_outcomes.treatments(study, Settings()),
            missing_samples.completed_samples(study)[1],
            analyte_changes(study),
        )
    return found


def section(page: str, heading: str) -> str:
    return page.partition(f"## {heading}\n")[2].partition("\n## ")[0]


@pytest.fixture(scope="module")
def pages(rows, written):
    return {name: missing_page(rows[name]["run"].study, Settings(), written[name]) for name in STUDIES}


def test_counts_by_visit_and_group_are_those_of_the_tables(pages, raw):
    table = raw["pbc"].by_name["assessments"].dropna(subset=["bilirubin"]).merge(raw["pbc"].by_name["participants"])
    seen = table.groupby(["visit", "group"]).size()
    first, second = seen["month_36"]["d_penicillamine"], seen["month_36"]["placebo"]
    (line,) = [text for text in pages["pbc"].splitlines() if text.startswith("| Bilirubin (log) | Month 36 | ")][:1]
    assert f"{first} of 158" in line
    assert f"{second} of 154" in line
    assert "Nothing is missing of: MADRS, VAS," in pages["synthetic"]


def test_littles_test_is_read_from_its_rows(pages, written):
    part = written["pbc"].query("analysis == 'missing_outcome' and statistic == 'little' and outcome == 'bilirubin'")
    test = part.iloc[0]
    said = section(pages["pbc"], "Is it missing completely at random?")
    (line,) = [text for text in said.splitlines() if text.startswith("| Bilirubin (log) | ")]
    shown = p_value(test["p"]).replace("<", "&lt;")
    assert line.endswith(f"| {test['value']:.2f} | {test['df1']:.0f} | {shown} |")


def test_outcomes_stand_side_by_side_or_do_not_apply(pages):
    heading = "Outcomes: group × time"
    lines = [text for text in section(pages["pbc"], heading).splitlines() if text.startswith("| Bilirubin")]
    assert len(lines) == 4 * 4
    assert {text.split(" | ")[2] for text in lines} == {
        "Complete cases", "EM, filled once", "Multiple imputation", "Likelihood, observed values",
    }  # fmt: skip
    assert section(pages["synthetic"], heading).strip().startswith("Does not apply:")


@pytest.mark.parametrize("name", STUDIES)
def test_analytes_start_with_the_mediations(pages, rows, name):
    study = rows[name]["run"].study
    said = section(pages[name], "Analytes: changes from baseline")
    lines = [text for text in said.splitlines() if text.startswith("| ")][2:]
    assert lines[0].startswith(f"| {study.field('analytes', study.roles.mediation.x).title} | ")
    # With 60 degrees of freedom p = 0.04 is t = 2.0994 and the interval has 2.0003: 0.5 ± 0.5 / 2.0994 · 2.0003.
    assert "0.500 (0.024 to 0.976)" in lines[0]


def test_which_version_is_completed_follows_the_scenario(rows, written):
    study = rows["pbc"]["run"].study
    page = missing_page(study, Settings(imputation="none"), written["pbc"])
    lines = [text for text in page.splitlines() if "EM, filled once" in text and text.startswith("| AST")]
    assert lines
    assert all("| 1.500 (" in text for text in lines)


@pytest.mark.parametrize("name", STUDIES)
def test_nobody_is_named_and_no_number_is_raw(pages, rows, name):
    page = pages[name]
    assert not any(re.search(rf"\b{who}\b", page) for who in rows[name]["run"].study.participants["id"])
    assert not re.search(r"\bnan\b|None(?! of them)|\d\.\d{5,}", page)
    for table in re.findall(r"(?:^\|.*\n)+", page, flags=re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1


def test_made_data_are_called_so(pages):
    assert pages["synthetic"].count("**Synthetic cohort.**") == 2
    assert "Synthetic" not in pages["pbc"]


def test_it_says_when_nothing_could_be_treated(rows):
    study = rows["synthetic"]["run"].study
    few = join(rows["synthetic"]["missing"], missing_outcomes.treatments(study, Settings()))
    page = missing_page(study, Settings(), few)
    assert "no change of an analyte could be computed" in page
    assert "The patterns were not counted" in page
