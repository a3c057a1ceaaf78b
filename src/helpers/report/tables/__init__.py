"""Tables of the book, made from results rows: one function a table."""

from helpers.report.tables import change, claims, cohort, cytokines, efficacy, fits, multiple_imputation, structures

__all__ = ["change", "claims", "cohort", "cytokines", "efficacy", "fits", "multiple_imputation", "structures"]
