"""Cell sums that can have the printed F at all: of whole numbers, few can.

Under compound symmetry F_time / F_interaction = SS_time / SS_interaction depends on the cell sums alone, and error's
sum of squares is a multiple of 1 / T beside a number that the cell sums fix. So a table has both F to the printed
digits only if its cell sums have that ratio and leave a whole number M = T ΣY² - ΣS² for the error. SS_time is a
function of the sums of a visit's two cells, SS_interaction of their differences: the two are drawn apart, near those of
a table, sorted, and matched.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .aims import Aim
from .balanced import squares
from .moves import Problem
from .sums import Floats, Ints, Sums, sums_of

SHRINK = 0.9  # share of the rounding intervals that is used
MOST = 12  # nodes tried for one table


@dataclass(frozen=True, eq=False)
class Node:
    """Cell sums (2 × T), and the aim on a whole number, M, that takes the place of the F of time and interaction."""

    cells: Ints
    aim: Aim


@dataclass(frozen=True, eq=False)
class Draws:
    """Sums and differences of each visit's two cells, one draw a row, of one parity throughout."""

    sums: Ints
    gaps: Ints


def nodes(
    rng: np.random.Generator, problem: Problem, table: Ints, draws: int = 3000, batches: int = 1500
) -> list[Node]:
    """Nodes near a table under compound symmetry, the nearest of the first batches that have any; or none.

    ``draws`` sums and as many differences are tried against each other in a batch.
    """
    found: list[tuple[float, Node]] = []
    now = sums_of(table, problem.design)
    for batch in range(batches):
        drawn = draw_cells(rng, problem, now, draws, reach=1 + min(batch, 400) // 20)
        found += _batch(problem, now, drawn)
        if len(found) >= MOST:
            break
    return [node for _, node in sorted(found, key=lambda item: item[0])[:MOST]]


def draw_cells(rng: np.random.Generator, problem: Problem, now: Sums, draws: int, reach: int) -> Draws:
    """Cell sums near those of a table.

    Those that the box fixes stay. Where both cells of a visit are free, their sum and difference move apart from each
    other, of one parity, as they must be; where one is, it moves by the same whole number in all draws.
    """
    free = _free_cells(problem)
    both, visits = free[0] & free[1], now.cells.shape[1]
    alone = np.rint(rng.standard_normal(visits) * reach).astype(np.int64) * (free[0] ^ free[1])
    odd = rng.integers(0, 2, size=visits) * both
    sums = now.cells.sum(axis=0) + alone + odd + 2 * _shifts(rng, draws, both)
    gaps = now.cells[0] - now.cells[1] + np.where(free[0], alone, -alone) + odd + 2 * _shifts(rng, draws, both)
    return Draws(sums, gaps)


def inner(problem: Problem, term: str) -> tuple[float, float]:
    """The inner part of the interval of an F."""
    aim = next(aim for aim in problem.aims if aim.name == term)
    middle, half = (aim.low + aim.high) / 2, SHRINK * (aim.high - aim.low) / 2
    return middle - half, middle + half


def possible(problem: Problem, cells: Ints) -> np.ndarray:
    """Which cell sums are such at all, and leave room for the other aims."""
    checks = [aim.possible(cells) for aim in problem.aims if aim.possible]
    return np.logical_and.reduce([(cells >= 0).all(axis=(1, 2)), *checks])


def within(sums: Sums) -> Floats:
    """M = T ΣY² - ΣS², the whole number that error's sum of squares is made of."""
    return sums.cells.shape[-1] * sums.raw.sum(axis=-1) - sums.totals


def _batch(problem: Problem, now: Sums, drawn: Draws) -> list[tuple[float, Node]]:
    """Nodes of one batch, each with its distance from the table."""
    n, visits = problem.design.n, now.cells.shape[1]
    time, interaction = inner(problem, "time"), inner(problem, "interaction")
    m, k = _matched(_ss(drawn.sums, n), _ss(drawn.gaps, n), (time[0] / interaction[1], time[1] / interaction[0]))
    cells = np.stack([drawn.sums[m] + drawn.gaps[k], drawn.sums[m] - drawn.gaps[k]], axis=1) // 2
    low, high = _margins(cells, n, time, interaction)
    parity = cells.sum(axis=(1, 2))
    margin = _next(low, -(visits - 1) * parity, 2)
    moved = ((cells - now.cells) ** 2).sum(axis=(1, 2)) + np.abs(margin - within(now)) / visits
    fit = np.flatnonzero((margin <= high) & possible(problem, cells))
    best = fit[np.argsort(moved[fit], kind="stable")][:MOST]
    return [(float(moved[j]), _node(cells[j], int(margin[j]))) for j in best]


def _node(cells: Ints, margin: int) -> Node:
    return Node(cells, Aim("margin", within, margin - 0.5, margin + 0.5, 50.0))


def _matched(first: Floats, second: Floats, ratio: tuple[float, float]) -> tuple[Ints, Ints]:
    """Pairs whose quotient first / second lies between the ratios, by sorting."""
    order = np.argsort(first, kind="stable")
    left, right = (np.searchsorted(first[order], second * end) for end in ratio)
    count = right - left
    k = np.repeat(np.arange(len(second)), count)
    place = np.arange(len(k)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(left, count)
    return order[place], k


def _free_cells(problem: Problem) -> np.ndarray:
    """Which cells can move, 2 × T."""
    free = problem.box.low < problem.box.high
    return np.stack([free[problem.design.group == g].any(axis=0) for g in (0, 1)])


def _shifts(rng: np.random.Generator, draws: int, free: np.ndarray) -> Ints:
    reach = np.array([1, 2, 4, 8])[rng.integers(0, 4, size=(draws, 1))]
    return np.rint(rng.standard_normal((draws, len(free))) * reach).astype(np.int64) * free


def _ss(values: Ints, n: int) -> Floats:
    """SS of sums, or of differences, of a visit's two cells."""
    return ((values**2).sum(axis=-1) - values.sum(axis=-1) ** 2 / values.shape[-1]) / (2 * n)


def _margins(cells: Ints, n: int, time: tuple, interaction: tuple) -> tuple[Floats, Floats]:
    """For each entry of the cell sums the least and the greatest M that give both F."""
    visits, df = cells.shape[-1], 2 * n - 2
    ss_time, ss_interaction = squares(cells, n)
    rest = (cells**2).sum(axis=(1, 2)) / n - (cells.sum(axis=2) ** 2).sum(axis=1) / (n * visits)
    low = visits * (df * np.maximum(ss_time / time[1], ss_interaction / interaction[1]) + rest)
    high = visits * (df * np.minimum(ss_time / time[0], ss_interaction / interaction[0]) + rest)
    return low, high


def _next(low: Floats, negative: Ints, modulus: int) -> Ints:
    """The least whole number from ``low`` on that is -negative modulo the modulus."""
    first = np.ceil(low).astype(np.int64)
    return first + (-negative - first) % modulus
