"""Words that tables, figures and sentences share."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.frames import outcome
from helpers.report.exhibit import TextExhibit
from helpers.report.format import SPACE, with_symbol

ADJUSTMENTS = {
    "none": "unadjusted",
    "bonferroni": "Bonferroni",
    "holm": "Holm",
    "fdr_bh": "false discovery rate (Benjamini–Hochberg)",
    "fdr_by": "false discovery rate (Benjamini–Yekutieli)",
}
STRUCTURES = {"compound_symmetry": "compound symmetry", "random_slope": "random intercept and slope"}


# How the message of a fit begins whose variance was estimated at the edge of what is possible.
BOUNDARY = "singular"


def face(run) -> str:
    """What a caption says of made data; nothing for real data."""
    return f" {run.study.descriptor.notice}." if run.synthetic and run.study.descriptor.notice else ""


def in_paper(run, item: str) -> str:
    """Which table or figure of the paper a caption answers; nothing for a study the paper is not about."""
    return f" ({item} of the paper)" if run.study.descriptor.claims else ""


def outcome_heading(study, column: str) -> str:
    """An outcome's label, with its scale when it is not the recorded one."""
    item = outcome(study, column)
    return f"{item.label} (log)" if item.transform == "log" else item.label


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
    return with_symbol(f"F({test.df1:.0f},{SPACE}{df2})", test.value)


def not_applicable(what: str) -> TextExhibit:
    """A section that this study cannot fill says so."""
    return TextExhibit(f"*Not applicable to this study: {what}*")


# Shown where the sentence before has already said that a section does not apply.
NOTHING = TextExhibit("")
