"""The files of a simulation that the book's chapter reads."""

from __future__ import annotations

from helpers.analysis.robustness.files import DIGESTS

SUMMARY = "summary.parquet"
FILES = (SUMMARY, DIGESTS)
