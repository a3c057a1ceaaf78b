"""Which counts of a set of linked totals are withheld, so that no small one can be computed from what is shown.

Primary suppression withholds small counts; secondary suppression withholds as many others as are needed. A reader of
what remains knows the sums and that no count is negative; linear programming tells how closely a count is then known
(the attack of Fischetti & Salazar 2001, Management Science 47:1008; Handbook on Statistical Disclosure Control for
Outputs, SDAP 2019, section on tables). Which cells were the small ones is not told: nobody may bound them by it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog


@dataclass(frozen=True)
class Relation:
    """A total and its parts: the parts sum to the whole."""

    whole: Hashable
    parts: tuple[Hashable, ...]

    @property
    def cells(self) -> tuple[Hashable, ...]:
        return (self.whole, *self.parts)


def is_small(value: float, threshold: int) -> bool:
    """Whether a count is from 1 to one below the threshold; zero is not.

    >>> [is_small(n, 5) for n in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return 0 < value < threshold


def suppress(
    values: Mapping[Hashable, float],
    relations: Sequence[Relation],
    threshold: int,
    implied: AbstractSet[Hashable] = frozenset(),
    held: AbstractSet[Hashable] = frozenset(),
    last: AbstractSet[Hashable] = frozenset(),
) -> frozenset[Hashable]:
    """The cells to withhold.

    Parameters
    ----------
    values : mapping
        Every count, whole numbers from 0.
    relations : sequence of Relation
        The sums a reader knows.
    threshold : int
        Counts from 1 to one below it are small.
    implied : set
        Cells that are printed nowhere but follow from others (the complement of a count).
    held : set
        Cells withheld for another reason.
    last : set
        Cells to withhold only where nothing else helps (group sizes).

    Returns
    -------
    frozenset
        Printed cells to withhold: each of them, and each small implied one, can be any of at least ``threshold`` + 1
        whole numbers for a reader, or could be withheld no further.

    Examples
    --------
    Three of 33 responded; the complement of the 3 would give it away, and is printed nowhere:

    >>> sums = [Relation("n", ("responders", "others"))]
    >>> sorted(suppress({"n": 33, "responders": 3, "others": 30}, sums, 5, implied={"others"}))
    ['responders']
    >>> sorted(suppress({"n": 33, "responders": 3, "others": 30}, sums, 5, last={"n"}))
    ['others', 'responders']
    """
    small = {key for key, value in values.items() if is_small(value, threshold)}
    hidden = {*held, *(small - implied)}
    exposed = _exposed(values, relations, hidden | implied, hidden | small, threshold)
    while exposed:
        further = _next(values, relations, hidden | implied, exposed, last)
        if further is None:
            break
        hidden.add(further)
        exposed = _exposed(values, relations, hidden | implied, hidden | small, threshold)
    return frozenset(hidden - implied)


def known_range(
    cell: Hashable, values: Mapping[Hashable, float], relations: Sequence[Relation], unknown: AbstractSet[Hashable]
) -> tuple[float, float]:
    """The smallest and largest value that a cell can have for a reader who knows all but the unknown cells.

    >>> known_range("a", {"all": 9, "a": 3, "b": 6}, [Relation("all", ("a", "b"))], {"a", "b"})
    (0.0, 9.0)
    """
    if cell not in unknown:
        return float(values[cell]), float(values[cell])
    near = _reachable(cell, relations, unknown)
    cells = list(dict.fromkeys(key for relation in near for key in relation.cells if key in unknown))
    if not near:
        return 0.0, np.inf
    matrix, right = _system(near, cells, values, unknown)
    aim = np.array([float(key == cell) for key in cells])
    low, high = (linprog(sign * aim, A_eq=matrix, b_eq=right, bounds=(0, None)) for sign in (1, -1))
    return (round(low.fun, 6) + 0.0 if low.status == 0 else 0.0, round(-high.fun, 6) if high.status == 0 else np.inf)


def _system(near, cells, values, unknown) -> tuple[np.ndarray, np.ndarray]:
    place = {key: column for column, key in enumerate(cells)}
    matrix, right = np.zeros((len(near), len(cells))), np.zeros(len(near))
    for line, relation in enumerate(near):
        for key, sign in [(relation.whole, -1.0), *((part, 1.0) for part in relation.parts)]:
            if key in unknown:
                matrix[line, place[key]] += sign
            else:
                right[line] -= sign * values[key]
    return matrix, right


def _reachable(cell: Hashable, relations: Sequence[Relation], unknown: AbstractSet[Hashable]) -> list[Relation]:
    """The relations that bear on a cell: those it is in, and those they share an unknown cell with."""
    seen, found = {cell}, []
    rest, grown = list(relations), True
    while grown:
        near = [relation for relation in rest if seen.intersection(relation.cells)]
        rest = [relation for relation in rest if not seen.intersection(relation.cells)]
        found += near
        fresh = {key for relation in near for key in relation.cells if key in unknown} - seen
        seen |= fresh
        grown = bool(fresh)
    return found


def _exposed(values, relations, unknown, guarded, threshold: int) -> list[Hashable]:
    """The guarded cells that a reader knows to within less than the threshold."""
    found = []
    for cell in sorted(guarded, key=str):
        low, high = known_range(cell, values, relations, unknown)
        if high - low < threshold:
            found.append(cell)
    return found


def _next(values, relations, unknown, exposed, last) -> Hashable | None:
    """The next cell to withhold: beside an exposed one; a part before a total, a small one before a large one."""
    for cell in exposed:
        near = _reachable(cell, relations, unknown)
        wholes = {relation.whole for relation in near}
        known = {key for relation in near for key in relation.cells} - unknown
        known |= {cell} - unknown
        order = sorted(known, key=lambda k: (k in last, k in wholes, values[k] == 0, values[k], str(k)))
        if order:
            return order[0]
    return None
