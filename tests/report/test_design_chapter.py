"""The chapter on simulated cohorts: what it makes of rates, on a few that were made by hand and on those committed."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.design.kept import Simulated, read_simulated
from helpers.analysis.results import pick
from helpers.claims.simulated import design_rows
from helpers.report import figures, tables, text
from helpers.report.figures.levels import chosen_sizes, level_rates
from helpers.report.words import NOTHING

NAME = "08_design"
EMPTY = Simulated(missing="nobody has computed it")


BLANK = dict.fromkeys(("true", "bias", "bias_se", "coverage", "coverage_se"), np.nan)
COMMON = {"missing": 0.0, "adjustment": "none", "used": 1000, "rate_se": 0.01, "lost": 0.0, "precise": True, **BLANK}


def rate(family, subject, truth, n, method, test, value, null, **more):
    point = {"family": family, "subject": subject, "truth": truth, "n": n}
    return point | {"method": method, "test": test, "null": null, "rate": value} | COMMON | more


@pytest.fixture
def made():
    """MADRS and one family of two analytes, at two sizes."""
    rows = []
    for n, value in ((20, 0.5), (33, 0.7), (50, 0.85)):
        rows.append(rate("outcomes", "madrs", "fitted", n, "published", "interaction", value, False))
        rows.append(rate("outcomes", "madrs", "half", n, "published", "interaction", value / 2, False))
        for method, level in (("published", 0.05), ("unstructured", 0.04), ("independent", 0.3)):
            rows.append(rate("outcomes", "madrs", "equal", n, method, "group", level, True))
        for place, name in enumerate(("a", "b")):
            rows.append(rate("course", "", "equal", n, "published", f"interaction, {name}", 0.04 + 0.04 * place, True))
            rows.append(rate("course", "", "equal", n, "published", f"change, pain, v{place}", 0.9, False, coverage=0.9,
                             coverage_se=0.01, true=0.0, bias=0.0))  # fmt: skip
    return Simulated(pd.DataFrame(rows))


@pytest.fixture
def run(books):
    return books["synthetic"][NAME].run


def test_nothing_is_shown_where_nothing_was_simulated(run):
    drawn = (figures.power, figures.levels, figures.families, figures.indirect)
    listed = (tables.design.sizes, tables.design.completing, tables.design.coupled)
    shown = [make(run, EMPTY) for make in (*drawn, *listed)]
    assert all(item.markdown == NOTHING.markdown for item in shown)
    assert "nobody has computed it" in text.design.data_used(run, EMPTY, design_rows(run, EMPTY)).markdown
    assert design_rows(run, EMPTY).empty


def test_the_real_trial_says_which_command_computes_it(books):
    assert any("`make design` does so" in said for said in books["pbc"][NAME].texts)
    assert books["pbc"][NAME].tables == []


def test_power_is_drawn_with_its_error_and_told_to_those_who_cannot_see_it(run, made):
    shown = figures.power(run, made)
    (axes,) = [axes for axes in shown.drawing.axes if axes.get_title(loc="left")]
    curves = [line for line in axes.lines if len(line.get_xdata()) == 3]
    assert [round(value) for value in curves[0].get_ydata()] == [50, 70, 85]
    bars = axes.collections[0].get_segments()
    np.testing.assert_allclose([np.ptp(bar[:, 1]) for bar in bars], 4)  # two standard errors of 1 % on either side
    assert "as in the study, 50 % at 20 to 85 % at 50" in shown.alt
    assert "n\xa0=\xa033" in shown.caption


def test_the_smallest_size_with_enough_power_is_the_first_that_reaches_it(run, made):
    table = tables.design.sizes(run, made)
    lines = table.frame.set_index("Population")
    assert lines.loc["as in the study"].iloc[-2:].tolist() == ["70.0 (1.0)", "50"]
    assert lines.loc["half of every difference between groups"].iloc[-1] == "more than 50"
    assert "33 a group" in table.frame.columns[2]


def test_rates_of_analytes_are_their_means(run, made):
    found = level_rates(run, made).set_index(["line", "method", "n"])["rate"]
    assert found["Analytes, group × time", "published", 33] == pytest.approx(0.06)
    assert found["MADRS, group", "independent", 20] == 0.3
    assert chosen_sizes(made.rates["n"]) == [20, 33, 50]


def test_the_lowest_coverage_is_shown(run, made):
    made.rates.loc[made.rates["test"] == "change, pain, v1", "coverage"] = 0.8
    line = tables.design.completing(run, made).frame.iloc[0]
    assert line["True group × time rejected, % (SE)"] == "6.0 (1.0)"
    assert line["Coverage of changes, lowest, % (SE)"] == "80.0 (1.0)"


def test_rows_are_those_of_the_nearest_size_and_no_two_say_the_same(run, made):
    rows = design_rows(run, made)
    keys = rows[["analysis", "outcome", "contrast", "statistic"]]
    assert not keys.duplicated().any()
    group = pick(rows, contrast="group; independent; none; equal", statistic="rejection")
    assert group["value"].item() == 30
    assert (
        pick(rows, statistic="cohorts")["value"].item()
        == 1000 * made.rates.groupby(["family", "subject", "truth", "n"]).ngroups
    )
    assert not rows["contrast"].str.contains("interaction, a").any()


def test_sentences_say_how_a_test_stands_to_its_level(run, made):
    said = text.design.independence(run, design_rows(run, made)).markdown
    assert re.search(r"no difference between groups: .*independent.* 30\.0\xa0%, the last far above its level", said)


def test_the_committed_simulation_is_of_the_committed_cohort(run):
    simulated = read_simulated(run)
    assert simulated.missing == ""
    assert (simulated.rates["rate"].between(0, 1)).all()
    assert simulated.size_of(run.study) == 33
    slopes = simulated.of("mediation", test="path a").set_index("truth")["true"]
    assert (slopes["no a"] == 0).all()
    assert (slopes["fitted"] > 0).all()


def test_it_is_stale_when_a_table_changes_and_not_when_a_claim_does(run, study_folder):
    folder = study_folder()
    folder.document["claims"] = None
    same = SimpleNamespace(disclosure=None, folder=folder.save(), study=run.study)
    assert "`make design`" in read_simulated(same).missing  # the descriptor is one of the tables' files
    assert read_simulated(SimpleNamespace(disclosure=object(), folder=run.folder)).missing.startswith("it is left out")
