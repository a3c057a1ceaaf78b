"""Long data of repeated measures, checked and laid out for the likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .design import Design, build_design
from .errors import ConstantError, DuplicateVisitError, ModelError, TooFewError, UnidentifiedCovarianceError
from .layout import Layout, lay_out


@dataclass(frozen=True)
class RepeatedData:
    """The analysed rows of one or several responses: design, layout by subject and visit, and the visits in order."""

    design: Design
    layout: Layout
    visits: list
    visit: str

    @property
    def labels(self) -> list[str]:
        """The visits' names as text."""
        return [str(visit) for visit in self.visits]

    @property
    def responses(self) -> np.ndarray:
        """Responses (n, m), one column each."""
        return self.design.y.reshape(len(self.design.x), -1)


def prepare(
    data: pd.DataFrame, formula: str, subject: str, visit: str, outcomes: Sequence[str] | None = None, also=()
) -> RepeatedData:
    """The rows in which every response is present, one a subject and visit; `outcomes` and "~ ..." for several.

    Visits keep the order of a categorical column and are sorted otherwise. Raises as `build_design`, and
    `DuplicateVisitError`, `TooFewError`, `ConstantError` (a response that the design fits exactly).

    >>> long = pd.DataFrame({"id": list("aabb"), "visit": [0, 4] * 2, "y": [1.0, 2, 4, 3]})
    >>> data = prepare(long, "y ~ 1", "id", "visit")
    >>> data.labels, data.layout.seen.tolist()
    (['0', '4'], [[1.0, 1.0]])
    """
    design = build_design(data, formula, outcomes, factors=[visit], also=[subject, visit, *also])
    _no_duplicates(design.data, subject, visit)
    rows, columns = design.x.shape
    if rows <= columns:
        raise TooFewError(f"{rows} rows for {columns} coefficients leave no residual variance to estimate.")
    times = design.data[visit].astype("category").cat.remove_unused_categories()
    if len(times.cat.categories) < 2:
        only = times.cat.categories[0]
        raise TooFewError(
            f"{visit} has one level among the analysed rows ({only}); repeated measures need two.", [only]
        )
    subjects = pd.factorize(design.data[subject])[0]
    layout = lay_out(design.x, subjects, times.cat.codes.to_numpy().astype(int), len(times.cat.categories))
    found = RepeatedData(design, layout, list(times.cat.categories), visit)
    _not_exact(found, outcomes or [formula.partition("~")[0].strip()])
    return found


def random_design(data: RepeatedData, time: str | None) -> np.ndarray:
    """Z (visits, 1 or 2): intercepts, and times brought to a range of 1, so that days and years search alike.

    Raises `ModelError` for times that differ within a visit or are not numbers, `ConstantError` for equal ones.

    >>> long = pd.DataFrame({"id": list("aabb"), "visit": [0, 4] * 2, "y": [1.0, 2, 4, 3]})
    >>> data = prepare(long, "y ~ 1", "id", "visit")
    >>> random_design(data, "visit").tolist()
    [[1.0, 0.0], [1.0, 1.0]]
    """
    ones = np.ones(len(data.visits))
    if time is None:
        return ones[:, None]
    times = visit_times(data, time)
    return np.column_stack([ones, (times - times.min()) / np.ptp(times)])


def slope_units(values: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Parameters of a random slope over times of range 1 as those over `times`: intercept at time 0, slope a unit.

    `values` (4,): intercept variance, covariance, slope variance, residual variance.

    >>> slope_units(np.array([1.0, 0.0, 1.0, 3.0]), np.array([0.0, 1.0, 2.0])).tolist()
    [1.0, 0.0, 0.25, 3.0]
    """
    d = np.array([[values[0], values[1]], [values[1], values[2]]])
    back = np.array([[1.0, -times.min() / np.ptp(times)], [0.0, 1 / np.ptp(times)]])
    return np.r_[(back @ d @ back.T)[np.tril_indices(2)], values[3]]


def visit_times(data: RepeatedData, time: str) -> np.ndarray:
    """The time of each visit (visits,). Raises as `random_design`.

    >>> long = pd.DataFrame({"id": list("aabb"), "visit": [0, 4] * 2, "y": [1.0, 2, 4, 3]})
    >>> data = prepare(long, "y ~ 1", "id", "visit")
    >>> visit_times(data, "visit").tolist()
    [0.0, 4.0]
    """
    rows = data.design.data
    values = rows[time]
    if isinstance(values.dtype, pd.CategoricalDtype):
        # A numeric visit that the formula names has become a factor.
        values = values.astype(values.cat.categories.dtype)
    if not pd.api.types.is_numeric_dtype(values):
        raise ModelError(f"{time} is not numeric, so no slope over it can vary.", [time])
    spans = values.groupby(rows[data.visit], observed=True).agg(["min", "max"]).loc[data.visits]
    if (spans["min"] != spans["max"]).any():
        where = [str(visit) for visit in spans.index[spans["min"] != spans["max"]]]
        raise ModelError(
            f"{time} differs between subjects at {', '.join(where)}; a random slope needs one time a visit "
            "(the nominal one).",
            where,
        )
    times = spans["min"].to_numpy(float)
    if np.ptp(times) == 0:
        raise ConstantError(f"{time} is constant, so no slope over it can vary.", [time])
    return times


def seen_together(data: RepeatedData) -> None:
    """Raise `UnidentifiedCovarianceError` when two visits were never both seen in one subject.

    Their covariance is then a parameter of the unstructured Σ on which the data say nothing.

    >>> long = pd.DataFrame({"id": list("aabb"), "visit": [0, 4] * 2, "y": [1.0, 2, 4, 3]})
    >>> data = prepare(long, "y ~ 1", "id", "visit")
    >>> seen_together(data)
    """
    seen = data.layout.seen
    apart = np.argwhere(np.triu(seen.T @ seen == 0))
    if len(apart):
        pairs = [f"{data.labels[i]} and {data.labels[j]}" for i, j in apart]
        raise UnidentifiedCovarianceError(
            f"No subject was seen at both {'; '.join(pairs)}, so their covariance cannot be estimated; "
            "choose a structure with fewer parameters.",
            pairs,
        )


def _no_duplicates(rows: pd.DataFrame, subject: str, visit: str) -> None:
    twice = rows.loc[rows.duplicated([subject, visit]), [subject, visit]].drop_duplicates()
    if len(twice):
        named = [f"{one} at {when}" for one, when in twice.itertuples(index=False)]
        shown = ", ".join(named[:5]) + (", ..." if len(named) > 5 else "")
        raise DuplicateVisitError(f"More than one row for a {subject} and {visit}: {shown}. Keep one of them.", named)


def _not_exact(data: RepeatedData, outcomes: Sequence[str]) -> None:
    basis, y = data.layout.basis, data.responses
    left = np.linalg.norm(y - basis @ (basis.T @ y), axis=0)
    exact = [o for o, e in zip(outcomes, left < 1e-10 * np.linalg.norm(y - y.mean(axis=0), axis=0), strict=True) if e]
    if exact:
        raise ConstantError(f"The design fits {', '.join(exact)} exactly, so no variance is left to estimate.", exact)
