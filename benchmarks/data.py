"""The bundled study's frames that the comparisons share, and files of them for R."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.analysis.change import mediation_frame
from helpers.analysis.frames import analyte_long, main_outcome, outcome_long
from helpers.analysis.missing_samples import completed_samples
from helpers.models import RepeatedFit
from helpers.models.repeated_data import RepeatedData
from helpers.study import Study, load_study

STUDY = "data/synthetic"
FORMULA = "value ~ group * visit"


@cache
def study() -> Study:
    """The bundled study."""
    return load_study(Path(__file__).parents[1] / STUDY, name=STUDY)


def outcome_frame() -> pd.DataFrame:
    """`id, group, visit, value` of the main outcome at its eight visits."""
    return _slim(outcome_long(study(), main_outcome(study())), ["value"])


def analyte_frame() -> tuple[pd.DataFrame, list[str]]:
    """`id, group, visit` and the analytes' log levels in the observed samples, and the analytes' names."""
    names = list(study().roles.analytes.columns)
    return _slim(analyte_long(study()), names), names


def path_frame() -> pd.DataFrame:
    """`x, m, y` of the study's mediation, as the notebook computes it."""
    return mediation_frame(study(), completed_samples(study())[0])[["x", "m", "y"]]


def simulated(prepared: RepeatedData, fit: RepeatedFit, count: int, seed: int = 8) -> np.ndarray:
    """Responses (rows, count): the observed one first, then draws from the fitted model."""
    rng = np.random.default_rng(seed)
    subject, visit = prepared.layout.subject, prepared.layout.visit
    root = np.linalg.cholesky(fit.covariance.to_numpy())
    normal = rng.standard_normal((count - 1, len(prepared.layout.pattern), len(root)))
    drawn = fit.fitted.to_numpy()[:, None] + (normal @ root.T)[:, subject, visit].T
    return np.column_stack([prepared.responses[:, 0], drawn])


def write_for_r(frame: pd.DataFrame, columns: list[str], path: Path) -> Path:
    """`id, group, visit` as whole numbers in the factors' order, and the columns as y1, y2, ..."""
    codes = {name: frame[name].cat.codes + 1 for name in ("group", "visit")}
    values = {f"y{place}": frame[name] for place, name in enumerate(columns, start=1)}
    pd.DataFrame({"id": pd.factorize(frame["id"])[0] + 1, **codes, **values}).to_csv(path, index=False)
    return path


def _slim(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    found = frame[["id", "group", "visit", *columns]].copy()
    return found.assign(**{name: found[name].cat.remove_unused_categories() for name in ("group", "visit")})
