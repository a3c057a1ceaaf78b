"""Time to response and to remission: who can be in a t test with the printed p."""

from __future__ import annotations

from collections.abc import Iterator

from scipy import stats

from .counts import ENDPOINTS, counts_giving, counts_printing
from .degrees import df_of_t
from .finding import Finding, Reading, finding, interval, meets, p_words, span, text
from .words import whole


def p_of_t(t: str, df: float, sides: int = 2) -> tuple[float, float]:
    """Least and greatest p of the t values that print as this string.

    >>> [round(p, 4) for p in p_of_t("2.130", 64)]
    [0.037, 0.0371]
    """
    low, high = interval(t)
    return float(sides * stats.t.sf(high, df)), float(sides * stats.t.sf(low, df))


def reached(endpoint: str) -> int:
    """How many patients of both groups reached the endpoint, by the printed rates and their chi-square.

    >>> reached("response"), reached("remission")
    (40, 26)
    """
    n = whole("n-pain")
    first = counts_printing(text(f"{endpoint}-pain"), n)[0]
    return first + min(counts_giving(text(f"{endpoint}-chi-square"), first, n))


def _readings(endpoint: str) -> Iterator[Reading]:
    t, p, n = text(f"time-{endpoint}-t"), text(f"time-{endpoint}-p"), whole("patients")
    only = reached(endpoint)
    smallest = whole("n-pain") - 1
    fits = [df for df in df_of_t(t, p) if smallest <= df <= n - 2]
    tried = {
        f"Student's t, all {n} patients, those without the endpoint given a time, {n - 2} df": (n - 2, 2),
        f"Student's t, only the {only} who reached it, {only - 2} df": (only - 2, 2),
        f"one-sided, all {n} patients": (n - 2, 1),
        f"one-sided, only the {only} who reached it": (only - 2, 1),
        "normal distribution, as a test of Wald's kind": (float("inf"), 2),
    }
    for name, (df, sides) in tried.items():
        low, high = p_of_t(t, df, sides)
        yield Reading(name, meets(low, high, p), f"p = {p_words(high)}")
    yield Reading(f"Welch's t, all {n} patients", bool(fits), f"df from {smallest} to {n - 2} that fit: {span(fits)}")


def adjusted_pair(first: str, second: str) -> tuple[float, float]:
    """Benjamini and Hochberg's adjustment of two p values, as a family of two.

    >>> [round(p, 3) for p in adjusted_pair("0.037", "0.047")]
    [0.047, 0.047]
    """
    low, high = sorted((float(first), float(second)))
    adjusted = min(2 * low, high)
    return (adjusted, high) if float(first) <= float(second) else (high, adjusted)


def _endpoint(endpoint: str) -> Finding:
    t, p = text(f"time-{endpoint}-t"), text(f"time-{endpoint}-p")
    fits, readings = df_of_t(t, p), tuple(_readings(endpoint))
    arithmetic = (
        f"t = {t} has p = {p} for {span(fits)} df; {readings[0].name}: {readings[0].detail}; "
        f"{readings[1].name}: {readings[1].detail}. So patients without the endpoint were in the test with some time."
    )
    keys = [f"time-{endpoint}-t", f"time-{endpoint}-p", "patients", f"{endpoint}-pain", f"{endpoint}-chi-square"]
    return finding(f"time-to-{endpoint}", f"Time to {endpoint}, t and p", keys, arithmetic, readings)


def _adjustment() -> Finding:
    keys = [f"time-{endpoint}-p" for endpoint in ENDPOINTS]
    first, second = map(text, keys)
    adjusted = adjusted_pair(first, second)[0]
    raw = [p_of_t(text(f"time-{e}-t"), whole("patients") - 2) for e in ENDPOINTS]
    plain = all(meets(*p, text(key)) for p, key in zip(raw, keys, strict=True))
    readings = [
        Reading("each p adjusted for the two tests by false discovery rate", meets(adjusted, adjusted, first),
                f"the smaller p would print {adjusted:.3f}, not {first}"),
        Reading("the printed p are unadjusted", plain, f"{', '.join(p_words(p[1]) for p in raw)} from t alone"),
    ]  # fmt: skip
    arithmetic = (
        f"With {whole('patients') - 2} df the two t give p = {p_words(raw[0][1])} and {p_words(raw[1][1])} "
        f"before any adjustment; "
        f"adjusted as "
        f"a family of two, {first} would become {adjusted:.3f}."
    )
    used = [*(f"time-{endpoint}-t" for endpoint in ENDPOINTS), *keys]
    return finding("times-adjustment", "Times, p and false discovery rate", used, arithmetic, readings)


def calendar(weekly: int, infusions: int) -> tuple[int, ...]:
    """Days of infusions three times a week on alternate days, the first on day 1.

    >>> calendar(3, 6)
    (1, 3, 5, 8, 10, 12)
    """
    return tuple(1 + 7 * (i // weekly) + 2 * (i % weekly) for i in range(infusions))


def _calendar() -> Finding:
    days = calendar(whole("weekly"), whole("infusions-each"))
    after, last = days[-1] + 1, days[-1] + whole("days-to-follow-up")
    same = (after, last) == (whole("day-after-last"), whole("day-last"))
    listed = ", ".join(map(str, days))
    detail = f"infusions on days {listed}; 24 h after the last is day {after}, the follow-up after it is day {last}"
    zero = f"the days would be {after - 1} and {last - 1}"
    readings = [Reading("first infusion on day 1", same, detail), Reading("first infusion on day 0", False, zero)]
    keys = ["weekly", "infusions-each", "day-after-last", "days-to-follow-up", "day-last"]
    return finding("calendar", "Days of the visits", keys, f"With the first on day 1: {detail}.", readings)


def findings() -> tuple[Finding, ...]:
    """The findings on the times.

    >>> [item.verdict for item in findings()]
    ['follows', 'follows', 'consistent under a stated reading', 'follows']
    """
    return (*(_endpoint(endpoint) for endpoint in ENDPOINTS), _adjustment(), _calendar())
