"""How large a table can be set: its type, and whether its page is turned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bs4 import Tag

MM_A_POINT = 25.4 / 72
UPRIGHT, TURNED = 174.0, 261.0  # width of the text on A4, mm
SIZES = (8.0, 7.0, 6.5)  # type in tables, points
LETTER = 0.48  # of the type's size, the mean width of a letter
BOLD = 1.12  # times as wide, of headings
PADDING = 2.8  # mm, left and right of a cell together
LONGEST = 40  # letters of an unbroken word that count; a longer one is broken
LINES = 6  # that a cell may take
LONG = 150  # rows; a table of more is set small on turned pages, so that it takes few of them
ROWS_TOGETHER = 24  # a table of up to so many rows is not broken over pages


@dataclass(frozen=True)
class Setting:
    """Type size in points, and whether the page is turned to landscape."""

    size: float
    turned: bool

    @property
    def width(self) -> float:
        """Width of the text, mm."""
        return TURNED if self.turned else UPRIGHT


ALLOWED = (*(Setting(size, False) for size in SIZES[:2]), *(Setting(size, True) for size in SIZES))


def setting(rows: Sequence[Sequence[str]]) -> Setting:
    """The first setting in which no word of a table is broken and no cell is a tower: upright, else on a turned page.

    Parameters
    ----------
    rows : sequence of sequence of str
        The cells, headings included; no-break spaces join what stays together.

    Examples
    --------
    >>> setting([["Outcome", "n"], ["MADRS", "66"]])
    Setting(size=8.0, turned=False)
    >>> setting([["Mean"] * 12, [12 * "x"] * 12])
    Setting(size=8.0, turned=True)
    """
    if len(rows) > LONG:
        return ALLOWED[-1]
    letters = [_widest(column, _letters) for column in zip(*rows, strict=True)]
    wanted = ((sum(letters) * at.size * LETTER * MM_A_POINT + len(letters) * PADDING, at) for at in ALLOWED)
    return next((at for width, at in wanted if width <= at.width), ALLOWED[-1])


def column_widths(rows: Sequence[Sequence[str]], at: Setting) -> list[float]:
    """Widths of a table's columns, mm, that fill the page: each its longest word, the rest by what its cells hold.

    >>> [round(width) for width in column_widths([["Outcome", "n"], ["Pain scale", "66"]], Setting(8, False))]
    [130, 44]
    """
    columns = list(zip(*rows, strict=True))
    letter = at.size * LETTER * MM_A_POINT
    least = [_widest(column, _letters) * letter + PADDING for column in columns]
    wanted = [_widest(column, len) * letter + PADDING for column in columns]
    if sum(wanted) <= at.width or sum(least) >= at.width:
        kept = wanted if sum(wanted) <= at.width else least
        return [width * at.width / sum(kept) for width in kept]
    share = (at.width - sum(least)) / (sum(wanted) - sum(least))
    return [low + (high - low) * share for low, high in zip(least, wanted, strict=True)]


def side_of(cell: Tag) -> str:
    """The side of a cell of a book's table: ``right``, ``center``, or empty for left."""
    kinds = cell.get("class", [])
    return "right" if {"gt_right", "number"} & set(kinds) else "center" if "gt_center" in kinds else ""


def cells(table: Tag) -> list[list[str]]:
    """The text of a table of HTML, row by row, one cell a column: what stands over several columns, or over a group of
    rows, takes no column's width.

    >>> from bs4 import BeautifulSoup
    >>> table = "<table><tr><th rowspan=2>A</th><th colspan=2>B</th></tr><tr><th>b</th><th>c</th></tr></table>"
    >>> cells(BeautifulSoup(table, "lxml").table)
    [['', '', ''], ['A', 'b', 'c']]
    """
    rows = [row.find_all(["th", "td"]) for row in table.find_all("tr")]
    width = max((sum(_span(cell, "colspan") for cell in row) for row in rows), default=0)
    grid = [[""] * width for _ in rows]
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        place = 0
        for cell in row:
            while (number, place) in taken:
                place += 1
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            taken |= {(number + i, place + j) for i in range(down) for j in range(across)}
            if across == 1:
                grid[number + down - 1][place] = cell.get_text(" ")
            place += across
    return grid


def joined(text: str, most: int = 40) -> str:
    """A number and its interval as one word, so that they stay on one line; a longer text is left.

    >>> joined("1.5 (0.2)") == "1.5\\N{NO-BREAK SPACE}(0.2)", joined("no number")
    (True, 'no number')
    """
    short = len(text) <= most and re.search(r"\d", text)
    return text.strip(" ").replace(" ", "\N{NO-BREAK SPACE}") if short else text


def _span(cell: Tag, way: str) -> int:
    return int(cell.get(way, 1))


def _widest(column: Sequence[str], measure: Callable[[str], float]) -> float:
    """The largest of a column's cells, in letters; its heading is bold."""
    return max([measure(column[0]) * BOLD, *map(measure, column[1:])])


def _letters(text: str) -> float:
    words: Iterable[str] = re.split(r"[ \n\t]+|(?<=\w-)", text)
    return max(min(LONGEST, max(map(len, words))), len(text) / LINES)
