"""How far the twin's participants are from real ones, and real ones from each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.study.descriptor import Field

from .wide import NUMBERS, Wide

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75)
CHUNK = 500


@dataclass(frozen=True, eq=False)
class Scale:
    """How values become the numbers that are compared.

    Attributes
    ----------
    columns : tuple
        Cells, in the order of the frame.
    nominal : ndarray of bool
        Columns whose values are the same or not; the others are numbers divided by the study's range.
    logs : ndarray of bool
        Numbers taken as logarithms: all above 0, and skewed to the right.
    low, spread : ndarray of float
        Lowest value and range of the numbers.
    codes : tuple of mapping
        Number of each category of a nominal column.
    """

    columns: tuple
    nominal: np.ndarray
    logs: np.ndarray
    low: np.ndarray
    spread: np.ndarray
    codes: tuple[dict, ...]

    def encode(self, values: pd.DataFrame) -> np.ndarray:
        """Participants × columns as float, missing values as not-a-number."""
        encoded = np.full((len(values), len(self.columns)), np.nan)
        for place, cell in enumerate(self.columns):
            column = values[cell]
            if self.nominal[place]:
                encoded[:, place] = column.astype(object).map(self.codes[place]).astype(float)
            else:
                numbers = pd.to_numeric(column).astype(float).to_numpy()
                numbers = np.log(numbers) if self.logs[place] else numbers
                encoded[:, place] = (numbers - self.low[place]) / self.spread[place]
        return encoded


def scale_of(wide: Wide) -> Scale:
    """The scale on which a study's participants differ."""
    fields = [wide.field(cell) for cell in wide.values.columns]
    columns = [wide.values[cell] for cell in wide.values.columns]
    nominal = np.array([_is_nominal(field) for field in fields])
    numbers = [None if n else pd.to_numeric(c).dropna().astype(float) for c, n in zip(columns, nominal, strict=True)]
    logs = np.array([n is not None and len(n) > 2 and n.min() > 0 and n.skew() > 1 for n in numbers])
    numbers = [np.log(n) if log else n for n, log in zip(numbers, logs, strict=True)]
    low = np.array([n.min() if n is not None and len(n) else 0.0 for n in numbers])
    spread = np.array([(n.max() - n.min()) or 1.0 if n is not None and len(n) else 1.0 for n in numbers])
    codes = tuple(_codes(c, f) if n else {} for c, f, n in zip(columns, fields, nominal, strict=True))
    return Scale(tuple(wide.values.columns), nominal, logs, low, spread, codes)


def _is_nominal(field: Field) -> bool:
    return field.is_category or field.type not in NUMBERS


def _codes(column: pd.Series, field: Field) -> dict:
    known = [*field.constraints.get("enum", ()), *column.dropna().unique()]
    return {value: float(place) for place, value in enumerate(dict.fromkeys(known))}


def gower(one: np.ndarray, other: np.ndarray, nominal: np.ndarray) -> np.ndarray:
    """Gower's distance between the lines of two encoded tables (Gower 1971, Biometrics 27:857).

    The mean over the columns that both have a value of: ``|a − b|`` of numbers divided by their range, 0 or 1 for
    the same category or another; infinite for lines without a column in common.

    Parameters
    ----------
    one, other : ndarray, shapes (n, p) and (m, p)
    nominal : ndarray of bool, shape (p,)

    Examples
    --------
    >>> a, b = np.array([[0.0, 1.0]]), np.array([[0.5, 2.0], [0.0, np.nan]])
    >>> gower(a, b, np.array([False, True])).tolist()
    [[0.75, 0.0]]
    """
    total, count = np.zeros((len(one), len(other))), np.zeros((len(one), len(other)))
    for place in range(one.shape[1]):
        apart = np.abs(one[:, place, None] - other[:, place])
        both = np.isfinite(apart)
        total += np.where(both, apart > 0 if nominal[place] else apart, 0.0)
        count += both
    return np.divide(total, count, out=np.full_like(total, np.inf), where=count > 0)


def nearest(one: np.ndarray, other: np.ndarray, nominal: np.ndarray, same: bool = False) -> np.ndarray:
    """Distance of each line of ``one`` from the nearest of ``other``; ``same`` when they are the same lines."""
    found = np.empty(len(one))
    for start in range(0, len(one), CHUNK):
        apart = gower(one[start : start + CHUNK], other, nominal)
        if same:
            apart[np.arange(len(apart)), start + np.arange(len(apart))] = np.inf
        found[start : start + CHUNK] = apart.min(axis=1) if len(other) else np.inf
    return found


@dataclass(frozen=True, eq=False)
class Distances:
    """Distances to the nearest real participant, of real participants and of the twin's.

    Attributes
    ----------
    real, real_groups : ndarray, ndarray of str
        From each real participant to the nearest other of the same group.
    twin, twin_groups : ndarray, ndarray of str
        From each of the twin to the nearest real participant of any group.
    """

    real: np.ndarray
    real_groups: np.ndarray
    twin: np.ndarray
    twin_groups: np.ndarray

    def least(self, group: str) -> float:
        """The closest that two real participants of a group are; of all groups, where a group has no two.

        Real participants with the same values leave 0, which nobody can be closer than: the next distance counts.
        """
        own = self.real[(self.real_groups == group) & np.isfinite(self.real) & (self.real > 0)]
        own = own if len(own) else self.real[np.isfinite(self.real) & (self.real > 0)]
        return float(own.min()) if len(own) else 0.0

    def too_close(self) -> np.ndarray:
        """Which of the twin are closer to a real participant than two real ones of their group to each other."""
        limits = {group: self.least(group) for group in set(self.twin_groups)}
        return self.twin < np.array([limits[group] for group in self.twin_groups])

    def summary(self) -> dict[str, dict]:
        """For each group the quantiles of both distances; nothing of a single participant but the smallest."""
        return {group: self._summary(group) for group in sorted(set(self.twin_groups))}

    def _summary(self, group: str) -> dict:
        real, twin = self.real[self.real_groups == group], self.twin[self.twin_groups == group]
        return {
            "closest two real participants": _rounded(self.least(group)),
            "real to nearest real": _quantiles(real),
            "twin to nearest real": _quantiles(twin),
        }


def _quantiles(values: np.ndarray) -> dict[str, float]:
    values = values[np.isfinite(values)]
    return {f"{q:.0%}": _rounded(np.quantile(values, q)) for q in QUANTILES} if len(values) else {}


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")


def real_distances(encoded: np.ndarray, groups: np.ndarray, nominal: np.ndarray) -> np.ndarray:
    """From each real participant to the nearest other of the same group; infinite for one alone."""
    found = np.full(len(encoded), np.inf)
    for group in set(groups):
        among = groups == group
        found[among] = nearest(encoded[among], encoded[among], nominal, same=True)
    return found
