"""Printed figures and names of the paper in the terms of the ledger: digits, and the codes of analytes and scales."""

from __future__ import annotations

from helpers.claims.audit.words import WORDS, names

GREEK = {"α": "a", "β": "b", "γ": "gamma"}
CODES = {"sensory index": "sensory", "affective index": "affective"}
NUMBERS = WORDS | {"twice": 2}


def code(name: str) -> str:
    """The ledger's word for an analyte or scale as the paper spells it.

    >>> [code(name) for name in ("IL-17α", "MIP-1β", "IFN-γ", "sensory index")]
    ['il_17a', 'mip_1b', 'ifn_gamma', 'sensory']
    """
    name = name.lower()
    for letter, latin in GREEK.items():
        name = name.replace(letter, latin)
    return CODES.get(name, name.replace("-", "_"))


def plain(printed: str) -> str:
    """A printed figure in digits: numbers in words told in figures, and of "11 of the 19" the first.

    >>> plain("Nineteen"), plain("< 0.001"), plain("11 of the 19")
    ('19', '< 0.001', '11')
    """
    return str(NUMBERS.get(printed.lower(), printed.partition(" of ")[0]))


def number(printed: str) -> float:
    """A printed figure as a number, whatever comparison stands before it.

    >>> number("< 0.490"), number("six")
    (0.49, 6.0)
    """
    return float(plain(printed).lstrip("<> "))


def listed(first: str, *others: str) -> set[str]:
    """The codes of a list of the audit, less those of others.

    >>> sorted(listed("list-lower-day-13", "list-higher-with-pain"))
    ['tnf_a']
    """
    return {code(name) for name in names(first)} - {code(name) for other in others for name in names(other)}
