"""Random building blocks: standard scores, carried-over noise, rounding into limits."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def standardise(values: ArrayLike) -> Array:
    """Mean 0 and standard deviation 1 down each column; a constant column becomes 0.

    >>> standardise([1.0, 2.0, 3.0]).tolist()
    [-1.0, 0.0, 1.0]
    """
    x = np.asarray(values, dtype=float)
    centred = x - x.mean(axis=0)
    spread = centred.std(axis=0, ddof=1)
    return centred / np.where(spread > 0, spread, 1.0)


def carried_over(rng: np.random.Generator, n: int, visits: int, carry: float) -> Array:
    """Unit-variance noise, first-order autoregressive over visits: correlation ``carry`` ** (distance).

    >>> carried_over(np.random.default_rng(1), 4, 8, 0.5).shape
    (4, 8)
    """
    fresh = rng.standard_normal((n, visits))
    noise = fresh.copy()
    for t in range(1, visits):
        noise[:, t] = carry * noise[:, t - 1] + np.sqrt(1 - carry**2) * fresh[:, t]
    return noise


def to_integer(values: ArrayLike, lowest: float, highest: float) -> NDArray[np.int64]:
    """Round half up and move into the limits of the scale.

    >>> to_integer([-1.2, 2.5, 99.0], 0, 10).tolist()
    [0, 3, 10]
    """
    return np.clip(np.floor(np.asarray(values, dtype=float) + 0.5), lowest, highest).astype(np.int64)


def significant(values: ArrayLike, digits: int) -> Array:
    """Round to ``digits`` significant digits.

    >>> significant([0.123456, 98765.4], 3).tolist()
    [0.123, 98800.0]
    """
    return np.array([[float(f"{v:.{digits}g}") for v in row] for row in np.atleast_2d(values)]).reshape(
        np.shape(values)
    )


def yes_no(chosen: ArrayLike) -> list[str]:
    """Booleans as the words of the tables.

    >>> yes_no([True, False])
    ['yes', 'no']
    """
    return ["yes" if c else "no" for c in np.asarray(chosen)]
