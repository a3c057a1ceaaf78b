"""What the times should be, and whether they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .timing import digits


@dataclass(frozen=True)
class Target:
    """Seconds that a row of a comparison should stay below: the row whose name begins so."""

    what: str
    part: str
    comparison: str
    row: str
    seconds: float


TARGETS = (
    Target("`make book`, cold", "book", "The whole book", "make book, cold", 35),
    Target("`make book`, nothing changed", "book", "The whole book", "make book, nothing changed", 2.5),
    Target("`make book`, one notebook changed", "book", "The whole book", "make book, one notebook changed", 15),
    Target("one unstructured fit at 8 visits with all tests", "fits", "One unstructured fit with all tests",
           "helpers.models", 0.025),
    Target("10,000 mediation bootstraps", "bootstrap", "Bootstrap of a mediation", "helpers.models", 0.100),
)  # fmt: skip
HEAD = ("target", "below", "measured (median)", "met")


def against_targets(parts: dict, targets: Iterable[Target] = TARGETS) -> list[Sequence[str]]:
    """A row a target, from the machine-readable results; what was not measured says so."""
    return [_row(target, _seconds(parts, target)) for target in targets]


def _seconds(parts: dict, target: Target) -> float | None:
    for comparison in parts.get(target.part, {}).get("comparisons", []):
        if comparison["title"] == target.comparison:
            rows = (row for row in comparison["rows"] if row["name"].startswith(target.row))
            return next((row["median"] for row in rows if row["median"] is not None), None)
    return None


def _row(target: Target, seconds: float | None) -> Sequence[str]:
    scale, unit = (1.0, "s") if target.seconds >= 1 else (1000.0, "ms")
    limit = f"{scale * target.seconds:g} {unit}"
    if seconds is None:
        return target.what, limit, "not measured", ""
    return target.what, limit, f"{digits(scale * seconds)} {unit}", "met" if seconds < target.seconds else "missed"
