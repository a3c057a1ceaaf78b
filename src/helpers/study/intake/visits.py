"""Which visits a study has, put together from what the names and labels of its columns say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from helpers.study.intake.naming import BASELINE, Key

DAYS = {"day": 1.0, "week": 7.0}
WORDS = {"infusion": "Infusion", "session": "Session", "visit": "Visit", "week": "Week", "month": "Month", "t": "T"}
ASK_DAY = "DECIDE: its day, counted from the baseline"


@dataclass(frozen=True)
class ProposedVisit:
    """A visit as it will stand in the mapping; ``day`` is a question where nothing says it."""

    name: str
    label: str
    day: float | str
    keys: frozenset[Key]
    why: str


def propose_visits(families: Sequence[Sequence[tuple[Key, ...]]]) -> list[ProposedVisit]:
    """The visits of a study in their order.

    Parameters
    ----------
    families : sequence of sequences
        For each variable, in the order of the file, what says when each of its columns was measured. Columns that share
        a key are of one visit: ``T2`` of one variable with ``T2, day 13`` of another.

    Examples
    --------
    >>> by_number = [(("t", 1.0),), (("t", 2.0),)]
    >>> found = propose_visits([by_number, [(("t", 1.0), ("day", 0.0)), (("t", 2.0), ("day", 13.0))]])
    >>> [(visit.name, visit.day) for visit in found]
    [('baseline', 0.0), ('day_13', 13.0)]
    """
    as_days = {number for family in families for number in _days(family)}
    tied = _tied([tuple(_day_key(key, as_days) for key in keys) for family in families for keys in family])
    ordered = _ordered(families, tied, as_days)
    return [_visit(keys, first=place == 0) for place, keys in enumerate(ordered)]


def find_visit(visits: Iterable[ProposedVisit], keys: Sequence[Key]) -> ProposedVisit | None:
    """The visit that a column's keys belong to."""
    numbers = [("day", value) for kind, value in keys if kind == "number"]
    return next((v for v in visits if v.keys & {*keys, *numbers}), None)


def _days(family: Sequence[tuple[Key, ...]]) -> list[float]:
    """Bare numbers that leave gaps, such as 0, 13 and 26, are days; 0, 1, 2 may be numbers of visits."""
    numbers = sorted(value for keys in family for kind, value in keys if kind == "number" and len(keys) == 1)
    gaps = [b - a for a, b in pairwise(numbers)]
    return numbers if numbers and numbers[0] == 0 and any(gap > 1 for gap in gaps) else []


def _day_key(key: Key, as_days: set[float]) -> Key:
    return ("day", key[1]) if key[0] == "number" and as_days else key


def _tied(groups: Iterable[tuple[Key, ...]]) -> list[frozenset[Key]]:
    """Keys that are said of one column are of one visit, and so on through the columns."""
    parts: list[set[Key]] = []
    for keys in groups:
        joined, rest = set(keys), []
        for part in parts:
            if part & joined:
                joined |= part
            else:
                rest.append(part)
        parts = [*rest, joined]
    return [frozenset(part) for part in parts]


def _ordered(families: Sequence[Sequence[tuple[Key, ...]]], tied: list[frozenset[Key]], as_days: set[float]):
    """By day where all are known; else as the variable with most visits has them, the others put in by their day."""
    where: Mapping[Key, frozenset[Key]] = {key: part for part in tied for key in part}
    order: list[frozenset[Key]] = []
    for family in sorted(families, key=len, reverse=True):
        parts = [where[_day_key(keys[0], as_days)] for keys in family if keys]
        for part in dict.fromkeys(parts):
            if part not in order:
                order.insert(_place(order, part), part)
    if all(isinstance(_day(part), float) for part in order):
        order.sort(key=_day)
    starts = [part for part in order if BASELINE in part]
    return [*starts, *(part for part in order if part not in starts)]


def _place(order: list[frozenset[Key]], part: frozenset[Key]) -> int:
    day = _day(part)
    later = [place for place, other in enumerate(order) if isinstance(_day(other), float) and isinstance(day, float)
             and _day(other) > day]  # fmt: skip
    return later[0] if later else len(order)


def _day(keys: frozenset[Key]) -> float | None:
    days = {value * DAYS[kind] for kind, value in keys if kind in DAYS}
    return days.pop() if len(days) == 1 else None


def _visit(keys: frozenset[Key], first: bool) -> ProposedVisit:
    day, (kind, number) = _day(keys), _naming(keys)
    why = "from " + ", ".join(sorted(f"{k} {n:g}" for k, n in keys))
    if first:
        why += "" if BASELINE in keys else "; the first visit, taken as the baseline"
        return ProposedVisit("baseline", "Baseline", 0.0 if day is None else day, keys, why)
    name = f"t{number:g}" if kind == "t" else f"{'visit' if kind == 'number' else kind}_{number:g}"
    label = (
        f"T{number:g}"
        if kind == "t"
        else f"{WORDS.get(kind, kind.capitalize() if kind == 'day' else 'Visit')} {number:g}"
    )
    return ProposedVisit(name, label, ASK_DAY if day is None else day, keys, why)


def _naming(keys: frozenset[Key]) -> Key:
    """The key that names a visit best."""
    rank = ("infusion", "session", "day", "week", "month", "visit", "t", "number")
    return min(keys, key=lambda key: (rank.index(key[0]), key[1]))
