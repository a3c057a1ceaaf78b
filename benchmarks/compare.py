"""Ours beside others on the same data: answers are compared first, and only what agrees is timed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from .timing import Timed, digits, times

Answers = Mapping[str, object]


class AbsentError(Exception):
    """A program is not on this machine; the message says which. Named in the table, never a failure."""


class FailedError(Exception):
    """A program is there and failed; the message says how."""


@dataclass(frozen=True)
class Tolerance:
    """How far two answers may lie apart: `absolute` + `relative` times the size of ours, and why that much."""

    relative: float
    absolute: float
    reason: str

    def excess(self, ours: object, theirs: object) -> float:
        """The largest difference as a share of what is allowed; above 1 they differ, infinite where shapes do."""
        ours, theirs = np.asarray(ours, float), np.asarray(theirs, float)
        if ours.shape != theirs.shape or not ours.size or not (np.isfinite(ours) & np.isfinite(theirs)).all():
            return float("inf")
        return float((np.abs(ours - theirs) / (self.absolute + self.relative * np.abs(ours))).max())


@dataclass(frozen=True)
class Contender:
    """One way to do it.

    Attributes
    ----------
    name : str
    answers : callable
        Does it once and gives what it found, by quantity; raises :class:`AbsentError` when it cannot be had. Nothing
        else warms it up.
    seconds : callable
        Number of repeats -> seconds of each.
    per : float
        Units that one repeat does.
    note : str
        What a reader must know of it.
    """

    name: str
    answers: Callable[[], Answers]
    seconds: Callable[[int], Sequence[float]]
    per: float = 1.0
    note: str = ""


@dataclass(frozen=True)
class Row:
    """What came of one contender: `state` is ours, timed, absent, failed or differs."""

    name: str
    state: str
    timed: Timed | None = None
    ratio: float | None = None
    note: str = ""
    checked: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Contenders on the same data."""

    title: str
    about: str
    rows: tuple[Row, ...]
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)

    @property
    def wrong(self) -> list[str]:
        """Whose answers differ from ours, or could not be had though the program is there."""
        return [f"{self.title}: {row.name}: {row.note}" for row in self.rows if row.state in ("differs", "failed")]


def in_process(name: str, call: Callable[[], object], read: Callable[[object], Answers], **more) -> Contender:
    """A contender that is a call of this process."""
    return Contender(name, lambda: read(call()), lambda repeats: times(call, repeats), **more)


def compare(
    title: str,
    about: str,
    ours: Contender,
    others: Sequence[Contender],
    tolerances: Mapping[str, Tolerance],
    repeats: int,
    theirs: int | None = None,
) -> Comparison:
    """Time ours, and of the others each whose answers are ours within the tolerances.

    Parameters
    ----------
    repeats, theirs : int
        Repeats of ours and of the others (as many, when not given).
    """
    print(f"  {title}: {ours.name}", flush=True)
    answers = ours.answers()
    timed = Timed(tuple(ours.seconds(repeats)), ours.per)
    rows = [Row(ours.name, "ours", timed, 1.0, ours.note)]
    rows += [_beside(timed, answers, other, tolerances, theirs or repeats) for other in others]
    return Comparison(title, about, tuple(rows), tolerances)


def _beside(ours: Timed, answers: Answers, other: Contender, tolerances: Mapping[str, Tolerance], repeats: int) -> Row:
    print(f"  beside {other.name}", flush=True)
    try:
        found = other.answers()
    except AbsentError as error:
        return Row(other.name, "absent", note=str(error))
    except FailedError as error:
        return Row(other.name, "failed", note=str(error))
    shared = [name for name in tolerances if name in answers and name in found]
    excess = {name: tolerances[name].excess(answers[name], found[name]) for name in shared}
    wrong = [f"{name} {digits(over)} times what is allowed" for name, over in excess.items() if over > 1]
    if wrong or not shared:
        reason = "results differ: " + ", ".join(wrong) if wrong else "nothing of its results can be compared"
        return Row(other.name, "differs", note=reason)
    timed = Timed(tuple(other.seconds(repeats)), other.per)
    return Row(other.name, "timed", timed, timed.median / ours.median, other.note, tuple(shared))
