"""What a witness has to assume: how far its data are from ones that nobody would wonder at."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers.models import cohens_d

COVARIATES = ("bmi", "education")
THIRD = "infusion_3"


def strain(tables: Mapping[str, pd.DataFrame]) -> dict[str, float]:
    """Figures of a cohort's tables, by name.

    ``covariates_r2``: share of the variance between patients of their mean MADRS, inside the groups, that body mass
    index and education explain. ``baseline_d``: Cohen's d of MADRS before treatment, without - with pain.
    ``largest_d``: the largest over the visits, in size, and ``largest_d_visit`` its place, baseline being 0.
    ``correlation_…``: mean correlation of two visits inside a person and group, of each scale (pooled covariance over
    pooled variance). ``error_sd_ppi``: within-patient SD of the present pain intensity.
    """
    people = tables["participants"].set_index("id")
    patients = people[people["group"] != "control"]
    sizes = _effect_sizes(tables["assessments"], patients["group"])
    largest = int(np.argmax(np.abs(sizes)))
    found = {
        "covariates_r2": _explained(tables["assessments"], patients),
        "baseline_d": float(sizes[0]),
        "largest_d": float(np.abs(sizes[largest])),
        "largest_d_visit": float(largest),
    }
    for scale in ("madrs", "vas", "sensory", "affective", "ppi"):
        correlation, error = _within(tables["assessments"], patients["group"], scale)
        found[f"correlation_{scale}"] = correlation
        if scale == "ppi":
            found["error_sd_ppi"] = error
    return found


def _wide(table: pd.DataFrame, scale: str, order: pd.Index) -> pd.DataFrame:
    visits = list(dict.fromkeys(table["visit"]))
    wide = table.pivot(index="id", columns="visit", values=scale).reindex(index=order, columns=visits)
    return wide.astype("float64").dropna(axis=1, how="all")


def _effect_sizes(table: pd.DataFrame, group: pd.Series) -> np.ndarray:
    wide = _wide(table, "madrs", group.index)
    with_pain = (group == "pain").to_numpy()
    return np.array([cohens_d(wide.loc[~with_pain, v], wide.loc[with_pain, v]).value for v in wide])


def _explained(table: pd.DataFrame, patients: pd.DataFrame) -> float:
    mean = _wide(table, "madrs", patients.index).mean(axis=1).to_numpy()
    groups = pd.get_dummies(patients["group"]).to_numpy(float)
    both = np.column_stack([groups, patients[list(COVARIATES)].to_numpy(float)])
    left = [float(((mean - x @ np.linalg.lstsq(x, mean, rcond=None)[0]) ** 2).sum()) for x in (groups, both)]
    return 1 - left[1] / left[0]


def _within(table: pd.DataFrame, group: pd.Series, scale: str) -> tuple[float, float]:
    """Mean correlation of two visits, and the SD of what is left inside a person, under compound symmetry."""
    wide = _wide(table, scale, group.index)
    centred = wide - wide.groupby(group.to_numpy()).transform("mean")
    covariance = (centred.T @ centred).to_numpy() / (len(group) - group.nunique())
    visits = len(covariance)
    variance = np.trace(covariance) / visits
    shared = (covariance.sum() - np.trace(covariance)) / (visits * (visits - 1))
    return float(shared / variance), float(np.sqrt(variance - shared))
