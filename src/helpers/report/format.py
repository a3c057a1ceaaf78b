"""Numbers as a journal prints them."""

from __future__ import annotations

import math
import re

import pandas as pd

# A number and what belongs to it stay on one line.
MINUS, DASH, SPACE = "\u2212", "\u2013", "\u00a0"


def number(value: float, decimals: int = 2) -> str:
    """A number with a fixed count of decimals and a true minus sign; a dash when there is none.

    >>> number(-1.234, 2), number(float("nan"))
    ('\u22121.23', '\u2013')
    """
    if value is None or pd.isna(value):
        return DASH
    if math.isinf(value):
        return "∞" if value > 0 else MINUS + "∞"
    text = f"{value:.{decimals}f}"
    text = text.removeprefix("-") if float(text) == 0 else text
    return text.replace("-", MINUS)


def p_value(p: float) -> str:
    """A p-value to three digits, ``< 0.001`` below that.

    >>> p_value(0.0371), p_value(0.00001), p_value(0.99999)
    ('0.037', '<\xa00.001', '>\xa00.999')
    """
    if p is None or pd.isna(p):
        return DASH
    if p < 0.001:
        return f"<{SPACE}0.001"
    return f">{SPACE}0.999" if p > 0.999 else f"{p:.3f}"


def p_equals(p: float) -> str:
    """A p-value with its letter and sign of relation, on one line, for sentences.

    >>> p_equals(0.0371), p_equals(0.00001)
    ('p\xa0=\xa00.037', 'p\xa0<\xa00.001')
    """
    text = p_value(p)
    return f"p{SPACE}{text}" if text[0] in "<>" else f"p{SPACE}={SPACE}{text}"


def interval(low: float, high: float, decimals: int = 2) -> str:
    """An interval as ``low to high``, which stays readable with minus signs.

    >>> interval(-1.5, 2, 1)
    '\u22121.5 to 2.0'
    """
    if pd.isna(low) or pd.isna(high):
        return DASH
    return f"{number(low, decimals)} to {number(high, decimals)}"


def mean_sd(mean: float, sd: float, decimals: int = 1) -> str:
    """``mean (SD)``.

    >>> mean_sd(34.25, 11.3)
    '34.2 (11.3)'
    """
    return f"{number(mean, decimals)} ({number(sd, decimals)})"


def count_percent(count: float, percent: float) -> str:
    """``count (percent %)``; a dash where nobody was counted.

    >>> count_percent(24, 72.727)
    '24 (72.7\xa0%)'
    """
    return DASH if pd.isna(count) or pd.isna(percent) else f"{count:.0f} ({percent:.1f}{SPACE}%)"


def listed(words: list[str] | tuple[str, ...]) -> str:
    """Words joined as in a sentence.

    >>> listed(["BMI", "education", "age"])
    'BMI, education and age'
    """
    words = [str(word) for word in words]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else "none"


def some_of(words: list[str] | tuple[str, ...], most: int = 20) -> str:
    """Words joined as in a sentence; of very many the first, and how many more there are.

    >>> some_of(["IL-6", "IL-8", "TNF-α", "ITAC"], most=2)
    'IL-6, IL-8 and 2 more'
    """
    return listed(words) if len(words) <= most else f"{', '.join(words[:most])} and {len(words) - most} more"


def percent_of(share: float, decimals: int = 1) -> str:
    """A share as a percentage, without a sign; 0 and 100 are kept for none and all.

    >>> percent_of(0.9999), percent_of(1.0), percent_of(0.00005), percent_of(0.996, 0)
    ('99.9', '100', '0.1', '99')
    """
    if pd.isna(share) or share in (0, 1):
        return number(100 * share, 0)
    step = 10.0**-decimals
    return number(min(max(100 * share, step), 100 - step), decimals)


def count_of(n: float, noun: str, plural: str = "") -> str:
    """A count with its noun.

    >>> count_of(1, "sample"), count_of(5, "sample")
    ('1 sample', '5 samples')
    """
    return f"{n:.0f} {noun if n == 1 else plural or noun + 's'}"


def with_symbol(symbol: str, value: float, decimals: int = 2) -> str:
    """A test statistic with its symbol, on one line; a dash when there is none.

    >>> with_symbol("t(64)", 2.13)
    't(64)\xa0=\xa02.13'
    """
    return DASH if pd.isna(value) else f"{symbol}{SPACE}={SPACE}{number(value, decimals)}"


def unbroken(text: str) -> str:
    """A short label that stays on one line in a table.

    >>> unbroken("Day 26")
    'Day\xa026'
    """
    return text.replace(" ", SPACE)


def ci_name(alpha: float) -> str:
    """What an interval at ``alpha`` is called.

    >>> ci_name(0.05)
    '95\xa0%\xa0CI'
    """
    return f"{100 * (1 - alpha):g}{SPACE}%{SPACE}CI"


def power(value: float) -> str:
    """A small number as ``3.2 × 10⁻⁸``, on one line.

    >>> power(3.2e-8).replace(SPACE, " "), power(1e-96), power(0.0)
    ('3.2 × 10⁻⁸', '10⁻⁹⁶', '0')
    """
    if value == 0:
        return "0"
    digits, _, exponent = f"{value:.1e}".partition("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{raised}" if digits == "1.0" else f"{digits}{SPACE}×{SPACE}10{raised}"


def signs_joined(text: str) -> str:
    """Text in which a letter, its sign of relation and its number stay on one line.

    >>> signs_joined("dots: p < 0.05 (n = 33)").count(SPACE)
    4
    """
    return re.sub(r"\b([pn]) ([<>=]) (?=\d)", rf"\1{SPACE}\2{SPACE}", text)


def typeset(text: str) -> str:
    """Plain text as a journal sets it: powers of ten, minus signs, apostrophes, a number and its sign on one line.

    >>> typeset("Student's t: p = 4.9e-96 or 0.00071 of -0.5").replace(SPACE, " ")
    'Student’s t: p = 4.9 × 10⁻⁹⁶ or 7.1 × 10⁻⁴ of −0.5'
    """
    text = re.sub(r"\d\.\de-\d+|\b0\.000\d+", lambda found: power(float(found[0])), text)
    text = re.sub(r"(?<![\w.])-(?=\d)|(?<= )-(?= )", MINUS, text).replace("'", "’")
    return re.sub(
        r"(?<=\w) ([=<>]) (?=[\d−])|^([<>]) (?=\d)", lambda m: f"{SPACE if m[1] else ''}{m[1] or m[2]}{SPACE}", text
    )
