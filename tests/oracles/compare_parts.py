"""What the comparisons with R share: R's answers, the tables, the bounds with their reasons, the size of an error."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parent

# Each bound with its reason. Closed forms and least squares on small tables: rounding only, R's numbers have 15 digits.
EXACT = 1e-9
# Regressions by cross-products (the bootstrap) and tests by eigenvalues square the condition number.
SQUARED = 1e-8
# EM stops when no standardised estimate moves by 1e-8; convergence is linear, so a few times that is left to go.
EM = 1e-6
# R sums its noncentral F and t to 1e-9 and 1e-12 in probability; the ends magnify that.
NONCENTRAL = 1e-7
# effectsize looks for the ends with a general optimiser that stops early.
OPTIMISED = 1e-5
# p-values, absolute.
P = 1e-8


def answers() -> dict:
    return json.loads((FOLDER / "output" / "other_statistics.json").read_text(encoding="utf-8"))


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / "input" / f"{name}.csv")


def named(versions: dict) -> dict:
    return {name: f"R {version}" if name == "R" else f"R {name} {version}" for name, version in versions.items()}


def worst(ours, theirs, kind: str) -> float:
    """Largest difference; relative ones to R's number, or absolute where that is 0."""
    ours, theirs = np.asarray(ours, dtype=float).ravel(), np.asarray(theirs, dtype=float).ravel()
    if ours.shape != theirs.shape:
        raise ValueError(f"{ours.shape} numbers of ours, {theirs.shape} of R's.")
    away = np.abs(ours - theirs)
    if kind == "relative":
        away = away / np.where(theirs == 0, 1, np.abs(theirs))
    return float(away.max()) if np.isfinite(away).all() else np.inf


def row(subject, data, quantity, reference, ours, theirs, tolerance, kind="relative") -> dict:
    found = worst(ours, theirs, kind)
    return {"subject": subject, "data": data, "quantity": quantity, "reference": reference, "worst": found,
            "kind": kind, "tolerance": tolerance}  # fmt: skip


def p_row(subject, data, quantity, reference, ours, theirs) -> dict:
    return row(subject, data, quantity, reference, ours, theirs, P, "absolute")
