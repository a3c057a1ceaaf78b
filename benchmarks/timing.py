"""How long something takes, and how that is written."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Timed:
    """Seconds of each repeat, of as many units as `per` says (responses of a batch, for instance).

    >>> str(Timed((0.010, 0.012, 0.030)))
    '12.0 ms (10.0 to 30.0)'
    >>> str(Timed((0.010, 0.012, 0.030), per=100))
    '0.120 ms (0.100 to 0.300)'
    """

    repeats: tuple[float, ...]
    per: float = 1.0

    @property
    def median(self) -> float:
        """Of one unit, in seconds."""
        return statistics.median(self.repeats) / self.per

    def __str__(self) -> str:
        low, high = min(self.repeats) / self.per, max(self.repeats) / self.per
        scale, unit = (1.0, "s") if self.median >= 1 else (1000.0, "ms")
        middle, low, high = (digits(scale * value) for value in (self.median, low, high))
        return f"{middle} {unit}" if len(self.repeats) == 1 else f"{middle} {unit} ({low} to {high})"


def digits(value: float) -> str:
    """Three significant digits at least, without an exponent.

    >>> [digits(value) for value in (0.01234, 1.234, 123.4, 12345.6)]
    ['0.0123', '1.23', '123', '12,346']
    """
    places = next((p for p, limit in ((0, 100), (1, 10), (2, 1), (3, 0.1)) if abs(value) >= limit), 4)
    return f"{value:,.{places}f}"


def times(call: Callable[[], object], repeats: int) -> tuple[float, ...]:
    """Seconds of a call, repeated; what warms it up is the caller's affair."""
    return tuple(_once(call) for _ in range(repeats))


def clocked(call: Callable[[], object], before: Callable[[], object], repeats: int) -> tuple[float, ...]:
    """Seconds of a call, each time after something that does not count."""
    found = []
    for _ in range(repeats):
        before()
        found.append(_once(call))
    return tuple(found)


def markdown(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table; the first column is words, and so are those whose head says so by a trailing space.

    >>> print(markdown(["who", "ms"], [["ours", 1], ["theirs", 20]]))
    | who | ms |
    | --- | ---: |
    | ours | 1 |
    | theirs | 20 |
    """
    head = list(head)
    rule = ["---" if place == 0 or name.endswith(" ") else "---:" for place, name in enumerate(head)]
    lines = [[name.strip() for name in head], rule, *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _once(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun
