"""Results are rows: one statistic a row, one table a notebook. Tables, figures, sentences and tests read these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.analysis.files import write_whole

TEXT = ("analysis", "outcome", "analyte", "group", "contrast", "visit", "statistic", "adjustment", "method", "scenario")
COLUMNS = (
    "analysis",
    "outcome",
    "analyte",
    "group",
    "contrast",
    "visit",
    "statistic",
    "value",
    "df1",
    "df2",
    "ci_low",
    "ci_high",
    "p",
    "p_adjusted",
    "adjustment",
    "n",
    "method",
    "scenario",
)


# Significant digits of every number. Between processors, linear algebra differs from about the twelfth on, the optimum
# of a likelihood from the ninth: what is drawn, said, tabulated and written from rows is the same on all of them.
DIGITS = 8
ROUNDING = 0.5 * 10.0 ** (1 - DIGITS)  # the largest error of a number so rounded, relative to it


class ResultsError(ValueError):
    """Rows that cannot be written: an unknown column, or a missing value without its reason."""


def row(analysis: str, statistic: str, value: float, **cells: Any) -> dict[str, Any]:
    """One statistic.

    Parameters
    ----------
    analysis : str
        What was analysed, e.g. ``mixed_model``.
    statistic : str
        What the value is, e.g. ``F``, ``mean``, ``count``.
    value : float
        Its value. A missing value needs its reason in ``method``.
    **cells
        Any other column of :data:`COLUMNS`.

    Raises
    ------
    ResultsError
        A cell is not one of the columns, or the value is missing and ``method`` does not say why.

    Examples
    --------
    >>> row("response", "count", 24, group="pain")["value"]
    24.0
    """
    unknown = set(cells) - set(COLUMNS)
    if unknown:
        raise ResultsError(f"results have no column {', '.join(sorted(unknown))}")
    value = float(value)
    if np.isnan(value) and not cells.get("method"):
        raise ResultsError(f"{analysis}, {statistic}: a missing value needs its reason in `method`")
    return {"analysis": analysis, "statistic": statistic, "value": value, **cells}


def to_frame(rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """Rows as the results table: all columns, texts empty rather than missing, numbers as float64 of eight digits.

    >>> to_frame([row("response", "percent", 200 / 3)])["value"].item()
    66.666667
    """
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS))
    text = {name: frame[name].astype(object).where(frame[name].notna(), "").astype("string") for name in TEXT}
    numbers = {name: rounded(pd.to_numeric(frame[name])) for name in COLUMNS if name not in TEXT}
    return pd.DataFrame({**text, **numbers})[list(COLUMNS)]


def rounded(values: Iterable[float], digits: int = DIGITS) -> np.ndarray:
    """Numbers to so many significant digits, as float64.

    By way of their text, which is the same everywhere; a scale by powers of ten would not be.

    >>> rounded([123456.789, 1e-20 / 3, float("nan")]).tolist()
    [123456.79, 3.3333333e-21, nan]
    """
    return np.array([float(f"{value:.{digits}g}") for value in values], dtype="float64")


def write_results(frame: pd.DataFrame, path: Path) -> None:
    """Write the results table whole or not at all: CSV, UTF-8.

    Ten digits hold those of :func:`to_frame` and what was multiplied since, as p values are by a number of tests.
    """
    text = frame[list(COLUMNS)].to_csv(index=False, float_format="%.10g", lineterminator="\n")
    write_whole(path, text.encode("utf-8"))


def read_results(path: Path) -> pd.DataFrame:
    """The results table of a notebook, as :func:`write_results` wrote it."""
    types = dict.fromkeys(TEXT, "string") | {name: "float64" for name in COLUMNS if name not in TEXT}
    frame = pd.read_csv(path, dtype=types, keep_default_na=False, na_values={n: [""] for n in COLUMNS if n not in TEXT})
    return frame[list(COLUMNS)]


def join(*parts: pd.DataFrame) -> pd.DataFrame:
    """Several results tables as one."""
    return pd.concat(parts, ignore_index=True)


def pick(frame: pd.DataFrame, **cells: str) -> pd.DataFrame:
    """The rows whose columns have the given values.

    Examples
    --------
    >>> rows = to_frame([row("response", "count", 24, group="pain"), row("response", "count", 16, group="non_pain")])
    >>> pick(rows, group="pain")["value"].item()
    24.0
    """
    keep = np.ones(len(frame), dtype=bool)
    for name, value in cells.items():
        keep &= (frame[name] == value).to_numpy()
    return frame[keep]


def with_smallest_p(rows: pd.DataFrame, analytes: Sequence[str], most: int) -> tuple[str, ...]:
    """The analytes, in their order: all of them, or the ``most`` whose smallest p among the rows is smallest.

    An analyte without p comes last.

    >>> frame = pd.DataFrame({"analyte": ["a", "b", "c"], "p": [0.2, 0.01, float("nan")]})
    >>> with_smallest_p(frame, ["a", "b", "c"], 2)
    ('a', 'b')
    """
    if len(analytes) <= most:
        return tuple(analytes)
    smallest = rows.groupby("analyte")["p"].min().reindex(list(analytes)).fillna(2.0)
    kept = set(smallest.sort_values(kind="stable").index[:most])
    return tuple(name for name in analytes if name in kept)


def value_of(frame: pd.DataFrame, column: str = "value", **cells: str) -> float:
    """The one value that a selection of rows holds.

    Raises
    ------
    ResultsError
        No row, or more than one, answers to the selection.
    """
    found = pick(frame, **cells)
    if len(found) != 1:
        raise ResultsError(f"expected one result for {cells}, found {len(found)}")
    return float(found[column].iloc[0])
