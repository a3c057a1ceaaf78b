"""Tables of what is missing and what its treatments make of the contrasts."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from helpers.analysis.longitudinal_cytokines import ALL_VISITS, SENSITIVITY
from helpers.analysis.missing_outcomes import ANALYSIS, DIFFERENCE, LITTLE, MISSING, TOGETHER, TREATMENTS, analysis_of
from helpers.analysis.multiple_imputation import ANALYSIS as MULTIPLE
from helpers.analysis.pairs import Pair, named, pairs, several
from helpers.analysis.results import pick
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import ci_name, count_percent, interval, number, p_value
from helpers.report.listing import ListingExhibit, searchable
from helpers.report.lookup import Found, Lookup
from helpers.report.words import f_with_df, face, outcome_heading

NAMES = {
    "complete": "Complete cases",
    "em": "EM, filled once",
    "mi": "Multiple imputation",
    "likelihood": "Likelihood, observed values",
}
MOST_ANALYTES = 40  # listed one by one on a page
NONE = "No planned value of any outcome is missing: every treatment is the model of the chapter."


def outcome_treatments(run, rows: pd.DataFrame) -> TableExhibit | ListingExhibit | TextExhibit:
    """Contrast of group × time of each outcome with gaps under the four treatments."""
    study = run.study
    lines = [*together_lines(study, rows), *outcome_lines(study, rows)]
    if not lines:
        return TextExhibit(NONE)
    note = (
        f"Change from baseline, {minus(study)}, from value ~ group × visit without covariates. n: participants. "
        f"Multiple imputation pooled by Rubin’s rules.{_pooled_words(study)} What each treatment assumes is on the "
        "page on missing data."
    )
    caption = f"The groups’ changes under four treatments of missing outcomes.{face(run)}"
    frame = pd.DataFrame(lines, columns=outcome_heads(study, run.settings))
    align = "l" * (3 + several(study)) + "r" * (3 + several(study))
    return searchable(table_exhibit(frame, "tab-missing-outcomes", caption, align, note, groups="Outcome"))


def outcome_heads(study, settings) -> list[str]:
    """Headings of :func:`outcome_lines`; with more than two groups the pair and its adjusted p as well."""
    heads = ["Outcome", "Visit", "Treatment", "n", f"Difference ({ci_name(settings.alpha)})", "p"]
    return [*heads[:2], "Groups", *heads[2:], "p adjusted"] if several(study) else heads


def minus(study) -> str:
    """Which group is taken from which, in words."""
    if several(study):
        return "the first group of a pair minus the second"
    first, second = (study.group_label(group) for group in study.roles.compared)
    return f"{first} minus {second}"


def _pooled_words(study) -> str:
    if not several(study):
        return ""
    return (
        " All groups together: F of group × time, over imputations D₁ of Li, Raghunathan and Rubin (1991). p adjusted: "
        "Bonferroni over the pairs of the visit."
    )


def together_lines(study, rows: pd.DataFrame) -> list[list[str]]:
    """The test of group × time of all groups, in the columns of :func:`outcome_lines`; none for two groups."""
    if not several(study):
        return []
    find, lines = _treated(rows), []
    for item in study.roles.outcomes:
        for name in TREATMENTS:
            test = find(analysis=analysis_of(name), outcome=item.column, statistic="F", contrast=TOGETHER)
            if test.exists:
                numbers = [number(test.n, 0), f_with_df(test), p_value(test.p), "–"]
                lines.append([outcome_heading(study, item.column), "All", "All", NAMES[name], *numbers])
    return lines


def outcome_lines(study, rows: pd.DataFrame, last: bool = False) -> list[list[str]]:
    """Lines outcome, visit, treatment, n, difference with interval, p; one for each treatment that failed.

    With more than two groups also the pair, and its adjusted p at the end. ``last`` leaves out all visits but an
    outcome's last.
    """
    find, lines = _treated(rows), []
    for item in study.roles.outcomes:
        head = outcome_heading(study, item.column)
        for visit in item.visits[-1:] if last else item.visits:
            for pair in pairs(study):
                cells = {"outcome": item.column, "visit": visit, "statistic": DIFFERENCE, "contrast": named(pair)}
                for name in TREATMENTS:
                    part = find(analysis=analysis_of(name), **cells)
                    if part.exists:
                        lines.append(_line(study, [head, study.visit_label(visit)], pair, NAMES[name], part))
        lines += _failures(study, pick(rows, outcome=item.column), head)
    return lines


def _treated(rows: pd.DataFrame) -> Lookup:
    part = rows[rows["analysis"].str.startswith(f"{ANALYSIS}_")]
    return Lookup(part.dropna(subset=["value"]))


def _line(study, place: list[str], pair: Pair, treatment: str, part: Found) -> list[str]:
    groups = [" − ".join(map(study.group_label, pair))] if several(study) else []
    adjusted = [p_value(part.p_adjusted)] if several(study) else []
    return [*place, *groups, treatment, number(part.n, 0), _estimate(part), p_value(part.p), *adjusted]


def _failures(study, rows: pd.DataFrame, head: str) -> list[list[str]]:
    """A line with the reason of what a treatment could not compute."""
    failed, lines = rows[rows["value"].isna() & rows["analysis"].str.startswith(f"{ANALYSIS}_")], []
    for part in failed.itertuples():
        said = f"{NAMES[part.analysis.removeprefix(f'{ANALYSIS}_')]}: {part.method}"
        groups = [" − ".join(map(study.group_label, part.contrast.split(" - ")))] if " - " in part.contrast else ["All"]
        lines.append([head, "–", *(groups if several(study) else []), said, *["–"] * (3 + several(study))])
    return lines


def _each(part: pd.DataFrame):
    return part.dropna(subset=["value"]).itertuples()


def _estimate(part) -> str:
    return f"{number(part.value, 3)} ({interval(part.ci_low, part.ci_high, 3)})"


def analyte_lines(study, settings, rows: pd.DataFrame, analytes: tuple[str, ...]) -> list[list[str]]:
    """Lines analyte, group, visit, treatment, change with interval, p, of rows that the chapter on levels wrote."""
    completed, observed = ALL_VISITS, ALL_VISITS + SENSITIVITY
    if settings.imputation != "em":
        completed, observed = observed, completed
    treated = {"em": completed, "mi": MULTIPLE, "likelihood": observed}
    changes, lines = pick(rows, statistic="change"), []
    for analyte in analytes:
        for group in study.roles.compared:
            for visit in study.roles.analytes.visits[1:]:
                for name, analysis in treated.items():
                    part = pick(changes, analysis=analysis, analyte=analyte, group=group, visit=visit)
                    where = [study.field("analytes", analyte).title, study.group_label(group), study.visit_label(visit)]
                    lines += [
                        [*where, NAMES[name], _plain(found, settings.alpha), p_value(found.p)] for found in _each(part)
                    ]
    return lines


def _plain(part, alpha: float) -> str:
    """A change with its unadjusted interval, from the two-sided p: the rows' own intervals have different levels."""
    df = part.df2 if pd.notna(part.df2) else float("inf")
    half = (
        abs(part.value) * stats.t.isf(alpha / 2, df) / stats.t.isf(part.p / 2, df) if 0 < part.p < 1 else float("nan")
    )
    return f"{number(part.value, 3)} ({interval(part.value - half, part.value + half, 3)})"


def little_lines(study, rows: pd.DataFrame) -> list[list[str]]:
    """Little's test of each variable with gaps: what, missing of planned, χ², df, p; or why there is none."""
    lines = []
    for item in study.roles.outcomes:
        missing = pick(rows, analysis=ANALYSIS, outcome=item.column, statistic=MISSING)
        tested = pick(rows, analysis=ANALYSIS, outcome=item.column, statistic=LITTLE)
        lines += _little(outcome_heading(study, item.column), missing, tested)
    samples = pick(rows, analysis="imputation")
    for analyte in lacking_most(study, samples[samples["statistic"] == "imputed"]):
        missing = pick(samples, analyte=analyte, statistic="imputed")
        tested = pick(samples, analyte=analyte, statistic="little")
        lines += _little(study.field("analytes", analyte).title, missing, tested)
    return lines


def _little(name: str, missing: pd.DataFrame, tested: pd.DataFrame) -> list[list[str]]:
    if missing.empty or not missing["value"].iloc[0] > 0:
        return []
    gaps = missing.iloc[0]
    counted = count_percent(gaps["value"], 100 * gaps["value"] / gaps["n"]) if gaps["n"] else "–"
    if tested.empty or pd.isna(tested["value"].iloc[0]):
        return [[name, counted, "–", "–", (tested if len(tested) else missing)["method"].iloc[0]]]
    test = tested.iloc[0]
    return [[name, counted, number(test["value"]), number(test["df1"], 0), p_value(test["p"])]]


def lacking_most(study, rows: pd.DataFrame) -> tuple[str, ...]:
    """The analytes that a page lists: all, or of more than :data:`MOST_ANALYTES` those that lack most values.

    ``rows`` count what is missing.
    """
    columns = study.roles.analytes.columns
    lost = rows.groupby("analyte")["value"].sum().reindex(list(columns)).fillna(0)
    if len(columns) <= MOST_ANALYTES:
        return columns
    kept = set(lost.sort_values(ascending=False, kind="stable").index[:MOST_ANALYTES])
    return tuple(name for name in columns if name in kept)


def missing_lines(study, rows: pd.DataFrame) -> tuple[list[list[str]], list[str]]:
    """Lines variable, visit, and for each group the observed of the planned; and the variables without a gap.

    Analytes that are missing together are one variable.
    """
    found = pick(rows, analysis="missing", statistic="missing")
    named = [(outcome_heading(study, o.column), {"outcome": o.column}, o.visits) for o in study.roles.outcomes]
    panel, visits = study.roles.analytes.columns, study.roles.analytes.visits
    samples = found[found["analyte"].isin(panel)]
    if (samples.groupby(["group", "visit"])["value"].nunique(dropna=False) == 1).all():
        named.append((f"Blood sample ({len(panel)} analytes)", {"analyte": panel[0]}, visits))
    else:
        shown = lacking_most(study, samples)
        named += [(study.field("analytes", name).title, {"analyte": name}, visits) for name in shown]
    # A count that is withheld is no zero.
    nothing = found["value"].eq(0).groupby([found["outcome"], found["analyte"]]).all()
    whole = [
        name for name, cells, _ in named if nothing.get((cells.get("outcome", ""), cells.get("analyte", "")), True)
    ]
    find = Lookup(found)
    lines = [
        [label, study.visit_label(visit), *(_seen(find, group, visit, cells) for group in study.roles.compared)]
        for label, cells, planned in named
        for visit in planned
        if label not in whole
    ]
    return lines, whole


def _seen(find: Lookup, group: str, visit: str, cells: dict) -> str:
    part = find(analysis="missing", statistic="missing", group=group, visit=visit, **cells)
    if pd.isna(part.n):
        return "–"
    share = number(100 * part.value / part.n, 0) if part.n else "–"
    return f"{number(part.n - part.value, 0)} of {number(part.n, 0)} ({share}\u00a0% missing)"
