"""What an entry's statement says in words, beside what its cells say: each is written once more than needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from helpers.claims.ledger import Claim

# Column of the results to the words that name a cell; of several the first in the statement counts.
CELLS: Mapping[str, Mapping[str, str]] = {
    "group": {
        "pain group": "pain",
        "with pain": "pain",
        "non-pain group": "non_pain",
        "without pain": "non_pain",
        "controls": "control",
    },
    "contrast": {
        "group f": "group",
        "group p": "group",
        "group effect": "group",
        "three groups": "group",
        "time f": "time",
        "time p": "time",
        "time effect": "time",
        "group × time": "interaction",
        "with pain than in controls": "pain - control",
        "without pain than in controls": "non_pain - control",
        "with pain than without": "pain - non_pain",
        "between the patient groups": "pain - non_pain",
    },
    "visit": {
        "at baseline": "baseline",
        "at the first infusion": "infusion_1",
        "at the third infusion": "infusion_3",
        "at day 13": "infusion_6",
        "at day 26": "day_26",
    },
    "outcome": {
        "madrs": "madrs",
        "vas": "vas",
        "sensory index": "sensory",
        "affective index": "affective",
        "ppi": "ppi",
        "body mass index": "bmi",
        "education": "education",
    },
    "analyte": {"il-4": "il_4", "il-6": "il_6", "il-7": "il_7", "il-10": "il_10", "tnf-α": "tnf_a"},
    "statistic": {
        "healthy controls": "participants",
        "gave blood": "sampled",
        "assessed with": "assessed",
        "per cent": "percent",
    },
    "analysis": {
        "time to response": "time_to_response",
        "time to remission": "time_to_remission",
        "response": "response",
        "remission": "remission",
    },
}
SIGNS = {
    "higher": "positive",
    "more": "positive",
    "shorter": "positive",
    "associated": "positive",
    "lower": "negative",
    "below": "negative",
}
PRINTED = {"nobody": "0", "outside": "0", "entered": "1"}
READ = {"in all": "n", "planned": "n"}
DESIGN = dict.fromkeys(("planned", "assessed with", "gave blood", "outside", "entered"), "design")
SMALLER = {"below": "<", "the lower": "<"}
ABSENT = {"no": "no", "not": "no", "alike": "no", "neither": "no"}


def said(statement: str, words: Mapping[str, str]) -> str | None:
    """What the first of the words in a statement stands for; nothing when it has none.

    >>> said("Below baseline at day 13, non-pain group", CELLS["group"])
    'non_pain'
    """
    found = _pattern(tuple(words)).search(statement.lower())
    return words[found[0]] if found else None


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, longest_first))})(?!\w)")


def problems(entry: Claim) -> Iterator[str]:
    """Where the words of an entry and its cells say different things.

    >>> entry = Claim("a", "direction", "Results", "IL-6 lower", "< 0.05", "03", {"analyte": "il_4"}, sign="negative")
    >>> list(problems(entry))
    ["a: analyte is 'il_4'; its statement says 'il_6'"]
    """
    for column, words in CELLS.items():
        word, cell = said(entry.statement, words), entry.row.get(column)
        if word and isinstance(cell, str) and cell != word:
            yield f"{entry.id}: {column} is {cell!r}; its statement says {word!r}"
    for key, found, expected in _fields(entry):
        if found != expected:
            yield f"{entry.id}: {key} is {found!r}; its statement says {expected!r}"


def _fields(entry: Claim) -> Iterator[tuple[str, str, str | None]]:
    """Fields beside the row: what is found, and what the statement says."""
    comparison = entry.printed[0] if entry.printed[0] in "<>" else None
    number = said(entry.statement, PRINTED)
    if entry.kind == "direction":
        yield "sign", entry.sign, said(entry.statement, SIGNS)
    if entry.kind in ("direction", "significance", "non_significance"):
        absent = "no" if entry.kind == "non_significance" else None
        yield "kind", absent, said(entry.statement, ABSENT)
    if not entry.sided:
        yield "read", entry.read, said(entry.statement, READ) or "value"
    if entry.kind in ("effect_size", "proportion"):
        yield "comparison", comparison, said(entry.statement, SMALLER)
    if number or entry.printed == "0":
        yield "printed", entry.printed, number
