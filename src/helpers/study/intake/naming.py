"""What a column's name and label say: which variable, which visit, which reading, a detection limit, a unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from helpers.study.intake.source import Column
from helpers.study.intake.units import unit_in
from helpers.study.intake.vocabulary import Entry, lookup, slug, squeezed

# A visit is known by one or more keys; ("day", 13) and ("infusion", 6) in one label tie the two together.
Key = tuple[str, float]
BASELINE: Key = ("day", 0.0)
LIMIT = re.compile(r"(lod|llod|loq|lloq|mdl|mdc|mdd|nwg)", re.IGNORECASE)
LIMIT_WORDS = re.compile(
    r"\b(detection limit|limit of detection|limit of quantification|nachweisgrenze|lod|lloq)\b", re.I
)
READING = re.compile(r"(?:rep|replicate|dup|duplicate|run|wdh|reading|r)(\d)", re.IGNORECASE)
READING_WORDS = re.compile(r"\b(?:replicate|duplicate|reading|well|measurement)\s*(?:no\.?\s*)?(\d)\b", re.IGNORECASE)
LIMIT_VALUE = re.compile(r"\b(?:l?lod|l?loq|detection limit)\s*[=:]?\s*(\d+(?:[.,]\d+)?)", re.IGNORECASE)
FIRST = re.compile(r"(bl|base|baseline|pre|prae|t0base|screening)", re.IGNORECASE)
STEPS = {
    "day": r"(?:d|day|tag|jour)",
    "week": r"(?:w|wk|week|woche)",
    "month": r"(?:m|mo|month|monat)",
    "infusion": r"(?:inf|infusion)",
    "session": r"(?:sess|session|sitzung)",
    "visit": r"(?:v|visit|visite)",
    "t": r"(?:t|time|tp)",
}
TOKEN = {kind: re.compile(rf"{words}_?(\d{{1,4}})", re.IGNORECASE) for kind, words in STEPS.items()}
LABEL = {
    "day": re.compile(r"\b(?:day|tag|jour)\s*(\d{1,4})\b", re.IGNORECASE),
    "week": re.compile(r"\b(?:week|woche|semaine)\s*(\d{1,3})\b", re.IGNORECASE),
    "month": re.compile(r"\b(?:month|monat|mois)\s*(\d{1,3})\b", re.IGNORECASE),
    "infusion": re.compile(r"\b(?:infusion)\s*(?:no\.?\s*)?(\d{1,2})\b", re.IGNORECASE),
    "session": re.compile(r"\b(?:session|sitzung)\s*(\d{1,2})\b", re.IGNORECASE),
    "visit": re.compile(r"\b(?:visit|visite)\s*(\d{1,2})\b", re.IGNORECASE),
}
FIRST_LABEL = re.compile(
    r"\b(?:baseline|before (?:the first |the )?(?:infusion|treatment)|vor (?:der )?behandlung)\b", re.I
)


@dataclass(frozen=True)
class Clues:
    """What a column's name and label give away.

    Attributes
    ----------
    stem : str
        The name without what says visit, reading or limit; columns with one stem are one variable.
    entry : Entry or None
        The known variable.
    visits : tuple of Key
        What says when; empty for a column without a visit.
    reading : int
        Number of the assay's reading; 0 when there is one only.
    is_limit : bool
        The column holds the detection limit of a variable.
    unit : str
        Unit of concentration in the label or name.
    limit : float or None
        Detection limit that the label of a variable states.
    reasons : tuple of str
        In words, what was seen where.
    """

    stem: str
    entry: Entry | None = None
    visits: tuple[Key, ...] = ()
    reading: int = 0
    is_limit: bool = False
    unit: str = ""
    limit: float | None = None
    reasons: tuple[str, ...] = field(default=())


def clues(column: Column) -> Clues:
    """Read a column's name and label.

    Examples
    --------
    >>> found = clues(Column("IL6_T2_rep1", label="IL-6 pg/ml at day 13, reading 1"))
    >>> found.entry.name, found.visits, found.reading, found.unit
    ('il_6', (('t', 2.0), ('day', 13.0)), 1, 'pg/mL')
    >>> found = clues(Column("LOD_IL6"))
    >>> found.entry.name, found.is_limit
    ('il_6', True)
    """
    tokens = _tokens(column.name)
    start, end, entry = _known(tokens)
    rest = [*tokens[:start], *tokens[end:]] if entry else tokens
    visits = list(_token_visits(rest, bool(entry)))
    reading, limit, is_limit = _reading(rest), None, any(LIMIT.fullmatch(token) for token in rest)
    stem = entry.name if entry else slug("_".join(_without_marks(rest)))
    reasons = [f"name {column.name!r}"]
    if column.label:
        entry = entry or _in_label(column.label)
        stem = entry.name if entry else stem
        visits += [key for key in _label_visits(column.label) if key not in visits]
        stated = LIMIT_VALUE.search(column.label)
        limit = float(stated[1].replace(",", ".")) if stated else None
        is_limit = is_limit or (stated is None and bool(LIMIT_WORDS.search(column.label)))
        found = READING_WORDS.search(column.label)
        reading = reading or (int(found[1]) if found else 0)
        reasons.append("its label")
    unit = unit_in(column.label) or unit_in(column.name.replace("_", " ").replace("pgml", "pg/ml"))
    return Clues(stem, entry, tuple(visits), reading, is_limit, unit, limit, tuple(reasons))


def _tokens(name: str) -> list[str]:
    return [part for part in re.split(r"[\s_.\-/()\[\]:]+", name) if part]


def _known(tokens: list[str]) -> tuple[int, int, Entry | None]:
    """The longest run of tokens that names a known variable; the earliest of equals."""
    for length in range(len(tokens), 0, -1):
        for start in range(len(tokens) - length + 1):
            entry = lookup("".join(tokens[start : start + length]))
            if entry:
                return start, start + length, entry
    for place, token in enumerate(tokens):  # MADRS26: a known name and digits that do not belong to it
        found = re.fullmatch(r"([A-Za-z]{3,})(\d{1,3})", token)
        entry = lookup(found[1]) if found else None
        if found and entry and entry.kind == "outcome" and not lookup(token):
            tokens[place : place + 1] = [found[1], found[2]]
            return place, place + 1, entry
    return 0, 0, None


def _token_visits(tokens: list[str], known: bool) -> Iterator[Key]:
    for place, token in enumerate(tokens):
        if FIRST.fullmatch(token):
            yield BASELINE
            continue
        kind, number = next(((k, m[1]) for k, p in TOKEN.items() if (m := p.fullmatch(token))), ("", ""))
        if kind and (place > 0 or known):
            yield kind, float(number)
        elif token.isdecimal() and len(token) < 4 and (known or place == len(tokens) - 1 > 0):
            previous = tokens[place - 1].lower() if place else ""
            step = next((k for k, words in STEPS.items() if re.fullmatch(words, previous)), "number")
            yield step, float(token)


def _reading(tokens: list[str]) -> int:
    return next((int(m[1]) for token in tokens if (m := READING.fullmatch(token))), 0)


def _without_marks(tokens: list[str]) -> list[str]:
    """The tokens that belong to the variable's name: marks at the ends are taken off."""

    def mark(token: str) -> bool:
        plain = token.isdecimal() or any(pattern.fullmatch(token) for pattern in TOKEN.values())
        return plain or bool(FIRST.fullmatch(token) or READING.fullmatch(token) or LIMIT.fullmatch(token))

    kept = list(tokens)
    while len(kept) > 1 and mark(kept[-1]):
        kept.pop()
    while len(kept) > 1 and mark(kept[0]):
        kept.pop(0)
    return kept


def _label_visits(label: str) -> list[Key]:
    found = [(kind, float(m[1])) for kind, pattern in LABEL.items() for m in [pattern.search(label)] if m]
    return [BASELINE, *found] if FIRST_LABEL.search(label) and not found else found


def _in_label(label: str) -> Entry | None:
    """The known variable that a label names: the longest run of its words, the earliest of equals."""
    words = [word for word in re.split(r"[\s,;:()\[\]/]+", label) if word]
    for length in range(min(4, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            text = "".join(words[start : start + length])
            entry = lookup(text) if len(squeezed(text)) > 2 else None
            # Words such as age or duration say little inside a sentence.
            if entry and (entry.kind != "participant" or start == 0):
                return entry
    return None
