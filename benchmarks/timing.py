"""How long something takes, and a table of it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Timed:
    """Milliseconds of each repeat."""

    repeats: tuple[float, ...]

    def __str__(self) -> str:
        return f"{statistics.median(self.repeats):.1f} ({min(self.repeats):.1f} to {max(self.repeats):.1f})"


def times(call: Callable[[], object], repeats: int) -> Timed:
    """Milliseconds of a call, repeated after one call that is not counted."""
    call()
    return Timed(tuple(_once(call) for _ in range(repeats)))


def steps(start: Callable[[], object], calls: dict[str, Callable], repeats: int) -> dict[str, Timed]:
    """Milliseconds of `start` and then of each call on what it gave, in order, and of everything.

    What an earlier step leaves for a later one is not computed again, as in use.
    """
    runs = [_run(start, calls) for _ in range(repeats + 1)][1:]
    found = {name: Timed(tuple(run[name] for run in runs)) for name in runs[0]}
    return found | {"all of these": Timed(tuple(sum(run.values()) for run in runs))}


def _run(start: Callable[[], object], calls: dict[str, Callable]) -> dict[str, float]:
    begun = time.perf_counter()
    made = start()
    taken = {"fit": 1000 * (time.perf_counter() - begun)}
    return taken | {name: _once(lambda call=call: call(made)) for name, call in calls.items()}


def _once(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - begun)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows under a head, in columns."""
    cells = [[str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])
