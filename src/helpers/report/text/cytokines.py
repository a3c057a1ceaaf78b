"""Sentences about the analytes."""

from __future__ import annotations

from itertools import combinations

import pandas as pd

from helpers.analysis.frames import analyte_titles, groups
from helpers.analysis.longitudinal_cytokines import ALL_VISITS
from helpers.report.exhibit import TextExhibit, text_exhibit
from helpers.report.format import SPACE, count_of, number, p_equals, some_of, with_symbol
from helpers.report.lookup import Lookup
from helpers.report.words import ADJUSTMENTS, f_with_df, with_analytes, with_visits_of_analytes


@with_analytes
def multivariate(run, rows: pd.DataFrame) -> TextExhibit:
    """Pillai's trace for the groups."""
    find = Lookup(rows[rows["analysis"] == "mancova"])
    cells = {"analysis": "mancova", "contrast": "group", "visit": run.study.baseline}
    value, test = find(statistic="pillai", **cells), find(statistic="pillai_F", **cells)
    if not test.exists:
        return TextExhibit("The multivariate test could not be computed; its row in the results says why.")
    verdict = "the groups differ" if test.p < run.settings.alpha else "no difference between the groups is shown"
    statistic = with_symbol(f"F({test.df1:.0f},{SPACE}{number(test.df2, 0)})", test.value)
    return text_exhibit(
        f"The panel as a whole: Pillai’s trace {number(value.value, 3)}, {statistic}, {p_equals(test.p)} "
        f"(n = {number(test.n, 0)}): {verdict}.",
        find,
    )


@with_analytes
def equal_covariances(run, rows: pd.DataFrame) -> TextExhibit:
    """Box's M, with what it can say."""
    find = Lookup(rows)
    cells = {"analysis": "mancova_assumption", "contrast": "group", "visit": run.study.baseline}
    test, reason = find(statistic="box_m_F", **cells), find(statistic="box_m", **cells).method
    if not test.exists:
        return TextExhibit(f"Box’s M was {reason}")
    verdict = "speaks against" if test.p < run.settings.alpha else "does not speak against"
    return text_exhibit(
        f"Box’s M {verdict} one covariance matrix in all groups: {f_with_df(test)}, {p_equals(test.p)}. It is as "
        "sensitive to skewness as to unequal covariances.",
        find,
    )


@with_analytes
def baseline(run, rows: pd.DataFrame) -> TextExhibit:
    """Which analytes differ among the groups, and between which."""
    study, alpha = run.study, run.settings.alpha
    tests = rows[(rows["analysis"] == "ancova") & (rows["statistic"] == "F")]
    hits = _titles(study, tests.loc[tests["p_adjusted"] < alpha, "analyte"])
    total = len(study.roles.analytes.columns)
    method = ADJUSTMENTS[run.settings.adjustment]
    lines = [f"- {len(hits)} of {count_of(total, 'analyte')} differ after adjustment ({method}): {some_of(hits)}."]
    pairs = rows[(rows["analysis"] == "ancova") & (rows["statistic"] == "mean_difference")]
    for a, b in combinations(groups(study), 2):
        found = pairs[(pairs["contrast"] == f"{a} - {b}") & (pairs["p_adjusted"] < alpha)]
        higher, lower = (_titles(study, found.loc[side(found["value"]), "analyte"]) for side in (_above, _below))
        label = f"{study.group_label(a)} against {study.group_label(b)}"
        lines.append(f"- {label}: higher in {some_of(higher)}; lower in {some_of(lower)}.")
    return text_exhibit("\n".join(lines), tests, pairs)


def _above(values: pd.Series) -> pd.Series:
    return values > 0


def _below(values: pd.Series) -> pd.Series:
    return values < 0


def _titles(study, analytes: pd.Series) -> list[str]:
    titles = analyte_titles(study)
    return [titles[name] for name in study.roles.analytes.columns if name in set(analytes)]


@with_visits_of_analytes
def imputation(run, rows: pd.DataFrame) -> TextExhibit:
    """How many values the imputation completed and whether the gaps look random."""
    part = rows[rows["analysis"] == "imputation"]
    done, little = part[part["statistic"] == "imputed"], part[part["statistic"] == "little"]
    failed = part[(part["statistic"] == "iterations") & (part["method"] != "converged")].dropna(subset=["value"])
    text = (
        f"EM completed {number(done['value'].sum(skipna=False), 0)} of {number(done['n'].sum(skipna=False), 0)} values"
    )
    left = done[done["method"].str.startswith("left as observed")]
    if len(left):
        text += f" and left {some_of(_titles(run.study, left['analyte']))} as observed"
    text += "." if failed.empty else f"; it did not converge for {some_of(_titles(run.study, failed['analyte']))}."
    if len(little):
        low = _titles(run.study, little.loc[little["p"] < run.settings.alpha, "analyte"])
        text += f" Little’s test speaks against gaps completely at random for {some_of(low)}."
    return text_exhibit(text, done, little, failed)


@with_visits_of_analytes
def changes(run, rows: pd.DataFrame) -> TextExhibit:
    """Which analytes fall or rise from baseline, by group and visit."""
    study, lines = run.study, []
    tests = rows[(rows["analysis"] == ALL_VISITS) & (rows["statistic"] == "change")]
    found = tests[tests["p_adjusted"] < run.settings.alpha]
    for group in study.roles.compared:
        for visit in study.roles.analytes.visits[1:]:
            part = found[(found["group"] == group) & (found["visit"] == visit)]
            lower, higher = (_titles(study, part.loc[side(part["value"]), "analyte"]) for side in (_below, _above))
            label = f"{study.group_label(group)}, {study.visit_label(visit)}"
            lines.append(f"- {label}: below baseline {some_of(lower)}; above baseline {some_of(higher)}.")
    return text_exhibit("\n".join(lines), tests)


@with_visits_of_analytes
def terms(run, rows: pd.DataFrame) -> TextExhibit:
    """Which analytes have a time effect, an interaction, a group effect after adjustment."""
    tests = rows[(rows["analysis"] == ALL_VISITS) & (rows["statistic"] == "F")]
    names = {"time": "Time", "interaction": "Group × time", "group": "Group"}
    lines = []
    for term, label in names.items():
        part = tests[(tests["contrast"] == term) & (tests["p_adjusted"] < run.settings.alpha)]
        hits = _titles(run.study, part["analyte"])
        lines.append(f"- {label}: {len(hits)} of {len(run.study.roles.analytes.columns)} ({some_of(hits)}).")
    return text_exhibit("\n".join(lines), tests[tests["contrast"].isin(names)])
