"""Plasma levels: log-normal, with what a person keeps, what passes, and what analytes share.

For participant i, analyte a and visit t, on the log scale and in units of the analyte's spread,
    z = group effect + slopes of age, sex, BMI + change(group, t) + sqrt(s) stable(i, a) + sqrt(1 - s) passing(i, a, t);
stable and passing each have a part common to all analytes, one common to a family, and one of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import parameters as p
from .design import PATIENT_GROUPS, descriptor, visits
from .draws import Array, significant, standardise

MODEL, LINK = p.Cytokines(), p.Link()


@dataclass(frozen=True)
class Falls:
    """Falls of pain and depression, standardised in each group: patients × (VAS, MADRS), for the two later samples."""

    first: Array
    last: Array


def falls(group: pd.Series, vas: Array, madrs: Array) -> Falls:
    """Fall from baseline of VAS and MADRS to the visits of the later blood samples."""
    return Falls(*(_fall(group, vas, madrs, visits().index(v)) for v in sampled()[1:]))


def analyte_names() -> list[str]:
    """The analytes of the panel, in the descriptor's order."""
    return descriptor()["roles"]["analytes"]["columns"]


def sampled() -> list[str]:
    """Visits with a blood sample; the first is the baseline."""
    return descriptor()["roles"]["analytes"]["visits"]


def draw_levels(rng: np.random.Generator, people: pd.DataFrame, fall: Falls) -> Array:
    """Levels in pg/mL, people × visits with a sample × analytes; people are the patients, in order, then controls."""
    n, names = len(people), analyte_names()
    covariates = _covariates(people)
    stable = _shared(rng, n)
    passing = [_shared(rng, n) for _ in sampled()]
    rows = (people["group"] == LINK.group).to_numpy()
    patients = rows[: len(fall.first)]
    _link(passing, rows, names.index(LINK.analyte), fall.first[patients], fall.last[patients])
    slopes = covariates @ np.array([MODEL.age, MODEL.male, MODEL.bmi])
    z = np.stack([_effects(people["group"], t) for t in range(len(passing))], axis=1)
    z += slopes[:, None, None] + np.sqrt(MODEL.stable) * stable[:, None, :]
    z += np.sqrt(1 - MODEL.stable) * np.stack(passing, axis=1)
    median, spread = (np.array([getattr(p.ANALYTES[a], key) for a in names]) for key in ("median", "spread"))
    levels = median * np.exp(spread * z)
    return significant(levels.reshape(-1, len(names)), MODEL.digits).reshape(levels.shape)


def _fall(group: pd.Series, vas: Array, madrs: Array, visit: int) -> Array:
    raw = np.column_stack([scale[:, 0] - scale[:, visit] for scale in (vas, madrs)])
    out = np.empty(raw.shape)
    for g in PATIENT_GROUPS:
        rows = (group == g).to_numpy()
        out[rows] = standardise(raw[rows])
    return out


def _covariates(people: pd.DataFrame) -> Array:
    male = (people["sex"] == "male").to_numpy(float) - 0.5
    return np.column_stack([standardise(people["age"]), male, standardise(people["bmi"])])


def _shared(rng: np.random.Generator, n: int) -> Array:
    """Unit-variance noise, people × analytes, correlated through the common and the family part."""
    names = analyte_names()
    member = np.array([int(name in p.CHEMOKINES) for name in names])
    common, family = rng.standard_normal((n, 1)), rng.standard_normal((n, 2))[:, member]
    own = rng.standard_normal((n, len(names)))
    return (
        np.sqrt(MODEL.common) * common + np.sqrt(MODEL.family) * family + np.sqrt(1 - MODEL.common - MODEL.family) * own
    )


def _link(passing: list[Array], rows: Array, analyte: int, first: Array, last: Array) -> None:
    """Make one analyte's fall go with the falls of pain and depression, its passing variance kept near 1.

    For s and w the analyte's noise at the first two samples and q = -(weights · falls) + rest · w, the values
    (s - q) / sqrt(2) and (s + q) / sqrt(2) keep unit variance and differ by sqrt(2) q. In place.
    """
    before, after, late = (values[rows, analyte] for values in passing)
    q = _combine(first, LINK.first, after)
    passing[0][rows, analyte] = (before - q) / np.sqrt(2)
    passing[1][rows, analyte] = (before + q) / np.sqrt(2)
    passing[2][rows, analyte] = _combine(last, LINK.last, late)


def _combine(fall: Array, weights: tuple[float, float], noise: Array) -> Array:
    explained = fall @ np.array(weights)
    return -explained + np.sqrt(max(0.0, 1 - explained.var())) * noise


def _effects(group: pd.Series, visit: int) -> Array:
    """Difference from controls at baseline plus the change to a visit, people × analytes, in spreads."""
    zero = np.zeros(len(p.ANALYTES))
    effect = {"control": zero}
    for g in PATIENT_GROUPS:
        start = np.array([getattr(p.ANALYTES[a], g) for a in analyte_names()])
        change = [getattr(p.ANALYTES[a], f"{g}_change")[visit - 1] for a in analyte_names()] if visit else zero
        effect[g] = start + np.array(change)
    return np.stack([effect[g] for g in group])
