"""Means of whole numbers against their n: what GRIM can say of what is printed (Brown and Heathers 2017)."""

from __future__ import annotations

from .counts import ENDPOINTS, counts_printing
from .finding import Finding, Reading, finding, text
from .words import whole


def grim_power(n: int, decimals: int, items: int = 1) -> float:
    """Share of printable means that no n whole numbers can give, max(0, 1 - n items / 10^decimals).

    >>> grim_power(33, 2), grim_power(33, 1)
    (0.67, 0.0)
    """
    return max(0.0, (10**decimals - n * items) / 10**decimals)


def percent_power(n: int, decimals: int = 1) -> float:
    """Share of the printable percentages from 0 to 100 that no count of n gives.

    >>> round(percent_power(33), 3)
    0.966
    """
    return 1 - (n + 1) / (100 * 10**decimals + 1)


def _means() -> Finding:
    n = whole("n-pain")
    arithmetic = (
        f"The text prints no mean of a scale, so GRIM has nothing to test. For means "
        f"of whole scores of {n} patients it "
        f"would exclude {grim_power(n, 2):.0%} of means with two decimals and {grim_power(n, 1):.0%} with one."
    )
    return finding("grim-means", "Means of scores, GRIM", ["n-pain"], arithmetic, power=False)


def _percentages() -> Finding:
    n = whole("n-pain")
    counts = {endpoint: counts_printing(text(f"{endpoint}-pain"), n) for endpoint in ENDPOINTS}
    detail = "; ".join(f"{text(f'{e}-pain')} %: {', '.join(map(str, k)) or 'none'}" for e, k in counts.items())
    arithmetic = (
        f"Counts of {n} that print the rates: {detail}. GRIM excludes {percent_power(n):.1%} of percentages here."
    )
    reading = Reading(f"counts of {n}", all(len(k) == 1 for k in counts.values()), detail)
    keys = ["n-pain", *(f"{endpoint}-pain" for endpoint in ENDPOINTS)]
    return finding("grim-percentages", "Rates, GRIM", keys, arithmetic, [reading])


def findings() -> tuple[Finding, ...]:
    """The findings of GRIM.

    >>> [item.verdict for item in findings()]
    ['no power', 'follows']
    """
    return _means(), _percentages()
