"""Local search over whole numbers inside a box, seeded: all single steps, or all swaps inside a cell, at every turn.

At each turn the energy of every candidate is computed at once; the one with the least energy plus a little Gumbel
noise is taken, which samples them by the Boltzmann distribution of the noise's temperature. Energies are rounded first,
so that the last bits of another processor's arithmetic do not change the choice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .aims import Aim, coarse_energy, fine_energy, reached
from .sums import Design, Fall, Floats, Ints, Steps, stepped, sums_of, swapped

DIGITS = 6
NOISE = 0.4, 2.0
CANDIDATES = 4000  # swaps looked at in a turn, drawn from all
FAR = 4.0  # coarse energy above which a table is far from its aims


class SearchError(RuntimeError):
    """A search did not come to its end in the turns it was given."""


@dataclass(frozen=True, eq=False)
class Box:
    """The whole numbers each cell may hold, and those it was drawn with (patients × visits)."""

    low: Ints
    high: Ints
    drawn: Ints

    def banded(self, band: int) -> Box:
        """The box with no cell further than ``band`` from its drawn value, unless the box itself asks for it."""
        low = np.minimum(np.maximum(self.low, self.drawn - band), self.high)
        return Box(low, np.maximum(np.minimum(self.high, self.drawn + band), low), self.drawn)


@dataclass(frozen=True, eq=False)
class Problem:
    """What a table is searched for: its design, its box, its aims, and a fall among them if there is one."""

    design: Design
    box: Box
    aims: tuple[Aim, ...]
    fall: Fall | None = None


def approach(
    rng: np.random.Generator, problem: Problem, table: Ints, turns: int = 6000, near: float = 0.5, pull: float = 0.02
) -> Ints:
    """Single steps until the coarse energy of all but the late aims is below ``near``; ``pull`` holds cells to the
    values drawn.

    Raises :class:`SearchError` when that does not happen.
    """
    steps, box = _all_steps(table.shape), problem.box
    aims = [aim for aim in problem.aims if not aim.late]
    table = table.copy()
    for _ in range(turns):
        if coarse_energy(aims, sums_of(table, problem.design, problem.fall)) < near:
            return table
        i, v, by = steps.patient, steps.visit, steps.by
        energy = coarse_energy(aims, stepped(table, problem.design, steps, problem.fall))
        energy = energy + pull * (2 * by * (table - box.drawn)[i, v] + 1)
        value = table[i, v] + by
        k = chosen(rng, energy, (value >= box.low[i, v]) & (value <= box.high[i, v]), 0.5)
        table[i[k], v[k]] += by[k]
    raise SearchError("no table near the aims was found by single steps")


def settle(rng: np.random.Generator, problem: Problem, table: Ints, turns: int, keep_fall: bool = False) -> Ints | None:
    """Swaps inside a cell (one patient's value up, another's down) until every aim is met; None when it is not.

    The coarse energy leads while the table is far from an aim, then the fine one, under noise that comes and goes.
    With ``keep_fall`` the cells of the problem's fall stay as they are.
    """
    pairs, box = _all_pairs(problem, table, keep_fall), problem.box
    table = table.copy()
    if reached(problem.aims, sums_of(table, problem.design, problem.fall)):
        return table
    for turn in range(turns):
        up, down = pairs
        allowed = (table < box.high)[up.patient, up.visit] & (table > box.low)[down.patient, down.visit]
        index = np.flatnonzero(allowed)
        if not len(index):
            return None
        if len(index) > CANDIDATES:
            index = index[rng.integers(0, len(index), CANDIDATES)]
        up, down = _taken(up, index), _taken(down, index)
        sums = swapped(table, problem.design, up, down, problem.fall)
        done = np.flatnonzero(reached(problem.aims, sums))
        far = coarse_energy(problem.aims, sums_of(table, problem.design, problem.fall)) > FAR
        energy = (coarse_energy if far else fine_energy)(problem.aims, sums)
        k = done[0] if len(done) else chosen(rng, energy, None, NOISE[turn // 20 % 2])
        table[up.patient[k], up.visit[k]] += 1
        table[down.patient[k], down.visit[k]] -= 1
        if len(done):
            return table
    return None


def move_sums(rng: np.random.Generator, problem: Problem, table: Ints, cells: Ints) -> Ints | None:
    """Single steps that bring the cell sums to ``cells`` (2 × T), away from the drawn values as little as may be.

    None when the box leaves no room.
    """
    table, group = table.copy(), problem.design.group
    for g in (0, 1):
        rows = np.flatnonzero(group == g)
        for v in range(table.shape[1]):
            while (left := cells[g, v] - table[rows, v].sum()) != 0:
                by = int(np.sign(left))
                value = table[rows, v] + by
                inside = (value >= problem.box.low[rows, v]) & (value <= problem.box.high[rows, v])
                if not inside.any():
                    return None
                strain = (value - problem.box.drawn[rows, v]) ** 2 + rng.random(len(rows))
                table[rows[np.argmin(np.where(inside, strain, np.inf))], v] += by
    return table


def _all_steps(shape: tuple[int, int]) -> Steps:
    patient, visit, by = (a.ravel() for a in np.meshgrid(*map(np.arange, shape), [1, -1], indexing="ij"))
    return Steps(patient, visit, by)


def _all_pairs(problem: Problem, table: Ints, keep_fall: bool) -> tuple[Steps, Steps]:
    """Every pair of patients of one group at every visit that moves at all; of the fall's visits if it may move."""
    kept = (problem.fall.start, problem.fall.end) if keep_fall and problem.fall else ()
    found: list[np.ndarray] = []
    for g in (0, 1):
        rows = np.flatnonzero(problem.design.group == g)
        for v in range(table.shape[1]):
            if g == 0 and v in kept:
                continue
            free = rows[(problem.box.low < problem.box.high)[rows, v]]
            i, j = (a.ravel() for a in np.meshgrid(free, free, indexing="ij"))
            apart = i != j
            found.append(np.stack([i[apart], j[apart], np.full(apart.sum(), v)]))
    i, j, v = np.concatenate(found, axis=1)
    ones = np.ones(len(i), dtype=np.int64)
    return Steps(i, v, ones), Steps(j, v, -ones)


def _taken(steps: Steps, index: np.ndarray) -> Steps:
    return Steps(steps.patient[index], steps.visit[index], steps.by[index])


def chosen(rng: np.random.Generator, energy: Floats, allowed: np.ndarray | None, noise: float) -> int:
    """The candidate with the least energy plus noise, among those allowed."""
    score = np.round(energy, DIGITS) - noise * rng.gumbel(size=len(energy))
    return int(np.argmin(score if allowed is None else np.where(allowed, score, np.inf)))
