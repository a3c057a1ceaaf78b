"""Cell sums and sums of squares that can have the printed F when the visits are taken as independent.

F_group = D² / (2n Σ s_v²) fixes the sum of all squares, a whole number, given the cell sums; the other two F are then
met by how that sum is spread over the visits. Both are drawn near those of a table.
"""

from __future__ import annotations

import numpy as np

from .balanced import TERMS, diagonal
from .lattice import MOST, Node, draw_cells, inner, possible, whole_aim
from .moves import Problem
from .sums import Ints, Sums, sums_of


def diagonal_nodes(rng: np.random.Generator, problem: Problem, table: Ints, batches: int = 40) -> list[Node]:
    """Nodes near a table, of the first batches that have any; or none."""
    now, found = sums_of(table, problem.design), []
    for batch in range(batches):
        for cells, total in _with_group(rng, problem, now, reach=1 + batch // 4):
            found += _with_times(rng, problem, now, cells, total)
        if len(found) >= MOST:
            break
    return found[:MOST]


def _with_group(rng: np.random.Generator, problem: Problem, now: Sums, reach: int) -> list[tuple[Ints, int]]:
    """Cell sums with a whole ΣY² that gives F_group."""
    n, drawn = problem.design.n, draw_cells(rng, problem, now, 8000, reach)
    cells = np.stack([drawn.sums + drawn.gaps, drawn.sums - drawn.gaps], axis=1) // 2
    rest = (cells**2).sum(axis=(1, 2)) / n
    gap = drawn.gaps.sum(axis=1)
    low, high = ((2 * n - 2) * gap**2 / (2 * n * f) + rest for f in reversed(inner(problem, "group")))
    total = np.ceil(low).astype(np.int64)
    total += (total - drawn.sums.sum(axis=1)) % 2
    near = np.abs(total - now.raw.sum()) < 0.1 * now.raw.sum()
    fit = np.flatnonzero((total <= high) & possible(problem, cells) & near)[:20]
    return [(cells[k], int(total[k])) for k in fit]


def _with_times(rng: np.random.Generator, problem: Problem, now: Sums, cells: Ints, total: int) -> list[Node]:
    """Sums of squares of the visits, with this total, that give the other two F."""
    visits, count = len(now.raw), 20_000
    parity = (now.raw - cells.sum(axis=0)) % 2
    reach = np.maximum(1, now.raw * 0.02)
    raw = now.raw + parity + 2 * np.rint(rng.standard_normal((count, visits)) * reach).astype(np.int64)
    place = rng.integers(0, visits, size=count)
    raw[np.arange(count), place] += total - raw.sum(axis=1)
    zero = np.zeros(count)
    sums = Sums(cells[None], raw, zero, zero, zero, zero, zero)
    least = (cells**2).sum(axis=0) / problem.design.n
    ok = (raw > least + 0.5).all(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        tests = diagonal(sums, problem.design)
    for term, value in zip(TERMS, tests, strict=True):
        low, high = inner(problem, term)
        ok &= (value > low) & (value < high)
    return [_node(cells, raw[k]) for k in np.flatnonzero(ok)[:2]]


def _node(cells: Ints, raw: Ints) -> Node:
    def square(visit: int):
        return lambda sums: sums.raw[..., visit]

    return Node(cells, tuple(whole_aim(f"raw {v}", square(v), int(raw[v]), 20.0) for v in range(len(raw))), TERMS)
