"""MADRS: the printed d against significance at the visit and against the printed F's."""

from __future__ import annotations

from math import sqrt

from scipy import stats

from .bounds import VISITS, largest_group_f, largest_interaction_f, needed, printed_limit
from .finding import Finding, Reading, finding, interval, p_words, text
from .words import whole

FS = ("madrs-group-f", "madrs-interaction-f", "madrs-d-third", "n-pain")


def t_of_d(d: float, n: int) -> float:
    """Student's t of two groups of n whose difference is d pooled SDs: t = d √(n/2).

    >>> round(t_of_d(0.490, 33), 3)
    1.99
    """
    return d * sqrt(n / 2)


def visit_df(rho: float, n: int, visits: int = VISITS) -> float:
    """Satterthwaite df of a difference at one visit under compound symmetry, two groups of n (2n - 2 within).

    (2n-2) T² / ((1 + (T-1)ρ)² + (T-1) (1-ρ)²): from the mean squares between and within patients.

    >>> visit_df(0.0, 33), visit_df(1.0, 33)
    (512.0, 64.0)
    """
    return (2 * n - 2) * visits**2 / ((1 + (visits - 1) * rho) ** 2 + (visits - 1) * (1 - rho) ** 2)


def _visit() -> Finding:
    d, n = interval(text("madrs-d-third"))[1], whole("n-pain")
    t, df = t_of_d(d, n), 2 * n - 2
    p = {sides: float(sides * stats.t.sf(t, df)) for sides in (1, 2)}
    rhos = [r / 100 for r in range(100) if 2 * stats.t.sf(t, visit_df(r / 100, n)) < 0.05]
    least = stats.t.isf(0.025, visit_df(0, n)) / sqrt(n / 2)
    readings = [
        Reading(f"t of the visit, {df} df", p[2] < 0.05, f"t at most {t:.4f}, p at least {p_words(p[2])}"),
        Reading("one-sided", p[1] < 0.05, f"p = {p_words(p[1])}"),
        Reading(
            "compound symmetry, Satterthwaite's df", bool(rhos), f"within-person correlation up to {max(rhos):.2f}"
        ),
        Reading("differences adjusted for covariates, d of the raw scores", True, "a smaller residual SD raises t"),
    ]
    arithmetic = (
        f"d = {text('madrs-d-third')} with {n} a group is t = {t_of_d(float(text('madrs-d-third')), n):.3f}, at most "
        f"{t:.4f}: p at least {p_words(p[2])} on {df} df. As it is the largest of six significant differences, "
        f"unadjusted "
        f"compound symmetry needs all six between {least:.4f} and {d:.4f}."
    )
    return finding(
        "madrs-d-visit",
        "MADRS, d and significance",
        ["madrs-d-third", "madrs-lower-with-pain", "n-pain"],
        arithmetic,
        readings,
    )


def _joint() -> Finding:
    group, interaction, top = interval(text(FS[0]))[0], interval(text(FS[1]))[0], printed_limit()
    n = whole("n-pain")
    least = float(min(needed(group, interaction, [-1 / (VISITS - 1), 1.0])))
    at_zero = float(needed(group, interaction, 0.0))
    low, high = (top / interaction / (VISITS - 1)), (top / group - 1) / (VISITS - 1)
    readings = [
        Reading(
            "compound symmetry, no covariates", least <= top, f"at least {least:.2f} needed, at most {top:.2f} possible"
        ),
        Reading(
            "the same by maximum likelihood", least <= top * n / (n - 1), f"at most {top * n / (n - 1):.2f} possible"
        ),
        Reading(
            "diagonal covariance", interaction <= top / (VISITS - 1), f"interaction F at most {top / (VISITS - 1):.3f}"
        ),
        Reading("d of adjusted differences over the adjusted SD", least <= top, "the bound is the same or lower"),
        Reading(
            "covariates, d of the raw scores",
            True,
            f"they leave the interaction F as it is (correlation at least {1 - low:.3f}), and "
            f"have to raise the group F from at most {largest_group_f(top, 1.0):.2f} (that bound is for correlation 1)",
        ),
        Reading("d over a larger SD", True, f"{sqrt(at_zero / top):.2f} times that of the visits at correlation 0"),
        Reading("unstructured or autoregressive covariance", True, "the interaction F is not bounded by d alone"),
    ]
    arithmetic = (
        f"With every |d| at most {text(FS[2])}, {n} a group and compound symmetry, group F {text(FS[0])} needs "
        f"a within-person correlation of at most {high:.3f} and interaction F {text(FS[1])} one of "
        f"at least {1 - low:.3f}; "
        f"together "
        f"they need (n/2) Σd² of at least {least:.2f} at any correlation, and at most {top:.2f} is possible."
    )
    return finding("madrs-joint-bound", "MADRS, both F's and the largest d", FS, arithmetic, readings)


def _alone(term: str) -> Finding:
    f, top = interval(text(f"madrs-{term}-f"))[0], printed_limit()
    most = largest_group_f if term == "group" else largest_interaction_f
    fits = [r / 1000 for r in range(1000) if most(top, r / 1000) >= f]
    apart = top if term == "group" else top / (VISITS - 1)
    readings = [
        Reading("compound symmetry", bool(fits), f"within-person correlation {min(fits):.3f} to {max(fits):.3f}"),
        Reading("diagonal covariance", apart >= f, f"F at most {apart:.3f}"),
    ]
    shown = "; ".join(f"{reading.name}: {reading.detail}" for reading in readings)
    arithmetic = f"{term.capitalize()} F = {text(f'madrs-{term}-f')} alone; {shown}."
    return finding(
        f"madrs-{term}-bound", f"MADRS, {term} F and the largest d", [f"madrs-{term}-f", *FS[2:]], arithmetic, readings
    )


def _pain(outcome: str) -> Finding:
    time, interaction = (float(text(f"{outcome}-{term}-f")) for term in ("time", "interaction"))
    less = interaction > time
    readings = [
        Reading("no change without pain", abs(interaction - time) < 0.001, "the two F's would be equal"),
        Reading("scores without pain moved opposite to those with pain", less, "the interaction F is then the larger"),
    ]
    arithmetic = (
        f"Time F - interaction F = {time - interaction:.3f} has the sign of the product of the two groups' "
        f"profiles over "
        "time (equal groups, no covariates): the profiles are opposed where it is negative."
    )
    keys = [f"{outcome}-time-f", f"{outcome}-interaction-f"]
    return finding(f"{outcome}-profiles", f"{outcome}, time and interaction F", keys, arithmetic, readings)


def _vas() -> Finding:
    group, interaction, n = float(text("vas-group-f")), float(text("vas-interaction-f")), whole("n-pain")
    size = [sqrt(float(needed(group, interaction, rho)) * 2 / (n * VISITS)) for rho in (0.0, 0.5)]
    arithmetic = (
        f"No d is printed for VAS, so no bound binds; under compound symmetry its two F's are a root-mean-square d of "
        f"{size[0]:.2f} at correlation 0 and {size[1]:.2f} at 0.5."
    )
    return finding(
        "vas-bound", "VAS, F's and d", ["vas-group-f", "vas-interaction-f", "n-pain"], arithmetic, power=False
    )


def findings() -> tuple[Finding, ...]:
    """The findings on d and F.

    >>> [item.verdict for item in findings() if item.id == "madrs-joint-bound"]
    ['consistent under a stated reading']
    """
    pain = tuple(_pain(outcome) for outcome in ("vas", "sensory", "affective", "ppi"))
    return (_visit(), _alone("group"), _alone("interaction"), _joint(), _vas(), *pain)
