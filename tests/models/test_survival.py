import numpy as np
import pytest

from helpers.models import (
    ModelError,
    OneLevelError,
    OptionError,
    kaplan_meier,
    log_rank,
    restricted_mean,
    restricted_mean_difference,
)

EXACT = 1e-9  # closed forms on both sides

# Freireich et al. (1963), remission in weeks under 6-mercaptopurine and placebo, as in Kalbfleisch and Prentice.
DRUG = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
DRUG_EVENT = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
TIMES, EVENTS, GROUPS = DRUG + PLACEBO, DRUG_EVENT + [1] * 21, ["drug"] * 21 + ["placebo"] * 21


def test_curve_is_that_of_r(answers, table):
    data, r = table("survival"), answers["survival"]["curve"]
    curve = kaplan_meier(data["time"], data["event"]).iloc[1:]
    for column in ("time", "at_risk", "events", "survival", "ci_low", "ci_high"):
        assert curve[column].to_numpy() == pytest.approx(r[column], rel=EXACT)


def test_curve_of_a_published_example():
    curve = kaplan_meier(DRUG, DRUG_EVENT).set_index("time")["survival"]
    printed = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert curve.loc[list(printed)].round(3).to_dict() == printed


def test_log_rank_of_r_and_of_a_published_example(answers, table):
    data, r = table("survival"), answers["survival"]["logrank"]
    found = log_rank(data["time"], data["event"], data["group"])
    assert (found.statistic, found.p) == pytest.approx((r["statistic"], r["p"]), rel=EXACT)
    assert round(log_rank(TIMES, EVENTS, GROUPS).statistic, 2) == 16.79


def test_log_rank_does_not_depend_on_names_or_order():
    names = {"drug": "z", "placebo": "a"}
    other = log_rank(TIMES[::-1], EVENTS[::-1], [names[g] for g in GROUPS[::-1]])
    assert other.statistic == pytest.approx(log_rank(TIMES, EVENTS, GROUPS).statistic, rel=EXACT)


def test_restricted_mean_is_that_of_r(answers, table):
    data, r = table("survival"), answers["survival"]["rmean"]
    for group, value, se in zip(r["group"], r["value"], r["se"], strict=True):
        rows = data[data["group"] == group]
        found = restricted_mean(rows["time"], rows["event"], tau=13)
        assert (found.value, found.se) == pytest.approx((value, se), rel=EXACT)
        assert found.ci_high - found.value == pytest.approx(1.959963985 * se, rel=EXACT)


def test_without_censoring_it_is_a_plain_mean():
    times = np.array([2.0, 4, 4, 7, 9])
    found = restricted_mean(times, np.ones(5), tau=6)
    assert found.value == pytest.approx(np.minimum(times, 6).mean(), rel=EXACT)
    assert found.se == pytest.approx(np.minimum(times, 6).std() / np.sqrt(5), rel=EXACT)


def test_difference_of_restricted_means():
    found = restricted_mean_difference(TIMES, EVENTS, GROUPS, "drug", "placebo", tau=20)
    one, two = restricted_mean(DRUG, DRUG_EVENT, 20), restricted_mean(PLACEBO, [1] * 21, 20)
    assert found.estimate == pytest.approx(one.value - two.value, rel=EXACT)
    assert found.se == pytest.approx(np.sqrt(one.se**2 + two.se**2), rel=EXACT)
    assert restricted_mean_difference(TIMES, EVENTS, GROUPS, "drug", "placebo").tau == 23
    swapped = restricted_mean_difference(TIMES, EVENTS, GROUPS, "placebo", "drug", tau=20)
    assert (swapped.estimate, swapped.p) == pytest.approx((-found.estimate, found.p), rel=EXACT)


def test_nobody_has_the_event():
    found = restricted_mean([5, 5, 5], [0, 0, 0], tau=5)
    assert (found.value, found.se) == (5, 0)
    same = restricted_mean_difference([5] * 4, [0] * 4, list("aabb"), "a", "b")
    assert (same.estimate, same.statistic, same.p) == (0, 0, 1)
    with pytest.raises(ModelError, match="No event"):
        log_rank([5] * 4, [0] * 4, list("aabb"))


def test_mistakes_are_refused():
    with pytest.raises(OptionError, match="last observed time, 35"):
        restricted_mean(DRUG, DRUG_EVENT, 40)
    with pytest.raises(OneLevelError):
        log_rank([1, 2], [1, 1], ["a", "a"])
    with pytest.raises(OneLevelError, match="nobody"):
        restricted_mean_difference(TIMES, EVENTS, GROUPS, "drug", "nobody")
    with pytest.raises(ModelError, match="censored"):
        kaplan_meier([1, 2], [1, 2])
    with pytest.raises(ModelError, match="negative"):
        kaplan_meier([-1, 2], [1, 1])
