"""The pages of a book, by name."""

from __future__ import annotations

from pathlib import Path

CHAPTERS = (
    "notebooks/01_cohort",
    "notebooks/02_efficacy",
    "notebooks/03_baseline_cytokines",
    "notebooks/04_longitudinal_cytokines",
    "notebooks/05_regression_mediation",
    "notebooks/06_claims",
    "notebooks/07_robustness",
    "notebooks/08_design",
)
LEDGER = CHAPTERS[5]
BACKGROUND = (
    "methods",
    "missing",
    "conventions",
    "agreement",
    "trust",
    "numbers",
    "functions",
    "strobe",
    "data",
    "own_data",
    "references",
    "citing",
)
READ = ("intro", *CHAPTERS, *BACKGROUND)
PAGES = (*READ, "genindex", "search")


def file(book: Path, page: str) -> Path:
    return book / f"{page}.html"
