"""Numbers under each other by their decimal points, as a journal sets a column of text cells."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

FIGURE_SPACE, POINT_SPACE = "\u2007", "\u2008"  # as wide as a digit, and as a point
NUMBER = re.compile(r"[−-]?\d+(?:\.\d+)?")
MOST = 6  # digits that are made up for; numbers of very different size are left as they are


def on_point(cells: Sequence[str]) -> list[str]:
    """The cells of a right-aligned column, filled up with spaces as wide as digits so that their points align.

    In cells of one form, ``mean (SD)`` or ``estimate (low to high)``, every number is aligned; beside cells of other
    forms the last one is. A minus sign counts as a digit, which it nearly is in most fonts.

    >>> [cell.replace(FIGURE_SPACE, "_") for cell in on_point(["34.8 (8.8)", "5.5 (10.9)", "–"])]
    ['34.8_ (8.8)', '5.5 (10.9)', '–']
    >>> [cell.replace(FIGURE_SPACE, "_") for cell in on_point(["0.1", "0.041"])]
    ['0.1__', '0.041']
    >>> on_point(["12", "0.5"])[0] == "12" + POINT_SPACE + FIGURE_SPACE
    True
    """
    forms: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, cell in enumerate(cells):
        if NUMBER.search(cell):
            forms[tuple(NUMBER.split(cell))].append(place)
    places = [place for found in forms.values() for place in found]
    last = _most(_decimals(NUMBER.findall(cells[place])[-1]) for place in places)
    made = list(cells)
    for between, found in forms.items():
        lines = [NUMBER.findall(cells[place]) for place in found]
        for place, cell in zip(found, _filled(between, lines, last), strict=True):
            made[place] = cell
    return made


def _filled(between: Sequence[str], lines: Sequence[Sequence[str]], last: int) -> list[str]:
    """Cells of one form; ``last`` is the most decimals that a cell of the column ends with."""
    numbers = list(zip(*lines, strict=True))
    whole = [_most(map(_whole, column)) for column in numbers]
    decimals = [*(_most(map(_decimals, column)) for column in numbers[:-1]), last]
    return [_line(between, line, whole, decimals) for line in lines]


def _line(between: Sequence[str], line: Sequence[str], whole: Sequence[int], decimals: Sequence[int]) -> str:
    text = between[0] + line[0]
    for place in range(1, len(line)):
        before = _after(line[place - 1], decimals[place - 1])
        missing = _space(whole[place] - _whole(line[place]))
        gap = between[place]
        text += before + (missing + gap if gap.endswith(("(", "[")) else gap + missing) + line[place]
    return text + between[-1] + _after(line[-1], decimals[-1])


def _after(number: str, most: int) -> str:
    """What stands for the places after the point that a number has not."""
    missing = most - _decimals(number)
    return POINT_SPACE + _space(missing - 1) if missing == most and missing else _space(missing)


def _space(digits: int) -> str:
    return FIGURE_SPACE * digits if digits <= MOST else ""


def _most(counts) -> int:
    return max(counts, default=0)


def _whole(number: str) -> int:
    return len(number.partition(".")[0])


def _decimals(number: str) -> int:
    """Places taken after the digits before the point, the point among them."""
    return len(number) - _whole(number)
