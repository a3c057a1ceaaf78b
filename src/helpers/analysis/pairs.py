"""The compared groups two by two: which pairs there are, and p-values adjusted over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations

import numpy as np

from helpers.models import adjust
from helpers.study import Study

Pair = tuple[str, str]
# Rows that differ in none of these are the same statistic of other pairs: the family of an adjustment.
FAMILY = ("analysis", "outcome", "analyte", "group", "visit", "statistic")
METHOD = "bonferroni"


def pairs(study: Study) -> tuple[Pair, ...]:
    """Every two of the compared groups, in the descriptor's order: one pair of two groups, three of three."""
    return tuple(combinations(study.roles.compared, 2))


def named(pair: Pair) -> str:
    """The contrast of a pair in the results rows, first group minus second.

    >>> named(("pain", "non_pain"))
    'pain - non_pain'
    """
    return " - ".join(pair)


def turned(pair: Pair) -> str:
    """The same contrast the other way, second group minus first.

    >>> turned(("pain", "non_pain"))
    'non_pain - pain'
    """
    return " - ".join(reversed(pair))


def several(study: Study) -> bool:
    """True when more than two groups are compared, so that an overall test comes before the pairs."""
    return len(study.roles.compared) > 2


def overall(study: Study) -> str:
    """The contrast that names the test of all compared groups together: of two groups, that of their pair."""
    return "group" if several(study) else named(study.roles.compared)


def of_pairs(study: Study, rows_of: Callable[[Pair], Iterable[dict]]) -> list[dict]:
    """The rows of every pair; with more than two groups, p adjusted by Bonferroni over the pairs.

    Parameters
    ----------
    rows_of : callable
        The result rows of one pair. With two groups they are given back as they are: one comparison needs no
        adjustment.
    """
    rows = [found for pair in pairs(study) for found in rows_of(pair)]
    return _adjusted(rows) if several(study) else rows


def _adjusted(rows: list[dict]) -> list[dict]:
    families: dict[tuple, list[dict]] = {}
    for found in rows:
        if np.isfinite(found.get("p", np.nan)):
            families.setdefault(tuple(found.get(name, "") for name in FAMILY), []).append(found)
    for family in families.values():
        for found, p in zip(family, adjust([found["p"] for found in family], METHOD), strict=True):
            found.update(p_adjusted=float(p), adjustment=METHOD)
    return rows
