"""Sentences of the book, made from results rows: one function a sentence or short list."""

from helpers.report.controlled import guard
from helpers.report.text import change, cohort, common, cytokines, design, efficacy, ledger, limits, robustness

__all__ = ["change", "cohort", "common", "cytokines", "design", "efficacy", "ledger", "limits", "robustness"]

guard(*(globals()[name] for name in __all__))
