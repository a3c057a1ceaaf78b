"""The results: kept as JSON by part, and written out of it as Markdown, each file whole."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers.cli.layout import write_text
from helpers.cli.readme import with_block

from .compare import Comparison, Row
from .machine import in_words
from .tables import Table
from .targets import HEAD, against_targets
from .timing import digits, markdown

STATES = {"absent": "absent", "differs": "results differ", "failed": "failed"}
COLUMNS = ("who", "time: median (fastest to slowest)", "ratio to the first", "equal ", "note ")
INTRODUCTION = """# Results of `make bench`

Written by `make bench`; `README.md` says how to read it. A part that was run alone has a date and load of its own.
Ratios above 1 are slower than the first line. Where the load was above the processors that were idle, absolute times
are too long; ratios of parts that use one processor suffer less.
"""


def part_of(found: Sequence[Comparison | Table], stamp: Mapping) -> dict:
    """A part's results as they are kept."""
    comparisons = [_comparison(item) for item in found if isinstance(item, Comparison)]
    tables = [_table(item) for item in found if isinstance(item, Table)]
    return {"stamp": dict(stamp), "comparisons": comparisons, "tables": tables}


def read(path: Path) -> dict:
    """The parts kept before; none when there is no file."""
    return json.loads(path.read_text(encoding="utf-8"))["parts"] if path.is_file() else {}


def write(folder: Path, readme: Path, parts: Mapping[str, dict], order: Sequence[str]) -> None:
    """Write results.json and results.md, and the README's block; each whole."""
    ordered = {name: parts[name] for name in order if name in parts}
    text = with_block(readme, "bench", summary(ordered))  # refused before anything is written
    write_text(folder / "results.json", json.dumps({"parts": ordered}, indent=1, ensure_ascii=False) + "\n")
    write_text(folder / "results.md", page(ordered))
    write_text(readme, text)


def page(parts: Mapping[str, dict]) -> str:
    """All results as Markdown."""
    blocks = [INTRODUCTION, "## Targets\n", markdown(HEAD, against_targets(dict(parts))), ""]
    for name, part in parts.items():
        blocks += [f"## {name}\n", in_words(part["stamp"]), ""]
        for item in part["comparisons"]:
            blocks += [f"### {item['title']}\n", f"{_capital(item['about'])}.\n", _compared(item), ""]
            blocks += [*(f"- {line}" for line in item["tolerances"]), ""]
        for item in part["tables"]:
            about = item["about"].rstrip(".")
            blocks += [f"### {item['title']}\n", f"{_capital(about)}.\n", markdown(item["head"], item["rows"]), ""]
    return "\n".join(blocks).rstrip("\n") + "\n"


def summary(parts: Mapping[str, dict]) -> str:
    """What the README shows: the main ratios, and how the grid engine grows."""
    head = ("task", "here", "instead ", "time", "times slower")
    rows = [
        (item["title"], item["rows"][0]["time"], _with_note(row), row["time"], digits(row["ratio"]))
        for name, part in parts.items()
        for item in part["comparisons"]
        for row in item["rows"][1:]
        if row["state"] == "timed" and not row["name"].startswith(("helpers", "make"))
    ]
    blocks = [markdown(head, rows), ""]
    for item in (item for part in parts.values() for item in part["tables"] if item["title"].startswith("Scaling")):
        blocks += [f"{item['title']}, on `make multiverse`:", "", markdown(item["head"], item["rows"]), ""]
    if parts:
        last = max(part["stamp"]["date"] for part in parts.values())
        loads = [part["stamp"]["load before"][0] for part in parts.values() if part["stamp"]["load before"]]
        busy = f", load average {min(loads):g} to {max(loads):g} at the start of a part" if loads else ""
        processors = max(part["stamp"]["processors"] for part in parts.values())
        blocks.append(f"{last}, {processors} processors{busy}; all of it: `benchmarks/results.md`.")
    return "\n".join(blocks) + "\n"


def _with_note(row: Mapping) -> str:
    return f"{row['name']}; {row['note']}" if row["note"] else row["name"]


def _comparison(found: Comparison) -> dict:
    lines = [f"{name}: {_allowed(one.relative, one.absolute)}; {one.reason}" for name, one in found.tolerances.items()]
    rows = [_row(row) for row in found.rows]
    return {"title": found.title, "about": found.about, "rows": rows, "tolerances": lines}


def _row(row: Row) -> dict:
    return {
        "name": row.name,
        "state": row.state,
        "time": str(row.timed) if row.timed else "",
        "median": row.timed.median if row.timed else None,
        "repeats": [value / row.timed.per for value in row.timed.repeats] if row.timed else [],
        "ratio": row.ratio,
        "checked": list(row.checked),
        "note": row.note,
    }


def _table(found: Table) -> dict:
    rows = [[str(cell) for cell in row] for row in found.rows]
    return {"title": found.title, "about": found.about, "head": list(found.head), "rows": rows, "data": found.data}


def _compared(item: Mapping) -> str:
    return markdown(COLUMNS, [_cells(row) for row in item["rows"]])


def _cells(row: Mapping) -> tuple:
    time = row["time"] or STATES[row["state"]]
    ratio = digits(row["ratio"]) if row["ratio"] is not None else ""
    return row["name"], time, ratio, ", ".join(row["checked"]), row["note"]


def _allowed(relative: float, absolute: float) -> str:
    parts = [f"{absolute:.2g}"] if absolute else []
    return "within " + " + ".join(parts + ([f"{relative:.2g} of ours"] if relative else []))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
