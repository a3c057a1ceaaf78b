"""What the fall of VAS must be to that of MADRS for a predictor with the printed slopes and paths to exist.

Both falls are whole numbers, f and y of n patients, so their sums Σf, Σf² and Σf·y are. Where β is standardised, only
the correlation of f and y is tied, to an interval; where it is a slope, the standard deviation of f is tied as well,
and few triples of whole sums will do: those are listed beforehand, and a search keeps to cell sums that belong to one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .aims import Aim
from .moves import SearchError
from .paths import Interval, predictor, slack, wanted_mediator
from .sums import Floats, Sums
from .wanted import RULE, Wanted, mediation_intervals

ROOM = 0.5  # share of the rounding intervals that is left when slopes and paths are made possible
LEFT = 0.15  # and that must be left for a triple of whole sums
REACH = 60  # how far from the drawn Σf triples are listed


@dataclass(frozen=True, eq=False)
class Falls:
    """The fixed falls y, and whether f with a given correlation to them and standard deviation leaves room."""

    intervals: dict[str, Interval]
    y: Floats

    def room(self, my: float, s_m: float) -> float:
        """The slack that a predictor would have; see ``paths.slack``."""
        found = predictor(self.intervals, my, s_m, self.s_y, len(self.y))
        return float(slack(found, self.intervals))

    @property
    def s_y(self) -> float:
        """Standard deviation of y."""
        return float(self.y.std(ddof=1))

    @property
    def norm(self) -> float:
        """√Σ(y - ȳ)²."""
        return float(np.sqrt(((self.y - self.y.mean()) ** 2).sum()))


def fall_aims(want: Wanted, fallen: Floats, drawn: int) -> list[Aim]:
    """The aims of a search for VAS; ``fallen`` are the falls of MADRS, ``drawn`` is the Σf that was drawn.

    Raises :class:`SearchError` when no falls of VAS will do.
    """
    falls = Falls(mediation_intervals(want), fallen)
    point = wanted_mediator(falls.intervals, falls.s_y, len(fallen))
    my, s_m = float(point.my), float(point.s_m)
    if "slope" in falls.intervals:
        triples = _triples(falls, my, s_m, range(drawn - REACH, drawn + REACH + 1))
        if not triples:
            raise SearchError("no whole falls of VAS leave room for the printed slopes and paths")
        return _whole_aims(falls, triples)
    values = [my + step / 10_000 for step in range(-30, 31)]
    inside = [value for value in values if falls.room(value, s_m) > ROOM]
    n = len(fallen)
    return [Aim("correlation", lambda sums: _correlation(sums, n), min(inside), max(inside), 0.01, late=True)]


def _correlation(sums: Sums, n: int) -> Floats:
    total = _total(sums.cells)
    return sums.fall_products / np.sqrt(np.maximum(sums.fall_squares - total**2 / n, 1e-9))


def _total(cells: np.ndarray) -> np.ndarray:
    """Σf of cell sums."""
    return cells[..., 0, 0] - cells[..., 0, RULE]


def _triples(falls: Falls, my: float, s_m: float, totals: range) -> dict[int, tuple[int, int]]:
    """For each Σf the Σf² and Σf·y with most room, where there are any with enough of it."""
    found: dict[int, tuple[float, int, int]] = {}
    n, mean = len(falls.y), float(falls.y.mean())
    for total in totals:
        low, high = ((n - 1) * (s_m * (1 + end)) ** 2 + total**2 / n for end in (-0.04, 0.04))
        for squares in range(int(np.ceil(low)), int(high) + 1):
            if (squares - total) % 2:
                continue
            size = falls.norm * np.sqrt(squares - total**2 / n)
            for product in range(int((my - 0.003) * size + total * mean), int((my + 0.003) * size + total * mean) + 2):
                r = (product - total * mean) / size
                left = falls.room(r, float(np.sqrt((squares - total**2 / n) / (n - 1))))
                if left > max(LEFT, found.get(total, (LEFT,))[0]):
                    found[total] = (left, squares, product)
    return {total: triple[1:] for total, triple in found.items()}


def _whole_aims(falls: Falls, triples: dict[int, tuple[int, int]]) -> list[Aim]:
    """Σf² and Σf·y of the triple that a table's Σf belongs to."""

    def listed(place: int) -> Callable[[np.ndarray], np.ndarray]:
        # A table's cell sums, and so its Σf, stay while its falls are searched: one entry, whatever the candidates.
        table = {total: triple[place] for total, triple in triples.items()}
        return lambda cells: np.vectorize(lambda total: table.get(int(total), 0), otypes=[float])(_total(cells))

    def possible(cells: np.ndarray) -> np.ndarray:
        return np.isin(_total(cells), list(triples))

    def products(sums: Sums) -> Floats:
        return sums.fall_products * falls.norm + _total(sums.cells) * falls.y.mean()

    squares = Aim("squares", lambda sums: sums.fall_squares - listed(0)(sums.cells), -0.5, 0.5, 3.0, True, possible)
    return [squares, Aim("products", lambda sums: products(sums) - listed(1)(sums.cells), -0.5, 0.5, 20.0, True)]
