"""Cells of text as values: numbers, numbers below or above a limit, codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from helpers.study.intake.source import canonical

BOUNDED = re.compile(r"^\s*([<>≤≥])\s*=?\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*$")
PLAIN = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"


@dataclass(frozen=True, eq=False)
class Numbers:
    """A column of text read as numbers.

    Attributes
    ----------
    value : Series of float
        Missing where the cell is empty, bounded or unreadable.
    below, above : Series of float
        The limit that a cell such as ``<0.13`` or ``>1000`` names; missing elsewhere.
    unreadable : Series of bool
        Cells that are something else.
    """

    value: pd.Series
    below: pd.Series
    above: pd.Series
    unreadable: pd.Series


def parse_numbers(text: pd.Series) -> Numbers:
    """Read a column of text as numbers.

    Examples
    --------
    >>> found = parse_numbers(pd.Series(["1.5", "<0.13", ">1000", "x", None], dtype="string"))
    >>> found.value.tolist()[0], found.below.tolist()[1], found.above.tolist()[2], found.unreadable.tolist()
    (1.5, 0.13, 1000.0, [False, False, False, True, False])
    """
    text = text.astype("string").str.strip()
    text = text.mask(text == "")
    parts = text.str.extract(BOUNDED)
    bound = pd.to_numeric(parts[1], errors="coerce").astype("float64")
    sign = parts[0].fillna("")
    value = pd.to_numeric(text.where(text.str.fullmatch(PLAIN).fillna(False)), errors="coerce").astype("float64")
    below, above = bound.where(sign.isin(["<", "≤"])), bound.where(sign.isin([">", "≥"]))
    return Numbers(value, below, above, text.notna() & value.isna() & bound.isna())


def is_code(text: str, codes: Iterable[str]) -> bool:
    """Whether a cell holds one of the codes, or lies in one of their ranges (``low:high``).

    Examples
    --------
    >>> is_code("999", ["999"]), is_code("997", ["990:999"]), is_code("9", ["999"])
    (True, True, False)
    """
    return any(_matches(canonical(text), code) for code in codes)


def _matches(text: str, code: str) -> bool:
    low, _, high = code.partition(":")
    if high and re.fullmatch(PLAIN, text) and re.fullmatch(PLAIN, low.strip()) and re.fullmatch(PLAIN, high.strip()):
        return float(low) <= float(text) <= float(high)
    return text == canonical(code)


def code_mask(text: pd.Series, codes: Iterable[str]) -> pd.Series:
    """True where a cell holds one of the codes."""
    codes = tuple(codes)
    hits = {cell for cell in pd.unique(text.dropna()) if is_code(cell, codes)}
    return text.isin(list(hits)).astype(bool)
