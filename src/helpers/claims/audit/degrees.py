"""Denominator degrees of freedom under which a printed t or F has its printed p."""

from __future__ import annotations

import numpy as np
from scipy import stats

from .finding import Finding, Reading, finding, interval, meets, p_words, span, text
from .words import whole

LIMIT = 2000
VISITS = {"madrs": 8, "vas": 8, "sensory": 3, "affective": 3, "ppi": 3}
LABELS = {"madrs": "MADRS", "vas": "VAS", "sensory": "Sensory index", "affective": "Affective index", "ppi": "PPI"}
TERMS = ("group", "time", "interaction")


def p_range(printed: str, df1: float, df2: float) -> tuple[float, float]:
    """Least and greatest p of the F values that print as this string.

    >>> [round(p, 5) for p in p_range("12.669", 1, 64)]
    [0.00071, 0.00071]
    """
    low, high = interval(printed)
    return float(stats.f.sf(high, df1, df2)), float(stats.f.sf(low, df1, df2))


def df_of_f(f: str, p: str, df1: float, limit: int = LIMIT) -> tuple[int, ...]:
    """Whole denominator df, up to the limit, for which some F and p that print as these belong together.

    >>> span(df_of_f("12.669", "0.001", 1))
    '26 to 148'
    """
    (low, high), (smallest, largest) = interval(f), interval(p)
    every = np.arange(1, limit + 1)
    # One call for all df: the distribution is costly to call, not to compute.
    least, most = stats.f.sf(high, df1, every), stats.f.sf(low, df1, every)
    return tuple(every[(least <= largest) & (most >= smallest)].tolist())


def df_of_t(t: str, p: str, sides: int = 2, limit: int = LIMIT) -> tuple[int, ...]:
    """Whole df, up to the limit, for which some t and p that print as these belong together.

    >>> span(df_of_t("2.130", "0.037"))
    '57 to 74'
    """
    low, high = interval(t)
    every = np.arange(1, limit + 1)
    least, most = sides * stats.t.sf(high, every), sides * stats.t.sf(low, every)
    return tuple(int(df) for df, a, b in zip(every, least, most, strict=True) if meets(a, b, p))


def numerator(outcome: str, term: str) -> int:
    """Numerator df of a term of the model: groups, visits, or both.

    >>> numerator("madrs", "interaction"), numerator("ppi", "group")
    (7, 1)
    """
    return 1 if term == "group" else VISITS[outcome] - 1


def denominators(outcome: str, term: str) -> dict[str, int]:
    """Denominator df of balanced data by how the visits of a person are taken.

    Patients n = 66 in 2 groups, T visits. Compound symmetry: n - 2 for the groups, (n - 2)(T - 1) otherwise; visits
    apart (a diagonal covariance with equal variances, or residual df): (n - 2) T; each patient once: n - 2;
    unstructured (Hotelling's T²): n - 2 - (T - 1) + 1 for time and interaction.

    >>> denominators("madrs", "group")["compound symmetry"], denominators("madrs", "interaction")["unstructured"]
    (64, 58)
    """
    visits, within = VISITS[outcome], whole("patients") - 2
    found = {"compound symmetry": within if term == "group" else within * (visits - 1)}
    found["unstructured"] = within if term == "group" else within - visits + 2
    return found | {"each patient once": within, "visits taken as independent": within * visits}


def epsilons(f: str, p: str, outcome: str) -> np.ndarray:
    """Greenhouse and Geisser's ε, 1 / (T - 1) to 1 in steps of 0.001, for which F has the printed p.

    Both df of a repeated-measures analysis of variance are multiplied by ε (Greenhouse and Geisser 1959).

    >>> epsilons("6.154", "0.001", "madrs").round(3).tolist()[0]
    0.339
    """
    df1, df2 = numerator(outcome, "interaction"), denominators(outcome, "interaction")["compound symmetry"]
    every = np.arange(np.ceil(1000 / df1), 1001) / 1000
    return np.array([e for e in every if meets(*p_range(f, e * df1, e * df2), p)])


def _standard(outcome: str, term: str) -> list[Reading]:
    f, p, df1 = text(f"{outcome}-{term}-f"), text(f"{outcome}-{term}-p"), numerator(outcome, term)
    readings = []
    for name, df2 in denominators(outcome, term).items():
        low, high = p_range(f, df1, df2)
        readings.append(Reading(f"{name}, {df1} and {df2} df", meets(low, high, p), f"p = {p_words(high)}"))
    return readings


def _others(outcome: str, term: str) -> list[Reading]:
    f, p, df1 = text(f"{outcome}-{term}-f"), text(f"{outcome}-{term}-p"), numerator(outcome, term)
    df2 = denominators(outcome, term)["compound symmetry"]
    least = p_range(f, df1, df2)[1]
    readings = [Reading("the sign < lost before the p", meets(least, least, f"< {p}"), f"p = {p_words(least)} < {p}")]
    if df1 == 1:
        ends = range(whole("patients") - 2, denominators(outcome, term)["visits taken as independent"] + 1)
        some = sorted(set(ends) & set(df_of_f(f, p, df1)))
        name = "diagonal covariance with unequal variances, df between these"
        readings.append(Reading(name, bool(some), f"{span(some)} denominator df"))
    if df1 > 1:
        found = epsilons(f, p, outcome)
        shown = f"ε from {found.min():.3f} to {found.max():.3f}" if len(found) else "no ε gives it"
        readings.append(Reading("analysis of variance with Greenhouse and Geisser's ε", bool(len(found)), shown))
        others = [k for k in range(1, df1) if meets(*p_range(f, k, df2), p)]
        readings.append(Reading(f"another number of visits, {df2} denominator df", bool(others), f"df1 {span(others)}"))
    return readings


def f_with_p(outcome: str, term: str) -> Finding:
    """The finding on one printed F and its p.

    >>> f_with_p("madrs", "interaction").verdict
    'consistent under a stated reading'
    """
    f, p, df1 = text(f"{outcome}-{term}-f"), text(f"{outcome}-{term}-p"), numerator(outcome, term)
    fits, readings = df_of_f(f, p, df1), _standard(outcome, term)
    if not p.startswith("<"):
        readings += _others(outcome, term)
    arithmetic = (
        f"F = {f} on {df1} numerator df has p {p if p.startswith('<') else '= ' + p} for {span(fits, LIMIT)} "
        f"denominator "
        f"df; {readings[0].name} give {readings[0].detail}."
    )
    keys = [f"{outcome}-{term}-f", f"{outcome}-{term}-p"]
    return finding(f"{outcome}-{term}-df", f"{LABELS[outcome]}, {term} F and p", keys, arithmetic, readings)


def findings() -> tuple[Finding, ...]:
    """One finding for every printed F.

    >>> len(findings())
    15
    """
    return tuple(f_with_p(outcome, term) for outcome in VISITS for term in TERMS)
