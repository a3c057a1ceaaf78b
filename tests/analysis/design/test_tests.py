"""The tests of a cohort in a simulation are those that the notebooks make of a study."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.analysis.design.analytes import Baseline, Course, family_tallies
from helpers.analysis.design.changing import Falls, Path
from helpers.analysis.design.outcomes import Outcome, log_rank_p, rates_p, times_p
from helpers.analysis.design.repeated import METHODS, Frame
from helpers.analysis.design.tally import rejections, summed, tallied
from helpers.models import chi_square, fit_repeated, log_rank, student_t

CLOSE = 1e-6  # the searches of the batched and of the single fit end within that of each other


def rates(rows) -> pd.DataFrame:
    return summed(pd.DataFrame(rows).assign(point=""), ["point"]).set_index(["method", "test", "adjustment"])


@pytest.fixture(scope="module")
def endpoint():
    rng = np.random.default_rng(8)
    first = np.arange(40) < 18
    days = np.array([2.0, 5, 9, 13])
    time = rng.choice(days, (30, 40))
    event = rng.random((30, 40)) < np.where(first, 0.4, 0.7)
    return time, np.where(time < 13, event, rng.random((30, 40)) < 0.5), first, days


def test_rates_and_times_are_tested_as_in_the_analysis(endpoint):
    time, event, first, days = endpoint
    found = rates_p(event, first), rates_p(event, first, 0.5), times_p(time, event, first)
    only, ranks = times_p(time, event, first, events_only=True), log_rank_p(time, event, first, days)
    for i in range(len(time)):
        table = [[event[i, g].sum(), (~event[i, g]).sum()] for g in (first, ~first)]
        expected = [
            chi_square(table).p,
            chi_square(table, correction=True).p,
            student_t(time[i, first], time[i, ~first]).p,
            student_t(time[i, first & event[i]], time[i, ~first & event[i]]).p,
            log_rank(time[i], event[i], first).p,
        ]
        np.testing.assert_allclose([*(p[i] for p in found), only[i], ranks[i]], expected, rtol=1e-9)


def test_where_nothing_can_be_tested_there_is_no_p():
    first = np.arange(6) < 3
    everyone = np.ones((1, 6), dtype=bool)
    assert np.isnan(rates_p(everyone, first)).all()
    assert np.isnan(times_p(np.full((1, 6), 13.0), everyone, first)).all()
    assert np.isnan(log_rank_p(np.full((1, 6), 13.0), ~everyone, first, np.array([13.0]))).all()


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_cohort_is_modelled_as_in_the_analysis(method):
    rng = np.random.default_rng(4)
    seen = rng.random((20, 3)) < 0.85
    seen[:, 0] = True
    frame = Frame(np.arange(20) // 10, ("a", "b"), ("v0", "v1", "v2"), seen)
    values = rng.normal(size=(2, 20, 3)) + rng.normal(size=(2, 20, 1)) + np.array([0.0, 1, 2])
    many = frame.fit(values, method)
    tests = many.tests(frame.data.design, frame.data.design.terms, method.df)
    names, rows = frame.changes()
    changes = many.contrasts(rows, method.df)
    visits, rows = frame.differences()
    differences = many.contrasts(rows, method.df)
    for i in range(2):
        who, when = np.nonzero(seen)
        long = pd.DataFrame({"id": who, "group": np.array(["a", "b"])[who // 10], "value": values[i][seen]})
        long["visit"] = pd.Categorical.from_codes(when, ["v0", "v1", "v2"], ordered=True)
        one = fit_repeated(long, "value ~ group * visit", "id", "visit", covariance=method.covariance)
        expected = one.tests(method.df).set_index("term")["p"]
        np.testing.assert_allclose([tests[term].p[i] for term in expected.index], expected, rtol=CLOSE)
        table = one.contrasts("visit", by="group", df=method.df, reference="v0")
        assert [(str(g), str(v)) for g, v in zip(table["group"], table["level"], strict=True)] == names
        np.testing.assert_allclose(changes.estimate[i], table["estimate"], rtol=CLOSE)
        np.testing.assert_allclose(changes.p[i], table["p"], rtol=CLOSE)
        table = one.contrasts("group", by="visit", df=method.df)
        assert [str(v) for v in table["visit"]] == visits
        np.testing.assert_allclose(differences.estimate[i], table["estimate"], rtol=CLOSE)


def test_families_count_false_and_true_rejections():
    p = np.array([[0.01, 0.04, 0.2], [0.3, 0.02, 0.001], [np.nan, 0.5, 0.5]])
    found = rates(family_tallies("m", "t", ["a", "b", "c"], p, np.array([True, False, False]), 0.05))
    none = found.xs("none", level="adjustment").droplevel("method")
    assert none.loc["t, a", ["used", "rate"]].tolist() == [2, 0.5]
    assert none.loc["t: any false", "rate"] == 0.5
    assert none.loc["t: false share", "rate"] == 0.25  # one of two, none of two
    assert none.loc["t: power", "rate"] == 0.75
    strict = found.xs("bonferroni", level="adjustment").droplevel("method")
    assert strict.loc["t: power", "rate"] == 0.25


def test_sums_of_blocks_are_those_of_all_cohorts():
    rng = np.random.default_rng(3)
    p, estimate = rng.random(90), rng.normal(2, 1, 90)
    ends = estimate - 1, estimate + 1

    def row(part):
        return tallied("m", "t", rejections(p[part], 0.3), False, true=2.0, estimate=estimate[part],
                       ends=(ends[0][part], ends[1][part]))  # fmt: skip

    whole, parts = rates([row(slice(0, 90))]), rates([row(slice(a, a + 30)) for a in (0, 30, 60)])
    numbers = whole.columns.drop(["point", "null"])
    np.testing.assert_allclose(parts[numbers].astype(float), whole[numbers].astype(float), rtol=1e-12)
    found = whole.iloc[0]
    assert found["rate"] == pytest.approx((p < 0.3).mean())
    assert found["bias"] == pytest.approx(estimate.mean() - 2)
    assert found["bias_se"] == pytest.approx(estimate.std() / np.sqrt(90))
    assert found["coverage"] == pytest.approx((np.abs(estimate - 2) <= 1).mean())


# Four Monte-Carlo standard errors: a sound test fails once in 16,000; seeds are fixed.
FAR = 4


def near(found: pd.Series, expected: float) -> bool:
    return abs(found["rate"] - expected) < FAR * max(
        found["rate_se"], np.sqrt(expected * (1 - expected) / found["used"])
    )


def test_power_of_an_analysis_of_variance_is_that_of_the_noncentral_f(study, settings):
    family, n = Baseline(study, settings), 15
    people = family.truth("half")
    found = rates(family.tests("half", n, np.random.default_rng(1), 2000)).xs(("published", "none"), level=(0, 2))
    sizes = np.array(people.sizes(n))
    for place, analyte in enumerate(study.roles.analytes.columns):
        means = people.means[:, place]
        away = means - np.average(means, weights=sizes)
        strength = (sizes * away**2).sum() / people.covariance[place, place]
        df = len(sizes) - 1, sizes.sum() - len(sizes)
        assert near(found.loc[f"groups, {analyte}"], stats.ncf.sf(stats.f.isf(0.05, *df), *df, strength)), analyte


def test_false_discoveries_are_kept_at_their_level_and_family_errors_too(study, settings):
    rows = rates(Baseline(study, settings).tests("equal", 20, np.random.default_rng(2), 2000)).droplevel("method")
    for adjustment in ("fdr_bh", "bonferroni"):
        any_false = rows.loc[("groups: any false", adjustment)]
        assert any_false["rate"] < 0.05 + FAR * any_false["rate_se"]
    assert rows.loc[("groups: any false", "none"), "rate"] > 0.3


def test_an_unstructured_model_keeps_its_level_and_its_coverage(study, settings):
    madrs = Outcome(study, settings, "madrs")
    rows = rates(madrs.models("equal", 33, 0.0, np.random.default_rng(3), 1500)).droplevel("adjustment")
    for test in ("group", "interaction"):
        assert near(rows.loc[("unstructured", test)], 0.05), test
    own = rows.loc["unstructured"]
    covered = own.loc[own["coverage"].notna()]
    assert (np.abs(covered["coverage"] - 0.95) < FAR * np.sqrt(0.05 * 0.95 / 1500)).all()
    assert (np.abs(own["bias"].dropna()) < FAR * own["bias_se"].dropna()).all()
    # Visits taken as other people's: the group's test counts each patient eight times.
    assert rows.loc[("independent", "group"), "rate"] > 0.2


def test_filling_gaps_once_makes_tests_too_bold_where_many_are_missing(study, settings):
    rows = rates(Course(study, settings).models("equal", 33, 0.4, np.random.default_rng(4), 40)).xs("none", level=2)
    found = {
        method: rows.loc[method].filter(regex="^interaction, ", axis=0)["rejected"].sum()
        / rows.loc[method].filter(regex="^interaction, ", axis=0)["used"].sum()
        for method in ("published", "unstructured")
    }
    assert found["published"] > found["unstructured"] + 0.02


def test_slopes_that_are_null_are_rejected_at_their_level_and_the_others_are_unbiased(study, settings):
    falls = Falls(study, settings)
    none = rates(falls.tests("none", 33, np.random.default_rng(5), 1500)).droplevel("method")
    assert all(near(none.loc[(f"slope, {name}", "none")], 0.05) for name in study.roles.analytes.columns)
    fitted = rates(falls.tests("fitted", 33, np.random.default_rng(6), 1500)).droplevel("method")
    slopes = fitted[fitted["bias"].notna()]
    assert (np.abs(slopes["bias"]) < FAR * slopes["bias_se"]).all()


def test_indirect_effects_are_rejected_too_seldom_where_a_path_is_absent(study, settings):
    path = Path(study, settings)
    rows = rates(path.mediation("neither", 33, 400, np.random.default_rng(7), 1000)).droplevel("adjustment")
    assert rows.loc[("sobel", "indirect effect"), "rate"] < 0.02
    assert near(rows.loc[("published", "path a")], 0.05)
    assert near(rows.loc[("published", "path b")], 0.05)
    assert near(path_row(path, "no direct", "direct effect"), 0.05)


def path_row(path, truth, test):
    found = rates(path.mediation(truth, 33, 200, np.random.default_rng(8), 1000)).droplevel("adjustment")
    return found.loc[("published", test)]


def test_falls_go_together_where_only_baselines_do(study, settings):
    rows = rates(Path(study, settings).coupled("baseline only", 100, np.random.default_rng(9), 1500)).droplevel((1, 2))
    assert near(rows.loc["levels, baselines beside"], 0.05)
    assert rows.loc["fall on fall", "rate"] > 0.15
