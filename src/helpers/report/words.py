"""Words that tables, figures and sentences share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

import pandas as pd

from helpers.analysis.frames import outcome
from helpers.analysis.settings import Settings
from helpers.report.exhibit import TextExhibit
from helpers.report.format import SPACE, with_symbol

ADJUSTMENTS = {
    "none": "unadjusted",
    "bonferroni": "Bonferroni",
    "holm": "Holm",
    "fdr_bh": "false discovery rate (Benjamini–Hochberg)",
    "fdr_by": "false discovery rate (Benjamini–Yekutieli)",
}
STRUCTURES = {
    "unstructured": "unstructured",
    "compound_symmetry": "compound symmetry",
    "heterogeneous_cs": "heterogeneous compound symmetry",
    "ar1": "first-order autoregressive",
    "heterogeneous_ar1": "heterogeneous first-order autoregressive",
    "toeplitz": "Toeplitz",
    "heterogeneous_toeplitz": "heterogeneous Toeplitz",
    "diagonal": "diagonal",
    "identity": "identity",
    "random_intercept": "random intercept",
    "random_slope": "random intercept and slope",
    "auto": "unstructured, or the next simpler structure that converges",
}
DFS = {
    "satterthwaite": "Satterthwaite’s degrees of freedom",
    "kenward-roger": "Kenward and Roger’s standard errors and degrees of freedom",
    "residual": "residual degrees of freedom",
}

# What the message of a fit says whose covariance was estimated at the edge of what is possible.
EDGES = ("at the boundary", "is singular")


def model_words(settings: Settings) -> str:
    """A scenario's mixed model in words.

    >>> model_words(Settings())
    'REML, compound symmetry, Satterthwaite’s degrees of freedom'
    """
    return f"REML, {STRUCTURES[settings.covariance]}, {DFS[settings.df]}"


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
    """``F(df1, df2)`` with its value."""
    if not test.exists:
        return "–"
    return with_symbol(f"F({df_pair(test)})", test.value)


def df_pair(test) -> str:
    """``df1, df2`` of an F; one decimal where they are estimated, ∞ where nothing about the variance was estimated."""
    return f"{test.df1:.0f},{SPACE}{degrees(test.df2)}"


def degrees(df: float) -> str:
    """Degrees of freedom, whole where they are.

    >>> degrees(62.0), degrees(63.3024), degrees(float("nan"))
    ('62', '63.3', '∞')
    """
    if pd.isna(df):
        return "∞"
    return f"{df:.0f}" if df > 1000 or abs(df - round(df)) < 0.005 else f"{df:.1f}"


def not_applicable(what: str) -> TextExhibit:
    """A section that this study cannot fill says so."""
    return TextExhibit(f"*Not applicable to this study: {what}*")


def with_analytes(show: Callable) -> Callable:
    """For what is shown of analytes: nothing in a study without any, of which the chapter says so once."""

    @wraps(show)
    def shown(run, *args, **more):
        return show(run, *args, **more) if run.study.roles.analytes.columns else NOTHING

    return shown


def with_visits_of_analytes(show: Callable) -> Callable:
    """For what is shown of analytes over the visits: nothing where they were not sampled at two visits at least."""

    @wraps(show)
    def shown(run, *args, **more):
        return show(run, *args, **more) if len(run.study.roles.analytes.visits) > 1 else NOTHING

    return shown


# Shown where the sentence before has already said that a section does not apply.
NOTHING = TextExhibit("")
