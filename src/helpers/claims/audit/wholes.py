"""Whole scores: which error variances leave room for both printed F's of a scale.

Two groups of n, T visits, whole scores without gaps, compound symmetry. Let s_v be the sum and d_v the difference of
the two groups' totals at visit v, X = T Σ s_v² - (Σ s_v)², Y the same of d_v, M = T ΣY² - ΣS² over scores and patients'
totals: all whole. The sums of squares are SS_time = X / 2nT, SS_interaction = Y / 2nT, SS_error = E / 2nT with
E = 2nM - X - Y, so that
    F_time = (2n-2) X / E,  F_interaction = (2n-2) Y / E,
and for given M, to the printed digits, X and Y are whole numbers in two short intervals about
    2nM F_time / (2n-2 + F_time + F_interaction) and 2nM F_interaction / (2n-2 + F_time + F_interaction).
For three visits X = 2 (p² + pq + q²) of two differences p, q of the s_v: twice a Loeschian number; Y likewise. s_v and
d_v are of one parity, so the two Loeschian numbers are. M is even, as every patient's part of it is. This is the idea
of GRIM (Brown and Heathers 2017), for F.
"""

from __future__ import annotations

from math import ceil, floor, sqrt

from .finding import Finding, Reading, finding, interval, text
from .words import whole

VISITS = 3
# Highest score of each scale (Melzack 1987, Pain 30, 191-197: fifteen descriptors from 0 to 3, eleven of them sensory).
SCALES = {"sensory": 33, "affective": 12, "ppi": 5}
LABELS = {"sensory": "Sensory index", "affective": "Affective index", "ppi": "PPI"}


def is_loeschian(number: int) -> bool:
    """Whether p² + pq + q² = number for some whole p, q: every prime 2 mod 3 divides it an even number of times.

    >>> [k for k in range(14) if is_loeschian(k)]
    [0, 1, 3, 4, 7, 9, 12, 13]
    """
    left, prime = number, 2
    while prime * prime <= left:
        power = 0
        while left % prime == 0:
            left, power = left // prime, power + 1
        if prime % 3 == 2 and power % 2:
            return False
        prime += 1
    return left % 3 != 2


def sums_with(margin: int, time: str, interaction: str, n: int) -> tuple[tuple[int, int], ...]:
    """The pairs X, Y with which three visits of whole scores with this M have both F's.

    >>> sums_with(2030, "20.567", "38.981", 33)
    ()
    """
    (t_low, t_high), (i_low, i_high), df = interval(time), interval(interaction), 2 * n - 2
    total = 2 * n * margin
    x = _even_loeschian(total * t_low / (df + t_low + i_high), total * t_high / (df + t_high + i_low))
    y = _even_loeschian(total * i_low / (df + t_high + i_low), total * i_high / (df + t_low + i_high))
    return tuple(
        (a, b)
        for a in x
        for b in y
        if (a - b) % 4 == 0
        and t_low <= df * a / (total - a - b) <= t_high
        and i_low <= df * b / (total - a - b) <= i_high
    )


def _even_loeschian(low: float, high: float) -> list[int]:
    return [2 * k for k in range(ceil(low / 2), floor(high / 2) + 1) if is_loeschian(k)]


def error_sd(margin: int, x: int, y: int, n: int) -> float:
    """The within-patient error SD that M, X and Y amount to: √(E / (2nT (2n-2)(T-1)))."""
    return sqrt((2 * n * margin - x - y) / (2 * n * VISITS * (2 * n - 2) * (VISITS - 1)))


def least_error_sd(time: str, interaction: str, n: int, highest: int) -> float:
    """The least error SD of whole scores from 0 to ``highest`` that have both F's; infinite when none have.

    >>> round(least_error_sd("20.567", "38.981", 33, 5), 2)
    1.66
    """
    most = 2 * n * 2 * highest**2  # a patient's scores differ most at 0, highest and either
    for margin in range(2, most + 1, 2):
        pairs = sums_with(margin, time, interaction, n)
        if pairs:
            return min(error_sd(margin, x, y, n) for x, y in pairs)
    return float("inf")


def _whole(outcome: str) -> Finding:
    keys, n, highest = [f"{outcome}-time-f", f"{outcome}-interaction-f"], whole("n-pain"), SCALES[outcome]
    least, even = least_error_sd(text(keys[0]), text(keys[1]), n, highest), highest / sqrt(12)
    readings = [
        Reading(f"whole scores, error SD below {even:.2f}, as when spread evenly over 0 to {highest}", least < even,
                f"both F's leave room from {least:.2f} on"),
        Reading("most patients at the ends of the scale", True, f"an error SD of {least:.2f} or more"),
        Reading("scores missing, other weights of the visits, or scores that are not whole", True,
                "the sums are then other numbers"),
    ]  # fmt: skip
    arithmetic = (
        f"Whole scores of {n} patients a group at {VISITS} visits have F {text(keys[0])} and {text(keys[1])} under "
        f"compound symmetry only with a within-patient error SD of {least:.2f} or more, {least / highest:.0%} of the "
        f"scale."
    )
    return finding(f"{outcome}-whole", f"{LABELS[outcome]}, whole scores and both F's", [*keys, "n-pain"], arithmetic,
                   readings)  # fmt: skip


def findings() -> tuple[Finding, ...]:
    """One finding for each scale of three visits.

    >>> [item.verdict for item in findings()]
    ['follows', 'follows', 'consistent under a stated reading']
    """
    return tuple(map(_whole, SCALES))
