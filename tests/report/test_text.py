"""Sentences: what they say of the bundled studies, and that they say it for the right one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpers.analysis.results import pick, row, to_frame
from helpers.analysis.settings import Settings
from helpers.report import text
from helpers.report.format import SPACE
from helpers.report.values import book_values

STUDIES = ("synthetic", "pbc")


def plain(markdown: str) -> str:
    return markdown.replace(SPACE, " ")


@pytest.fixture(scope="module")
def runs(books):
    return {name: chapters["01_cohort"].run for name, chapters in books.items()}


@pytest.mark.parametrize("name", STUDIES)
def test_banner_says_where_the_data_come_from(name, runs):
    said = text.common.banner(runs[name]).markdown
    assert ("synthetic cohort" in said) == (name == "synthetic")
    assert ("real data" in said) == (name == "pbc")
    for part in ("published, with bootstrap = 400", "seed 20210823", "compound symmetry", "completed by EM"):
        assert part in said
    # A study that the chapters were not written for says how to read their fixed text.
    assert ("Here read the analytes of this study for cytokines" in said) == (name == "pbc")


@pytest.mark.parametrize("chapter", ["cohort", "efficacy", "baseline", "longitudinal", "change"])
def test_limits_follow_the_data_source(chapter, runs):
    said = {name: getattr(text.limits, chapter)(run).markdown for name, run in runs.items()}
    assert said["synthetic"].startswith("The cohort is synthetic")
    assert "ynthetic" not in said["pbc"]
    assert said["synthetic"].endswith(said["pbc"])


def test_covariates_of_the_synthetic_study(runs, all_rows):
    said = plain(text.cohort.covariates(runs["synthetic"], all_rows["synthetic"]).markdown)
    assert said.startswith("Education (p")
    assert "Body mass index (p" in said
    assert said.endswith("differ between the groups. They enter the models of the clinical outcomes.")


def test_no_covariate(runs):
    assert "no covariate enters" in text.cohort.covariates(runs["pbc"], to_frame([])).markdown


def test_counts_in_sentences(runs, all_rows):
    rows, run = all_rows["synthetic"], runs["synthetic"]
    said = plain(text.efficacy.endpoints(run, rows).markdown)
    for part in ("Response: 24 (72.7 %) of 33 in the group Pain and 16 (48.5 %) of 33", "χ² = 4.062, p = 0.044"):
        assert part in said
    assert "Remission: 17 (51.5 %) of 33 in the group Pain and 9 (27.3 %) of 33" in said
    assert "76 (19.2 %) of 396 infusions" in plain(text.efficacy.adverse_events(run, rows).markdown)
    missing = plain(text.cohort.flow(run, rows).markdown)
    assert missing == "Blood samples missing: 2 of 33 (Day 26, Pain) and 3 of 33 (Day 26, No pain)."
    assert "EM completed 95 of 3762 values" in text.cytokines.imputation(run, rows).markdown
    assert "33 (50.0 %) in the group Pain" in plain(text.cohort.classification(run, rows).markdown)
    assert text.cohort.eligibility(run, rows).markdown.startswith("No value lies outside the 3 limits")


@pytest.mark.parametrize("name", STUDIES)
def test_numbers_of_regressions(name, runs, all_rows):
    betas = pick(all_rows[name], analysis="change_regression", statistic="beta")
    low, adjusted = (betas["p"] < 0.05).sum(), (betas["p_adjusted"] < 0.05).sum()
    said = plain(text.change.regressions(runs[name], all_rows[name]).markdown)
    assert said.startswith(
        f"Of {len(betas)} regressions, {low} have p < 0.05 before adjustment and {adjusted} after it."
    )
    assert f"about {0.05 * len(betas):.0f} would pass by chance" in said


@pytest.mark.parametrize("name", STUDIES)
def test_lists_of_analytes_are_those_of_the_rows(name, runs, all_rows):
    run, rows = runs[name], all_rows[name]
    titles = {name: run.study.field("analytes", name).title for name in run.study.roles.analytes.columns}
    said = text.cytokines.terms(run, rows).markdown.splitlines()
    for line, term in zip(said, ("time", "interaction", "group"), strict=True):
        tests = pick(rows, analysis="cytokine_all_visits", statistic="F", contrast=term)
        hits = set(tests.loc[tests["p_adjusted"] < 0.05, "analyte"])
        assert f": {len(hits)} of {len(titles)} " in line
        inside = line.partition("(")[2]
        assert all((titles[a] in inside.replace(" and ", ", ").rstrip(").").split(", ")) == (a in hits) for a in titles)


def test_outside_the_limits_is_counted(runs):
    rows = to_frame([row("eligibility", "outside", 1, contrast="Age", n=10, method="count")])
    said = text.cohort.eligibility(runs["synthetic"], rows).markdown
    assert said == "1 value lies outside the 1 limit that the data can show."


def test_alpha_of_the_scenario_is_in_the_words(runs, all_rows):
    run = replace(runs["synthetic"], settings=Settings(alpha=0.01))
    assert "p < 0.01" in text.change.regressions(run, all_rows["synthetic"]).markdown
    assert "99" in text.efficacy.time_to_endpoint(run, all_rows["synthetic"]).markdown


@pytest.mark.parametrize("name", STUDIES)
def test_values_of_the_front_page(name, runs, all_rows):
    values = book_values(runs[name].study, runs[name].settings, all_rows[name])
    assert all(item.markdown.strip() for items in values.values() for item in items)
    if name == "synthetic":
        assert values["group_sizes"][0].markdown.startswith("33 in the group Pain, 33 in the group No pain and 60")
        assert "checks of published figures" in values["verdicts"][0].markdown
    else:
        assert values["verdicts"][0].markdown.startswith("No ledger of published claims belongs to this study")


@pytest.mark.parametrize(("name", "said"), [("synthetic", "the groups differ."), ("pbc", "no difference")])
def test_the_panel_is_said_to_differ_only_when_its_test_passes(name, said, books, all_rows, one):
    run = books[name]["03_baseline_cytokines"].run
    p = one(pick(all_rows[name], analysis="mancova", contrast="group"), "p", statistic="pillai_F")
    assert (p < run.settings.alpha) == (name == "synthetic")
    assert said in text.cytokines.multivariate(run, all_rows[name]).markdown
