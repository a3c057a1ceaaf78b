"""Tables of change: regressions of clinical on analyte change, and the mediation paths."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.change import regression_visits
from helpers.analysis.frames import analyte_titles
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import ci_name, interval, number, p_value, unbroken, with_symbol
from helpers.report.listing import ListingExhibit, searchable
from helpers.report.lookup import Lookup
from helpers.report.words import ADJUSTMENTS, NOTHING, face, outcome_heading
from helpers.study.descriptor import ChangeRegression


def regressions(run, rows: pd.DataFrame, plan: ChangeRegression) -> TableExhibit | ListingExhibit | TextExhibit:
    """Standardised slope and p of every analyte for one outcome, one column a group and visit."""
    study, find = run.study, Lookup(rows[rows["analysis"] == "change_regression"])
    columns = [(group, visit) for group in plan.groups for visit in regression_visits(study, plan)]
    if not columns:
        return NOTHING
    lines = []
    for analyte, title in analyte_titles(study).items():
        cells = {"analysis": "change_regression", "outcome": plan.outcome, "analyte": analyte, "statistic": "beta"}
        found = [find(group=group, visit=visit, **cells) for group, visit in columns]
        lines.append([title, *(_beta(item, run.settings.alpha) for item in found)])
    heads = [f"{study.group_label(group)}: {unbroken(study.visit_label(visit))}" for group, visit in columns]
    label = outcome_heading(study, plan.outcome)
    note = (
        f"Standardised slope (p) of the fall in {label} on the fall in the analyte, both since baseline; p without "
        f"adjustment. A star marks p < {run.settings.alpha:g} after adjustment over the analytes of the column "
        f"({ADJUSTMENTS[run.settings.adjustment]})."
    )
    frame = pd.DataFrame(lines, columns=["Analyte", *heads])
    caption = f"Change in {label} regressed on analyte change.{face(run)}"
    align, spanners = "l" + "r" * len(heads), [study.group_label(group) for group in plan.groups]
    table = table_exhibit(frame, f"tab-regressions-{plan.outcome}", caption, align, note, spanners=spanners)
    return searchable(table)


def _beta(found, alpha: float) -> str:
    star = " ★" if found.p_adjusted < alpha else ""
    return f"{number(found.value)} ({p_value(found.p)}){star}" if found.exists else "–"


def passing(run, rows: pd.DataFrame) -> TableExhibit | TextExhibit:
    """The regressions with p below the level, with raw slopes and intervals; a sentence where there is none."""
    study, find = run.study, Lookup(rows[rows["analysis"] == "change_regression"])
    betas = rows[(rows["analysis"] == "change_regression") & (rows["statistic"] == "beta")]
    lines = []
    for hit in betas[betas["p"] < run.settings.alpha].itertuples():
        cells = {"outcome": hit.outcome, "analyte": hit.analyte, "group": hit.group, "visit": hit.visit}
        raw = find(analysis="change_regression", statistic="slope", **cells)
        slope = f"{number(raw.value)} ({interval(raw.ci_low, raw.ci_high)})"
        names = [outcome_heading(study, hit.outcome), analyte_titles(study)[hit.analyte]]
        places = [study.group_label(hit.group), unbroken(study.visit_label(hit.visit)), number(hit.n, 0)]
        lines.append([*names, *places, number(hit.value, 3), slope, p_value(hit.p), p_value(hit.p_adjusted)])
    slope_head = f"Slope ({ci_name(run.settings.alpha)})"
    if not lines:
        return TextExhibit(f"No regression has p < {run.settings.alpha:g}.")
    heads = ["Outcome", "Analyte", "Group", "Visit", "n", "β", slope_head, "p", "p adjusted"]
    note = "β: standardised slope. Slope: fall of the outcome per unit fall of the analyte on its analysed scale."
    caption = f"Regressions with p below {run.settings.alpha:g} before adjustment.{face(run)}"
    frame = pd.DataFrame(lines, columns=heads)
    return searchable(table_exhibit(frame, "tab-passing", caption, "llllrrrrr", note, groups="Outcome"))


def mediation(run, rows: pd.DataFrame) -> TableExhibit | TextExhibit:
    """The paths of the mediation with both kinds of test of the indirect effect; nothing without a path."""
    if run.study.roles.mediation is None:
        return NOTHING
    study, role, find = run.study, run.study.roles.mediation, Lookup(rows[rows["analysis"] == "mediation"])
    cells = {"analysis": "mediation", "outcome": role.y, "analyte": role.x, "group": role.group, "visit": role.visit}
    cells["contrast"] = f"{role.x} > {role.m} > {role.y}"
    x, m, y = analyte_titles(study)[role.x], outcome_heading(study, role.m), outcome_heading(study, role.y)
    names = {
        "path_a": f"a: {x} → {m}",
        "path_b": f"b: {m} → {y}, given {x}",
        "total": f"c: {x} → {y}, total",
        "direct": f"c′: {x} → {y}, direct",
        "indirect": "ab: indirect, bootstrap percentile",
        "indirect_bias_corrected": "ab: indirect, bootstrap bias-corrected",
        "indirect_bca": "ab: indirect, bootstrap BCa",
    }
    if not find(statistic="path_a", **cells).exists:
        return TextExhibit(f"The paths were {find(statistic='indirect', **cells).method or 'not computed.'}")
    lines = []
    for statistic, label in names.items():
        path = find(statistic=statistic, **cells)
        ci = interval(path.ci_low, path.ci_high, 3)
        lines.append([label, number(path.value, 3), ci, "–", p_value(path.p)])
    for name in ("sobel", "aroian"):
        test = find(statistic=f"indirect_{name}", **cells)
        lines.append([f"ab: indirect, {name.title()}", "–", "–", with_symbol("z", test.value, 3), p_value(test.p)])
    frame = pd.DataFrame(lines, columns=["Path", "Coefficient", ci_name(run.settings.alpha), "Test", "p"])
    n = find(statistic="path_a", **cells).n
    note = (
        f"Least squares on falls since baseline, n = {number(n, 0)}. Coefficients are not standardised. "
        f"Bootstrap: {run.settings.bootstrap} resamples, seed {run.settings.seed}; BCa: bias-corrected and "
        "accelerated."
    )
    where = f"{study.group_label(role.group)}, {study.visit_label(role.visit).lower()}"
    return table_exhibit(frame, "tab-mediation", f"Mediation paths in the group {where}.{face(run)}", "lrrrr", note)
