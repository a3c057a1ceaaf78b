"""The page on missing data: what is missing, what a test says of it, and what each treatment makes of the contrasts."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.pairs import several
from helpers.analysis.results import pick
from helpers.report.figures.missing_patterns import NAME, alternative
from helpers.report.format import ci_name, listed
from helpers.report.markdown import escaped, paragraphs, small_table
from helpers.report.tables import missing as tables

# Analytes shown one by one; the chapter has all of them in sum.
SHOWN = 3
CHAPTER = "[the chapter on levels over time](notebooks/04_longitudinal_cytokines.ipynb)"
ALL_GROUPS = (
    "First all groups together: the test of group × time, whether they change differently at any visit. Over "
    "imputations it is D₁ (Li, Raghunathan and Rubin 1991, J Am Stat Assoc 86:1065), with the degrees of freedom of "
    "Reiter (2007, Biometrika 94:502)."
)
ALL_PAIRS = (
    "Every pair of groups at the last visit of the outcome; p is adjusted by Bonferroni over the pairs. The other "
    "visits are in [the chapter on outcomes](notebooks/02_efficacy.ipynb)."
)

ASSUMED = [
    [
        "Complete cases",
        "Only participants with every planned value.",
        "Missing completely at random, or depending on the group alone. Otherwise biased; always loses participants.",
    ],
    [
        "EM, filled once",
        "A gap is filled with its conditional mean at the maximum-likelihood estimate, and then taken as measured.",
        "Missing at random, a normal distribution; and that the filled values are known, which they are not: intervals "
        "too narrow, p too small.",
    ],
    [
        "Multiple imputation",
        "Gaps are drawn several times, each data set is analysed, the answers are pooled by Rubin’s rules. An outcome "
        "is imputed from its other visits and the groups; a level from the columns most correlated with it, or, when "
        "analytes times visits are more than patients, from the analyte’s other visits and the groups alone.",
        "Missing at random given what is imputed from, a fitting imputation model, and enough imputations. Its "
        "intervals hold the uncertainty of the gaps.",
    ],
    [
        "Likelihood",
        "The mixed model of all observed values; nothing is imputed.",
        "Missing at random given the observed outcomes and the group; means and covariance well specified.",
    ],
]


def missing_page(study, settings, rows: pd.DataFrame) -> str:
    """The page (Markdown), from results rows alone.

    Parameters
    ----------
    rows : DataFrame
        Those of the chapters on the cohort, the outcomes and the analytes over time.
    """
    return paragraphs(
        "# Missing data",
        "A value is missing when the protocol plans it and the tables do not hold it. This page shows what is missing "
        "and sets the ways to treat it side by side, from the results rows of this build.",
        _made(study),
        "## What is missing",
        _patterns(study, rows),
        _observed(study, rows),
        "## Is it missing completely at random?",
        _little(study, rows),
        "## What each treatment assumes",
        small_table(["Treatment", "What is done", "Assumes"], ASSUMED),
        "None of them holds when a value is missing because of what it would have been, given all that is seen "
        "(missing not at random); the data cannot tell. After a death there is no value that could be missing: "
        "there, every treatment describes what would have been seen had everybody lived.",
        "## Outcomes: group × time",
        _outcomes(study, settings, rows),
        "## Analytes: changes from baseline",
        _analytes(study, settings, rows),
    )


def _made(study) -> str:
    """What is said on the face of made data; nothing for real ones."""
    descriptor = study.descriptor
    return f"**{escaped(descriptor.notice)}.**" if descriptor.data_source == "synthetic" and descriptor.notice else ""


def _patterns(study, rows: pd.DataFrame) -> str:
    if pick(rows, analysis="missing_pattern").empty:
        return "The patterns were not counted in this build."
    alt = " ".join(alternative(study, rows).split())
    figure = f"```{{figure}} /figures/{NAME}.svg\n:alt: {escaped(alt)}\n\n"
    said = f"Patterns of visits and samples, as {{numref}}`{NAME}` of the first chapter. {_made(study)}"
    return f"{figure}{said.strip()}\n```"


def _observed(study, rows: pd.DataFrame) -> str:
    groups = [study.group_label(group) for group in study.roles.compared]
    lines, whole = tables.missing_lines(study, rows)
    said = f"Nothing is missing of: {escaped(listed(whole))}." if whole else ""
    table = small_table(["Planned", "Visit", *groups], lines) if lines else ""
    return paragraphs(table, said, _of_analytes(study, "the results rows of the first chapter count all")).strip()


def _of_analytes(study, where: str) -> str:
    """What is said where a table leaves analytes out."""
    many = len(study.roles.analytes.columns)
    if many <= tables.MOST_ANALYTES:
        return ""
    return f"Of {many} analytes the {tables.MOST_ANALYTES} that lack most values are listed where they differ; {where}."


def _little(study, rows: pd.DataFrame) -> str:
    lines = tables.little_lines(study, rows)
    tested = [line for line in lines if line[2] != "–"]
    said = (
        "Little’s test (1988, J Am Stat Assoc 83:1198) compares the means of participants with the same pattern with "
        "those of all, at the maximum-likelihood estimate by EM. For each variable its visits and the group enter. A "
        "small p speaks against *completely at random*; a large one shows little, as the test sees differences of "
        "means only, and neither says whether values are missing at random."
    )
    if not tested:
        return paragraphs(
            said, "Nothing could be tested here: no variable with gaps has more than one pattern."
        ).strip()
    heads = ["Variable", "Missing of planned", "χ²", "df", "p"]
    note = "Planned: visits of participants with any value of the variable."
    rest = _of_analytes(study, f"{CHAPTER} tests all")
    return paragraphs(said, small_table(heads, lines), f"{note} {rest}".strip()).strip()


def _outcomes(study, settings, rows: pd.DataFrame) -> str:
    together, lines = tables.together_lines(study, rows), tables.outcome_lines(study, rows, last=several(study))
    if not together + lines:
        return f"Does not apply: {tables.NONE[0].lower()}{tables.NONE[1:]}"
    said = (
        f"Difference in the change from baseline, {escaped(tables.minus(study))}, from the model value ~ group × visit "
        "by REML; no covariates, so that the treatments differ in nothing else."
    )
    table = small_table(tables.outcome_heads(study, settings), lines)
    if not several(study):
        return paragraphs(said, table).strip()
    heads = ["Outcome", "Treatment", "n", "F", "p"]
    first = small_table(heads, [[line[0], *line[3:7]] for line in together])
    return paragraphs(f"{ALL_GROUPS}", first, f"{said} {ALL_PAIRS}", table).strip()


def _analytes(study, settings, rows: pd.DataFrame) -> str:
    chosen = main_analytes(study)
    lines = tables.analyte_lines(study, settings, rows, chosen)
    treated = {line[3] for line in lines}
    if not lines:
        return "Does not apply: no change of an analyte could be computed."
    if len(treated) < 2:
        return f"Does not apply: no sample is missing, or none could be imputed; {CHAPTER} says why."
    said = (
        "Change from baseline within each group, on the analysed scale, by the model of all visits. Complete cases are "
        f"left out here. All analytes in sum are in {CHAPTER}."
    )
    heads = ["Analyte", "Group", "Visit", "Treatment", f"Change ({ci_name(settings.alpha)})", "p"]
    return paragraphs(said, small_table(heads, lines), f"{_intervals()} {_imputed_from(rows)}".strip()).strip()


def _imputed_from(rows: pd.DataFrame) -> str:
    """How the samples were imputed several times, as the rows say."""
    methods = pick(rows, analysis=tables.MULTIPLE, statistic="change").dropna(subset=["value"])["method"]
    return f"Multiple imputation: {methods.iloc[0]}." if len(methods) and methods.iloc[0] else ""


def _intervals() -> str:
    return "Neither intervals nor p are adjusted for the number of comparisons."


def main_analytes(study) -> tuple[str, ...]:
    """The analyte of the mediation path first, then those that the descriptor lists first."""
    first = (study.roles.mediation.x,) if study.roles.mediation else ()
    return tuple(dict.fromkeys([*first, *study.roles.analytes.columns]))[:SHOWN]
