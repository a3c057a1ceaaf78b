"""Counts behind printed percentages, and the chi-square tests that they give."""

from __future__ import annotations

import numpy as np

from helpers.claims.verdicts import rounds_to
from helpers.models import chi_square, fisher_exact

from .finding import Finding, Reading, finding, p_words, text
from .words import whole

ENDPOINTS = ("response", "remission")


def counts_printing(percent: str, n: int) -> tuple[int, ...]:
    """The counts k of n whose percentage 100 k / n prints as this string (GRIM for a proportion, Brown 2017).

    >>> counts_printing("72.7", 33), counts_printing("72.0", 33)
    ((24,), ())
    """
    return tuple(k for k in range(n + 1) if rounds_to(100 * k / n, percent))


def tests_of(first: int, second: int, n: int) -> dict[str, tuple[float, float]]:
    """Statistic and p of first of n against second of n: Pearson's chi-square, with Yates' correction, Fisher's test.

    >>> {name: round(p, 3) for name, (_, p) in tests_of(24, 16, 33).items()}
    {'pearson': 0.044, 'yates': 0.078, 'fisher': 0.077}
    """
    table = np.array([[first, n - first], [second, n - second]])
    plain, corrected = chi_square(table), chi_square(table, correction=True)
    return {
        "pearson": (plain.statistic, plain.p),
        "yates": (corrected.statistic, corrected.p),
        "fisher": (float("nan"), fisher_exact(table).p),
    }


def counts_giving(chi2: str, first: int, n: int, test: str = "pearson") -> tuple[int, ...]:
    """The other group's counts of n for which the test's chi-square prints as this string.

    >>> counts_giving("4.062", 24, 33), counts_giving("4.062", 24, 33, "yates")
    ((16,), ())
    """
    possible = [k for k in range(n + 1) if 0 < k + first < 2 * n]
    return tuple(k for k in possible if rounds_to(tests_of(first, k, n)[test][0], chi2))


def _rates(endpoint: str) -> Finding:
    n, chi2, p = whole("n-pain"), text(f"{endpoint}-chi-square"), text(f"{endpoint}-p")
    first = counts_printing(text(f"{endpoint}-pain"), n)[0]
    others = counts_giving(chi2, first, n)
    lower = [k for k in others if k < first]
    tests = tests_of(first, lower[0], n)
    names = {"pearson": "Pearson, no continuity correction", "yates": "Yates' correction", "fisher": "Fisher's test"}
    readings = []
    for test, name in names.items():
        statistic, value = tests[test]
        same = rounds_to(value, p) and (test == "fisher" or rounds_to(statistic, chi2))
        shown = f"p = {p_words(value)}" if test == "fisher" else f"χ² = {statistic:.4f}, p = {p_words(value)}"
        readings.append(Reading(name, bool(same), f"{shown} from {first} and {lower[0]} of {n}"))
    corrected = counts_giving(chi2, first, n, "yates")
    readings.append(
        Reading(
            "Yates' correction with another count", bool(corrected), f"counts giving χ² {chi2}: {corrected or 'none'}"
        )
    )
    arithmetic = (
        f"{text(f'{endpoint}-pain')} % of {n} is {first}; the counts of the other group giving χ² = {chi2} without "
        f"correction are {', '.join(map(str, others))}, of which {lower[0]} is lower: χ² = {tests['pearson'][0]:.4f}, "
        f"p = {p_words(tests['pearson'][1])}. With Yates' correction p = {p_words(tests['yates'][1])}, with Fisher's "
        f"test p = {p_words(tests['fisher'][1])}."
    )
    keys = [f"{endpoint}-pain", "n-pain", f"{endpoint}-chi-square", f"{endpoint}-p"]
    return finding(f"{endpoint}-rates", f"{endpoint.capitalize()} rates", keys, arithmetic, readings)


def _share(name: str, subject: str, part: str, all_of: str, percent: str) -> Finding:
    k, n = whole(part), whole(all_of)
    fits = counts_printing(text(percent), n)
    detail = (
        f"{k} of {n} is {100 * k / n:.3f} %; counts of {n} that print {text(percent)} %: {', '.join(map(str, fits))}"
    )
    readings = [Reading("count over denominator", k in fits, detail)]
    return finding(name, subject, [part, all_of, percent], f"{detail}.", readings)


def _total(name: str, subject: str, keys: list[str], sign: str, value: int, total: str) -> Finding:
    detail = f"{f' {sign} '.join(text(key) for key in keys)} is {value}; printed {text(total)}"
    return finding(name, subject, [*keys, total], f"{detail}.", [Reading("count", value == whole(total), detail)])


def findings() -> tuple[Finding, ...]:
    """The findings on counts, proportions and the tests of the rates.

    >>> [item.verdict for item in findings() if item.id == "response-rates"]
    ['follows']
    """
    missing = ["missing-non-pain", "missing-pain"]
    given = ["patients", "infusions-each"]
    return (
        *(_rates(endpoint) for endpoint in ENDPOINTS),
        _share("share-pain", "Patients with pain", "n-pain", "patients", "percent-pain"),
        _share("share-missing", "Missing samples, per cent", "missing", "patients", "missing-percent"),
        _share("share-infusions", "Infusions with pain", "pain-infusions", "infusions", "pain-infusions-percent"),
        _total("missing-sum", "Missing samples by group", missing, "+", sum(map(whole, missing)), "missing"),
        _total("infusions-total", "Infusions given", given, "×", whole(given[0]) * whole(given[1]), "infusions"),
    )
