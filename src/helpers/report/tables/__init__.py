"""Tables of the book, made from results rows: one function a table."""

from helpers.report.controlled import guard
from helpers.report.tables import (
    audit,
    change,
    claims,
    cohort,
    cytokines,
    detection,
    efficacy,
    fits,
    ledger,
    missing,
    multiple_imputation,
    pairs,
    several_groups,
    structures,
    witnesses,
)

guard(audit, change, claims, cohort, cytokines, efficacy, fits, ledger, multiple_imputation, structures, witnesses)

__all__ = [
    "audit",
    "change",
    "claims",
    "cohort",
    "cytokines",
    "detection",
    "efficacy",
    "fits",
    "ledger",
    "missing",
    "multiple_imputation",
    "pairs",
    "several_groups",
    "structures",
    "witnesses",
]
