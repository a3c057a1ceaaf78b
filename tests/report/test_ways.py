"""The page on conventions computes one number under each likelihood, coding, family and treatment of gaps."""

from __future__ import annotations

import html

import pytest

from helpers.analysis.conventions import ML, REFERENCE, REML
from helpers.analysis.multiple_imputation import ANALYSIS
from helpers.analysis.pairs import pairs
from helpers.analysis.results import pick, row, to_frame
from helpers.analysis.settings import Settings
from helpers.report.format import number, p_value
from helpers.report.lookup import Lookup
from helpers.report.pages.ways import family, gaps, likelihood

STUDIES = ("synthetic", "pbc")


def cells_of(page: str) -> list[list[str]]:
    lines = [
        line for line in html.unescape(page).splitlines() if line.startswith("| ") and not line.startswith("| ---")
    ]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


@pytest.mark.parametrize("name", STUDIES)
def test_likelihood_has_a_line_a_fit(name, studies, all_rows, one):
    outcome = studies[name].roles.response.outcome
    lines = cells_of(likelihood(studies[name], Lookup(all_rows[name])))
    for cells, analysis in zip(lines, (REML, ML, REFERENCE), strict=True):
        for cell, contrast in zip(cells[1:], ("group", "time"), strict=False):
            test = pick(all_rows[name], analysis=analysis, outcome=outcome, contrast=contrast, statistic="F")
            assert cell.startswith(number(one(test)))
    assert lines[0][3] == lines[2][3] != lines[1][3]


@pytest.mark.parametrize("name", STUDIES)
def test_families_grow_and_p_with_them(name, studies, all_rows):
    study, rows = studies[name], all_rows[name]
    every = pick(rows, analysis="mixed_model", statistic="mean_difference").dropna(subset=["p"])
    own = every[every["outcome"] == study.roles.response.outcome]
    lines = cells_of(family(study, rows))
    assert [int(cells[1]) for cells in lines] == [1, len(pairs(study)), len(own), len(every)]
    assert [cells[2] for cells in lines] == [p_value(min(1.0, int(c[1]) * own["p"].min())) for c in lines]


@pytest.mark.parametrize("name", STUDIES)
def test_gaps_take_the_change_with_most_information_missing(name, studies, all_rows, one):
    rows = all_rows[name]
    lost = pick(rows, analysis=ANALYSIS, statistic="fmi")
    most = lost.loc[lost["value"].idxmax()]
    page = gaps(studies[name], Settings(), rows)
    assert studies[name].field("analytes", most["analyte"]).title in page
    cells = {key: most[key] for key in ("analyte", "group", "visit")}
    found = [
        one(pick(rows, analysis=analysis, statistic="change", **cells))
        for analysis in ("cytokine_all_visits", "cytokine_all_visits_sensitivity", ANALYSIS)
    ]
    assert [line[1] for line in cells_of(page)] == [number(value, 3) for value in found]


def test_without_any_of_it_the_page_says_so(studies):
    none = to_frame([row("mixed_model", "converged", 0, method="not fitted")])
    assert "–" in likelihood(studies["pbc"], Lookup(none))
    assert family(studies["pbc"], none).startswith("No pair of groups")
    assert gaps(studies["pbc"], Settings(), none).startswith("No sample is missing")
