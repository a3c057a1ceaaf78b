"""The page that leads from every sentence with a number to its rows, its section and its functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import pandas as pd

from helpers.cli.provenance.functions_page import label_of
from helpers.cli.provenance.origins import Key, Origin, place_of
from helpers.report.format import DASH, MINUS, count_of
from helpers.report.lookup import KEYS, keys_of
from helpers.report.markdown import escaped, small_table
from helpers.report.printed import is_printed, numbers

MOST = 24  # rows under a sentence; a count of more is followed in the table of results
NUMERIC = ("value", "df1", "df2", "ci_low", "ci_high", "p", "p_adjusted", "n")
HEADS = ("Row", "Statistic", "Value", "df", "Interval", "p", "n")
ALIGNED = "llrrrrr"
OPENING = """\
# Where the numbers come from

Every sentence of the book that says a number ends with a link to here. Each entry repeats the sentence, leads to its
section and to the functions that computed and wrote it, and lists the results rows it was written from, with all digits
that are kept. What the sentence prints is in bold; a count of rows, a sum over them or what is missing of an *n* stands
in no single row. *Row* is the line of the chapter’s table of results.
Figures and tables lead to their functions with a link of their own.
"""
COUNTED = "No results row: counted from {what} by these functions."


def numbers_page(origins: Iterable[Origin], results: Mapping[str, pd.DataFrame], titles: Mapping[str, str]) -> str:
    """The page (Markdown).

    Parameters
    ----------
    origins : iterable of Origin
        Sentences, chapter by chapter.
    results : mapping of str to DataFrame
        Results rows by chapter.
    titles : mapping of str to str
        Heading of each chapter; of a page of the book as well.
    """
    rows = _by_key(results)
    parts = [OPENING]
    for chapter, found in groupby(origins, key=lambda origin: origin.chapter):
        parts += [f"## {escaped(titles[chapter])}", _file(chapter) if chapter in results else ""]
        parts += [_entry(origin, rows) for origin in found]
    return "\n\n".join(filter(None, parts)) + "\n"


def _file(chapter: str) -> str:
    """The chapter's table of results, which is in the book's folder but no page of it."""
    return f'All results rows of the chapter: <a href="results/{chapter}.csv">{chapter}.csv</a>.'


def _by_key(results: Mapping[str, pd.DataFrame]) -> dict[Key, tuple[str, int, pd.Series]]:
    """Chapter, line of its table, and the row itself, by key; the first line of a file is its heading."""
    return {
        key: (chapter, line, row)
        for chapter, frame in results.items()
        for line, (key, row) in enumerate(zip(keys_of(frame), frame.to_dict("records"), strict=True), start=2)
    }


def _entry(origin: Origin, rows: Mapping[Key, tuple[str, int, pd.Series]]) -> str:
    found = [rows[key] for key in origin.read if key in rows]
    quoted = "\n".join(f"> {line}".rstrip() for line in origin.markdown.splitlines())
    functions = ", ".join(f"[`{name.removeprefix('helpers.')}`](#{label_of(name)})" for name in _functions(origin))
    place = f"[{escaped(origin.section)}]({place_of(origin)})"
    return "\n\n".join([
        f"(rows-{origin.label})=\n### {escaped(origin.section)}",
        quoted,
        f"Said in {place}; written and computed by {functions}.",
        _table(origin.markdown, found) if found else COUNTED.format(what=_counted_from(origin)),
    ])  # fmt: skip


def _functions(origin: Origin) -> tuple[str, ...]:
    return (origin.source, *origin.behind)


def _counted_from(origin: Origin) -> str:
    return "the ledger" if origin.chapter == "06_claims" else "the study’s tables and the parameters"


def _table(text: str, found: Sequence[tuple[str, int, pd.Series]]) -> str:
    said = numbers(text)
    # Rows whose figures are printed come first: of very many, the others are those that were counted.
    order = sorted(found, key=lambda item: not any(_is_said(item[2][name], said) for name in NUMERIC[:-1]))
    lines = [_line(*item, said) for item in order[:MOST]]
    more = len(found) - len(lines)
    table = _small(lines)
    if not more:
        return table
    chapters = " and ".join(f"`{name}.csv`" for name in dict.fromkeys(chapter for chapter, _, _ in found))
    return f"{table}\n\nAnd {count_of(more, 'row')} more of the same kind in {chapters}."


def _small(lines: Sequence[Sequence[str]]) -> str:
    """The rows as a table without empty columns, as all of them may be wider than a page."""
    kept = [place for place in range(len(HEADS)) if any(line[place] != DASH for line in lines)]
    cells = [[line[place] for place in kept] for line in lines]
    return small_table([HEADS[place] for place in kept], cells, "".join(ALIGNED[place] for place in kept))


def _line(chapter: str, line: int, row: Mapping, said: Sequence[str]) -> list[str]:
    cell = {name: _shown(row[name], said) for name in NUMERIC}
    of = ", ".join(str(row[name]) for name in KEYS if name not in ("analysis", "statistic") and row[name])
    between = f"{cell['ci_low']} to {cell['ci_high']}" if cell["ci_low"] != DASH else DASH
    df = ", ".join(cell[name] for name in ("df1", "df2") if cell[name] != DASH) or DASH
    p = cell["p"] if cell["p_adjusted"] == DASH else f"{cell['p']}, adjusted {cell['p_adjusted']}"
    what = f"{row['analysis']}: {row['statistic']}" + (f"; {of}" if of else "")
    return [f"{chapter[:2]}:{line}", what, cell["value"], df, between, p, cell["n"]]


def _is_said(value: float, said: Iterable[str]) -> bool:
    return any(is_printed(value, printed) for printed in said)


def _shown(value: float, said: Iterable[str]) -> str:
    """A number as the table of results has it; in bold when the sentence prints it."""
    if pd.isna(value):
        return DASH
    text = f"{value:.10g}".replace("-", MINUS)
    return f"**{text}**" if _is_said(value, said) else text
