"""The choices of a multiverse: which bear on which family of analyses, and what values each may have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers.analysis.settings import ADJUSTMENTS, COVARIANCES, DFS

# Covariates: `differing` those that differ at baseline, `named` the descriptor's covariates of the analytes.
COVARIATES = ("differing", "named", "all", "none")
IMPUTATIONS = ("em", "none", "multiple")
# Of the analytes: the descriptor's scale, the assay's, or normal scores of the ranks.
TRANSFORMS = ("described", "none", "rank")
# `baseline`: the first level is one of the responses, or a covariate of the later ones.
BASELINES = ("response", "covariate")
# Of comparisons: over the pairs that one test compares, or over all comparisons of an outcome.
POSTHOC = ("bonferroni", "bonferroni_all", "holm_all", "none")
RATE_TESTS = ("chi_square", "chi_square_yates", "fisher")
TIME_TESTS = ("t", "t_events_only", "log_rank")
INDIRECT_TESTS = ("sobel", "aroian", "percentile", "bias_corrected", "bca")

# What decides a longitudinal model of the analytes.
FITTED = ("pain", "transform", "imputation", "covariates", "covariance")
# Family of analyses -> the choices that bear on it, those that need another fit first.
FAMILIES: dict[str, tuple[str, ...]] = {
    "outcome_tests": ("pain", "covariance", "covariates", "df"),
    "outcome_comparisons": ("pain", "covariance", "covariates", "df", "posthoc"),
    "endpoints": ("pain", "response", "remission", "rate_test", "time_test"),
    "baseline_tests": ("pain", "transform", "covariates", "adjustment"),
    "baseline_comparisons": ("pain", "transform", "covariates", "posthoc"),
    "longitudinal_tests": (
        *("pain", "transform", "imputation", "covariates", "covariance", "baseline", "df", "adjustment"),
    ),
    "longitudinal_comparisons": (*("pain", "transform", "imputation", "covariates", "covariance", "df", "posthoc"),),
    "change": ("pain", "transform", "imputation", "adjustment"),
    "mediation": ("pain", "transform", "imputation", "covariates", "indirect_test"),
}
# Choices that are made after a fit: specifications that differ only in these share it.
AFTER = ("df", "adjustment", "posthoc", "baseline", "rate_test", "time_test", "indirect_test")


def _one_of(*options: str) -> tuple[str, Callable[[Any], bool]]:
    return "one of " + ", ".join(options), lambda value: isinstance(value, str) and value in options


def _number(low: float, high: float, words: str) -> tuple[str, Callable[[Any], bool]]:
    def accepts(value: Any) -> bool:
        return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and low < value <= high)

    return f"null (the study's rule) or {words}", accepts


def _rule(value: Any) -> bool:
    if value is None:
        return True
    return isinstance(value, dict) and bool(value) and all(isinstance(v, int | float) for v in value.values())


# Choice -> its allowed values in words, and what accepts one.
ALLOWED: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "pain": ("null (the recorded groups) or scores with the value that one must exceed, e.g. {vas: 4}", _rule),
    "covariance": _one_of(*COVARIANCES),
    "covariates": _one_of(*COVARIATES),
    "df": _one_of(*DFS),
    "posthoc": _one_of(*POSTHOC),
    "response": _number(0, 1, "a number above 0, at most 1"),
    "remission": _number(-1e9, 1e9, "a number"),
    "rate_test": _one_of(*RATE_TESTS),
    "time_test": _one_of(*TIME_TESTS),
    "transform": _one_of(*TRANSFORMS),
    "adjustment": _one_of(*ADJUSTMENTS),
    "imputation": _one_of(*IMPUTATIONS),
    "baseline": _one_of(*BASELINES),
    "indirect_test": _one_of(*INDIRECT_TESTS),
}
