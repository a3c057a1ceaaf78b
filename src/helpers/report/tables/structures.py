"""Tables of the same models under other covariance structures and degrees of freedom."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.covariance_structures import SHOWN, analysis_name
from helpers.analysis.frames import analyte_titles
from helpers.report.exhibit import TableExhibit, table_exhibit
from helpers.report.format import number, p_value
from helpers.report.lookup import Lookup
from helpers.report.words import STRUCTURES, df_pair, face, with_visits_of_analytes

TERMS = {"group": "Group", "time": "Time", "interaction": "Group × time"}
METHODS = {"satterthwaite": "Satterthwaite", "kenward-roger": "Kenward–Roger", "residual": "residual"}


def outcome_structures(run, rows: pd.DataFrame) -> TableExhibit:
    """Each outcome's tests under SPSS's default, a subject effect, and what we would choose."""
    find, lines = Lookup(rows), []
    for item in run.study.roles.outcomes:
        for structure, df in SHOWN:
            model = ", ".join(_named(structure, df))
            lines.append([item.label, model, *_tests(find, item.column, structure, df)])
    heads = ["Outcome", "Covariance, df"]
    heads += [f"{label}: {what}" for label in TERMS.values() for what in ("F (df)", "p")]
    frame = pd.DataFrame(lines, columns=[*heads, "AIC"])
    note = (
        "REML, sum-to-zero coding, type III. Diagonal: what SPSS takes for REPEATED unless told otherwise; it treats a "
        "patient’s visits as independent. Compound symmetry: what a subject effect amounts to. AIC: −2 log-likelihood "
        "+ 2 × covariance parameters, smaller is better, within an outcome."
    )
    caption = f"Tests of the outcomes under three covariance structures.{face(run)}"
    align, spanners = "ll" + "r" * 7, list(TERMS.values())
    return table_exhibit(frame, "tab-structures", caption, align, note, groups="Outcome", spanners=spanners)


def _named(structure: str, df: str) -> tuple[str, str]:
    words = STRUCTURES[structure]
    return words[0].upper() + words[1:], METHODS[df]


def _tests(find: Lookup, outcome: str, structure: str, df: str) -> list[str]:
    fitted = {"analysis": analysis_name(structure), "outcome": outcome}
    if find(statistic="converged", **fitted).value != 1:
        return ["not converged", *["–"] * 6]
    cells: list[str] = []
    for term in TERMS:
        test = find(analysis=analysis_name(structure, df), outcome=outcome, contrast=term, statistic="F")
        cells += [f"{number(test.value)} ({df_pair(test)})", p_value(test.p)]
    return [*cells, number(find(statistic="aic", **fitted).value, 1)]


@with_visits_of_analytes
def analyte_structures(run, rows: pd.DataFrame) -> TableExhibit:
    """How many analytes pass the level under each structure, and how often each has the smallest AIC."""
    find, analytes = Lookup(rows), list(analyte_titles(run.study))
    aic = {
        (structure, name): find(analysis=analysis_name(structure), analyte=name, statistic="aic").value
        for structure, _ in SHOWN
        for name in analytes
    }
    lines = []
    for structure, df in SHOWN:
        tests = rows[(rows["analysis"] == analysis_name(structure, df)) & (rows["statistic"] == "F")]
        counts = [_passing(tests[tests["contrast"] == term], run.settings.alpha) for term in TERMS]
        best = sum(aic[structure, name] == min(aic[other, name] for other, _ in SHOWN) for name in analytes)
        fitted = rows[(rows["analysis"] == analysis_name(structure)) & (rows["statistic"] == "converged")]
        lines.append([*_named(structure, df), *counts, f"{best}", f"{(fitted['value'] == 1).sum()} of {len(analytes)}"])
    heads = ["Covariance of visits", "df", *TERMS.values(), "Smallest AIC", "Converged"]
    note = (
        f"Analytes with p < {run.settings.alpha:g}, in brackets after adjustment over the analytes, in the model of "
        "all visits on the scenario’s data."
    )
    caption = f"Analytes that pass, by covariance structure.{face(run)}"
    return table_exhibit(pd.DataFrame(lines, columns=heads), "tab-structures-analytes", caption, "llrrrrr", note)


def _passing(tests: pd.DataFrame, alpha: float) -> str:
    return f"{(tests['p'] < alpha).sum()} ({(tests['p_adjusted'] < alpha).sum()})"
