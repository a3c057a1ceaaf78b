"""Tables of the analytes: baseline comparison, levels against baseline, tests of the models."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from helpers.analysis.frames import analyte_titles, groups
from helpers.analysis.longitudinal_cytokines import ADJUSTED, ALL_VISITS, SENSITIVITY
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import mean_sd, number, p_value, unbroken, with_symbol
from helpers.report.listing import ListingExhibit, searchable
from helpers.report.lookup import Lookup
from helpers.report.words import ADJUSTMENTS, face, in_paper, model_words, with_analytes, with_visits_of_analytes

MOST_PAIRS = 3  # of groups, as columns of a table
MOST_REASONS = 10  # under a table, why an analyte's gaps could not be filled
TERMS = {"group": "Group", "time": "Time", "interaction": "Group × time"}
STATISTICS = {"pillai": "Pillai’s trace", "wilks": "Wilks’ Λ", "hotelling": "Hotelling’s trace", "roy": "Roy’s root"}


def scale_name(study) -> str:
    """The analysed scale of the analytes, for notes."""
    units = {study.field("analytes", name).unit for name in study.roles.analytes.columns}
    unit = units.pop() if len(units) == 1 else "the recorded unit"
    return f"natural log of {unit}" if study.roles.analytes.transform == "log" else unit


@with_analytes
def mancova(run, rows: pd.DataFrame) -> TableExhibit | TextExhibit:
    """The multivariate tests: every term, four statistics; the reason when there are none."""
    tests = rows[rows["analysis"] == "mancova"]
    if tests["value"].isna().all():
        return TextExhibit(f"The multivariate test was {'; '.join(tests['method'].astype(str))}")
    find = Lookup(tests)
    cells = {"analysis": "mancova", "visit": run.study.baseline}
    lines = []
    for term in dict.fromkeys(name for name in tests["contrast"].astype(str) if name):
        for statistic, label in STATISTICS.items():
            value, test = (find(contrast=term, statistic=s, **cells) for s in (statistic, f"{statistic}_F"))
            df = f"{test.df1:.0f}, {number(test.df2, 0)}"
            lines.append(
                [_term(run.study, term), label, number(value.value, 3), number(test.value), df, p_value(test.p)]
            )
    frame = pd.DataFrame(lines, columns=["Term", "Statistic", "Value", "F", "df", "p"])
    scale = scale_name(run.study)
    note = f"Analytes ({scale}) all together; type III, sum-to-zero coding. F is the usual approximation."
    caption = f"Multivariate analysis of covariance at baseline.{face(run)}"
    return table_exhibit(frame, "tab-mancova", caption, "llrrrr", note, groups="Term")


def _term(study, term: str) -> str:
    return "Group" if term == "group" else study.field("participants", term).title


@with_analytes
def baseline(run, rows: pd.DataFrame) -> TableExhibit | ListingExhibit:
    """Analytes at baseline by group, with adjusted tests (the paper's Supplementary Table 2)."""
    study, find = run.study, Lookup(rows)
    pairs = list(combinations(groups(study), 2))
    if len(pairs) > MOST_PAIRS:
        return _baseline_in_lines(run, find, pairs)
    lines = [_baseline_line(study, find, analyte, pairs) for analyte in study.roles.analytes.columns]
    heads = ["Analyte", *(f"Mean (SD): {study.group_label(g)}" for g in groups(study))]
    heads += [f"Group: {what}" for what in ("F", "p", "p adjusted", "η²")]
    heads += [f"p of pairs: {study.group_label(a)} vs {study.group_label(b)}" for a, b in pairs]
    frame = pd.DataFrame(lines, columns=heads)
    covariates = [study.field("participants", name).title.lower() for name in study.roles.analyte_covariates]
    note = (
        f"Mean (SD), {scale_name(study)}. F of group: analysis of covariance with "
        f"{', '.join(covariates) or 'no covariate'}. p adjusted: {ADJUSTMENTS[run.settings.adjustment]} over the "
        "analytes. η²: partial, of the group. Pairs: adjusted means, Bonferroni over the pairs of the analyte."
    )
    caption = f"Analytes at baseline{in_paper(run, 'Supplementary Table 2')}.{face(run)}"
    align, spanners = "l" + "r" * (len(heads) - 1), ["Mean (SD)", "Group", "p of pairs"]
    return searchable(table_exhibit(frame, "tab-s2", caption, align, note, spanners=spanners))


def _baseline_in_lines(run, find: Lookup, pairs) -> TableExhibit | ListingExhibit:
    """The same where the pairs are too many for columns: one line an analyte and pair."""
    study, lines = run.study, []
    for analyte in study.roles.analytes.columns:
        cells = {"analysis": "ancova", "analyte": analyte, "visit": study.baseline}
        test = find(statistic="F", contrast="group", **cells)
        tested = [number(test.value), p_value(test.p), p_value(test.p_adjusted)]
        for a, b in pairs:
            gap = find(statistic="mean_difference", contrast=f"{a} - {b}", **cells)
            label = f"{study.group_label(a)} − {study.group_label(b)}"
            lines.append([analyte_titles(study)[analyte], *tested, label, number(gap.value), p_value(gap.p_adjusted)])
    note = (
        f"{scale_name(study).capitalize()}. F of group: analysis of covariance; p adjusted: "
        f"{ADJUSTMENTS[run.settings.adjustment]} over the analytes. Differences of adjusted means; their p by "
        "Bonferroni over the pairs of the analyte."
    )
    heads = ["Analyte", "F", "p", "p adjusted", "Groups", "Difference", "p of the pair"]
    caption = f"Analytes at baseline{in_paper(run, 'Supplementary Table 2')}.{face(run)}"
    frame = pd.DataFrame(lines, columns=heads)
    return searchable(table_exhibit(frame, "tab-s2", caption, "lrrrlrr", note))


def _baseline_line(study, find: Lookup, analyte: str, pairs) -> list[str]:
    level = {"analysis": "baseline_level", "analyte": analyte, "visit": study.baseline}
    test_cells = {"analysis": "ancova", "analyte": analyte, "visit": study.baseline}
    moments = [
        mean_sd(find(statistic="mean", group=g, **level).value, find(statistic="sd", group=g, **level).value, 2)
        for g in groups(study)
    ]
    test = find(statistic="F", contrast="group", **test_cells)
    between = [find(statistic="mean_difference", contrast=f"{a} - {b}", **test_cells).p_adjusted for a, b in pairs]
    title = analyte_titles(study)[analyte]
    size = find(statistic="partial_eta2", contrast="group", **test_cells).value
    tested = [number(test.value), p_value(test.p), p_value(test.p_adjusted), number(size, 3)]
    return [title, *moments, *tested, *map(p_value, between)]


@with_visits_of_analytes
def against_baseline(run, rows: pd.DataFrame) -> TableExhibit | ListingExhibit:
    """Levels by group and visit, each follow-up visit tested against baseline (the paper's Table 2)."""
    study, find = run.study, Lookup(rows)
    lines = [_levels_line(study, find, a, g) for g in study.roles.compared for a in study.roles.analytes.columns]
    labels = [study.visit_label(visit) for visit in study.roles.analytes.visits]
    heads = ["Group", "Analyte", f"{labels[0]}: Mean (SD)"]
    heads += [f"{label}: {what}" for label in labels[1:] for what in ("Mean (SD)", "p")]
    frame = pd.DataFrame(lines, columns=heads)
    note = (
        f"Mean (SD), {scale_name(study)}; {_data_words(run)}. p: change from baseline in the mixed model of all visits "
        f"({model_words(run.settings)}), Bonferroni over the follow-up visits of the group."
    )
    caption = f"Analytes after treatment against baseline{in_paper(run, 'Table 2')}.{face(run)}"
    align = "ll" + "r" * (len(heads) - 2)
    return searchable(table_exhibit(frame, "tab-2", caption, align, note, groups="Group", spanners=labels))


def _levels_line(study, find: Lookup, analyte: str, group: str) -> list[str]:
    cells = [unbroken(study.group_label(group)), analyte_titles(study)[analyte]]
    for visit in study.roles.analytes.visits:
        level = {"analysis": "level", "analyte": analyte, "group": group, "visit": visit}
        cells.append(mean_sd(find(statistic="mean", **level).value, find(statistic="sd", **level).value, 2))
        if visit != study.baseline:
            change = {"analysis": ALL_VISITS, "analyte": analyte, "group": group, "visit": visit}
            contrast = f"{visit} - {study.baseline}"
            cells.append(p_value(find(statistic="change", contrast=contrast, **change).p_adjusted))
    return cells


def _data_words(run) -> str:
    return "missing samples completed by EM" if run.settings.imputation == "em" else "observed samples"


@with_visits_of_analytes
def all_visit_tests(run, rows: pd.DataFrame) -> TableExhibit | ListingExhibit:
    """Group, time and interaction of each analyte over all visits (the paper's Supplementary Table 3)."""
    caption = f"Tests of group, time and their interaction, all visits{in_paper(run, 'Supplementary Table 3')}."
    return _test_table(run, rows, ALL_VISITS, "tab-s3", caption)


@with_visits_of_analytes
def adjusted_tests(run, rows: pd.DataFrame) -> TableExhibit | ListingExhibit:
    """The same tests in the model of the follow-up visits with the baseline level as covariate."""
    caption = "Tests of group, time and their interaction, follow-up visits with the baseline level as covariate."
    return _test_table(run, rows, ADJUSTED, "tab-s3-adjusted", caption)


def _test_table(run, rows: pd.DataFrame, analysis: str, name: str, caption: str) -> TableExhibit | ListingExhibit:
    study, find = run.study, Lookup(rows[rows["analysis"] == analysis])
    lines = []
    for analyte, title in analyte_titles(study).items():
        line = [title]
        for term in TERMS:
            test = find(analysis=analysis, analyte=analyte, contrast=term, statistic="F")
            line += [number(test.value), p_value(test.p), p_value(test.p_adjusted)]
        lines.append(line)
    heads = ["Analyte", *(f"{label}: {what}" for label in TERMS.values() for what in ("F", "p", "p adjusted"))]
    note = (
        f"{model_words(run.settings)}; type III; {_data_words(run)}. p adjusted: "
        f"{ADJUSTMENTS[run.settings.adjustment]} over the analytes, term by term."
    )
    frame, spanners = pd.DataFrame(lines, columns=heads), list(TERMS.values())
    return searchable(table_exhibit(frame, name, caption + face(run), "l" + "r" * 9, note, spanners=spanners))


@with_visits_of_analytes
def imputation(run, rows: pd.DataFrame) -> TableExhibit | ListingExhibit:
    """What the imputation filled in and what Little's test says."""
    find = Lookup(rows[rows["analysis"] == "imputation"])
    lines = []
    for analyte, title in analyte_titles(run.study).items():
        cells = {"analysis": "imputation", "analyte": analyte}
        done, steps, little = (find(statistic=s, **cells) for s in ("imputed", "iterations", "little"))
        test = with_symbol(f"χ²({little.df1:.0f})", little.value)
        share = f"{number(done.value, 0)} of {number(done.n, 0)}"
        lines.append([title, share, number(steps.value, 0), test, p_value(little.p)])
    heads = ["Analyte", "Values completed", "Iterations", "Little’s test", "p"]
    note = (
        "EM for a multivariate normal of the analyte’s visits and the group; Little’s test of values missing "
        f"completely at random.{_left_as_observed(run, rows)}"
    )
    frame = pd.DataFrame(lines, columns=heads)
    caption = f"Missing samples and their completion.{face(run)}"
    return searchable(table_exhibit(frame, "tab-imputation", caption, "lrrrr", note))


def _left_as_observed(run, rows: pd.DataFrame) -> str:
    """The analytes whose gaps could not be filled, and why."""
    left = rows[(rows["statistic"] == "imputed") & rows["method"].str.startswith("left as observed")]
    titles = analyte_titles(run.study)
    shown = "".join(f" {titles[item.analyte]}: {item.method}" for item in left.iloc[:MOST_REASONS].itertuples())
    more = len(left) - MOST_REASONS
    return f"{shown} And {more} more, which the results rows name." if more > 0 else shown


@with_visits_of_analytes
def sensitivity(run, rows: pd.DataFrame) -> TableExhibit:
    """How many analytes pass the level under each model and version of the data."""
    tests = rows[(rows["statistic"] == "F") & rows["contrast"].isin(list(TERMS))]
    versions = {
        ALL_VISITS: "All visits",
        ALL_VISITS + SENSITIVITY: "All visits, the other data",
        ADJUSTED: "Baseline as covariate",
        ADJUSTED + SENSITIVITY: "Baseline as covariate, the other data",
    }
    lines = []
    for analysis, label in versions.items():
        part = tests[tests["analysis"] == analysis]
        counts = [_passing(part[part["contrast"] == term], run.settings.alpha) for term in TERMS]
        lines.append([label, *counts])
    frame = pd.DataFrame(lines, columns=["Model", *TERMS.values()])
    here, other = (
        ("completed by EM", "observed only")
        if run.settings.imputation == "em"
        else ("observed only", "completed by EM")
    )
    note = (
        f"Analytes with p < {run.settings.alpha:g}, in brackets after adjustment over the analytes. The scenario’s "
        f"data are the samples {here}; the other data are the samples {other}."
    )
    return table_exhibit(frame, "tab-sensitivity", f"Analytes that pass, by model and data.{face(run)}", "lrrr", note)


def _passing(tests: pd.DataFrame, alpha: float) -> str:
    return f"{(tests['p'] < alpha).sum()} ({(tests['p_adjusted'] < alpha).sum()})"
