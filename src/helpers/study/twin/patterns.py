"""Which rows and values are there: patterns that many share as they are, the others from rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .wide import FEWEST

Parents = tuple[int | None, int | None]


@dataclass(frozen=True, eq=False)
class Patterns:
    """A distribution of yes/no patterns.

    Attributes
    ----------
    common : ndarray of bool, shape (k, p)
        Patterns that at least five have.
    weights : ndarray, shape (k,)
        Their shares; what is left to 1 is drawn column by column.
    chances : tuple of mapping
        For each column the probability of yes, by what its two parents are.
    parents : tuple of (int or None, int or None)
        Earlier columns that a column depends on.
    """

    common: np.ndarray
    weights: np.ndarray
    chances: tuple[dict[tuple[bool, bool], float], ...]
    parents: tuple[Parents, ...]

    def draw(self, generator: np.random.Generator, count: int) -> np.ndarray:
        """``count`` patterns, one a row."""
        drawn = self._by_column(generator, count)
        place = np.searchsorted(np.cumsum(self.weights), generator.random(count), side="right")
        shared = place < len(self.weights)
        if shared.any():
            drawn[shared] = self.common[place[shared]]
        return drawn

    def _by_column(self, generator: np.random.Generator, count: int) -> np.ndarray:
        drawn = np.zeros((count, len(self.parents)), dtype=bool)
        for column, parents in enumerate(self.parents):
            chance = self.chances[column]
            states = _states(drawn, parents)
            drawn[:, column] = generator.random(count) < [chance.get(s, chance[(None, None)]) for s in states]
        return drawn


def fit_patterns(flags: np.ndarray, parents: Sequence[Parents] | None = None) -> Patterns:
    """Learn patterns of a table of yes and no, one line a participant.

    A pattern that five or more have is drawn as often as they have it; what the others have is drawn column by column.
    Where the others are one to four, everything is drawn column by column, as they would be seen through. The
    probability is (k + ½)/(n + 1) given the parents; where all or none have it, 1 or 0, so that who has left does not
    come back when nobody came back. A state of the parents that fewer than five have counts as any other.
    """
    flags = np.asarray(flags, dtype=bool)
    parents = tuple(parents or [(None, None)] * flags.shape[1])
    known, counts = np.unique(flags, axis=0, return_counts=True)
    others = counts[counts < FEWEST].sum()
    often = counts >= (FEWEST if others == 0 or others >= FEWEST else np.inf)
    rest = flags[~(flags[:, None] == known[often]).all(axis=2).any(axis=1)] if often.any() and others else flags
    chances = tuple(_chances(rest, column, two) for column, two in enumerate(parents))
    return Patterns(known[often], counts[often] / max(len(flags), 1), chances, parents)


def _chances(flags: np.ndarray, column: int, parents: Parents) -> dict:
    chances = {(None, None): _rate(flags[:, column])}
    states = _states(flags, parents)
    for state in sorted(set(states)):
        among = np.array([other == state for other in states])
        if among.sum() >= FEWEST:
            chances[state] = _rate(flags[among, column])
    return chances


def _states(flags: np.ndarray, parents: Parents) -> list[tuple[bool, bool]]:
    one, two = ([False] * len(flags) if place is None else flags[:, place].tolist() for place in parents)
    return list(zip(one, two, strict=True))


def _rate(flags: np.ndarray) -> float:
    if not len(flags) or flags.all() or not flags.any():
        return float(flags.any())
    return (flags.sum() + 0.5) / (len(flags) + 1)
