"""The distribution of one variable, smoothed so that no single participant's value shapes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr

from helpers.study.descriptor import Field

from .wide import FEWEST, NUMBERS

# A value this frequent (0 on a pain scale) is kept as a value; the rest of the distribution is smoothed.
ATOM = 0.15
# As many values at either end are replaced by their mean: the extremes belong to people.
TAIL = 3
# With so few distinct values a scale is taken as ordered categories.
DISTINCT = 10


@dataclass(frozen=True, eq=False)
class Categories:
    """Ordered or unordered categories with Laplace-smoothed probabilities.

    >>> Categories(("no", "yes"), np.array([0.25, 1.0])).quantile(np.array([0.2, 0.3])).tolist()
    ['no', 'yes']
    """

    values: tuple
    cumulative: np.ndarray

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """Values at the probabilities ``u``."""
        places = np.searchsorted(self.cumulative[:-1], u, side="right")
        return np.array(self.values, dtype=object)[places]


@dataclass(frozen=True, eq=False)
class Numbers:
    """A smoothed distribution function, inverted on a grid and rounded as the study rounds.

    Attributes
    ----------
    grid, cumulative : ndarray
        Points and distribution function there; a value with a probability of its own stands twice.
    low, high : float
        Values are kept within these.
    decimals, digits : int
        Values are rounded to so many decimals and so many significant digits.
    """

    grid: np.ndarray
    cumulative: np.ndarray
    low: float
    high: float
    decimals: int
    digits: int

    def quantile(self, u: np.ndarray) -> np.ndarray:
        """Values at the probabilities ``u``."""
        raw = np.interp(u, self.cumulative, self.grid)
        rounded = [float(f"{value:.{self.digits}g}") for value in np.round(raw, self.decimals)]
        return np.clip(np.array(rounded, dtype=float), self.low, self.high)


Marginal = Categories | Numbers


def fit_categories(values: np.ndarray, known: tuple[Any, ...]) -> Categories:
    """Probabilities (nₖ + 1/K) / (N + 1) of K categories: Laplace smoothing with one participant's weight in all.

    >>> fit_categories(np.array(["a", "a", "b"], dtype=object), ("a", "b")).cumulative.tolist()
    [0.625, 1.0]
    """
    counts = np.array([np.sum(values == one) for one in known], dtype=float) + 1 / len(known)
    return Categories(known, np.cumsum(counts) / counts.sum())


def fit_numbers(values: np.ndarray, field: Field, bounds: tuple[float, float]) -> Numbers:
    """A kernel-smoothed distribution of a sample.

    Frequent values keep their probability. The others are smoothed by a normal kernel of Silverman's width
    ``0.9 min(s, IQR/1.34) n^(-1/5)``, drawn in towards the mean by ``1/√(1 + h²/s²)`` so that the variance stays
    (Silverman & Young 1987, Biometrika 74:469), on the logarithmic scale when all are above 0 and skewed to the right.

    Parameters
    ----------
    values : ndarray of float
        The sample, without missing values.
    field : Field
        The codebook entry; integers stay integers.
    bounds : (float, float)
        Lowest and highest value allowed.
    """
    decimals, digits = _places(values, field)
    known, counts = np.unique(values, return_counts=True)
    frequent = (counts >= ATOM * len(values)) & (counts >= FEWEST)
    atoms, weights = known[frequent], counts[frequent] / len(values)
    rest = np.sort(values[~np.isin(values, atoms)])
    if not len(rest):
        return _stepped(atoms, weights, np.array([]), np.array([]), bounds, decimals, digits)
    log = rest[0] > 0 and bounds[0] >= 0 and _skew(rest) > 1
    smooth = _kernel(np.log(_level_tails(rest)) if log else _level_tails(rest), 10.0**-decimals if not log else 0.0)
    grid, cumulative = (np.exp(smooth[0]), smooth[1]) if log else smooth
    return _stepped(atoms, weights, grid, cumulative * (1 - weights.sum()), bounds, decimals, digits)


def _kernel(points: np.ndarray, unit: float) -> tuple[np.ndarray, np.ndarray]:
    spread = points.std(ddof=1) if len(points) > 1 else 0.0
    quartiles = np.quantile(points, [0.25, 0.75])
    narrow = min(spread, (quartiles[1] - quartiles[0]) / 1.34) or spread
    # A width of half a unit at least: otherwise rounding would undo the smoothing.
    width = max(0.9 * narrow * len(points) ** -0.2, 0.5 * unit, 1e-9 * max(1.0, abs(points.mean())))
    centres = points.mean() + (points - points.mean()) / np.sqrt(1 + (width / spread) ** 2 if spread else 1.0)
    grid = np.linspace(centres.min() - 3 * width, centres.max() + 3 * width, 512)
    cumulative = ndtr((grid[:, None] - centres) / width).mean(axis=1)
    return grid, (cumulative - cumulative[0]) / (cumulative[-1] - cumulative[0])


def _stepped(atoms, weights, grid, cumulative, bounds, decimals, digits) -> Numbers:
    """The smooth part with a step at each frequent value."""
    points, heights = list(grid), list(cumulative)
    below = [float(np.interp(a, grid, cumulative, left=0.0)) if len(grid) else 0.0 for a in atoms]
    before = [sum(w for b, w in zip(atoms, weights, strict=True) if b < a) for a in atoms]
    smooth = [
        h + sum(w for a, w in zip(atoms, weights, strict=True) if a <= p) for p, h in zip(grid, heights, strict=True)
    ]
    steps = [(a, b + c) for a, b, c in zip(atoms, below, before, strict=True)]
    steps += [(a, b + c + w) for a, b, c, w in zip(atoms, below, before, weights, strict=True)]
    both = sorted([*zip(points, smooth, strict=True), *steps])
    return Numbers(np.array([p for p, _ in both]), np.array([h for _, h in both]), *bounds, decimals, digits)


def _level_tails(ordered: np.ndarray) -> np.ndarray:
    """The values at either end replaced by their mean."""
    levelled = ordered.copy()
    if len(ordered) >= 4 * TAIL:
        levelled[:TAIL], levelled[-TAIL:] = ordered[:TAIL].mean(), ordered[-TAIL:].mean()
    return levelled


def _skew(values: np.ndarray) -> float:
    spread = values.std()
    return float(np.mean(((values - values.mean()) / spread) ** 3)) if spread > 0 else 0.0


def _places(values: np.ndarray, field: Field) -> tuple[int, int]:
    """The most decimals and the most significant digits that a value has."""
    texts = [f"{value:.12g}" for value in values]
    decimals = (
        0 if field.type == "integer" else max((len(t.partition(".")[2]) for t in texts if "e" not in t), default=6)
    )
    digits = max((len(t.partition("e")[0].replace(".", "").replace("-", "").lstrip("0")) for t in texts), default=6)
    return decimals, max(digits, 1)


def is_scale(values: np.ndarray, field: Field) -> bool:
    """True for categories, and for a column of numbers that takes a few values, each many times.

    >>> scale = Field("stage", "integer", "Stage")
    >>> is_scale(np.repeat([1.0, 2.0], 20), scale), is_scale(np.array([1.0, 2.0, 3.0]), scale)
    (True, False)
    """
    if field.is_category or field.type not in NUMBERS:
        return True
    distinct = len(np.unique(values))
    return distinct <= DISTINCT and len(values) >= FEWEST * distinct
