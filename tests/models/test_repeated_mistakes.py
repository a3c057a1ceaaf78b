"""Every mistake has a class of its own, and names what offends."""

import numpy as np
import pandas as pd
import pytest

from helpers.models import (
    ConstantError,
    DuplicateVisitError,
    MissingValuesError,
    ModelError,
    OneLevelError,
    OptionError,
    RankDeficientError,
    TooFewError,
    UnidentifiedCovarianceError,
    UnknownColumnError,
    UnknownLevelError,
    fit_repeated,
)

FORMULA = "score ~ group * visit + age"


@pytest.fixture
def data(table):
    return table("intercept")


def fit(data, formula=FORMULA, **options):
    return fit_repeated(data, formula, "id", "visit", **options)


def raised(kind, call):
    with pytest.raises(kind) as caught:
        call()
    assert type(caught.value) is kind
    return caught.value


def test_two_rows_of_a_subject_and_visit(data):
    twice = pd.concat([data, data.query("id == 5 and visit in ('v2', 'v3')"), data.query("id == 7 and visit == 'v1'")])
    error = raised(DuplicateVisitError, lambda: fit(twice))
    assert error.names == ("5 at v2", "5 at v3", "7 at v1")
    assert "5 at v2, 5 at v3, 7 at v1. Keep one" in str(error)
    all_twice = raised(DuplicateVisitError, lambda: fit(pd.concat([data, data])))
    assert str(all_twice).count(" at v") == 5
    assert "..." in str(all_twice)


def test_a_repeated_row_without_a_response_is_no_duplicate(data):
    more = pd.concat([data, data.query("id == 5 and visit == 'v2'").assign(score=np.nan)], ignore_index=True)
    assert fit(more).deviance == pytest.approx(fit(data).deviance, abs=1e-9)


def test_columns_that_are_not_there(data):
    error = raised(UnknownColumnError, lambda: fit(data, f"{FORMULA} + bmi"))
    assert error.names == ("bmi",)
    for names in ({"subject": "who"}, {"visit": "week"}):
        keys = {"subject": "id", "visit": "visit", **names}
        error = raised(UnknownColumnError, lambda keys=keys: fit_repeated(data, "score ~ group", **keys))
        assert error.names == tuple(names.values())
    error = raised(UnknownColumnError, lambda: fit(data, random="slope", time="weeks"))
    assert error.names == ("weeks",)


def test_missing_values_of_other_variables(data):
    whole = data.assign(score=data["score"].fillna(20))
    error = raised(MissingValuesError, lambda: fit(whole.assign(age=data["age"].where(data["id"] != 1))))
    assert error.names == ("age",)
    assert "age in 8 of 528 rows" in str(error)
    error = raised(MissingValuesError, lambda: fit(whole.assign(id=data["id"].where(data["id"] != 1))))
    assert error.names == ("id",)
    # Where the response is missing too, nothing is wrong.
    fit(data.assign(age=data["age"].where(data["score"].notna())))


def test_a_factor_of_one_level(data):
    assert raised(OneLevelError, lambda: fit(data.query("group == 'pain'"))).names == ("group",)


def test_one_visit_is_not_repeated(data):
    error = raised(TooFewError, lambda: fit(data.query("visit == 'v3'"), "score ~ group"))
    assert error.names == ("v3",)
    assert "visit has one level among the analysed rows (v3)" in str(error)


def test_a_design_of_deficient_rank(data):
    error = raised(
        RankDeficientError, lambda: fit(data.assign(months=data["age"] * 12), "score ~ visit + age + months")
    )
    assert error.names == ("months",)
    error = raised(RankDeficientError, lambda: fit(data.query("not (group == 'pain' and visit == 'v8')")))
    assert "No row has group pain with visit v8" in str(error)


def test_responses_that_cannot_be_fitted(data):
    assert raised(ConstantError, lambda: fit(data.assign(score=3.0))).names == ("score",)
    exact = data.assign(score=2 * data["age"] + data["visit"].eq("v2"))
    error = raised(ConstantError, lambda: fit(exact))
    assert "fits score exactly" in str(error)
    assert raised(ModelError, lambda: fit(data.assign(score="much"))).names == ("score",)
    assert "no '~'" in str(raised(ModelError, lambda: fit(data, "score")))


def test_too_few_rows(data):
    error = raised(TooFewError, lambda: fit(data.query("id in (1, 40)"), "score ~ group * visit"))
    assert "coefficients leave no residual variance" in str(error)


def test_times_of_a_random_slope(data):
    assert "needs `time`" in str(raised(OptionError, lambda: fit(data, random="slope")))
    other = data.assign(day=data["day"] + (data["id"].eq(3) & data["visit"].isin(["v2", "v4"])))
    error = raised(ModelError, lambda: fit(other, random="slope", time="day"))
    assert error.names == ("v2", "v4")
    assert "one time a visit" in str(error)
    assert raised(ModelError, lambda: fit(data, random="slope", time="visit")).names == ("visit",)
    assert raised(ConstantError, lambda: fit(data.assign(day=7), random="slope", time="day")).names == ("day",)


def test_visits_never_seen_together(long):
    values = np.random.default_rng(2).normal(size=(40, 3))
    values[::2, 0] = np.nan
    values[1::2, 2] = np.nan
    error = raised(UnidentifiedCovarianceError, lambda: fit(long(values), "score ~ visit"))
    assert error.names == ("v0 and v2",)
    assert fit(long(values), "score ~ visit", covariance="ar1").converged


def test_options(data):
    for wrong in ({"covariance": "banded"}, {"random": "visit"}, {"method": "mle"}):
        ((name, value),) = wrong.items()
        error = raised(OptionError, lambda wrong=wrong: fit(data, **wrong))
        assert error.names == (value,)
        assert f"{name} is '{value}'; allowed are" in str(error)
    assert raised(OptionError, lambda: fit(data, covariance="ar1", random="intercept")).names == ("ar1",)
    assert raised(OptionError, lambda: fit(data, time="day")).names == ("day",)
    assert raised(OptionError, lambda: fit(data, random="intercept", time="day")).names == ("day",)


def test_wrong_questions(data):
    ours = fit(data)
    assert raised(UnknownLevelError, lambda: ours.contrasts("visit", reference="baseline")).names == ("baseline",)
    assert "age: not a factor" in str(raised(UnknownColumnError, lambda: ours.means("age")))
    assert "twice" in str(raised(OptionError, lambda: ours.means("group", by="group")))
    assert raised(OptionError, lambda: ours.contrasts("group", adjust="scheffe")).names == ("scheffe",)
    for alpha in (0, 1, 5):
        assert raised(OptionError, lambda alpha=alpha: ours.means("group", alpha=alpha)).names == (str(alpha),)
