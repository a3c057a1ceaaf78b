"""Sentences about change scores and mediation."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.change import analyte_changes, outcome_change, regression_visits
from helpers.analysis.frames import analyte_titles, group_size, outcome
from helpers.report.exhibit import TextExhibit, text_exhibit
from helpers.report.format import ci_name, count_of, interval, number, p_equals
from helpers.report.lookup import Lookup
from helpers.report.words import NOTHING, not_applicable, outcome_heading


def data_used(run, samples: pd.DataFrame | None) -> TextExhibit:
    """Pairs of falls that the regressions of each outcome start from."""
    study, parts = run.study, []
    for plan in study.roles.change_regressions:
        for group in plan.groups:
            for visit in regression_visits(study, plan):
                falls = analyte_changes(study, samples, group, visit).dropna(how="all")
                pairs = falls.index.isin(outcome_change(study, plan.outcome, group, visit).index).sum()
                where = f"{study.group_label(group)}, {study.visit_label(visit)}"
                told = run.disclosure.count(pairs, group_size(study, group)) if run.disclosure else pairs
                parts.append(f"{outcome(study, plan.outcome).label}, {where}: {number(told, 0)}")
    if not parts:
        return not_applicable("its descriptor asks for no regression of change.")
    return TextExhibit(f"Patients with both falls: {'; '.join(parts)}.")


def regressions(run, rows: pd.DataFrame) -> TextExhibit:
    """How many regressions pass before and after adjustment, beside the number expected by chance."""
    betas = rows[(rows["analysis"] == "change_regression") & (rows["statistic"] == "beta")]
    if betas.empty:
        return not_applicable("its descriptor asks for no regression of change.")
    alpha = run.settings.alpha
    low, adjusted = (betas["p"] < alpha).sum(), (betas["p_adjusted"] < alpha).sum()
    return text_exhibit(
        f"Of {count_of(len(betas), 'regression')}, {low} have p < {alpha:g} before adjustment and {adjusted} after it. "
        f"If no analyte were associated with any outcome, about {number(alpha * len(betas), 0)} would pass by chance. "
        "The adjustment is over the analytes of one outcome, group and visit, not over all regressions together.",
        betas,
    )


def mediation_question(run) -> TextExhibit:
    """The path, in words, and the note its descriptor makes of it."""
    role = run.study.roles.mediation
    if role is None:
        return not_applicable("its descriptor names no mediation path.")
    x, m, y = _names(run)
    text = (
        f"Group {run.study.group_label(role.group)}, {run.study.visit_label(role.visit)}: does the fall in {m} carry "
        "the "
        f"association of the fall in {x} with the fall in {y}?"
    )
    return TextExhibit(f"{text} {role.note}".strip())


def mediation(run, rows: pd.DataFrame) -> TextExhibit:
    """Direct and indirect effect with both kinds of inference."""
    role = run.study.roles.mediation
    if role is None:
        return NOTHING
    find = Lookup(rows[rows["analysis"] == "mediation"])
    cells = {"analysis": "mediation", "outcome": role.y, "analyte": role.x, "group": role.group, "visit": role.visit}
    cells["contrast"] = f"{role.x} > {role.m} > {role.y}"
    direct, indirect, sobel = (find(statistic=s, **cells) for s in ("direct", "indirect", "indirect_sobel"))
    if not direct.exists:
        return TextExhibit("The path could not be estimated; its row in the results says why.")
    x, m, y = _names(run)
    ci = ci_name(run.settings.alpha)
    return text_exhibit(
        f"Per unit fall in {x} ({_scale(run)}), {y} falls by {number(direct.value, 3)} directly ("
        f"{p_equals(direct.p)}) "
        f"and by {number(indirect.value, 3)} through {m} (Sobel {p_equals(sobel.p)}; bootstrap {ci} "
        f"{interval(indirect.ci_low, indirect.ci_high, 3)}; n = {number(indirect.n, 0)}).",
        find,
    )


def _names(run) -> tuple[str, str, str]:
    role = run.study.roles.mediation
    titles = analyte_titles(run.study)
    return titles[role.x], outcome_heading(run.study, role.m), outcome_heading(run.study, role.y)


def _scale(run) -> str:
    return "natural log" if run.study.roles.analytes.transform == "log" else "recorded unit"
