"""The page on conventions: one example computed every way, and which software prints which."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.covariance_structures import METHODS, analysis_name
from helpers.analysis.frames import main_outcome
from helpers.analysis.pairs import Pair, pairs, several, turned
from helpers.analysis.settings import STRUCTURES
from helpers.report import words
from helpers.report.format import SPACE, ci_name, interval, number, p_equals, p_value
from helpers.report.lookup import Found, Lookup
from helpers.report.markdown import escaped, paragraphs, pipe_table, small_table
from helpers.report.pages.software import SOFTWARE
from helpers.report.pages.ways import family, gaps, likelihood
from helpers.report.words import df_pair, outcome_heading

SIZES = {
    "cohens_d": "Cohen’s *d*: pooled SD of the visit",
    "hedges_g": "Hedges’ *g*: the same with the exact small-sample factor",
    "d_model": "Adjusted difference over the model’s SD of the visit",
    "d_baseline": "Adjusted difference over the pooled SD at baseline",
}
INDIRECT = {
    "indirect": "Bootstrap, percentile",
    "indirect_bias_corrected": "Bootstrap, bias-corrected",
    "indirect_bca": "Bootstrap, bias-corrected and accelerated",
}


def conventions_page(study, settings, rows: pd.DataFrame) -> str:
    """What was computed here under each convention, and who prints what (Markdown)."""
    find = Lookup(rows)
    return paragraphs(
        "# Conventions",
        "Programs that fit the same model to the same data print different tests, because they choose differently "
        "where theory leaves a choice. Here examples are computed every way, from the results of this build.",
        "## Covariance structure and degrees of freedom",
        _model(study, find),
        "## Likelihood, and coding of the factors",
        likelihood(study, find),
        "## Family of an adjustment",
        family(study, rows),
        "## Missing samples",
        gaps(study, settings, rows),
        "## Effect size",
        _effect(study, settings, find),
        "## Indirect effect",
        _mediation(study, settings, find),
        "## Which software prints which",
        "“Here” is what `helpers.models` does unless told otherwise. Versions of R packages are those on the page "
        "[Agreement with R](agreement.md); statements on SPSS and SAS are from their manuals and were not run.",
        small_table(["Choice", "Here", "Elsewhere"], SOFTWARE),
    )


def _model(study, find: Lookup) -> str:
    outcome = main_outcome(study)
    label = escaped(outcome_heading(study, outcome))
    lines = [_structure_line(find, outcome, structure) for structure in STRUCTURES]
    heads = ["Covariance of visits", "q", "−2 log L", "AIC"]
    heads += [_method(df, information) for df, information in METHODS]
    return paragraphs(
        f"{label}: the test of group × time by REML, *F* (numerator, denominator degrees of freedom) and p, under "
        "every structure and every way to count the degrees of freedom. The estimates in a line are the same; "
        "Kenward–Roger also adjusts their standard errors.",
        small_table(heads, lines),
        "q: covariance parameters. Read down a column for what the structure does, along a line for what the degrees "
        "of freedom do. The diagonal and identity structures treat the visits of one person as independent: they "
        "overstate what is known of a difference between groups and understate what is known of a change within "
        "persons.",
    )


def _structure_line(find: Lookup, outcome: str, structure: str) -> list[str]:
    fitted = {"analysis": analysis_name(structure), "outcome": outcome}
    name = words.STRUCTURES[structure]
    name = name[0].upper() + name[1:]
    if find(statistic="converged", **fitted).value != 1:
        return [name, *["not converged"] * 3, *["–"] * len(METHODS)]
    size, deviance, aic = (find(statistic=s, **fitted).value for s in ("parameters", "deviance", "aic"))
    tests = [
        _test(find(analysis=analysis_name(structure, df, information), outcome=outcome, contrast="interaction",
                   statistic="F"))
        for df, information in METHODS
    ]  # fmt: skip
    return [name, number(size, 0), number(deviance, 1), number(aic, 1), *tests]


def _test(test: Found) -> str:
    return f"{number(test.value)}{SPACE}({df_pair(test)}), {p_equals(test.p)}" if test.exists else "–"


def _method(df: str, information: str) -> str:
    if df == "residual":
        return "Residual"
    label = {"satterthwaite": "Satterthwaite", "kenward-roger": "Kenward–Roger"}[df]
    return f"{label}, {information}"


def _effect(study, settings, find: Lookup) -> str:
    outcome = main_outcome(study)
    visit = next(item for item in study.roles.outcomes if item.column == outcome).visits[-1]
    pair = pairs(study)[0]
    contrast = turned(pair)
    lines = []
    for statistic, label in SIZES.items():
        analysis = "observed" if statistic == "cohens_d" else "effect_size"
        size = find(analysis=analysis, statistic=statistic, outcome=outcome, visit=visit, contrast=contrast)
        lines.append([label, number(size.value, 3), interval(size.ci_low, size.ci_high, 3)])
    where = f"{escaped(outcome_heading(study, outcome))}, {escaped(study.visit_label(visit).lower())}"
    heads = ["Definition", "Value", ci_name(settings.alpha)]
    return paragraphs(f"{where}: {_of(study, pair)}.", pipe_table(heads, lines))


def _of(study, pair: Pair) -> str:
    if not several(study):
        return "the standardised difference between the groups"
    first, second = (escaped(study.group_label(group)) for group in pair)
    return f"the standardised difference, {second} minus {first}"


def _mediation(study, settings, find: Lookup) -> str:
    role = study.roles.mediation
    if role is None:
        return "The study names no mediation path."
    cells = {"analysis": "mediation", "outcome": role.y, "analyte": role.x, "group": role.group, "visit": role.visit}
    cells["contrast"] = f"{role.x} > {role.m} > {role.y}"
    if not find(statistic="path_a", **cells).exists:
        return "The paths could not be computed; the results say why."
    lines = []
    for statistic, label in INDIRECT.items():
        path = find(statistic=statistic, **cells)
        lines.append([label, number(path.value, 3), interval(path.ci_low, path.ci_high, 3), "–"])
    for name, label in (("sobel", "Normal, Sobel’s variance"), ("aroian", "Normal, Aroian’s variance")):
        test = find(statistic=f"indirect_{name}", **cells)
        lines.append([label, f"z = {number(test.value, 3)}", "–", p_value(test.p)])
    return pipe_table(["Method", "Indirect effect", ci_name(settings.alpha), "p"], lines)
