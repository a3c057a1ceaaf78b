"""The rules of disclosure control, in words, with their sources."""

from __future__ import annotations

from typing import NamedTuple

THRESHOLD = 5
WITHHELD = "withheld under disclosure control"
# Analyses that count checks, specifications or simulated cohorts.
NO_PEOPLE = frozenset(("claims", "multiverse", "design"))
HANDBOOK = "Handbook on Statistical Disclosure Control for Outputs (SDAP 2019)"
OPENSAFELY = "OpenSAFELY, permitted outputs policy"
ONS = "ONS, policy on protecting confidentiality in tables"


class Rule(NamedTuple):
    """What is done, why, and who says so."""

    done: str
    reason: str
    source: str


# A reader of what is shared is not told which count was the small one: `small`, `linked` and `few` are one rule to him.
SMALL, LINKED, FEW, DERIVED, SIZE, EXTREME, UNKNOWN = "small", "linked", "few", "derived", "size", "extreme", "unknown"
RULES: dict[str, Rule] = {
    "counts": Rule(
        "withheld",
        "a count, or the number of people behind a statistic, is below the threshold and above zero, or such a number "
        "could be computed from this one by subtraction",
        f"{OPENSAFELY}; {HANDBOOK}; {ONS}",
    ),
    "derived": Rule("withheld", "could be solved for a withheld count", f"{HANDBOOK}; {OPENSAFELY}"),
    "size": Rule(
        "n withheld, degrees of freedom rounded to tens, estimates to three digits, p to three decimals",
        "the number of people left out would be a small count, and can be solved for from the digits",
        HANDBOOK,
    ),
    "extreme": Rule("withheld", "a smallest or largest value, or a percentile, is one person's value", HANDBOOK),
    "unknown": Rule("withheld", "a result that no rule knows", HANDBOOK),
}
TOLD = {SMALL: "counts", LINKED: "counts", FEW: "counts"}


def told(reason: str) -> str:
    """The rule that what is shared names for a reason.

    >>> told("small"), told("linked"), told("derived")
    ('counts', 'counts', 'derived')
    """
    return TOLD.get(reason, reason)
