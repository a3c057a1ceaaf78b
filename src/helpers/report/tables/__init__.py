"""Tables of the book, made from results rows: one function a table."""

from helpers.report.controlled import guard
from helpers.report.tables import (
    audit,
    change,
    claims,
    cohort,
    cytokines,
    design,
    detection,
    efficacy,
    fits,
    ledger,
    missing,
    multiple_imputation,
    pairs,
    robustness,
    several_groups,
    structures,
    witnesses,
)

__all__ = [
    "audit",
    "change",
    "claims",
    "cohort",
    "cytokines",
    "design",
    "detection",
    "efficacy",
    "fits",
    "ledger",
    "missing",
    "multiple_imputation",
    "pairs",
    "robustness",
    "several_groups",
    "structures",
    "witnesses",
]

guard(*(globals()[name] for name in __all__))
