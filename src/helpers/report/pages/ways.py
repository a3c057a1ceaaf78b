"""Parts of the page on conventions: one number computed under each likelihood, coding, family and gap treatment."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpers.analysis.conventions import ML, REFERENCE, REML
from helpers.analysis.frames import analyte_titles, main_outcome
from helpers.analysis.longitudinal_cytokines import ALL_VISITS, SENSITIVITY
from helpers.analysis.multiple_imputation import ANALYSIS as MULTIPLE
from helpers.analysis.pairs import pairs
from helpers.report.format import SPACE, number, p_equals, p_value
from helpers.report.lookup import KEYS, Found, Lookup
from helpers.report.markdown import escaped, paragraphs, pipe_table
from helpers.report.words import degrees, df_pair, outcome_heading

TERMS = {"group": "Group", "time": "Time", "interaction": "Group × time"}
FITS = {
    REML: "REML, factors coded to sum to zero",
    ML: "Maximum likelihood, the same coding",
    REFERENCE: "REML, first group and first visit as reference",
}


def likelihood(study, find: Lookup) -> str:
    """The tests of the main outcome's model by REML, by ML, and under reference coding."""
    outcome = main_outcome(study)
    lines = [[label, *(_test(_fit_test(find, name, outcome, term)) for term in TERMS)] for name, label in FITS.items()]
    return paragraphs(
        f"{escaped(outcome_heading(study, outcome))}, the scenario’s covariance structure, *F* with Satterthwaite’s "
        "degrees of freedom.",
        pipe_table(["Fit", *TERMS.values()], lines),
        "ML takes the coefficients for known when it estimates variances, so that its tests are the larger ones. Under "
        "reference coding, R’s default, a type III table holds other hypotheses under the same names: *group* is the "
        "difference at the first visit, *time* the change in the first group; only the interaction is the same.",
    )


def _fit_test(find: Lookup, analysis: str, outcome: str, term: str) -> Found:
    """Coding leaves the test of the last term as it is."""
    analysis = REML if analysis == REFERENCE and term == "interaction" else analysis
    return find(analysis=analysis, outcome=outcome, contrast=term, statistic="F")


def _test(test: Found) -> str:
    return f"{number(test.value)}{SPACE}({df_pair(test)}), {p_equals(test.p)}" if test.exists else "–"


def family(study, rows: pd.DataFrame) -> str:
    """One comparison of groups, its p adjusted by Bonferroni over every family that a paper could mean."""
    outcome = main_outcome(study)
    every = rows[(rows["analysis"] == "mixed_model") & (rows["statistic"] == "mean_difference")].dropna(subset=["p"])
    own = every[every["outcome"] == outcome]
    if own.empty:
        return "No pair of groups was compared at a visit."
    least = own.loc[own["p"].idxmin()]
    families = {
        "none": 1,
        "the pairs of groups at the visit (SPSS EMMEANS, and here)": len(pairs(study)),
        "all comparisons of the outcome, over its visits": len(own),
        "all comparisons of all outcomes": len(every),
    }
    lines = [[name, number(size, 0), p_value(min(1.0, size * least["p"]))] for name, size in families.items()]
    where = f"{escaped(outcome_heading(study, outcome))}, {escaped(study.visit_label(least['visit']).lower())}"
    return paragraphs(
        f"{where}, the visit at which the groups differ most: one test, adjusted by Bonferroni over each family that "
        "“Bonferroni corrected” could mean.",
        pipe_table(["Family", "Tests", "p"], lines, "lrr"),
    )


def gaps(study, settings, rows: pd.DataFrame) -> str:
    """One change of an analyte under three treatments of its gaps: the change with most information missing."""
    lost = rows[(rows["analysis"] == MULTIPLE) & (rows["statistic"] == "fmi")].dropna(subset=["value"])
    if lost.empty:
        return "No sample is missing, or multiple imputation was not computed."
    most = lost.loc[lost["value"].idxmax()]
    find = Lookup(rows[rows["statistic"] == "change"])
    lines = list(_gap_lines(find, most, settings.imputation == "em"))
    named = (analyte_titles(study)[most["analyte"]], study.group_label(most["group"]), study.visit_label(most["visit"]))
    return paragraphs(
        f"{escaped(', '.join(named))}: the change from baseline of which missing samples take the most information, "
        f"{number(100 * most['value'], 0)}{SPACE}%.",
        pipe_table(["Missing samples", "Change", "df", "p"], lines, "lrrr"),
        "p is that of the one comparison. SPSS’s EM command imputes once; a model of samples so completed takes what "
        "was imputed for measured.",
    )


def _gap_lines(find: Lookup, most: pd.Series, completed_first: bool) -> Iterator[list[str]]:
    here, other = ALL_VISITS, ALL_VISITS + SENSITIVITY
    completed, observed = (here, other) if completed_first else (other, here)
    ways = {"completed once by EM": completed, "left out": observed, "imputed several times, pooled": MULTIPLE}
    cells = {name: most[name] for name in KEYS if name not in ("analysis", "statistic")}
    for label, analysis in ways.items():
        change = find(analysis=analysis, statistic="change", **cells)
        yield [label, number(change.value, 3), degrees(change.df2), p_value(change.p)]
