"""A panel of more analytes than a figure can hold, measured in four groups, some of them with healthy controls.

The study is a small one of the kind that `large.py` makes, and the figures hold fewer than they do; `large.py` says how
the full one is run and how long that takes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analysis import multiple_imputation
from helpers.analysis.missing_outcomes import TREATMENTS, analysis_of
from helpers.analysis.pairs import named, pairs
from helpers.analysis.results import join, pick
from helpers.analysis.settings import Settings
from helpers.models import fit_repeated
from helpers.report.figures import common
from helpers.report.pages import missing_page
from helpers.report.tables import missing
from helpers.study.check import check_study

from .folders import write_study
from .large import Shape, parts

CHAPTERS = ("01", "02", "03", "04", "05")
MOST_ANALYTES = 6  # in a figure and on a page, here
SHAPE = Shape(analytes=9, outcomes=3, each=7)
BARE = Shape(analytes=2, outcomes=2, each=8, controls=False)
pytestmark = pytest.mark.filterwarnings("error::pandas.errors.PerformanceWarning")


@pytest.fixture(scope="module", autouse=True)
def fewer():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(common, "MOST_ANALYTES", MOST_ANALYTES)
        patch.setattr(missing, "MOST_ANALYTES", MOST_ANALYTES)
        yield


@pytest.fixture(scope="module")
def made(book, tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    return book(write_study(folder / "large", *parts(SHAPE)), folder / "out", True, CHAPTERS)


@pytest.fixture(scope="module")
def study(made):
    return made["01_cohort"].run.study


@pytest.fixture(scope="module")
def rows(made):
    return join(*(part.rows for part in made.values()))


@pytest.fixture(scope="module")
def page(study, rows):
    return missing_page(study, Settings(), rows)


def test_every_chapter_comes_to_its_end_and_shows_nothing_raw(made, raw_text):
    assert len(made) == len(CHAPTERS)
    assert {key: raw_text(part) for key, part in made.items() if raw_text(part)} == {}


def test_without_controls_every_chapter_comes_to_its_end_too(book, tmp_path, raw_text):
    found = book(write_study(tmp_path / "bare", *parts(BARE)), tmp_path / "out", False, CHAPTERS)
    assert {key: raw_text(part) for key, part in found.items() if raw_text(part)} == {}
    assert set(found["03_baseline_cytokines"].rows["group"]) - {""} == set(BARE.compared)


@pytest.mark.parametrize(("chapter", "figure"), [
    ("03_baseline_cytokines", "fig-baseline-cytokines"),
    ("03_baseline_cytokines", "fig-baseline-differences"),
    ("04_longitudinal_cytokines", "fig-cytokine-changes"),
    ("04_longitudinal_cytokines", "fig-cytokine-trajectories"),
    ("05_regression_mediation", "fig-change-regressions"),
])  # fmt: skip
def test_a_figure_says_how_many_analytes_it_shows(made, chapter, figure):
    said = " ".join(made[chapter].exhibit(figure).caption.split())
    assert f"the {MOST_ANALYTES} of {SHAPE.analytes} analytes" in said
    assert "the tables have all" in said


@pytest.mark.parametrize(("chapter", "table"), [
    ("03_baseline_cytokines", "tab-s2"), ("03_baseline_cytokines", "tab-below-limit"),
    ("04_longitudinal_cytokines", "tab-2"), ("04_longitudinal_cytokines", "tab-s3"),
    ("05_regression_mediation", "tab-regressions-scale_2"),
])  # fmt: skip
def test_the_tables_have_all_analytes(made, chapter, table):
    found = made[chapter].exhibit(table)
    frame = found.frame if hasattr(found, "frame") else found.cells
    assert frame["Analyte"].nunique() == SHAPE.analytes


def test_the_heat_map_shows_the_outcomes_that_fit(made, rows):
    said = " ".join(made["05_regression_mediation"].exhibit("fig-change-regressions").caption.split())
    assert "Of 3 outcomes the map shows those with the smallest p" in said
    smallest = pick(rows, analysis="change_regression", statistic="beta").groupby("outcome")["p"].min()
    left_out = smallest.idxmax().replace("_", " ").capitalize()
    assert left_out not in said.partition("Of 3 outcomes")[2]


def test_more_columns_than_patients_are_imputed_from_their_own_visits(study, rows, page):
    found = pick(rows, analysis=multiple_imputation.ANALYSIS, statistic="change")
    assert set(found["analyte"]) == set(SHAPE.analyte_names)
    assert found["method"].str.endswith(multiple_imputation.OWN_VISITS).all()
    assert multiple_imputation.OWN_VISITS in page


def complete_cases(study, outcome: str) -> pd.DataFrame:
    """Changes from baseline of patients with every value, and their group."""
    wide = study.assessments.pivot(index="id", columns="visit", values=outcome).astype(float).dropna()
    wide = wide[[visit.name for visit in study.roles.visits]]
    return wide.sub(wide["baseline"], axis=0).assign(arm=study.participants.set_index("id")["arm"])


def test_treatments_of_missing_outcomes_compare_every_pair(study, rows):
    means = complete_cases(study, "scale_1").groupby("arm").mean()
    part = pick(rows, analysis=analysis_of("complete"), outcome="scale_1", statistic="change_difference")
    assert set(part["contrast"]) == {named(pair) for pair in pairs(study)}
    for first, second in pairs(study):
        mine = pick(part, contrast=f"{first} - {second}").set_index("visit")["value"]
        expected = (means.loc[first] - means.loc[second])[mine.index]
        np.testing.assert_allclose(mine, expected, rtol=1e-6)
    np.testing.assert_allclose(part["p_adjusted"], np.minimum(1, 6 * part["p"]))


def test_all_groups_together_are_tested_by_the_models_interaction(study, rows):
    settings = Settings()
    long = study.assessments.dropna(subset=["scale_1"]).merge(study.participants)
    long = long.assign(
        value=long["scale_1"].astype(float),
        arm=pd.Categorical(long["arm"].astype(str), list(study.roles.compared)),
        visit=pd.Categorical(long["visit"].astype(str), [visit.name for visit in study.roles.visits]),
    )
    fit = fit_repeated(long, "value ~ arm * visit", "id", "visit", settings.covariance)
    expected = fit.tests(settings.df).set_index("term").loc["arm:visit"]
    test = pick(rows, analysis=analysis_of("likelihood"), outcome="scale_1", statistic="F").iloc[0]
    assert (test["value"], test["df1"], test["df2"]) == pytest.approx((expected["F"], 15, expected["df2"]))
    several = {name: pick(rows, analysis=analysis_of(name), outcome="scale_1", statistic="F") for name in TREATMENTS}
    # Gaps cost information: pooled over imputations F is smaller than where they are taken as measured.
    assert several["mi"]["value"].item() < several["em"]["value"].item()


def test_the_page_on_missing_data_shows_all_groups_and_every_pair(page):
    said = page.partition("## Outcomes: group × time")[2].partition("\n## ")[0]
    lines = [text.split(" | ") for text in said.splitlines() if text.startswith("| Scale")]
    assert sum("F(15," in " ".join(line).replace("\xa0", " ") for line in lines) == SHAPE.outcomes * len(TREATMENTS)
    assert sum(" − " in line[2] for line in lines) == SHAPE.outcomes * 6 * len(TREATMENTS)


def test_the_page_lists_the_analytes_that_lack_most(page, rows):
    lost = pick(rows, analysis="imputation", statistic="imputed").groupby("analyte")["value"].sum()
    said = page.partition("completely at random?")[2].partition("\n## ")[0]
    listed = {line.split(" | ")[0].removeprefix("| ") for line in said.splitlines() if line.startswith("| Protein")}
    worst = lost[lost == lost.max()].index
    assert len(listed) <= MOST_ANALYTES
    assert {name.replace("_", " ").capitalize() for name in worst} <= listed
    assert f"Of {SHAPE.analytes} analytes" in said


def test_the_check_says_once_what_many_analytes_share(tmp_path):
    shape = Shape(analytes=60, outcomes=2, each=8)
    folder = write_study(tmp_path / "many", *parts(shape))
    found = [item for item in check_study(folder).findings if item.rule == "baseline-value"]
    table = pd.read_csv(folder / "analytes.csv").set_index(["id", "visit"])
    flags = pd.read_csv(folder / "below_limit.csv")
    seen = table.notna()
    for flag in flags.itertuples():
        seen.loc[(flag.id, flag.visit), flag.analyte] = True
    wide = seen.unstack("visit").fillna(False).astype(bool)
    lost = {name: int((~wide[name]["baseline"] & wide[name].drop(columns="baseline").any(axis=1)).sum())
            for name in shape.analyte_names}  # fmt: skip
    assert len(found) == 1
    assert f"in {sum(count > 0 for count in lost.values())} columns" in found[0].what
    assert found[0].count == sum(lost.values())
