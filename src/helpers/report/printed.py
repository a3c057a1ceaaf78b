"""Which numbers a sentence prints, and whether it prints a given one."""

from __future__ import annotations

import re

import pandas as pd

from helpers.report.format import MINUS, SPACE, number, p_value

# No letter, hyphen or underscore before it: the digits of IL-6 and group_1 are no numbers.
NUMBER = re.compile(rf"(?<![\w\-.])(?:[<>]{SPACE})?[{MINUS}]?\d+(?:\.\d+)?(?!\w*_)")


def numbers(text: str) -> list[str]:
    """The numbers of a sentence as they are printed, in order; those that are part of a name are not among them.

    >>> [item.replace(SPACE, " ") for item in numbers("IL-6: F(2, 62) = −3.10, p <\\xa00.001")]
    ['2', '62', '−3.10', '< 0.001']
    """
    return NUMBER.findall(text)


def decimals(printed: str) -> int:
    """How many decimals a printed number has.

    >>> decimals("−3.10"), decimals("62")
    (2, 0)
    """
    return len(printed.partition(".")[2])


def is_printed(value: float, printed: str) -> bool:
    """Whether a printed number is a value, rounded as it is printed.

    >>> is_printed(-3.1004, "−3.10"), is_printed(0.00002, "<\\xa00.001"), is_printed(3.16, "3.1")
    (True, True, False)
    """
    if pd.isna(value):
        return False
    return printed == (p_value(value) if printed[0] in "<>" else number(value, decimals(printed)))
