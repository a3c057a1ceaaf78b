"""What a search moves a table towards: a statistic of its sums and the interval it must come into."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .sums import Floats, Sums

INNER = 0.98  # share of an interval aimed at, so that the last digit of another program's arithmetic does not matter


@dataclass(frozen=True, eq=False)
class Aim:
    """A statistic and its interval.

    Attributes
    ----------
    name : str
    of : callable
        The statistic, of the sums of one table or of many.
    low, high : float
        The interval; ``low`` may be -inf.
    coarse : float
        A distance that counts as far while the table is still far off.
    late : bool
        Left to the swaps: a statistic that they can change by themselves.
    possible : callable or None
        Whether cell sums (… × 2 × T) leave whole numbers with which the aim can be met; None where they always do.
    """

    name: str
    of: Callable[[Sums], Floats]
    low: float
    high: float
    coarse: float
    late: bool = False
    possible: Callable[[np.ndarray], np.ndarray] | None = None

    def distance(self, sums: Sums) -> Floats:
        """How far outside the inner part of the interval; 0 inside it."""
        value = self.of(sums)
        if not np.isfinite(self.low):
            return np.maximum(value - self.high, 0.0)
        middle, half = (self.low + self.high) / 2, (self.high - self.low) / 2
        return np.maximum(np.abs(value - middle) - INNER * half, 0.0)

    @property
    def fine(self) -> float:
        """A distance that counts as far when the table is close: half the interval's width."""
        return (self.high - self.low) / 2 if np.isfinite(self.low) else self.coarse


def printed_aim(name: str, printed: str, of: Callable[[Sums], Floats], coarse: float) -> Aim:
    """The aim that a printed number is: its rounding interval.

    >>> aim = printed_aim("d", "0.490", lambda sums: sums, 0.01)
    >>> round(aim.low, 4), round(aim.high, 4)
    (0.4895, 0.4905)
    """
    half = 0.5 * 10.0 ** -len(printed.partition(".")[2])
    return Aim(name, of, float(printed) - half, float(printed) + half, coarse)


def coarse_energy(aims: Sequence[Aim], sums: Sums) -> Floats:
    """Sum of squared distances, each in units of its ``coarse``."""
    return sum((aim.distance(sums) / aim.coarse) ** 2 for aim in aims)


def fine_energy(aims: Sequence[Aim], sums: Sums) -> Floats:
    """Sum of log(1 + squared distance in half widths): what is far pulls little more than what is near."""
    return sum(np.log1p((aim.distance(sums) / aim.fine) ** 2) for aim in aims)


def reached(aims: Sequence[Aim], sums: Sums) -> np.ndarray:
    """Whether every aim is met, for each entry of the sums."""
    return np.logical_and.reduce([aim.distance(sums) == 0 for aim in aims])
