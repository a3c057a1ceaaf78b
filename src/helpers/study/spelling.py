"""Texts that look the same: case, spaces, look-alike letters and leading zeros set aside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Greek and Cyrillic letters that print like Latin ones, and signs that do not print at all.
LOOK_ALIKE = str.maketrans(
    "АВЕКМНОРСТХУІЅЈаеорсухіѕјΑΒΕΖΗΙΚΜΝΟΡΤΥΧοινϲ–—‐‑−",
    "ABEKMHOPCTXYISJaeopcyxisjABEZHIKMNOPTYXoivc-----",
    "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f",
)


def folded(text: str) -> str:
    """A text without case, spaces and look-alikes.

    >>> folded(" Male\\u200b") == folded("mаle")
    True
    """
    plain = unicodedata.normalize("NFKC", text).translate(LOOK_ALIKE).casefold()
    return "".join(plain.split())


def folded_code(text: str) -> str:
    """An identifier without case, spaces, look-alikes, joining marks and leading zeros.

    >>> folded_code("S-007") == folded_code("s7")
    True
    """
    return re.sub(r"(?<!\d)0+(?=\d)", "", re.sub(r"[\W_]", "", folded(text)))


def alike(texts: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """For each of the texts the known one that it resembles, where there is one.

    >>> alike(["s1", "S9"], ["S001", "S002"])
    {'s1': 'S001'}
    """
    by_code = {folded_code(name): name for name in known}
    return {text: by_code[code] for text in texts if (code := folded_code(text)) in by_code}
