"""What readers call the families, choices and values of a multiverse."""

from __future__ import annotations

import json
from typing import Any

from helpers.report.words import STRUCTURES

FAMILIES = {
    "outcome_tests": "Clinical outcomes: tests of the mixed models",
    "outcome_comparisons": "Clinical outcomes: comparisons",
    "endpoints": "Response, remission and the time to them",
    "baseline_tests": "Baseline cytokines: tests",
    "baseline_comparisons": "Baseline cytokines: comparisons",
    "longitudinal_tests": "Cytokines over time: tests of the mixed models",
    "longitudinal_comparisons": "Cytokines over time: comparisons",
    "change": "Change with change",
    "mediation": "Mediation",
}
CHOICES = {
    "pain": "Pain group",
    "covariance": "Covariance",
    "df": "Degrees of freedom",
    "covariates": "Covariates",
    "posthoc": "Comparisons",
    "response": "Response",
    "remission": "Remission",
    "rate_test": "Test of rates",
    "time_test": "Test of times",
    "transform": "Scale",
    "imputation": "Missing samples",
    "baseline": "Baseline level",
    "adjustment": "Multiplicity",
    "indirect_test": "Indirect effect",
}
SHORT = {
    "compound_symmetry": "CS",
    "heterogeneous_cs": "heterogeneous CS",
    "ar1": "AR(1)",
    "heterogeneous_ar1": "heterogeneous AR(1)",
}
VALUES = {
    ("df", "satterthwaite"): "Satterthwaite",
    ("df", "kenward-roger"): "Kenward–Roger",
    ("df", "residual"): "residual",
    ("covariates", "differing"): "those that differ",
    ("covariates", "named"): "the study’s",
    ("covariates", "all"): "all",
    ("covariates", "none"): "none",
    ("posthoc", "bonferroni"): "Bonferroni, a test’s pairs",
    ("posthoc", "bonferroni_all"): "Bonferroni, all",
    ("posthoc", "holm_all"): "Holm, all",
    ("posthoc", "none"): "none",
    ("rate_test", "chi_square"): "χ²",
    ("rate_test", "chi_square_yates"): "χ², Yates",
    ("rate_test", "fisher"): "Fisher",
    ("time_test", "t"): "t, everybody",
    ("time_test", "t_events_only"): "t, events only",
    ("time_test", "log_rank"): "log-rank",
    ("transform", "described"): "the study’s (log)",
    ("transform", "none"): "as measured",
    ("transform", "rank"): "normal scores",
    ("imputation", "em"): "EM, once",
    ("imputation", "none"): "left out",
    ("imputation", "multiple"): "multiple",
    ("baseline", "response"): "a response",
    ("baseline", "covariate"): "a covariate",
    ("adjustment", "fdr_bh"): "FDR, BH",
    ("adjustment", "fdr_by"): "FDR, BY",
    ("adjustment", "holm"): "Holm",
    ("adjustment", "bonferroni"): "Bonferroni",
    ("adjustment", "none"): "none",
    ("indirect_test", "sobel"): "Sobel",
    ("indirect_test", "aroian"): "Aroian",
    ("indirect_test", "percentile"): "percentile bootstrap",
    ("indirect_test", "bias_corrected"): "bias-corrected bootstrap",
    ("indirect_test", "bca"): "BCa bootstrap",
    ("pain", None): "as recorded",
    ("response", None): "the study’s rule",
    ("remission", None): "the study’s rule",
}


def choice_name(name: str) -> str:
    """A choice as readers know it.

    >>> choice_name("df"), choice_name("")
    ('Degrees of freedom', '')
    """
    return CHOICES.get(name, name)


def value_name(choice: str, value: Any) -> str:
    """A value of a choice as readers know it.

    >>> value_name("pain", {"vas": 4}), value_name("response", 0.4), value_name("covariance", "ar1")
    ('VAS > 4', 'fall of 40 %', 'AR(1)')
    """
    if isinstance(value, dict):
        return ", ".join(f"{name.upper()} > {limit:g}" for name, limit in value.items())
    if choice == "response" and value is not None:
        return f"fall of {100 * value:g} %"
    if choice == "remission" and value is not None:
        return f"at most {value:g}"
    if choice == "covariance":
        return SHORT.get(value, STRUCTURES.get(value, value))
    return VALUES.get((choice, value), str(value))


def changes_in_words(nearest: str) -> str:
    """Choices other than the paper's, as ``shares`` lists them.

    >>> changes_in_words('df="residual"; pain={"vas": 4}')
    'degrees of freedom: residual; pain group: VAS > 4'
    """
    parts = (part.partition("=") for part in nearest.split("; ") if part)
    named = ((choice_name(name), value_name(name, json.loads(value))) for name, _, value in parts)
    return "; ".join(f"{name[0].lower()}{name[1:]}: {value}" for name, value in named)
