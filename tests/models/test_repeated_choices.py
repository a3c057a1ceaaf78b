"""The structure taken by `auto`, several responses in one call, and what means and contrasts are made of."""

import numpy as np
import pandas as pd
import pytest

from helpers.models import (
    AUTO,
    ConstantError,
    ModelError,
    OptionError,
    UnknownColumnError,
    fit_repeated,
    fit_repeated_many,
)
from helpers.models.multiplicity import adjust

FORMULA = "score ~ group * visit + age"


def test_auto_is_unstructured_where_that_converges(table):
    one, other = (
        fit_repeated(table("trial_66x3"), FORMULA, "id", "visit", covariance) for covariance in ("auto", AUTO[0])
    )
    assert (one.requested, one.structure, one.message) == ("auto", "unstructured", "converged")
    assert one.deviance == other.deviance


def test_auto_passes_over_what_is_singular_and_says_so(long):
    rng = np.random.default_rng(1)
    values = rng.normal(size=(20, 1)) + rng.normal(size=(20, 4))
    values[:, 3] = 2 * values[:, 0] + 1
    data = long(values)
    ours = fit_repeated(data, "score ~ group * visit", "id", "visit", "auto")
    assert ours.converged
    assert (ours.requested, ours.structure) == ("auto", "heterogeneous_ar1")
    passed = [part.split(": ")[0] for part in ours.message.split("; ")[:-1]]
    assert passed == ["unstructured", "heterogeneous_toeplitz"]
    assert "v0 and v3 are perfectly correlated" in ours.message
    assert ours.message.endswith("heterogeneous_ar1 converged")
    alone = fit_repeated(data, "score ~ group * visit", "id", "visit", "heterogeneous_ar1")
    assert ours.deviance == alone.deviance
    pd.testing.assert_frame_equal(ours.tests(), alone.tests())


def test_auto_passes_over_visits_never_seen_together(long):
    values = np.random.default_rng(2).normal(size=(40, 3)) + np.random.default_rng(3).normal(size=(40, 1))
    values[::2, 0] = np.nan
    values[1::2, 2] = np.nan
    ours = fit_repeated(long(values), "score ~ visit", "id", "visit", "auto")
    assert "unstructured: No subject was seen at both v0 and v2" in ours.message
    assert ours.structure != "unstructured"


def test_auto_says_that_nothing_converged(long):
    values = np.random.default_rng(4).normal(size=(30, 1)) + np.zeros((30, 4))
    values[:, 3] += np.random.default_rng(5).normal(0, 1e-6, 30)
    ours = fit_repeated(long(values), "score ~ group * visit", "id", "visit", "auto")
    assert not ours.converged
    assert ours.structure == AUTO[-1]
    assert [part.split(": ")[0] for part in ours.message.split("; ")] == list(AUTO)


@pytest.fixture(scope="module")
def several(table):
    data = table("trial_66x3")
    rng = np.random.default_rng(6)
    noise = pd.DataFrame(rng.normal(size=(len(data), 3)), columns=["one", "two", "three"])
    data = data.join(noise.add(0.5 * data["score"], axis=0))
    data["two"] = data["two"].where(rng.random(len(data)) > 0.2)
    return data.assign(flat=np.where(data["one"].notna(), 1.0, np.nan), exact=data["age"], words="much")


def alone_or_error(data, name, options):
    try:
        return fit_repeated(data, f"{name} ~ group * visit + age", "id", "visit", **options)
    except ModelError as error:
        return error


# "exact" and "words" share their gaps with nothing that can be fitted; "flat" shares those of "one".
NAMES = ["two", "one", "flat", "score", "exact", "words", "three"]
GOOD = ["two", "one", "score", "three"]


@pytest.mark.parametrize(
    "options", [{}, {"covariance": "ar1", "method": "ml"}, {"random": "slope", "time": "time"}, {"covariance": "auto"}]
)
@pytest.mark.parametrize("names", [NAMES, GOOD])
def test_many_fits_are_those_one_by_one(several, names, options):
    many = fit_repeated_many(several, names, "~ group * visit + age", "id", "visit", **options)
    assert list(many) == names
    for name, fit in many.items():
        alone = alone_or_error(several, name, options)
        if isinstance(alone, ModelError):
            assert (type(fit), str(fit), fit.names) == (type(alone), str(alone), alone.names)
            continue
        for part in ("deviance", "structure", "converged", "message", "n_rows", "n_subjects"):
            assert getattr(fit, part) == (
                pytest.approx(getattr(alone, part), abs=1e-8) if part == "deviance" else getattr(alone, part)
            )
        for part in ("coefficients", "parameters", "residuals", "fitted", "normalised_residuals"):
            pd.testing.assert_series_equal(getattr(fit, part), getattr(alone, part), rtol=1e-7, atol=1e-9)
        for part in ("vcov", "covariance"):
            pd.testing.assert_frame_equal(getattr(fit, part), getattr(alone, part), rtol=1e-7)
        pd.testing.assert_frame_equal(fit.tests(), alone.tests(), rtol=1e-6)
        pd.testing.assert_frame_equal(fit.means("group", by="visit"), alone.means("group", by="visit"), rtol=1e-6)
        pd.testing.assert_frame_equal(fit.contrasts("visit"), alone.contrasts("visit"), rtol=1e-6)


def test_what_cannot_be_fitted_leaves_the_others(several):
    many = fit_repeated_many(several, NAMES, "~ group * visit + age", "id", "visit")
    assert [name for name, fit in many.items() if isinstance(fit, ModelError)] == ["flat", "exact", "words"]
    assert isinstance(many["flat"], ConstantError)
    assert str(many["flat"]).startswith("flat: the same in all")
    assert many["exact"].names == ("exact",)
    assert "words is not numeric" in str(many["words"])


def test_a_change_of_one_fit_leaves_the_others(several):
    many = fit_repeated_many(several, ["one", "three"], "~ group * visit + age", "id", "visit")
    before = many["three"].means("group", by="visit")
    shown = many["one"].means("group", by="visit")
    shown["mean"] = 0.0
    shown["group"] = "x"
    many["one"].coefficients[:] = 0.0
    many["one"].vcov.iloc[:, :] = 0.0
    pd.testing.assert_frame_equal(many["three"].means("group", by="visit"), before)
    assert many["one"].means("group", by="visit")["group"].tolist() == before["group"].tolist()


def test_outcomes_missing_in_the_same_rows_share_the_layout(several):
    many = fit_repeated_many(several, GOOD, "~ group * visit + age", "id", "visit")
    layouts = {name: fit.search.optimum.point.problem.layout for name, fit in many.items()}
    assert layouts["one"] is layouts["score"] is layouts["three"]
    assert layouts["two"] is not layouts["one"]


def test_mistakes_in_the_arguments_are_raised(several):
    with pytest.raises(UnknownColumnError, match="four, five: not among"):
        fit_repeated_many(several, ["one", "four", "five"], "~ visit", "id", "visit")
    with pytest.raises(OptionError, match="covariance is 'banded'"):
        fit_repeated_many(several, ["one"], "~ visit", "id", "visit", covariance="banded")
    assert fit_repeated_many(several, [], "~ visit", "id", "visit") == {}


@pytest.fixture(scope="module")
def ours(table):
    return fit_repeated(table("trial_66x3"), FORMULA, "id", "visit")


def test_contrasts_are_differences_of_means(ours):
    means = ours.means(["group", "visit"]).set_index(["group", "visit"])["mean"]
    pairs = ours.contrasts("visit", by="group")
    assert pairs["contrast"].tolist() == ["v1 - v2", "v1 - v3", "v2 - v3"] * 2
    assert pairs["estimate"].to_numpy() == pytest.approx(
        [means[row.group, row.level] - means[row.group, row.versus] for row in pairs.itertuples()]
    )
    against = ours.contrasts("visit", by="group", reference="v2")
    assert against["contrast"].tolist() == ["v1 - v2", "v3 - v2"] * 2
    assert against["estimate"].iloc[1] == pytest.approx(-pairs["estimate"].iloc[2])


def test_means_average_with_equal_weights_and_covariates_at_their_mean(ours):
    cells = ours.means("group", by="visit")
    assert list(cells.columns) == ["group", "visit", "mean", "se", "df", "ci_low", "ci_high"]
    assert cells["visit"].tolist() == ["v1", "v1", "v2", "v2", "v3", "v3"]
    over = ours.means("visit")["mean"].to_numpy()
    assert over == pytest.approx(cells.groupby("visit")["mean"].mean().to_numpy())
    rows = ours.design.data
    effect = ours.coefficients["age"]
    older = fit_repeated(rows.assign(age=rows["age"] - rows["age"].mean()), FORMULA, "id", "visit")
    assert older.coefficients["age"] == pytest.approx(effect, rel=1e-6)
    assert older.means("visit")["mean"].to_numpy() == pytest.approx(over, rel=1e-7)


def test_the_adjustment_is_inside_each_cell(ours):
    groups = ours.contrasts("group", by="visit")
    assert groups["p_adjusted"].tolist() == groups["p"].tolist()
    pairs = ours.contrasts("visit", by="group")
    assert pairs["p_adjusted"].to_numpy() == pytest.approx(np.minimum(1, 3 * pairs["p"].to_numpy()))
    bare = ours.contrasts("visit", by="group", adjust="none", alpha=0.05 / 3)
    assert pairs["ci_low"].to_numpy() == pytest.approx(bare["ci_low"].to_numpy())
    for method in ("holm", "fdr_bh"):
        found = ours.contrasts("visit", by="group", adjust=method)
        expected = np.concatenate([adjust(part, method) for part in found["p"].to_numpy().reshape(2, 3)])
        assert found["p_adjusted"].to_numpy() == pytest.approx(expected)


def test_visits_keep_the_order_of_a_categorical_column(table):
    data = table("trial_66x3")
    data["visit"] = pd.Categorical(data["visit"], ["v3", "v1", "v2", "v9"])
    ours = fit_repeated(data, FORMULA, "id", "visit")
    assert list(ours.covariance.index) == ["v3", "v1", "v2"]
    assert ours.means("visit")["visit"].tolist() == ["v3", "v1", "v2"]


def test_rows_without_a_response_are_left_out_and_all_others_used(table):
    data = table("trial_66x3")
    ours = fit_repeated(data, FORMULA, "id", "visit")
    kept = data.dropna(subset="score")
    assert len(kept) < len(data)
    assert ours.residuals.index.tolist() == kept.index.tolist()
    assert (ours.n_rows, ours.n_subjects) == (len(kept), kept["id"].nunique())
    assert (ours.fitted + ours.residuals).to_numpy() == pytest.approx(kept["score"].to_numpy())
    assert ours.fitted.to_numpy() == pytest.approx(ours.design.x @ ours.coefficients.to_numpy())


def test_a_numeric_visit_is_its_own_time(table):
    data = table("trial_66x3").assign(week=lambda frame: frame["time"])
    named = fit_repeated(data, "score ~ group * week + age", "id", "week", random="slope", time="time")
    plain = fit_repeated(data, "score ~ group * week + age", "id", "week", random="slope")
    # The formula names the visit, which makes it a factor; its numbers are the times all the same.
    assert plain.tests()["df1"].tolist() == [1, 2, 1, 2]
    assert plain.deviance == pytest.approx(named.deviance, abs=1e-9)
    assert plain.parameters.to_numpy() == pytest.approx(named.parameters.to_numpy(), rel=1e-9)
    apart = fit_repeated(data, "score ~ group + age", "id", "week", random="slope")
    assert apart.converged
