"""The codebook and the methods page."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from helpers.analysis.covariance_structures import METHODS, analysis_name
from helpers.analysis.results import pick
from helpers.analysis.settings import STRUCTURES, Settings
from helpers.report import words
from helpers.report.format import SPACE as NBSP
from helpers.report.pages import agreement_page, conventions_page, data_page, methods_page
from helpers.report.pages.agreement import NEAREST
from helpers.report.pages.software import SOFTWARE
from helpers.study import load_study

STUDIES = ("synthetic", "pbc")
HTML = "<script>alert(1)</script>|"


@pytest.mark.parametrize("name", STUDIES)
def test_codebook_lists_every_column_of_every_table(name, raw, studies):
    page = data_page(studies[name])
    for resource in raw[name].document["resources"]:
        section = page.partition(f"## Table: {resource['title']}\n")[2].partition("\n## ")[0]
        assert f"`{resource['path']}`, {len(raw[name].by_name[resource['name']])} rows." in section
        lines = {line.split("`")[1]: line for line in section.splitlines() if line.startswith("| `")}
        assert list(lines) == [field["name"] for field in resource["schema"]["fields"]]
        for field in resource["schema"]["fields"]:
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", lines[field["name"]])[1:-1]]
            assert len(cells) == 6
            assert cells[1].startswith(f"{field['title']}. ")
            assert cells[3] == field.get("unit", "–")
            assert cells[5] == str(raw[name].by_name[resource["name"]][field["name"]].isna().sum())


@pytest.mark.parametrize("name", STUDIES)
def test_design_of_the_study(name, raw, studies):
    page, roles = data_page(studies[name]), raw[name].roles
    assert ("no participant in them exists" in page) == (name == "synthetic")
    assert ("the study defines no cut-off" in page) == (name == "pbc")
    assert ("comparisons with controls do not apply" in page) == (name == "pbc")
    for visit in roles["visits"]:
        sampled = "yes" if visit["name"] in roles["analytes"]["visits"] else "no"
        (line,) = [text for text in page.splitlines() if text.startswith(f"| {visit['label']} | {visit['day']:g} |")]
        assert line.endswith(f"| {sampled} |")
    assert raw[name].document["licenses"][0]["title"] in page


def with_html(item):
    """Every text of a document that people write, with markup in it."""
    keys = {"title", "description", "unit", "label", "text", "panel", "note"}
    if isinstance(item, dict):
        return {k: HTML + v if k in keys and isinstance(v, str) else with_html(v) for k, v in item.items()}
    return [with_html(part) for part in item] if isinstance(item, list) else item


@pytest.fixture
def hostile(study_folder):
    folder = study_folder()
    folder.document = with_html(folder.document)
    for name in ("group", "sex"):
        labels = folder.field("participants", name)["categoriesLabels"]
        labels.update({key: HTML + label for key, label in labels.items()})
    folder.document["sources"].append({"title": "x", "path": "https://a.org/) <script>alert(2)</script>"})
    folder.document["sources"].append({"title": "y", "path": "javascript:alert(3)"})
    folder.document["resources"][0]["schema"]["missingValues"] = ["", "<b>"]
    return load_study(folder.save())


def test_markup_in_a_descriptor_is_text(hostile, all_rows):
    for page in (data_page(hostile), methods_page(hostile, Settings(), all_rows["synthetic"])):
        assert "<script" not in page
        assert "<b>" not in page
        assert "&lt;script&gt;" in page
        assert "javascript:" not in page
        for table in re.findall(r"(?:^\|.*\n)+", page, flags=re.MULTILINE):
            bars = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
            assert len(bars) == 1, table


CHANGES = [
    ({"alpha": 0.01}, "Candidates with p < 0.01 became covariates", "p < 0.05"),
    ({"covariance": "random_slope"}, "random intercept and slope", "compound symmetry"),
    ({"adjustment": "holm"}, "adjusted over the analytes by Holm", "Benjamini–Hochberg"),
    ({"imputation": "none"}, "reads the observed samples", "reads the completed samples"),
    ({"bootstrap": 777}, "777 bootstrap resamples", "5000"),
    ({"seed": 99}, "(seed 99)", "20210823"),
    ({"covariates": "none"}, "No covariates entered", "became covariates"),
    ({"responder_fraction": 0.3}, "at least 30 %", "at least 50 %"),
    ({"remission_cutoff": 7}, "at most 7", "at most 10"),
]


@pytest.mark.parametrize(("change", "said", "unsaid"), CHANGES)
def test_methods_follow_the_settings(change, said, unsaid, studies, all_rows):
    usual, page = (
        " ".join(methods_page(studies["synthetic"], s, all_rows["synthetic"]).split())
        for s in (Settings(), Settings(**change))
    )
    assert said in page
    assert said not in usual
    # What is fixed in the text, such as the allowed values, is in both.
    assert page.count(unsaid) < usual.count(unsaid)
    (name, value) = next(iter(change.items()))
    assert f"| `{name}` | {value} |" in page


@pytest.mark.parametrize("name", STUDIES)
def test_methods_follow_the_study(name, studies, all_rows):
    page = methods_page(studies[name], Settings(), all_rows[name])
    assert ("remission was" in page) == (name == "synthetic")
    assert ("Education and Body mass index" in page) == (name == "synthetic")
    assert ("age, sex and body mass index" in page) == (name == "synthetic")
    for package in ("statsmodels", "pingouin", "numpy"):
        assert re.search(rf"\| {package} \| \d+\.\d+", page)


def test_citations_of_the_methods_are_in_the_bibliography(studies, all_rows):
    from helpers.analysis.places import project_root

    page = methods_page(studies["synthetic"], Settings(), all_rows["synthetic"])
    entries = set(re.findall(r"@\w+\{(\w+),", (project_root() / "book" / "references.bib").read_text(encoding="utf-8")))
    assert set(re.findall(r"\{cite\}`(\w+)`", page)) <= entries


def test_document_of_a_study_is_not_changed_by_its_page(studies):
    before = json.dumps(studies["pbc"].descriptor.raw)
    data_page(studies["pbc"])
    assert json.dumps(studies["pbc"].descriptor.raw) == before


@pytest.fixture
def compared():
    """Two comparisons of a repeated-measures model and one of another statistic."""
    same = {"kind": "relative", "tolerance": 1e-5, "reason": "because"}
    cells = {"part": "repeated", "subject": "diagonal", "data": "trial", "method": "satterthwaite/observed"}
    return pd.DataFrame(
        [
            {**cells, **same, "quantity": "F", "reference": "R nlme 3.1", "worst": 3.24e-8},
            {**cells, **same, "quantity": "F", "reference": "plain dense likelihood", "worst": 0.0},
            {**same, "part": "other", "subject": "Box's M", "data": "penguins", "method": "", "quantity": "M",
             "reference": "R 4.2", "worst": 1e-12},
        ]
    )  # fmt: skip


def test_agreement_shows_the_worst_of_each(compared):
    page = agreement_page(compared).replace(NBSP, " ")
    assert "**All 3 comparisons are within their tolerances.**" in page
    assert "| F | 10⁻⁵ relative | because | 3.2 × 10⁻⁸ | 0 |" in page
    assert "| diagonal | 0.003 |" in page
    assert "| Box's M | M | R 4.2 | 10⁻⁵ relative | 10⁻¹² |" in page


def test_agreement_says_what_is_beyond_its_tolerance(compared):
    compared.loc[2, "worst"] = 2e-5
    page = agreement_page(compared)
    assert "**1 of 3 comparisons are beyond their tolerances:** Box's M, penguins: M." in page
    assert "All 3" not in page


@pytest.mark.parametrize("name", STUDIES)
def test_conventions_compute_one_example_every_way(name, studies, all_rows, one):
    study = studies[name]
    page = conventions_page(study, Settings(), all_rows[name])
    outcome = study.roles.response.outcome
    for structure in STRUCTURES:
        label = words.STRUCTURES[structure]
        (line,) = [t for t in page.splitlines() if t.startswith(f"| {label[0].upper()}{label[1:]} |")]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        fitted = pick(all_rows[name], analysis=f"structure/{structure}", outcome=outcome)
        assert cells[1] == f"{one(fitted, statistic='parameters'):.0f}"
        tests = [
            pick(all_rows[name], analysis=analysis_name(structure, *method), outcome=outcome, contrast="interaction")
            for method in METHODS
        ]
        for cell, test in zip(cells[4:], tests, strict=True):
            assert cell.startswith(f"{one(test):.2f}")
            assert words.degrees(one(test, "df2")) in cell
    for choice, here, elsewhere in SOFTWARE:
        assert all(text in page for text in (choice, here, elsewhere))


def test_the_page_on_agreement_names_the_limit_that_its_table_was_written_with():
    written = (Path(__file__).parents[1] / "oracles" / "agreement.py").read_text(encoding="utf-8")
    nearest = float(re.search(r"^NEAREST, SHARE = (\S+), 10$", written, re.MULTILINE)[1])
    assert nearest == NEAREST
