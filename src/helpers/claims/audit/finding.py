"""What a check of the printed figures says: the finding, the readings tried, and the words for numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from .printed import PRINTED

Verdict = Literal["follows", "consistent under a stated reading", "inconsistent as printed", "no power"]
FOLLOWS: Verdict = "follows"
READING: Verdict = "consistent under a stated reading"
INCONSISTENT: Verdict = "inconsistent as printed"
NO_POWER: Verdict = "no power"


@dataclass(frozen=True)
class Reading:
    """One way to read the printed figures: its name, whether the printed digits are possible under it, and how."""

    name: str
    allowed: bool
    detail: str


@dataclass(frozen=True)
class Finding:
    """What the printed strings say of each other.

    Attributes
    ----------
    id, subject, place : str
        Identifier, the subject in a few words, and the places of the paper.
    printed : tuple of str
        The strings used, as printed.
    arithmetic : str
        A sentence with the computed numbers.
    verdict : str
        ``follows`` (from the stated method), ``consistent under a stated reading``, ``inconsistent as printed`` (no
        reading tried allows it) or ``no power`` (arithmetic cannot tell).
    readings : tuple of Reading
        The paper's stated method first.
    """

    id: str
    subject: str
    place: str
    printed: tuple[str, ...]
    arithmetic: str
    verdict: Verdict
    readings: tuple[Reading, ...]


def verdict_of(readings: Sequence[Reading]) -> Verdict:
    """The verdict that the readings give, the stated method being first.

    >>> verdict_of([Reading("stated", False, ""), Reading("another", True, "")])
    'consistent under a stated reading'
    """
    if readings[0].allowed:
        return FOLLOWS
    return READING if any(reading.allowed for reading in readings) else INCONSISTENT


def finding(
    name: str, subject: str, keys: Iterable[str], arithmetic: str, readings: Iterable[Reading] = (), power: bool = True
) -> Finding:
    """A finding over the printed strings of these keys; without power its readings decide nothing.

    >>> finding("share", "A share", ["percent-pain"], "33 of 66.", [Reading("as stated", True, "50.0")]).verdict
    'follows'
    """
    used = [PRINTED[key] for key in keys]
    places = "; ".join(dict.fromkeys(item.place for item in used))
    readings = tuple(readings)
    verdict = verdict_of(readings) if power else NO_POWER
    return Finding(name, subject, places, tuple(item.text for item in used), arithmetic, verdict, readings)


def interval(printed: str) -> tuple[float, float]:
    """The numbers that print as this string: its rounding interval; below or above the number for < and >.

    >>> [round(end, 4) for end in interval("0.490")], interval("< 0.001")
    ([0.4895, 0.4905], (0.0, 0.001))
    """
    if printed[0] in "<>":
        number = float(printed[1:])
        return (0.0, number) if printed[0] == "<" else (number, 1.0)
    half = 0.5 * 10.0 ** -len(printed.partition(".")[2])
    return float(printed) - half, float(printed) + half


def meets(low: float, high: float, printed: str) -> bool:
    """Whether some number from low to high prints as this string.

    >>> meets(0.0364, 0.0370, "0.037"), meets(0.0376, 0.0380, "0.037")
    (True, False)
    """
    least, most = interval(printed)
    return bool(low <= most and high >= least)


def text(key: str) -> str:
    """The string printed under this key.

    >>> text("madrs-d-third")
    '0.490'
    """
    return PRINTED[key].text


def span(numbers: Sequence[int], limit: int | None = None) -> str:
    """Whole numbers in words: their first and last, and that they go on where the search's limit was reached.

    >>> span([3, 4, 5]), span([]), span([98, 99, 100], 100), span([7])
    ('3 to 5', 'none', '98 and more', '7')
    """
    if not len(numbers):
        return "none"
    low, high = min(numbers), max(numbers)
    if limit is not None and high >= limit:
        return f"{low} and more"
    return f"{low}" if low == high else f"{low} to {high}"


def p_words(p: float) -> str:
    """A p value for people, with digits enough to see how it rounds.

    >>> p_words(0.04394), p_words(0.00071), p_words(3e-9)
    ('0.0439', '0.00071', '3.0e-09')
    """
    return f"{p:.4f}" if p >= 0.001 else f"{p:.5f}" if p >= 0.00001 else f"{p:.1e}"
