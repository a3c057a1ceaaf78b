"""The audit's other findings from the printed strings, and that no finding goes without a computation of its own."""

from __future__ import annotations

import re
from itertools import pairwise
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from helpers.claims.audit import findings
from helpers.claims.audit.printed import PRINTED

FOUND = {item.id: item for item in findings()}
WORDS = {"two": 2, "three": 3, "six": 6, "seven": 7, "nineteen": 19}


def number(key: str) -> float:
    text = PRINTED[key].text.lower()
    return WORDS[text] if text in WORDS else float(re.sub(r" of the .*|[<> ]", "", text))


def members(key: str) -> list[str]:
    return PRINTED[key].text.replace("α", "a").replace("A,", "a,").lower().split(", ")


@pytest.mark.parametrize(
    ("name", "part", "whole", "percent"),
    [
        ("share-pain", "n-pain", "patients", "percent-pain"),
        ("share-missing", "missing", "patients", "missing-percent"),
        ("share-infusions", "pain-infusions", "infusions", "pain-infusions-percent"),
    ],
)
def test_shares(name, part, whole, percent):
    share = 100 * number(part) / number(whole)
    assert f"{share:.1f}" == PRINTED[percent].text
    assert f"{share:.3f} %" in FOUND[name].arithmetic
    others = [k for k in range(int(number(whole)) + 1) if f"{100 * k / number(whole):.1f}" == PRINTED[percent].text]
    assert others == [number(part)]


def test_sums():
    assert number("missing-non-pain") + number("missing-pain") == number("missing")
    assert number("patients") * number("infusions-each") == number("infusions")
    assert {FOUND[name].verdict for name in ("missing-sum", "infusions-total")} == {"follows"}


def test_time_f_of_madrs():
    p = stats.f.sf(number("madrs-time-f"), 7, 7 * (number("patients") - 2))
    assert p < number("madrs-time-p")
    assert f"{p:.1e}" in FOUND["madrs-time-df"].arithmetic


def test_adjusting_the_two_times_would_move_the_smaller_p():
    raw = [number("time-response-p"), number("time-remission-p")]
    adjusted = stats.false_discovery_control(raw)
    assert f"would become {adjusted[0]:.3f}" in FOUND["times-adjustment"].arithmetic
    assert round(adjusted[0], 3) != raw[0]


def test_calendar():
    days = [1 + 7 * (k // 3) + 2 * (k % 3) for k in range(int(number("infusions-each")))]
    assert min(b - a for a, b in pairwise(days)) == 2
    assert days[-1] + 1 == number("day-after-last")
    assert days[-1] + number("days-to-follow-up") == number("day-last")
    assert ", ".join(map(str, days)) in FOUND["calendar"].arithmetic


def test_single_bounds_on_f():
    n, d = number("n-pain"), number("madrs-d-third") + 0.0005
    limit = n * 8 * d**2 / 2
    group, interaction = (number(f"madrs-{term}-f") - 0.0005 for term in ("group", "interaction"))
    rho = np.arange(1000) / 1000
    possible = {
        "group": rho[limit / (1 + 7 * rho) >= group],
        "interaction": rho[limit / (7 * (1 - rho)) >= interaction],
    }
    for term, largest in (("group", limit), ("interaction", limit / 7)):
        said = FOUND[f"madrs-{term}-bound"].arithmetic
        assert f"{possible[term].min():.3f} to {possible[term].max():.3f}" in said
        assert f"at most {largest:.3f}" in said
    needed = min((1 + 7 * r) * group + 7 * (1 - r) * interaction for r in (-1 / 7, 1.0))
    assert f"at least {needed:.2f}" in FOUND["madrs-joint-bound"].arithmetic
    assert needed > limit


def test_vas_differences_behind_its_f():
    group, interaction = number("vas-group-f"), number("vas-interaction-f")
    for rho in (0.0, 0.5):
        d = sqrt(((1 + 7 * rho) * group + 7 * (1 - rho) * interaction) * 2 / (number("n-pain") * 8))
        assert f"{d:.2f} at" in FOUND["vas-bound"].arithmetic


@pytest.mark.parametrize("outcome", ["vas", "sensory", "affective", "ppi"])
def test_profiles_are_opposed_where_the_interaction_is_larger(outcome):
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 8))
    a, b = a - a.mean(), b - b.mean()
    # (a + b)² - (a - b)² = 4ab, so that F_time - F_interaction has the sign of the product.
    assert ((a + b) ** 2).sum() - ((a - b) ** 2).sum() == pytest.approx(4 * (a * b).sum())
    gap = number(f"{outcome}-time-f") - number(f"{outcome}-interaction-f")
    assert gap < 0
    assert f"{gap:.3f}" in FOUND[f"{outcome}-profiles"].arithmetic


def test_grim():
    n = int(number("n-pain"))
    means = {round(k / n, 2) for k in range(100 * n)}
    excluded = 1 - len([m for m in means if m < 1]) / 100
    assert f"{excluded:.0%}" in FOUND["grim-means"].arithmetic
    percents = {f"{100 * k / n:.1f}" for k in range(n + 1)}
    assert f"{1 - len(percents) / 1001:.1%}" in FOUND["grim-percentages"].arithmetic
    assert {PRINTED["response-pain"].text, PRINTED["remission-pain"].text} <= percents


def test_correlation_implied_by_the_paths():
    """By a search over r_xm of the direct effect's p, at the ends of the printed intervals."""
    n, grid, inside = 33, np.linspace(0.30, 0.38, 8001), []
    for beta in (0.4775, 0.4785):
        for direct in (2.9945, 2.9955):
            for indirect in (0.8665, 0.8675):
                c = beta * direct / (direct + indirect)
                b = (beta - c) / grid
                left = 1 - (c**2 + b**2 + 2 * c * b * grid)
                p = 2 * stats.t.sf(c * np.sqrt((n - 3) * (1 - grid**2) / left), n - 3)
                inside.append(grid[(p >= 0.0275) & (p <= 0.0285)])
    low, high = min(map(min, inside)), max(map(max, inside))
    said = [
        float(value) for value in re.search(r"from (\S+) to (\S+) at", FOUND["mediation-implied-r"].arithmetic).groups()
    ]
    assert said == pytest.approx([low, high], abs=2e-4)
    assert number("il6-vas-day-13") + 0.0005 < low


def test_lists():
    assert len(members("list-measured")) == number("analytes") == 19
    differing = members("list-baseline-differing")
    assert len(differing) == int(PRINTED["baseline-differing"].text.split()[0])
    post_hoc = [m for key in ("higher", "lower", "lower-non-pain") for m in members(f"list-baseline-{key}")]
    assert sorted(post_hoc) == sorted(differing)
    assert number("analytes") - len(members("list-higher-with-pain")) == number("other-analytes")
    assert sorted(members("list-lower-day-26")) == sorted(members("list-discussed-lower"))
    assert set(members("list-time-effects")) - set(members("list-lower-day-26")) == {"il-8"}
    assert sorted(members("list-baseline-higher")) == sorted(members("list-discussed-higher"))
    assert sorted(members("list-higher-with-pain")) == sorted(members("list-discussed-higher-with-pain"))
    names = ("measured", "differing", "post-hoc", "others", "day-26", "time", "elevated", "with-pain")
    assert {FOUND[f"list-{name}"].verdict for name in names} == {"follows"}


def test_spelling_and_missing_samples():
    measured = set(PRINTED["list-measured"].text.split(", "))
    used = {name for text in FOUND["list-spelling"].printed for name in text.split(", ")}
    assert sorted(used - measured) == ["IL-17α", "MIP-3α"]
    assert all(name in FOUND["list-spelling"].arithmetic for name in used - measured)
    assert number("missing") != number("samples-missing-seven")


def test_every_finding_is_computed_in_a_test():
    text = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_audit_*.py"))
    families = {"df": r"-df$", "list": r"^list-", "beta": r"-beta$", "bound": r"^madrs-.*-bound$", "rates": r"-rates$",
                "profiles": r"-profiles$", "time": r"^time-to-"}  # fmt: skip
    left = [name for name in FOUND if name not in text and not any(re.search(p, name) for p in families.values())]
    assert left == []
