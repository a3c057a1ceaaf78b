"""The search for one scale: near the aims by single steps, on to a node, then to every digit by swaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .aims import reached
from .balanced import TERMS
from .lattice import Node, nodes
from .moves import Box, Problem, SearchError, approach, move_sums, settle
from .sums import Ints, sums_of

ATTEMPTS, TURNS = 8, 400  # tables near the aims, and swaps from each node; a search that gets there is quick


def found(rng: np.random.Generator, problem: Problem, name: str) -> Ints:
    """A table inside the problem's box that meets every aim.

    Raises :class:`SearchError` when several attempts do not get there.
    """
    final = [aim for aim in problem.aims if aim.name != "early"]
    start = np.clip(problem.box.drawn, problem.box.low, problem.box.high)
    for _ in range(ATTEMPTS):
        near = approach(rng, problem, start)
        for node in nodes(rng, problem, near):
            moved = move_sums(rng, problem, near, node.cells)
            if moved is None:
                continue
            table = _settled(rng, problem, node, moved)
            if table is not None and reached(final, sums_of(table, problem.design, problem.fall)):
                return table
        start = near
    raise SearchError(f"{name}: no table with the printed figures was found")


def _settled(rng: np.random.Generator, problem: Problem, node: Node, table: Ints) -> Ints | None:
    """The late aims first, then the others with the cells of the fall held."""
    late = tuple(aim for aim in problem.aims if aim.late)
    ready = settle(rng, replace(problem, aims=late), table, TURNS) if late else table
    if ready is None:
        return None
    rest = tuple(aim for aim in problem.aims if not aim.late and aim.name not in (*TERMS[1:], "early"))
    return settle(rng, replace(problem, aims=(*rest, node.aim)), ready, TURNS, keep_fall=True)


def pain_box(drawn: Ints, group: Ints, highest: int, least: int, room: Ints | None = None) -> Box:
    """Bounds of a pain scale: with pain at least ``least`` at baseline, without 0; after it up to ``room`` if given."""
    low, high = np.zeros_like(drawn), np.full_like(drawn, highest)
    low[group == 0, 0] = least
    high[group == 1, 0] = 0
    if room is not None:
        high[:, 1:] = np.minimum(high, room)[:, 1:]
    return Box(low, high, drawn)
