"""Sentences about the cohort."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.baseline_table import recorded_covariates
from helpers.analysis.pairs import overall
from helpers.report.exhibit import TextExhibit, text_exhibit
from helpers.report.format import count_of, listed, number, p_equals
from helpers.report.lookup import Lookup
from helpers.report.words import NOTHING, not_applicable


def eligibility(run, rows: pd.DataFrame) -> TextExhibit:
    """Whether every participant is inside the limits that the data can show."""
    checks = rows[rows["analysis"] == "eligibility"]
    if checks.empty:
        return not_applicable("its descriptor states no eligibility limit that the tables could show.")
    outside = checks["value"].sum()
    if checks["value"].isna().any():
        return text_exhibit(
            f"How many values lie outside the {count_of(len(checks), 'limit')} is withheld in part.", checks
        )
    verb = "No value lies" if outside == 0 else f"{count_of(outside, 'value')} lie" + ("s" if outside == 1 else "")
    return text_exhibit(f"{verb} outside the {count_of(len(checks), 'limit')} that the data can show.", checks)


def classification(run, rows: pd.DataFrame) -> TextExhibit:
    """The grouping rule and whether it gives the recorded groups."""
    rule, study = run.study.roles.classification, run.study
    if rule is None:
        return not_applicable("its groups are not made by a rule on the data.")
    find, parts, agree, whole = Lookup(rows), [], True, True
    for group in study.roles.compared:
        cells = {"analysis": "classification", "group": group, "visit": rule.visit}
        recorded, same, share = (find(statistic=s, **cells) for s in ("recorded", "agree", "percent"))
        agree &= recorded.value == same.value or not same.exists
        whole &= same.exists
        parts.append(
            f"{number(recorded.value, 0)} ({number(share.value, 1)} %) in the group {study.group_label(group)}"
        )
    verdict = "the rule gives every patient the recorded group" if agree else "the rule and the record differ for some"
    verdict = verdict if whole else "how far the rule agrees is withheld"
    return text_exhibit(f"{rule.text.rstrip('.')}. The record has {listed(parts)}; {verdict}.", find)


def flow(run, rows: pd.DataFrame) -> TextExhibit:
    """Blood samples missing at the follow-up visits, by group."""
    study, find = run.study, Lookup(rows[rows["analysis"] == "flow"])
    if not study.roles.analytes.columns:
        return NOTHING
    parts = []
    for visit in study.roles.analytes.visits[1:]:
        for group in study.roles.compared:
            seen = find(analysis="flow", group=group, visit=visit, statistic="sampled")
            if seen.n > seen.value or not seen.exists:
                place = f"{study.visit_label(visit)}, {study.group_label(group)}"
                parts.append(f"{number(seen.n - seen.value, 0)} of {number(seen.n, 0)} ({place})")
    return text_exhibit(f"Blood samples missing: {listed(parts)}.", find)


def covariates(run, rows: pd.DataFrame) -> TextExhibit:
    """Which candidates differ between the groups, and so become covariates."""
    study, chosen = run.study, recorded_covariates(rows)
    if run.settings.covariates == "none":
        return TextExhibit("This scenario takes no covariates into the models of the clinical outcomes.")
    if not chosen:
        return TextExhibit(
            f"No candidate differs between the groups at p < {run.settings.alpha:g}: no covariate enters."
        )
    find, words = Lookup(rows), []
    for name in chosen:
        cells = {"analysis": "baseline", "outcome": name, "contrast": overall(study)}
        tests = [find(statistic=s, **cells) for s in ("t", "F", "chi_square")]
        test = next((item for item in tests if item.exists), tests[0])
        smd = find(statistic="standardised_difference", **cells)
        title = study.field("participants", name).title
        size = f", standardised difference {number(smd.value)}" if smd.exists else ""
        words.append(f"{title} ({p_equals(test.p)}{size})")
    verb = "differs" if len(words) == 1 else "differ"
    enters = "It enters" if len(words) == 1 else "They enter"
    said = f"{listed(words)} {verb} between the groups. {enters} the models of the clinical outcomes."
    return text_exhibit(said, find)
