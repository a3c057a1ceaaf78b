"""Words that several tables share."""

from __future__ import annotations

import pandas as pd

from helpers.report.exhibit import TableExhibit, table_exhibit
from helpers.report.format import number

ADJUSTMENTS = {
    "none": "unadjusted",
    "bonferroni": "Bonferroni",
    "holm": "Holm",
    "fdr_bh": "false discovery rate (Benjamini–Hochberg)",
    "fdr_by": "false discovery rate (Benjamini–Yekutieli)",
}
STRUCTURES = {"compound_symmetry": "compound symmetry", "random_slope": "random intercept and slope"}


def face(run) -> str:
    """What a caption says of made data; nothing for real data."""
    return f" {run.study.descriptor.notice}." if run.synthetic and run.study.descriptor.notice else ""


def convergence(run, rows: pd.DataFrame, name: str) -> TableExhibit:
    """How every model of a notebook went: one line a model, or one line for all when nothing is to be said."""
    fits = rows[rows["statistic"] == "converged"]
    fits = fits.assign(
        model=fits["analysis"].astype(str).map(model_name),
        state=fits["value"].map({1.0: "Converged", 0.0: "Not fitted"}).astype(str),
        message=fits["method"].astype(str),
    )
    counts = fits.groupby(["model", "state", "message"], sort=True)
    lines = [[model, f"{len(part)}", state, message, _which(part)] for (model, state, message), part in counts]
    frame = pd.DataFrame(lines, columns=["Model", "Fits", "State", "Message", "Which"])
    return table_exhibit(frame, name, f"How the fits went.{face(run)}", "lrlll")


def _which(part: pd.DataFrame) -> str:
    names = [name for name in [*part["outcome"].astype(str), *part["analyte"].astype(str)] if name]
    return "all" if len(names) > 5 else ", ".join(names)


def model_name(analysis: str) -> str:
    """A model's name for people."""
    names = {
        "mixed_model": "Outcome, group × visit",
        "cytokine_all_visits": "Analyte, group × visit, all visits",
        "cytokine_adjusted": "Analyte, group × visit, baseline as covariate",
    }
    base = analysis.removesuffix("_sensitivity")
    return names.get(base, base) + (" (other data)" if base != analysis else "")


def f_with_df(test) -> str:
    """``F(df1, df2)`` with its value; the denominator is ∞ where the test is asymptotic."""
    if not test.exists:
        return "–"
    df2 = "∞" if pd.isna(test.df2) else f"{test.df2:.0f}"
    return f"F({test.df1:.0f}, {df2}) = {number(test.value)}"
