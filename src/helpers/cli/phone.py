"""Tables on a narrow screen: no table scrolls sideways; where one has no room, its rows become cards.

A style sheet alone cannot know what room a table needs, so that this is reckoned when the book is published, from the
longest words of its columns, and said by a class. A table whose parts are set as blocks is no table any more to some
browsers: roles say what each part is, and each cell carries the heading it stands under.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files

from bs4 import BeautifulSoup, Tag

from helpers.cli.supplement.fit import BOLD, cells, side_of

TABLE = re.compile(r"<table\b[^>]*>.*?</table>", flags=re.DOTALL)
LISTING = re.compile(r'<table class="listing\b')
STEPS = (22, 28, 34, 40)  # rem; beyond the last a table breaks its lines first
PHONE = 20  # rem, what a phone has
# Of a table's class, in rem: a letter, and the padding left and right of a cell together.
MEASURES = {"wide-table": (0.42, 0.7), "results-table": (0.48, 1.2), "": (0.58, 1.0)}


def for_phones(page: str) -> str:
    """A page whose tables can be read on a narrow screen.

    >>> made = for_phones("<table class='table'><thead><tr><th>Scale</th><th>p</th></tr></thead>"
    ...                   "<tbody><tr><td>MADRS</td><td>0.01</td></tr></tbody></table>")
    >>> print(made.partition("MADRS</td>")[2])
    <td data-label="p" role="cell">0.01</td></tr></tbody></table>
    """
    page = LISTING.sub(f'<table class="listing stack-{STEPS[-1]}', page)
    return TABLE.sub(lambda found: found[0] if LISTING.match(found[0]) else _table(found[0]), page)


def style() -> str:
    """The style sheet of the cards, for every room that a table may need."""
    rules = files("helpers.cli").joinpath("phone.css").read_text(encoding="utf-8")
    return "".join(rules.replace("WIDTH", str(step)) for step in STEPS)


def _table(text: str) -> str:
    table = BeautifulSoup(text, "html.parser").table
    if not table.thead:
        return text
    labels = _labels(table.thead)
    step = _step(table)
    table["class"] = [*table.get("class", []), *([f"stack-{step}"] if step else [])]
    table["role"] = "table"
    for part in table.find_all(["thead", "tbody"]):
        part["role"] = "rowgroup"
    for row in table.find_all("tr"):
        row["role"] = "row"
    for heading in table.find_all("th"):
        heading["role"] = "columnheader" if heading.find_parent("thead") else "rowheader"
    for row in table.tbody.find_all("tr"):
        for place, cell in enumerate(row.find_all(["th", "td"])):
            if not cell.get_text(strip=True) and not cell.find("img"):
                cell.clear()  # of white space, so that a card has no line for it
            if cell.name == "td":
                cell.attrs |= {"data-label": labels[place]} if place else {}
                cell["role"] = "cell"
    return str(table)


def _labels(head: Tag) -> list[str]:
    """What stands over each column; under a heading over several columns with it in front."""
    rows = [row.find_all("th") for row in head.find_all("tr")]
    below = iter(rows[-1])
    labels = []
    for cell in rows[0]:
        words, across = _words(cell), int(cell.get("colspan", 1))
        if len(rows) > 1 and not cell.get("rowspan"):
            labels += [f"{words}: {_words(next(below))}" for _ in range(across)]
        else:
            labels.append(words)
    return labels


def _words(cell: Tag) -> str:
    return " ".join(cell.get_text(" ").split())


def _step(table: Tag) -> int:
    """The class of the room, rem, under which a table is stacked; 0 for one that a phone has room for."""
    kind = next(name for name in MEASURES if not name or name in table.get("class", []))
    letter, padding = MEASURES[kind]
    last = table.find_all("tr")[-1].find_all(["th", "td"])
    joined = [kind != "wide-table" and side_of(cell) == "right" for cell in last]
    columns = zip(*cells(table), strict=True)
    need = sum(_letters(column, whole) * letter + padding for column, whole in zip(columns, joined, strict=True))
    return 0 if need <= PHONE else next((step for step in STEPS if step >= need), STEPS[-1])


def _letters(column: Sequence[str], whole: bool) -> float:
    """Letters of a column that stay on one line: the longest word, bold in the heading; of numbers the whole cell."""
    head, *rest = column
    longest = [len(cell.strip()) if whole else _word(cell) for cell in rest]
    return max(_word(head) * BOLD, *longest)


def _word(text: str) -> int:
    return max(map(len, re.split(r"[ \n\t]+", text.strip())))
