"""The audit's findings, computed again from the printed strings with scipy alone."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy import stats

from helpers.claims.audit import bounds, findings
from helpers.claims.audit.finding import interval
from helpers.claims.audit.printed import PRINTED
from helpers.claims.figures import plain
from helpers.claims.ledger import load_entries

FOUND = {item.id: item for item in findings()}
READING = "consistent under a stated reading"


def printed(*keys: str) -> list[float]:
    return [float(PRINTED[key].text) for key in keys]


def test_every_finding_has_its_verdict():
    other = {name: item.verdict for name, item in FOUND.items() if item.verdict != "follows"}
    readings = {
        "madrs-interaction-df", "times-adjustment", "madrs-d-visit", "madrs-joint-bound", "vas-profiles",
        "sensory-profiles", "affective-profiles", "ppi-profiles", "il6-vas-day-13-beta", "il6-vas-day-26-beta",
        "mediation-scale", "mediation-sobel", "mediation-implied-r", "list-il-4", "list-spelling", "missing-counts",
        "ppi-whole",
    }  # fmt: skip
    assert other == dict.fromkeys(readings, READING) | {"vas-bound": "no power", "grim-means": "no power"}


def test_strings_agree_with_the_ledger_where_both_have_them():
    shared = [entry for entry in load_entries("zhou2021") if entry.id in PRINTED]
    assert len(shared) > 80
    assert [entry.id for entry in shared if plain(PRINTED[entry.id].text) != entry.printed] == []


@pytest.mark.parametrize(("endpoint", "first", "second"), [("response", 24, 16), ("remission", 17, 9)])
def test_rates(endpoint, first, second):
    percent, chi2, p = printed(f"{endpoint}-pain", f"{endpoint}-chi-square", f"{endpoint}-p")
    table = [[first, 33 - first], [second, 33 - second]]
    plain = stats.chi2_contingency(table, correction=False)
    assert round(100 * first / 33, 1) == percent
    assert (round(plain.statistic, 3), round(plain.pvalue, 3)) == (chi2, p)
    for value in (stats.chi2_contingency(table).pvalue, stats.fisher_exact(table).pvalue):
        assert value > 0.05
        assert f"{value:.4f}" in FOUND[f"{endpoint}-rates"].arithmetic


@pytest.mark.parametrize(("endpoint", "reached"), [("response", 40), ("remission", 26)])
def test_times(endpoint, reached):
    t, p = printed(f"time-{endpoint}-t", f"time-{endpoint}-p")
    assert round(2 * stats.t.sf(t, 64), 3) == p
    assert round(2 * stats.t.sf(t, reached - 2), 3) != p
    assert f"{reached - 2} df" in FOUND[f"time-to-{endpoint}"].arithmetic


def test_p_of_the_printed_f():
    group, interaction = printed("madrs-group-f", "madrs-interaction-f")
    df = np.arange(1, 2001)
    fits = {f: df[np.round(stats.f.sf(f, df1, df), 3) == 0.001] for f, df1 in ((group, 1), (interaction, 7))}
    assert f"{fits[group].min()} to {fits[group].max()}" in FOUND["madrs-group-df"].arithmetic
    assert f"{fits[interaction].min()} to {fits[interaction].max()}" in FOUND["madrs-interaction-df"].arithmetic
    assert 64 in fits[group]
    assert 512 not in fits[group]
    assert fits[interaction].max() < 58


@pytest.mark.parametrize("outcome", ["vas", "sensory", "affective", "ppi"])
def test_the_other_f_are_below_their_p_with_each_patient_once(outcome):
    visits = 8 if outcome == "vas" else 3
    for term, df1 in (("group", 1), ("time", visits - 1), ("interaction", visits - 1)):
        assert stats.f.sf(*printed(f"{outcome}-{term}-f"), df1, 64) < 0.001
        assert FOUND[f"{outcome}-{term}-df"].verdict == "follows"


def test_d_at_its_visit():
    t = interval(PRINTED["madrs-d-third"].text)[1] * sqrt(33 / 2)
    p = 2 * stats.t.sf(t, 64)
    assert p > 0.05
    assert f"{p:.4f}" in FOUND["madrs-d-visit"].arithmetic


def two_way(values: np.ndarray) -> tuple[float, float, float]:
    """Group F, interaction F and (n/2) Σ δ² / σ² of (group, patient, visit) values, by sums of squares."""
    _, n, visits = values.shape
    cell, person = values.mean(axis=1), values.mean(axis=2)
    between = visits * ((person - person.mean(axis=1, keepdims=True)) ** 2).sum() / (2 * n - 2)
    rest = values - cell[:, None, :] - person[:, :, None] + person.mean(axis=1)[:, None, None]
    within = (rest**2).sum() / ((2 * n - 2) * (visits - 1))
    delta = cell[0] - cell[1]
    group = n / 2 * visits * delta.mean() ** 2 / between
    interaction = n / 2 * ((delta - delta.mean()) ** 2).sum() / (visits - 1) / within
    variance = values.var(axis=1, ddof=1).mean()
    return group, interaction, n / 2 * (delta**2).sum() / variance


@pytest.mark.parametrize("seed", range(5))
def test_the_identity_behind_the_bound_holds_in_any_data(seed):
    rng = np.random.default_rng(seed)
    mixing = rng.normal(size=(8, 8))
    values = rng.normal(size=(2, 33, 8)) @ mixing + rng.normal(size=(2, 1, 8))
    group, interaction, total = two_way(values)
    covariance = (np.cov(values[0].T) + np.cov(values[1].T)) / 2
    rho = (covariance.sum() - np.trace(covariance)) / 56 / (np.trace(covariance) / 8)
    assert (1 + 7 * rho) * group + 7 * (1 - rho) * interaction == pytest.approx(total, rel=1e-9)
    d = np.abs(values[0].mean(0) - values[1].mean(0)) / np.sqrt(np.diag(covariance))
    assert total <= 33 * 8 * d.max() ** 2 / 2 + 1e-9


def test_both_f_together_exceed_the_bound_at_every_correlation():
    frame = bounds(np.linspace(-0.14, 0.99, 50))
    assert (frame["d_needed"] > 0.4905).all()
    assert (frame["interaction_f_given_group"] < frame["printed_interaction_f"]).all()
    assert (frame["diagonal_interaction_f"] < frame["printed_interaction_f"]).all()
    assert frame["diagonal_interaction_f"].iloc[0] == pytest.approx(33 * 8 / 2 * 0.4905**2 / 7)
    with pytest.raises(ValueError, match="above -1/7"):
        bounds(-0.2)


@pytest.mark.parametrize("stem", ["il6-vas-day-13", "il6-madrs-day-13", "il6-vas-day-26"])
def test_betas(stem):
    r, p = printed(stem, f"{stem}-p")
    value = 2 * stats.t.sf(r * sqrt(31 / (1 - r**2)), 31)
    assert f"{value:.4f}" in FOUND[f"{stem}-beta"].arithmetic
    assert (round(value, 3) == p) == (FOUND[f"{stem}-beta"].verdict == "follows")


def sobel_p(a: float, b: float, c: float, n: int) -> tuple[float, float]:
    """Direct p and Sobel p of standardised paths."""
    left = 1 - (c**2 + b**2 + 2 * a * b * c)
    se = sqrt(left / ((n - 3) * (1 - a**2)))
    se_a = sqrt((1 - a**2) / (n - 2))
    z = a * b / sqrt(a**2 * se**2 + b**2 * se_a**2)
    return 2 * stats.t.sf(c / se, n - 3), 2 * stats.norm.sf(z)


def test_no_paths_with_the_printed_ratio_have_a_smaller_sobel_p():
    direct, indirect = printed("direct-effect", "indirect-effect")
    rng, least = np.random.default_rng(1), 1.0
    for a, scale in rng.uniform(0.01, 1, size=(20_000, 2)):
        b, c = scale * indirect / (direct + indirect) / a, scale * direct / (direct + indirect)
        if c**2 + b**2 + 2 * a * b * c < 1:
            p_direct, p = sobel_p(a, b, c, 33)
            least = min(least, p) if 0.0275 <= p_direct <= 0.0285 else least
    assert 0.1585 <= least < 0.165
    assert "below 0.158" in FOUND["mediation-sobel"].arithmetic


def test_standardised_paths_exceed_a_correlation():
    assert sum(printed("direct-effect", "indirect-effect")) > 1
    assert "3.862" in FOUND["mediation-scale"].arithmetic


TWICE = [("list-lower-day-26", "list-discussed-lower"), ("list-baseline-higher", "list-discussed-higher")]


@pytest.mark.parametrize(("left", "right"), TWICE)
def test_lists_named_twice(left, right):
    assert set(PRINTED[left].text.split(", ")) == set(PRINTED[right].text.split(", "))


def test_il_4_is_in_both_lists():
    assert "IL-4" in PRINTED["list-baseline-lower"].text.split(", ")
    assert "IL-4" in PRINTED["list-discussed-elevated-pain"].text.split(", ")


def whole_errors(time: float, interaction: float, most: float) -> list[float]:
    """Error SDs up to ``most`` of three visits of whole scores with both F's, by trying all differences of cell sums.

    Two groups of 33. With p, q the differences between visits of the groups' sums, SS_time = 2 (p² + pq + q²) / 198;
    SS_interaction likewise of the groups' differences, of the same parities. SS_error = M / 3 - (their sum), M even.
    """
    found, half = [], 0.0005
    p, q = (grid.ravel() for grid in np.meshgrid(np.arange(-190, 191), np.arange(-190, 191)))
    form, parity = p**2 + p * q + q**2, 2 * (p % 2) + q % 2
    for kind in range(4):
        values = np.unique(form[parity == kind])
        for x in values[(values > 0) & (values <= time * most**2 * 198)]:
            near = np.abs(values - x * interaction / time) <= 1 + x * 1e-4
            for y in values[near]:
                first, second = 2 * x / 198, 2 * y / 198
                low = max(64 * first / (time + half), 64 * second / (interaction + half))
                high = min(64 * first / (time - half), 64 * second / (interaction - half))
                start = 2 * np.ceil(3 * (low + first + second) / 2)
                for m in np.arange(start, 3 * (high + first + second) + 1e-9, 2):
                    found.append(sqrt((m / 3 - first - second) / 128))
    return sorted(sd for sd in found if sd <= most)


def test_whole_scores_of_ppi_need_a_large_error():
    time, interaction = printed("ppi-time-f", "ppi-interaction-f")
    ppi = whole_errors(time, interaction, 1.7)
    assert f"{min(ppi):.2f} or more" in FOUND["ppi-whole"].arithmetic
    assert min(ppi) > 5 / sqrt(12)
    assert FOUND["sensory-whole"].verdict == FOUND["affective-whole"].verdict == "follows"
    sensory = whole_errors(*printed("sensory-time-f", "sensory-interaction-f"), 1.3)
    assert f"{min(sensory):.2f} or more" in FOUND["sensory-whole"].arithmetic
