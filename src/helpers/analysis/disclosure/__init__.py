"""Disclosure control: what may leave the machine that holds the participants' data, and what is withheld of it."""

from helpers.analysis.disclosure.control import (
    FILE,
    Disclosure,
    anything_withheld,
    plan_for,
    read_control,
    write_control,
)
from helpers.analysis.disclosure.rules import RULES, THRESHOLD, WITHHELD, told

__all__ = [
    "FILE",
    "RULES",
    "THRESHOLD",
    "WITHHELD",
    "Disclosure",
    "anything_withheld",
    "plan_for",
    "read_control",
    "told",
    "write_control",
]
