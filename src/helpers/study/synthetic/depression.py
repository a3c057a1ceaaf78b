"""MADRS over the visits: a patient's severity and benefit, then whole numbers with the exact counts.

The score of patient i at visit t is mean(group, t) + sd(t) * (a(t) severity + b(t) (-benefit) + noise) + the part that
goes with BMI and education. Response and remission are then given by rank: of each group the patients with the lowest
share of their baseline score respond, of those the ones with the lowest score remit. Scores on the wrong side of a
cut-off move to the nearest whole number on the right side, and the neighbouring visits move along.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import parameters as p
from .design import PATIENT_GROUPS, Sizes, descriptor, limits, visits
from .draws import Array, carried_over, standardise, to_integer
from .participants import Patients

MODEL = p.Depression()


def draw_madrs(rng: np.random.Generator, patients: Patients, size: Sizes) -> Array:
    """MADRS, patients × visits, whole numbers inside the scale."""
    table = patients.table
    latent = np.vstack([_latent(rng, table, patients.severity, table["group"] == g, g) for g in PATIENT_GROUPS])
    lowest, highest = limits("assessments", "madrs")
    baseline = to_integer(latent[:, 0], MODEL.baseline_floor, highest)
    rule = visits().index(descriptor()["roles"]["response"]["visit"])
    exact = np.empty(len(baseline), dtype=int)
    for group in PATIENT_GROUPS:
        rows = (table["group"] == group).to_numpy()
        counts = size.responders[group], size.remitters[group]
        exact[rows] = with_counts(latent[rows, rule], baseline[rows], *counts)
    shifted = latent + np.outer(exact - latent[:, rule], MODEL.pass_on)
    scores = to_integer(shifted, lowest, highest)
    scores[:, 0], scores[:, rule] = baseline, exact
    return scores


def with_counts(latent: Array, baseline: Array, responders: int, remitters: int) -> Array:
    """Whole scores with exactly so many responders and, among them, remitters.

    ``baseline`` must be at least 2 (cut-off + 1), else response without remission has no whole score.

    >>> with_counts(np.array([9.0, 15.0, 14.0, 30.0]), np.array([30, 32, 30, 31]), responders=2, remitters=1).tolist()
    [9, 17, 14, 30]
    """
    roles = descriptor()["roles"]
    cutoff, lowest = roles["remission"]["cutoff"], limits("assessments", "madrs")[0]
    highest_response = np.floor(baseline * (1 - roles["response"]["fraction"])).astype(int)
    responds = _lowest(latent / baseline, responders)
    remits = responds & _lowest(np.where(responds, latent, np.inf), remitters)
    floor = np.where(remits, lowest, np.where(responds, cutoff + 1, highest_response + 1))
    ceiling = np.where(remits, cutoff, np.where(responds, highest_response, baseline + 4))
    return to_integer(latent, floor, ceiling)


def _lowest(values: Array, count: int) -> Array:
    chosen = np.zeros(len(values), dtype=bool)
    chosen[np.argsort(values, kind="stable")[:count]] = True
    return chosen


def _latent(rng: np.random.Generator, table: pd.DataFrame, severity: Array, rows: pd.Series, group: str) -> Array:
    """Scores of one group before rounding."""
    own = table[rows]
    n, sd = len(own), np.array(MODEL.sd)
    covariates = standardise(own[["bmi", "education"]])
    a, b = np.array(MODEL.severity), np.array(MODEL.benefit)
    entry = severity[rows.to_numpy(), None]
    benefit = rng.standard_normal((n, 1))
    noise = carried_over(rng, n, len(sd), MODEL.carry_over)
    score = entry * a - benefit * b + noise * np.sqrt(1 - a**2 - b**2)
    return dict(MODEL.means)[group] + sd * score + MODEL.covariates * covariates.sum(axis=1, keepdims=True)
