"""Three real data sets of other shapes, every chapter drawn, and their numbers by other programs."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pingouin
import pytest
from lifelines.statistics import logrank_test
from scipy import stats
from statsmodels.duration.survfunc import survdiff
from statsmodels.formula.api import ols
from statsmodels.stats.contingency_tables import Table

from helpers.analysis.results import pick
from helpers.report.pages import conventions_page, data_page, methods_page
from helpers.report.values import book_values

STUDIES = ("blues", "anorexia", "pigs")
ARMS, COPPER = ("CBT", "FT", "Cont"), ("Cu000", "Cu035", "Cu175")


@pytest.fixture(scope="module")
def efficacy(designs):
    return {name: chapters["02_efficacy"].rows for name, chapters in designs.items()}


def line(rows: pd.DataFrame, **cells) -> pd.Series:
    found = pick(rows, **cells)
    assert len(found) == 1, cells
    return found.iloc[0]


@pytest.mark.parametrize("name", STUDIES)
def test_every_chapter_runs_and_shows_nothing_raw(name, designs, raw_text):
    assert {key: raw_text(part) for key, part in designs[name].items() if raw_text(part)} == {}


@pytest.mark.parametrize("name", STUDIES)
def test_the_generated_pages_are_written(name, designs):
    run = designs[name]["01_cohort"].run
    rows = pd.concat([part.rows for part in designs[name].values()], ignore_index=True)
    pages = [data_page(run.study), methods_page(run.study, run.settings, rows)]
    front = book_values(run.study, run.settings, rows)
    pages += [
        conventions_page(run.study, run.settings, rows),
        *(item.markdown for said in front.values() for item in said),
    ]
    for page in pages:
        assert page
        assert " nan" not in page


@pytest.mark.parametrize("name", ["blues", "anorexia"])
def test_chapters_on_analytes_say_that_they_do_not_apply(name, designs):
    for chapter in ("03_baseline_cytokines", "04_longitudinal_cytokines", "05_regression_mediation"):
        made = designs[name][chapter]
        assert made.rows.empty
        assert any("Not applicable to this study" in text for text in made.texts)
        assert made.tables == []


def test_without_a_rule_there_is_no_response_and_the_chapter_says_so(designs):
    made = designs["anorexia"]["02_efficacy"]
    assert not made.rows["analysis"].str.contains("respon|remission").any()
    assert any("no rule of response or remission" in text for text in made.texts)
    assert any("no variable for a baseline table" in text for text in designs["anorexia"]["01_cohort"].texts)


def test_drop_out_is_counted_visit_by_visit(designs, sources):
    table = sources.beat_the_blues()
    flow = pick(designs["blues"]["01_cohort"].rows, analysis="flow", statistic="assessed", visit="month_8")
    for group, seen in table.groupby("arm")["bdi.8m"].count().items():
        assert line(flow, group=group)["value"] == seen


def test_two_visits_of_three_groups_are_an_analysis_of_variance_of_the_change(efficacy, sources):
    """In complete data the interaction is the one-way analysis of the change, the group term that of the mean."""
    table, rows = sources.anorexia(), pick(efficacy["anorexia"], analysis="mixed_model")
    for term, values in (
        ("interaction", table["Postwt"] - table["Prewt"]),
        ("group", (table["Postwt"] + table["Prewt"]) / 2),
    ):
        f, p = stats.f_oneway(*(values[table["treatment"] == arm] for arm in ARMS))
        test = line(rows, statistic="F", contrast=term)
        assert (test["value"], test["p"]) == pytest.approx((f, p), rel=1e-6)
        assert (test["df1"], test["df2"]) == pytest.approx((2, 69))


def test_every_pair_of_three_groups_is_compared(efficacy, sources):
    table, rows = sources.anorexia(), efficacy["anorexia"]
    for a, b in combinations(ARMS, 2):
        first, second = (table.loc[table["treatment"] == arm, "Postwt"] for arm in (a, b))
        gap = line(rows, analysis="mixed_model", statistic="mean_difference", contrast=f"{a} - {b}", visit="after")
        assert gap["value"] == pytest.approx(first.mean() - second.mean())
        assert gap["p_adjusted"] == pytest.approx(min(1, 3 * gap["p"]))
        t = stats.t.ppf(1 - 0.05 / 6, gap["df2"])
        error = abs(gap["value"]) / stats.t.isf(gap["p"] / 2, gap["df2"])
        assert gap["ci_high"] - gap["value"] == pytest.approx(t * error, rel=1e-6)
        size = line(rows, analysis="observed", statistic="cohens_d", contrast=f"{b} - {a}", visit="after")
        assert size["value"] == pytest.approx(pingouin.compute_effsize(second, first, eftype="cohen"))
        g = line(rows, analysis="effect_size", statistic="hedges_g", contrast=f"{b} - {a}", visit="after")
        assert g["value"] == pytest.approx(pingouin.compute_effsize(second, first, eftype="hedges"), rel=1e-3)


def test_baseline_variables_of_three_groups(designs, sources):
    people, rows = sources.pigs().drop_duplicates("id"), pick(designs["pigs"]["01_cohort"].rows, analysis="baseline")
    fit = ols("Start ~ C(Cu)", people).fit()
    overall = line(rows, outcome="Start", statistic="F", contrast="group")
    assert (overall["value"], overall["p"]) == pytest.approx((fit.fvalue, fit.f_pvalue))
    pairs = pick(rows, outcome="Start", statistic="t")
    assert pairs["contrast"].tolist() == [f"{a} - {b}" for a, b in combinations(COPPER, 2)]
    for a, b in combinations(COPPER, 2):
        test = pingouin.ttest(*(people.loc[people["Cu"] == arm, "Start"] for arm in (a, b)), correction=False)
        mine = line(pairs, contrast=f"{a} - {b}")
        assert mine["value"] == pytest.approx(test.iloc[0, 0], rel=1e-6)
        assert mine["p_adjusted"] == pytest.approx(min(1, 3 * mine["p"]))
    counts = pd.crosstab(people["Cu"], people["Evit"])
    expected = Table(counts, shift_zeros=False).test_nominal_association()
    level = line(rows, outcome="Evit", statistic="chi_square", contrast="group")
    assert (level["value"], level["df1"]) == pytest.approx((expected.statistic, expected.df))


def remissions(long: pd.DataFrame) -> pd.DataFrame:
    """First of the weeks 4 to 8 in which a pig weighs 60 kg, and whether it does in week 8."""
    after = long[long["week"].isin((4, 6, 8))].assign(met=lambda frame: frame["short"] <= 40, day=7 * long["week"])
    first = after[after["met"]].groupby("id")["day"].min()
    table = after[after["week"] == 8].set_index("id")[["Cu", "met"]]
    return table.assign(event=table.index.isin(first.index), time=first.reindex(table.index).fillna(56))


def test_an_endpoint_of_three_groups(efficacy, sources):
    table, rows = remissions(sources.pigs()), efficacy["pigs"]
    rates = pick(rows, analysis="remission")
    counts = pd.crosstab(table["Cu"], table["met"])
    expected = Table(counts, shift_zeros=False).test_nominal_association()
    together = line(rates, statistic="chi_square", contrast="group")
    assert (together["value"], together["p"]) == pytest.approx((expected.statistic, expected.pvalue))
    exact = line(rates, statistic="fisher_freeman_halton")
    assert counts.to_numpy().tolist() == [[2, 21], [3, 22], [2, 22]]
    assert exact["p"] == pytest.approx(1.0)  # R 4.2: fisher.test(rbind(c(2, 21), c(3, 22), c(2, 22)))
    for a, b in combinations(COPPER, 2):
        one = line(rates, statistic="odds_ratio", contrast=f"{a} - {b}")
        p = stats.fisher_exact(counts.loc[[a, b], [True, False]]).pvalue
        assert (one["p"], one["p_adjusted"]) == pytest.approx((p, min(1, 3 * p)))


def test_time_to_an_endpoint_of_three_groups(efficacy, sources):
    table, rows = remissions(sources.pigs()), pick(efficacy["pigs"], analysis="time_to_remission")
    chi, p = survdiff(table["time"], table["event"].astype(int), table["Cu"])
    rank = line(rows, statistic="log_rank", contrast="group")
    assert (rank["value"], rank["p"], rank["df1"]) == pytest.approx((chi, p, 2))
    for a, b in combinations(COPPER, 2):
        first, second = (table[table["Cu"] == arm] for arm in (a, b))
        pair = logrank_test(first["time"], second["time"], first["event"], second["event"])
        mine = line(rows, statistic="log_rank", contrast=f"{a} - {b}")
        assert (mine["value"], mine["p"]) == pytest.approx((pair.test_statistic, pair.p_value))
        assert mine["p_adjusted"] == pytest.approx(min(1, 3 * mine["p"]))
    fit = ols("time ~ C(Cu)", table).fit()
    overall = line(rows, statistic="F", contrast="group")
    assert (overall["value"], overall["df1"], overall["df2"]) == pytest.approx((fit.fvalue, 2, 69))


def test_an_analyte_of_three_groups(designs, sources):
    first = sources.pigs().query("week == 2")
    first = first.assign(level=np.log(first["Feed"]))
    fit, reduced = ols("level ~ C(Cu) + C(Evit) + Start", first).fit(), ols("level ~ C(Evit) + Start", first).fit()
    f, p, _ = fit.compare_f_test(reduced)
    rows = designs["pigs"]["03_baseline_cytokines"].rows
    test = line(rows, analysis="ancova", statistic="F", contrast="group", analyte="Feed")
    assert (test["value"], test["p"]) == pytest.approx((f, p))
    pairs = pick(rows, analysis="ancova", statistic="mean_difference")
    assert pairs["contrast"].tolist() == [f"{a} - {b}" for a, b in combinations(COPPER, 2)]
    assert pairs["p_adjusted"].to_numpy() == pytest.approx(np.minimum(1, 3 * pairs["p"]))


def test_regressions_are_of_the_groups_named(designs):
    rows = pick(designs["pigs"]["05_regression_mediation"].rows, analysis="change_regression", statistic="beta")
    assert set(rows["group"]) == {"Cu000", "Cu175"}
    assert rows["value"].notna().all()


def test_the_tables_of_pairs_hold_every_pair(designs):
    made = designs["pigs"]
    assert made["01_cohort"].exhibit("tab-1-pairs").frame["Groups"].nunique() == 3
    for name in ("tab-endpoints-pairs", "tab-s1-pairs"):
        frame = made["02_efficacy"].exhibit(name).frame
        assert frame["Groups"].value_counts().nunique() == 1
        assert "–" not in set(frame["p adjusted"]) or name == "tab-endpoints-pairs"


def test_two_groups_have_no_tables_of_pairs(designs):
    shown = [table.name for part in designs["blues"].values() for table in part.tables]
    assert "tab-1" in shown
    assert not [name for name in shown if name.endswith("-pairs")]
