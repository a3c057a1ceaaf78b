"""Sentences about the simulation: what was simulated, and what it says at this study's size."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.design.kept import Simulated
from helpers.analysis.frames import main_outcome, outcome
from helpers.claims.simulated import ANALYSIS
from helpers.report.design_words import METHODS, to_its_level
from helpers.report.exhibit import TextExhibit, text_exhibit
from helpers.report.format import SPACE, count_of, number
from helpers.report.lookup import Found, Lookup
from helpers.report.words import NOTHING, not_applicable

NULLS = (
    ("group", "equal", "no difference between groups"),
    ("time", "flat", "no change over time"),
    ("interaction", "equal", "the same course in all groups"),
)


def data_used(run, simulated: Simulated, rows: pd.DataFrame) -> TextExhibit:
    """How many cohorts there are; or why the chapter is empty."""
    if simulated.missing:
        return not_applicable(f"of simulated cohorts there is nothing to show: {simulated.missing}.")
    find = Lookup(rows)
    cohorts, points, largest = (find(analysis=ANALYSIS, statistic=s) for s in ("cohorts", "points", "largest_mc_se"))
    return text_exhibit(
        f"{count_of(cohorts.value, 'cohort')} from {count_of(points.value, 'population', 'populations')} (a truth "
        "and a size), drawn until rates were precise; the largest Monte-Carlo standard error is "
        f"{number(largest.value, 1)}{SPACE}%. Populations are normal, with the means, variances and correlations of "
        "this study.",
        find,
    )


def independence(run, rows: pd.DataFrame) -> TextExhibit:
    """What taking visits as independent does to the tests of the main outcome."""
    if not run.study.roles.outcomes:
        return NOTHING
    name, find, lines = main_outcome(run.study), Lookup(rows), []
    label, family = outcome(run.study, name).label, f"outcomes: {name}"
    for test, truth, words in NULLS:
        found = {
            method: _at(find, family, test, method, truth) for method in ("published", "unstructured", "independent")
        }
        if found["independent"].exists:
            parts = [f"{METHODS[method]} {number(one.value, 1)}{SPACE}%" for method, one in found.items()]
            verdict = to_its_level(found["independent"].value / 100, run.settings.alpha)
            lines.append(f"- {label}, {words}: rejected {', '.join(parts)}, the last {verdict}.")
    return text_exhibit("\n".join(lines), find) if lines else NOTHING


def families(run, rows: pd.DataFrame) -> TextExhibit:
    """What adjusting does to the families of analytes at this study's size."""
    find, lines = Lookup(rows), []
    for family, test, words in (("baseline", "groups", "at baseline"), ("course", "interaction", "over time")):
        wrong = {
            a: _at(find, family, f"{test}: any false", "published", "equal", a)
            for a in ("none", "fdr_bh", "bonferroni")
        }
        right = {
            a: _at(find, family, f"{test}: power", "published", "some", a) for a in ("none", "fdr_bh", "bonferroni")
        }
        if not wrong["none"].exists:
            continue
        false, power = (" / ".join(number(f.value, 1) for f in part.values()) for part in (wrong, right))
        lines.append(
            f"- Analytes {words}, unadjusted / FDR / Bonferroni: where nothing differs some test rejects in "
            f"{false}{SPACE}% of the cohorts; of those that were found to differ {power}{SPACE}% are found again."
        )
    return text_exhibit("\n".join(lines), find) if lines else NOTHING


def indirect(run, rows: pd.DataFrame) -> TextExhibit:
    """Level and power of the tests of the indirect effect at this study's size."""
    find, lines = Lookup(rows), []
    for method in ("sobel", "percentile", "bias_corrected", "bca"):
        power, null = (_at(find, "mediation", "indirect effect", method, truth) for truth in ("fitted", "no a"))
        if power.exists:
            lines.append(
                f"- {METHODS[method]}: power {number(power.value, 1)}{SPACE}%; with path a absent "
                f"{number(null.value, 1)}{SPACE}% ({to_its_level(null.value / 100, run.settings.alpha)})."
            )
    return text_exhibit("\n".join(lines), find) if lines else NOTHING


def _at(find: Lookup, outcome_name: str, test: str, method: str, truth: str, adjustment: str = "none") -> Found:
    contrast = f"{test}; {method}; {adjustment}; {truth}"
    return find(analysis=ANALYSIS, outcome=outcome_name, contrast=contrast, statistic="rejection")
