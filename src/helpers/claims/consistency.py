"""Whether the entries of the ledger of Zhou et al. 2021 agree with each other and with the strings of the audit.

Every figure and list of the ledger stands in a second place: in the audit's strings, in another entry, or in the words
of its own statement. What disagrees is told in a sentence; nothing is mended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from helpers.claims import wording
from helpers.claims.audit.printed import PRINTED
from helpers.claims.figures import listed, number, plain
from helpers.claims.ledger import Claim, expanded
from helpers.claims.restated import (
    ADJUSTED,
    CHAPTERS,
    CONTRADICTS,
    FIGURE_KINDS,
    FIGURES,
    LISTS,
    PARTITIONS,
    SAME_ROWS,
    SIZES,
    SOME_ROWS,
    TESTS,
    WITHOUT_P,
)
from helpers.claims.verdicts import rounds_to

Entries = Mapping[str, Claim]
LEVEL_KINDS = ("direction", "significance", "non_significance")
P_KINDS = ("p_value", *LEVEL_KINDS)


def disagreements(entries: Iterable[Claim]) -> list[str]:
    """Everything in which the entries disagree with each other, with the audit's strings or with their own words.

    >>> from helpers.claims.ledger import load_entries
    >>> disagreements(load_entries("zhou2021"))
    []
    """
    by_id = {entry.id: entry for entry in entries}
    missing = sorted(set(_spoken_of()) - set(by_id))
    if missing:
        return [f"{name}: no entry is called so, though others are compared with it" for name in missing]
    level = by_id["level"].printed
    return [text for entry in by_id.values() for text in own(entry, level)] + list(between(by_id))


def own(entry: Claim, level: str) -> Iterator[str]:
    """Where one entry disagrees with the stated level, the audit's string of its figure, its test or its own words.

    >>> day = Claim("day-last", "design", "Study design", "Last day", "28", "01_cohort", {}, basis="not_computable")
    >>> list(own(day, "0.05"))
    ["day-last: printed '28', elsewhere '26'"]
    """
    yield from _figure(entry, level)
    yield from _test(entry)
    yield from _design(entry)
    yield from _chapter(entry)
    yield from _basis(entry)
    yield from wording.problems(entry)


def between(entries: Entries) -> Iterator[str]:
    """Where sums, lists, shares and repetitions disagree; see :func:`disagreements`.

    >>> from helpers.claims.ledger import load_entries
    >>> list(between({entry.id: entry for entry in load_entries("zhou2021")}))
    []
    """
    for check in (_sums, _lists, _partitions, _repeats, _twice):
        yield from check(entries)


def _spoken_of() -> Iterator[str]:
    for table in (SAME_ROWS, SOME_ROWS):
        yield from (name for pair in table.items() for name in (pair[0], *pair[1]))
    yield from (name for _, parts, whole, _ in PARTITIONS for name in (*parts, *whole))
    yield from (*FIGURES, *SIZES, *LISTS, "level")


def cells(entry: Claim, column: str) -> list[str]:
    """What an entry's row holds in a column, as a list.

    >>> cells(Claim("a", "count", "", "", "1", "", {"group": "pain"}), "group")
    ['pain']
    """
    cell = entry.row.get(column, [])
    return cell if isinstance(cell, list) else [cell]


def _figure(entry: Claim, level: str) -> Iterator[str]:
    """The figure of an entry against every second place that it has, of which there must be one."""
    seconds = list(_seconds(entry, level))
    # What prints 0 or 1 is no figure of the paper, but what the words of the statement come to; they are held together.
    if not seconds and entry.id not in SUMS and entry.printed not in ("0", "1"):
        yield f"{entry.id}: {entry.printed!r} stands in no second place that it could be held against"
    yield from (f"{entry.id}: printed {entry.printed!r}, elsewhere {text!r}" for text, same in seconds if not same)


def _seconds(entry: Claim, level: str) -> Iterator[tuple[str, bool]]:
    """The figure in its other places, and whether it is the same there."""
    if entry.kind in LEVEL_KINDS:
        yield level, entry.printed[2:] == level
    if entry.id in FIGURES:
        text = PRINTED[FIGURES[entry.id]].text
        yield text, number(text) == number(entry.printed)
    if entry.id in SIZES:
        size = str(len(listed(*SIZES[entry.id])))
        yield size, size == entry.printed
    for key in _keys(entry):
        text = PRINTED[key].text if key in PRINTED else "nothing"
        yield text, plain(text) == entry.printed


def _keys(entry: Claim) -> list[str]:
    """The audit's keys of an entry: its own name, or for the p values of the pain scales those of its members."""
    if entry.id == "pain-scales-p":
        return [claim.id.partition(":")[2].replace("/", "-") + "-p" for claim in expanded(entry)]
    return [entry.id] if entry.id in PRINTED else []


# An entry's figure by those of other entries: a group and the rest are all, percentages are of all.
SUMS: Mapping[str, Callable[[Callable[[str], float]], float]] = {
    "patients": lambda n: n("n-pain") + n("n-non-pain"),
    "samples-day-26-pain": lambda n: n("n-pain") - n("missing-pain"),
    "samples-day-26-non-pain": lambda n: n("n-non-pain") - n("missing-non-pain"),
    "missing": lambda n: n("missing-pain") + n("missing-non-pain"),
    "samples-missing-percent": lambda n: 100 * n("missing") / n("patients"),
    "percent-pain": lambda n: 100 * n("n-pain") / n("patients"),
    "again-half": lambda n: n("percent-pain"),
    "infusions": lambda n: n("patients") * n("infusions-each"),
    "infusions-each": lambda n: n("weekly") * n("weeks"),
    "pain-infusions-percent": lambda n: 100 * n("pain-infusions") / n("infusions"),
    "day-last": lambda n: n("day-after-last") - n("assessment-hours") / 24 + n("days-to-follow-up"),
    "level-legends": lambda n: n("level"),
}


def _sums(entries: Entries) -> Iterator[str]:
    for name, computed in SUMS.items():
        value = computed(lambda other: number(entries[other].printed))
        if not rounds_to(value, entries[name].printed):
            yield f"{name}: printed {entries[name].printed!r}; the entries it follows from give {value:g}"


def _lists(entries: Entries) -> Iterator[str]:
    """Each list against the audit's list as printed."""
    for name, (column, *lists) in LISTS.items():
        apart = set(cells(entries[name], column)) ^ listed(*lists)
        if apart:
            yield f"{name}: {', '.join(sorted(apart))} in one of the ledger's {column} and {' less '.join(lists)} only"


def _partitions(entries: Entries) -> Iterator[str]:
    """Lists that share a whole out: nothing twice, nothing left."""
    for column, parts, whole, aside in PARTITIONS:
        shared = [member for name in parts for member in cells(entries[name], column)]
        wanted = {member for name in whole for member in cells(entries[name], column)} - set(aside)
        if set(shared) != wanted:
            apart = ", ".join(sorted(set(shared) ^ wanted))
            yield f"{' and '.join(parts)}: {column} {apart} not shared out as {' and '.join(whole)} has it"
        if len(shared) != len(set(shared)):
            yield f"{' and '.join(parts)}: a {column} stands in more than one"


def _rows(entry: Claim) -> set[tuple[tuple[str, str], ...]]:
    return {tuple(sorted(claim.row.items())) for claim in expanded(entry)}


def _repeats(entries: Entries) -> Iterator[str]:
    """What is stated again stands in the same rows, with the same sign, test and basis."""
    for table, all_rows in ((SAME_ROWS, True), (SOME_ROWS, False)):
        for name, sources in table.items():
            again, first = entries[name], [entries[source] for source in sources]
            rows = set().union(*map(_rows, first))
            if not (_rows(again) == rows if all_rows else _rows(again) <= rows):
                yield f"{name}: not in the results rows of {' and '.join(sources)}"
            yield from (text for source in first for text in _differing(again, source))


def _twice(entries: Entries) -> Iterator[str]:
    """One number of the results for two statements of a kind, or for a difference and for none, unless one repeats."""
    seen: dict[tuple, str] = {}
    for entry in (entry for name, entry in entries.items() if name not in SAME_ROWS and name not in SOME_ROWS):
        kind = "difference" if entry.kind in LEVEL_KINDS else entry.kind
        for key in ((kind, entry.read, row) for row in _rows(entry) if row):
            if key in seen:
                yield f"{entry.id}: {entry.read} of the results row that {seen[key]} speaks of"
            seen[key] = entry.id


def _differing(again: Claim, first: Claim) -> Iterator[str]:
    if again.notebook != first.notebook or again.test != first.test:
        yield f"{again.id}: notebook or test is another than that of {first.id}"
    if (again.kind, again.printed) != (first.kind, first.printed):
        return
    if (again.sign == first.sign) == (again.id in CONTRADICTS):
        yield f"{again.id}: sign {again.sign!r}, {first.id} has {first.sign!r}"
    if again.basis != first.basis and again.id not in CONTRADICTS:
        yield f"{again.id}: basis {again.basis!r}, {first.id} has {first.basis!r}"


def _test(entry: Claim) -> Iterator[str]:
    """The test named is the one that the results row holds, and its p is read adjusted when it is adjusted."""
    rows = {(dict(row)["analysis"], dict(row)["statistic"]) for row in _rows(entry) if row}
    if rows and not (entry.test in TESTS and rows <= TESTS[entry.test]):
        found = ", ".join(" ".join(pair) for pair in sorted(rows))
        yield f"{entry.id}: test {entry.test!r} does not go with the results of {found}"
    adjusted = "p_adjusted" if any(word in entry.test for word in ADJUSTED) else "p"
    if entry.kind in P_KINDS and entry.read != adjusted:
        yield f"{entry.id}: reads {entry.read!r}; the test {entry.test!r} asks for {adjusted!r}"
    allowed = (
        entry.test not in ("", *WITHOUT_P) if entry.kind in P_KINDS else entry.kind in FIGURE_KINDS.get(entry.test, ())
    )
    if not allowed:
        yield f"{entry.id}: kind {entry.kind!r} does not go with the test {entry.test!r}"
    if not rows and entry.test != ("percentage" if entry.kind == "proportion" else ""):
        yield f"{entry.id}: test {entry.test!r}, and no results row that holds it"
    if entry.sided == "one":
        yield f"{entry.id}: one-sided, and the results hold two-sided p values"


def _design(entry: Claim) -> Iterator[str]:
    """Of whole numbers, what the protocol set is design, what was found a count."""
    protocol = entry.basis == "not_computable" and _section(entry) not in CHAPTERS
    expected = "design" if protocol or wording.said(entry.statement, wording.DESIGN) else "count"
    if entry.kind in ("count", "design") and entry.kind != expected:
        yield f"{entry.id}: kind {entry.kind!r}; its statement is one of {expected!r}"


def _section(entry: Claim) -> str:
    return entry.place.partition(",")[0]


def _chapter(entry: Claim) -> Iterator[str]:
    """What no row answers stands in the chapter of its section; of other entries the rows decide."""
    expected = CHAPTERS.get(_section(entry), "01_cohort")
    if not entry.row and entry.notebook != expected:
        yield f"{entry.id}: notebook {entry.notebook!r}; without a row it belongs to {expected!r}"


def _basis(entry: Claim) -> Iterator[str]:
    """A figure printed to its digits is aimed at or follows from others; only patterns of tests are held out."""
    if entry.basis == "held_out" and entry.kind not in P_KINDS and entry.printed[0] not in "<>":
        yield f"{entry.id}: a figure, and held out"
