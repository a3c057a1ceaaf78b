"""Every value of the ledger is made wrong, one at a time: some check must notice.

A wrong value is noticed by the schema; by the entry's own second place (the audit's string, the level, its test, its
words); by another entry; or by the verdicts on the bundled cohort, when other numbers of them change. The words of
`place`, `statement` and `reason` are prose and are not made wrong here; identifiers are held by the entries that name
them. What is wrong in the ledger and in its second place alike is not noticed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from helpers.claims import Claim, judge
from helpers.claims.consistency import between, own
from helpers.claims.ledger import BASES, KINDS, READS, expanded
from helpers.claims.restated import TESTS
from helpers.claims.schema import problems

LEDGER = Path(__file__).parents[2] / "data" / "claims" / "zhou2021.yaml"
RAW = yaml.safe_load(LEDGER.read_text(encoding="utf-8"))
ENTRIES = {entry["id"]: Claim(**entry) for entry in RAW}
LEVEL = ENTRIES["level"].printed
NOTEBOOKS = sorted({entry["notebook"] for entry in RAW})
CELLS = ("analysis", "outcome", "analyte", "group", "contrast", "visit", "statistic")
BOUND = ("target", "arithmetic", "inconsistent")


@dataclass(frozen=True)
class Mutant:
    """An entry with one value made wrong: the class of the change, and the change for people."""

    kind: str
    entry: dict[str, Any]
    change: str


def with_value(kind: str, entry: dict, key: str, value: Any) -> Mutant:
    return Mutant(kind, {**entry, key: value}, f"{entry['id']}: {key} {entry.get(key)!r} -> {value!r}")


def digits(entry: dict) -> Iterator[Mutant]:
    """The printed figure with one digit changed to each of the nine others."""
    text = entry["printed"]
    for place, old in enumerate(text):
        for new in (d for d in "0123456789" if old.isdigit() and d != old):
            yield with_value("digit", entry, "printed", text[:place] + new + text[place + 1 :])


def comparisons(entry: dict) -> Iterator[Mutant]:
    text = entry["printed"]
    bare = text.lstrip("<> ")
    for new in {bare, f"< {bare}", f"> {bare}"} - {text}:
        yield with_value("comparison", entry, "printed", new)


def signs(entry: dict) -> Iterator[Mutant]:
    for sign in {"positive", "negative", ""} - {entry.get("sign", "")}:
        yield with_value("sign", entry, "sign", sign)


def others(entry: dict) -> Iterator[Mutant]:
    """Fields with few possible values, each changed to every other."""
    fields = {
        "read": READS,
        "notebook": NOTEBOOKS,
        "kind": KINDS,
        "basis": BASES,
        "test": TESTS,
        "sided": ("two", "one", ""),
    }
    now = {"read": "value", "basis": "held_out", "test": "", "sided": ""} | entry
    for key, values in fields.items():
        for value in values:
            if value != now[key]:
                yield with_value(key, entry, key, value)


def groups(entry: dict) -> Iterator[Mutant]:
    """Group and contrast with the two groups of patients exchanged."""
    swap = {"pain": "non_pain", "non_pain": "pain"}
    for column in {"group", "contrast"} & set(entry["row"]):
        cell = entry["row"][column]
        members = cell if isinstance(cell, list) else [cell]
        new = [" - ".join(swap.get(part, part) for part in member.split(" - ")) for member in members]
        if set(new) != set(members):
            yield with_row("group exchanged", entry, column, new if isinstance(cell, list) else new[0])


def members(entry: dict, words: dict[str, list[str]]) -> Iterator[Mutant]:
    """Each cell, and each member of a list, replaced by every other word of its column; members also left out.

    A list is not given a member twice more than once: the schema refuses every list with doubles.
    """
    for column in set(CELLS) & set(entry["row"]):
        cell = entry["row"][column]
        for place, old in enumerate(cell if isinstance(cell, list) else [cell]):
            doubles = (
                [word for word in words[column] if word in cell and word != old][1:] if isinstance(cell, list) else []
            )
            for new in (word for word in words[column] if word != old and word not in doubles):
                changed = [*cell[:place], new, *cell[place + 1 :]] if isinstance(cell, list) else new
                yield with_row(f"{column} replaced", entry, column, changed)
            if isinstance(cell, list):
                yield with_row(f"{column} left out", entry, column, [*cell[:place], *cell[place + 1 :]])


def with_row(kind: str, entry: dict, column: str, cell: str | list[str]) -> Mutant:
    row = {**entry["row"], column: cell}
    return Mutant(kind, {**entry, "row": row}, f"{entry['id']}: {column} {entry['row'][column]} -> {cell}")


def mutants(words: dict[str, list[str]]) -> Iterator[Mutant]:
    for entry in RAW:
        for made in (digits, comparisons, signs, others, groups):
            yield from made(entry)
        yield from members(entry, words)


class Verdicts:
    """The verdicts on an entry, each chapter's rows looked through by analysis, no row twice."""

    def __init__(self, chapters: dict[str, pd.DataFrame]):
        self.rows = {(name, key): part for name, rows in chapters.items() for key, part in rows.groupby("analysis")}
        self.none = next(iter(chapters.values())).iloc[:0]
        self.known: dict[tuple, tuple[str, bool]] = {}

    def __call__(self, entry: Claim) -> Counter:
        """How many members of the entry have each verdict, met or not."""
        return Counter(map(self._one, expanded(entry)))

    def _one(self, claim: Claim) -> tuple[str, bool]:
        cells = tuple(sorted(claim.row.items()))
        key = (claim.notebook, cells, claim.printed, claim.read, claim.sign, claim.basis)
        if key not in self.known:
            rows = self.rows.get((claim.notebook, claim.row.get("analysis")), self.none)
            (found,) = judge([claim], rows, True)
            self.known[key] = (found.verdict, found.met)
        return self.known[key]


def noticed_by(made: Mutant, verdicts: Verdicts) -> str:
    """The first check that notices, or nothing."""
    entry = Claim(**made.entry)
    if any(own(entry, LEVEL)):
        return "second place"
    if problems(made.entry):
        return "schema"
    if verdicts(entry) != verdicts(ENTRIES[entry.id]):
        return "verdicts"
    return "other entries" if any(between({**ENTRIES, entry.id: entry})) else ""


@pytest.fixture(scope="module")
def chapters(books):
    return {name: chapter.rows for name, chapter in books["synthetic"].items()}


@pytest.fixture(scope="module")
def verdicts(chapters):
    return Verdicts(chapters)


@pytest.fixture(scope="module")
def judged(chapters, verdicts):
    """Every mutant with the check that noticed it."""
    used = {claim.row.get("analysis") for entry in ENTRIES.values() for claim in expanded(entry)}
    rows = pd.concat([part[part["analysis"].isin(used)] for part in chapters.values()])
    words = {column: sorted(set(rows[column])) for column in CELLS}
    return [(made, noticed_by(made, verdicts)) for made in mutants(words)]


def unnoticed(judged) -> list[Mutant]:
    return [made for made, check in judged if not check]


def cannot_show(made: Mutant, verdicts: Verdicts) -> bool:
    """Why a change may stay unnoticed: met is called by its basis, not met is called the same whatever the basis.

    So the basis of a statement that no member of its entry shows on the cohort leaves no trace in the verdicts.
    """
    met = any(met for _, met in verdicts(ENTRIES[made.entry["id"]]))
    return made.kind == "basis" and not met


def table(judged) -> str:
    """How many changes of each class there are, what noticed them, and how many went unnoticed."""
    frame = pd.DataFrame([(made.kind, check or "unnoticed") for made, check in judged], columns=["class", "noticed by"])
    return pd.crosstab(frame["class"], frame["noticed by"], margins=True).to_string()


def test_the_ledger_as_it_stands_gives_no_notice(verdicts):
    as_it_is = [Mutant("none", entry, entry["id"]) for entry in RAW]
    assert [made.change for made in as_it_is if noticed_by(made, verdicts)] == []


def test_every_value_is_made_wrong(judged):
    changed = {(made.entry["id"], made.kind.split(" ")[0]) for made, _ in judged}
    for entry in RAW:
        columns = set(entry["row"]) & set(CELLS)
        wanted = {"digit", "comparison", "sign", "read", "notebook", "kind", "basis", "test", "sided", *columns}
        assert {(entry["id"], kind) for kind in wanted} <= changed


def test_no_wrong_value_goes_unnoticed(judged, verdicts):
    print(table(judged))
    left = unnoticed(judged)
    assert [made.change for made in left if not cannot_show(made, verdicts)] == []
    print(f"{len(judged)} changes, {len(left)} unnoticed: the basis of statements that the cohort does not show")


def test_what_is_bound_by_targets_or_arithmetic_is_bound_whole(judged, verdicts):
    bound = [made for made in unnoticed(judged) if ENTRIES[made.entry["id"]].basis in BOUND]
    short = {name for name, entry in ENTRIES.items() if not any(met for _, met in verdicts(entry))}
    assert [made.change for made in bound if made.entry["id"] not in short] == []


def test_each_kind_of_check_notices_something(judged):
    assert {check for _, check in judged} >= {"schema", "second place", "verdicts", "other entries"}
