"""The paths of the mediation: scale, share, and the smallest Sobel p."""

from __future__ import annotations

from math import sqrt

from scipy import stats

from .finding import Finding, Reading, finding, interval, meets, p_words, text
from .words import whole

KEYS = ("direct-effect", "direct-p", "indirect-effect", "indirect-p")


def largest_sobel_z(direct: float, indirect: float, direct_p: float, n: int) -> float:
    """Largest Sobel z = ab / √(a² se_b² + b² se_a²) of any data with these paths (direct and indirect of one sign).

    Standardise X, M, Y, a = r_XM. se_c' / se_b = sd ratio 1 (both residuals have variance 1 - a²), so
    t_c' / t_b = c' / b = k a,
    k = c' / (ab), which is free of scale; t_a² = (n-2) a² / (1 - a²). Hence 1/z² = 1/t_a² + 1/t_b² =
    (1/u - 1) / (n-2) + k² u / t_c'², u = a², least at u = t_c' / (k √(n-2)):
    1/z² = 2k / (t_c' √(n-2)) - 1/(n-2). t_c' is that of the printed p on n - 3 df. Covariates lower the df, and z.

    >>> round(largest_sobel_z(2.995, 0.867, 0.028, 33), 2)
    1.41
    """
    t, k = stats.t.isf(direct_p / 2, n - 3), direct / indirect
    u = min(1.0, t / (k * sqrt(n - 2)))
    return 1 / sqrt((1 / u - 1) / (n - 2) + k**2 * u / t**2)


def smallest_sobel_p(n: int, sides: int = 2) -> float:
    """Smallest Sobel p over the rounding intervals of the printed paths and of the direct effect's p.

    >>> round(smallest_sobel_p(33), 2)
    0.16
    """
    direct, indirect, p = interval(text(KEYS[0]))[0], interval(text(KEYS[2]))[1], interval(text(KEYS[1]))[0]
    return float(sides * stats.norm.sf(largest_sobel_z(direct, indirect, p, n)))


def smallest_n() -> int:
    """Smallest n at which a Sobel p that prints as the indirect effect's is possible.

    >>> smallest_n() > 66
    True
    """
    most = interval(text(KEYS[3]))[1]
    return next(n for n in range(10, 10_000) if smallest_sobel_p(n) <= most)


def _sobel() -> Finding:
    n, p, most = whole("n-pain"), text(KEYS[3]), interval(text(KEYS[3]))[1]
    tried = {f"Sobel, n = {n}": smallest_sobel_p(n), f"Sobel, one-sided, n = {n}": smallest_sobel_p(n, 1),
             f"Sobel, both groups, n = {whole('patients')}": smallest_sobel_p(whole("patients"))}  # fmt: skip
    readings = [Reading(name, least <= most, f"p at least {p_words(least)}") for name, least in tried.items()]
    boot = "its p depends on the shape of the data, and no bound follows from the printed paths"
    readings.append(Reading("p from a bootstrap of the indirect effect", True, boot))
    arithmetic = (
        f"With direct {text(KEYS[0])} (p = {text(KEYS[1])}) and indirect {text(KEYS[2])} at n = {n}, "
        f"no data give a Sobel "
        f"p below {tried[f'Sobel, n = {n}']:.3f}, whatever the units; p = {p} would need n of at least {smallest_n()}."
    )
    return finding("mediation-sobel", "Indirect effect, p", [*KEYS, "n-pain"], arithmetic, readings)


def _scale() -> Finding:
    direct, indirect = float(text(KEYS[0])), float(text(KEYS[2]))
    total, beta = direct + indirect, float(text("il6-madrs-day-13"))
    least = direct**2 + 2 * direct * indirect
    readings = [
        Reading("standardised", total <= 1 and least <= 1, f"R² would be above {least:.2f}, the total r {total:.3f}"),
        Reading(
            "unstandardised", True, f"with β {beta} the SD of MADRS change is {total / beta:.2f} that of IL-6 change"
        ),
    ]
    arithmetic = (
        f"Direct + indirect is {direct} + {indirect} = {total:.3f}; a standardised total effect of one predictor is a "
        f"correlation, at most 1. The indirect share is {indirect / total:.1%}."
    )
    return finding(
        "mediation-scale", "Paths, scale and sum", [KEYS[0], KEYS[2], "il6-madrs-day-13"], arithmetic, readings
    )


def implied_a(total: float, direct: float, indirect: float, t: float, n: int) -> float:
    """Correlation of X and M given the total effect as a correlation, the raw paths and the direct effect's t.

    c' = r c'/c, ab = r - c'; t² = (n-3) c'² (1-u) / (1 - R²), R² = c'² + (ab)²/u + 2 c' ab, u = a²: quadratic in u.

    >>> round(implied_a(0.478, 2.995, 0.867, 2.311, 33), 2)
    0.34
    """
    c = total * direct / (direct + indirect)
    ab, lead = total - c, (n - 3) * c**2
    middle = t**2 * (1 - c**2 - 2 * c * ab) - lead
    u = (-middle + sqrt(middle**2 + 4 * lead * t**2 * ab**2)) / (2 * lead)
    return sqrt(u)


def _implied() -> Finding:
    n = whole("n-pain")
    keys = ["il6-madrs-day-13", *KEYS[:3], "il6-vas-day-13", "il6-vas-day-13-p"]
    ends = [implied_a(r, d, i, stats.t.isf(p / 2, n - 3), n)
            for r in interval(text(keys[0])) for d in interval(text(KEYS[0]))
            for i in interval(text(KEYS[2])) for p in interval(text(KEYS[1]))]  # fmt: skip
    low, high, t = min(ends), max(ends), stats.t.isf(float(text(keys[5])) / 2, n - 2)
    by_p = t / sqrt(t**2 + n - 2)
    readings = [
        Reading("β of IL-6 and VAS standardised", meets(low, high, text(keys[4])), f"r from {low:.4f} to {high:.4f}"),
        Reading("r from the p printed beside it", low <= by_p <= high, f"p = {text(keys[5])} is r = {by_p:.3f}"),
        Reading("paths with covariates, or another n than the regressions", True, "the correlations are then free"),
    ]
    arithmetic = (
        f"β {text(keys[0])} for MADRS, the paths and the direct effect's p imply a correlation of IL-6 and VAS from "
        f"{low:.4f} to {high:.4f} at n = {n}; printed are β {text(keys[4])} and a p that is r = {by_p:.3f}."
    )
    return finding("mediation-implied-r", "IL-6 and VAS by the paths", keys, arithmetic, readings)


def findings() -> tuple[Finding, ...]:
    """The findings on the mediation.

    >>> [item.verdict for item in findings()][0]
    'consistent under a stated reading'
    """
    return _scale(), _sobel(), _implied()
