"""Standardised coefficients against their p at the printed n."""

from __future__ import annotations

import numpy as np
from scipy import stats

from .finding import Finding, Reading, finding, interval, meets, p_words, span, text
from .words import whole

STEMS = {"il6-vas-day-13": "IL-6 and VAS, day 13", "il6-madrs-day-13": "IL-6 and MADRS, day 13",
         "il6-vas-day-26": "IL-6 and VAS, day 26"}  # fmt: skip


def p_of_r(r: float, n: int, sides: int = 2) -> float:
    """p of a simple regression whose standardised coefficient is r: t = r √((n-2) / (1-r²)).

    >>> round(p_of_r(0.478, 33), 4)
    0.0049
    """
    return float(sides * stats.t.sf(r * np.sqrt((n - 2) / (1 - r**2)), n - 2))


def fits(beta: str, p: str, n: int, sides: int = 2) -> bool:
    """Whether some β and p that print as these belong together in a simple regression of n.

    >>> fits("0.478", "0.005", 33), fits("0.333", "0.001", 33)
    (True, False)
    """
    low, high = interval(beta)
    return meets(p_of_r(high, n, sides), p_of_r(low, n, sides), p)


def needed_r(p: str, n: int) -> float:
    """Correlation that has this p at n.

    >>> round(needed_r("0.001", 33), 3)
    0.547
    """
    t = stats.t.isf(float(p) / 2, n - 2)
    return float(t / np.sqrt(t**2 + n - 2))


def covariate_share(beta: str, p: str, n: int, covariates: int = 1) -> float:
    """R² that covariates uncorrelated with the predictor must have: 1 - β² - β² (n-2-q) / t²; correlated ones, more.

    >>> round(covariate_share("0.333", "0.001", 33), 2)
    0.64
    """
    df, square = n - 2 - covariates, float(beta) ** 2
    return float(max(0.0, 1 - square - square * df / stats.t.isf(float(p) / 2, df) ** 2))


def _beta(stem: str) -> Finding:
    beta, p, n = text(stem), text(f"{stem}-p"), whole("n-pain")
    sizes = [m for m in range(5, 1001) if fits(beta, p, m)]
    readings = [
        Reading(f"standardised, simple regression, n = {n}", fits(beta, p, n), f"p = {p_words(p_of_r(float(beta), n))}")
    ]
    fewer = n - whole("missing-pain")
    tried = {
        f"n = {fewer}, samples present": (fewer, 2),
        f"one-sided, n = {n}": (n, 1),
        "both groups": (whole("patients"), 2),
    }
    for name, (m, sides) in tried.items():
        readings.append(Reading(name, fits(beta, p, m, sides), f"p = {p_words(p_of_r(float(beta), m, sides))}"))
    share, r = covariate_share(beta, p, n), needed_r(p, n)
    readings.append(Reading("with a covariate apart from IL-6", share > 0, f"it must explain R² of {share:.2f}"))
    ratio = f"r = {r:.3f}, so the SD of the outcome is {float(beta) / r:.2f} that of IL-6"
    readings.append(Reading("unstandardised", True, ratio))
    arithmetic = (
        f"β = {beta} at n = {n} has p = {p_words(p_of_r(float(beta), n))}; p = {p} needs r = {r:.3f} at that n, or n "
        f"of {span(sizes)} at that β."
    )
    return finding(f"{stem}-beta", STEMS[stem], [stem, f"{stem}-p", "n-pain", "missing-pain"], arithmetic, readings)


def findings() -> tuple[Finding, ...]:
    """One finding for each printed β.

    >>> [item.verdict for item in findings()][1]
    'follows'
    """
    return tuple(map(_beta, STEMS))
