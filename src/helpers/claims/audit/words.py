"""Whole numbers and lists out of printed strings."""

from __future__ import annotations

import unicodedata

from .finding import text

WORDS = {"two": 2, "three": 3, "six": 6, "seven": 7, "nineteen": 19}


def whole(key: str) -> int:
    """The whole number printed under this key, in figures or as a word.

    >>> whole("patients"), whole("missing-pain")
    (66, 2)
    """
    printed = text(key).lower()
    return WORDS.get(printed) or int(printed)


def names(key: str) -> tuple[str, ...]:
    """The members of the list printed under this key, spelt as printed.

    >>> names("list-lower-day-13")
    ('TNF-α', 'IL-6')
    """
    return tuple(item.strip() for item in text(key).split(","))


def analyte(name: str) -> str:
    """A name with the spellings of the last letter made one: a, A and α are read as the same.

    >>> analyte("IL-17A") == analyte("IL-17α"), analyte("IL-1β") == analyte("IL-1α")
    (True, False)
    """
    return unicodedata.normalize("NFKC", name).lower().replace("α", "a")


def analytes(key: str) -> frozenset[str]:
    """The printed list as a set, spellings made one.

    >>> len(analytes("list-measured"))
    19
    """
    return frozenset(map(analyte, names(key)))
