"""The parts of `make bench`: which there are, which are asked for, how long they took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpers.cli.errors import UsageError
from helpers.cli.many.progress import duration

# Part -> what it measures.
PARTS = {
    "fits": "repeated-measures models of one outcome, one and many",
    "bootstrap": "10,000 resamples of a mediation",
    "analytes": "the longitudinal models of every analyte",
    "book": "make book, beside the papermill command",
    "imports": "start of a kernel, and imports by cause",
    "scaling": "the grid engine: 100, 1,000 and 10,000 specifications, one worker and two",
}


def chosen(text: str) -> list[str]:
    """Names of parts, in their own order.

    Raises
    ------
    UsageError
        There is no such part.

    >>> chosen("bootstrap,fits"), len(chosen(""))
    (['fits', 'bootstrap'], 6)
    """
    asked = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in asked if name not in PARTS]
    if unknown:
        known = "\n".join(f"  {name:<10} {what}" for name, what in PARTS.items())
        raise UsageError(f"BENCH={text}: no part is called {', '.join(unknown)}; there are\n{known}")
    return [name for name in PARTS if not asked or name in asked]


def lasted(part: Mapping) -> float:
    """Seconds that a part took when it was last measured; 0 where that was not kept."""
    return part["stamp"].get("seconds", 0.0)


def left(names: Sequence[str], seconds: Mapping[str, float]) -> str:
    """How long these parts will take if they take what they took before; nothing where one is new.

    >>> left(["fits", "book"], {"fits": 80.0, "book": 400.0}), left(["fits"], {})
    (' (about 8 min left)', '')
    """
    known = [seconds.get(name, 0.0) for name in names]
    return f" (about {duration(sum(known))} left)" if all(known) else ""
