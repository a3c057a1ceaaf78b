"""Singular, nearly singular and thin data: numbers, or an exception or `converged` False that says why not."""

import numpy as np
import pandas as pd
import pytest

from helpers.models import ModelError, TooFewError, fit_repeated

FORMULA = "score ~ group * visit"
FITS = {
    "unstructured": {},
    "heterogeneous_toeplitz": {"covariance": "heterogeneous_toeplitz"},
    "heterogeneous_cs": {"covariance": "heterogeneous_cs"},
    "compound_symmetry": {"covariance": "compound_symmetry"},
    "toeplitz": {"covariance": "toeplitz"},
    "diagonal": {"covariance": "diagonal"},
    "intercept": {"random": "intercept"},
    "slope": {"random": "slope", "time": "day"},
    "auto": {"covariance": "auto"},
    "unstructured, ml": {"method": "ml"},
    "slope, ml": {"random": "slope", "time": "day", "method": "ml"},
}


def ordinary(rng, subjects, visits):
    return rng.normal(0, 1, (subjects, 1)) + rng.normal(0, 1, (subjects, visits))


def dropped(rng, subjects, visits):
    values = ordinary(rng, subjects, visits)
    values[rng.random(values.shape) < 0.4] = np.nan
    return values


def perfectly_correlated(rng):
    values = ordinary(rng, 20, 4)
    values[:, 3] = 2 * values[:, 0] + 1
    return values


def nearly_correlated(rng):
    values = ordinary(rng, 20, 4)
    values[:, 3] = values[:, 0] + 1e-5 * rng.normal(size=20)
    return values


def constant(rng, rows):
    values = ordinary(rng, 20, 4)
    values[rows, 2] = 3.0
    return values


def negative(rng, share):
    values = rng.normal(size=(30, 4))
    return values - share * values.mean(axis=1, keepdims=True)


def rounded(rng):
    values = np.clip(np.round(rng.normal(2, 1, (40, 1)) + rng.normal(0, 1, (40, 8))), 0, 10)
    values[20:, 0] = 0
    return values


THIN = {
    "40 % missing, 16 x 4": lambda rng: dropped(rng, 16, 4),
    "40 % missing, 16 x 8": lambda rng: dropped(rng, 16, 8),
    "more visits than subjects": lambda rng: ordinary(rng, 6, 8),
    "three subjects": lambda rng: ordinary(rng, 3, 3),
    "perfect correlation": perfectly_correlated,
    "nearly perfect correlation": nearly_correlated,
    "constant visit": lambda rng: constant(rng, slice(None)),
    "constant in one group at one visit": lambda rng: constant(rng, slice(10, None)),
    "negative intraclass correlation": lambda rng: negative(rng, 0.6),
    "sums of zero": lambda rng: negative(rng, 1.0),
    "spread largest in the middle": lambda rng: (
        rng.normal(0, 2, (30, 1)) + rng.normal(size=(30, 4)) * [0.5, 1.5, 1.5, 0.5]
    ),
    "slope follows from intercept": lambda rng: (
        rng.normal(0, 1, (30, 1)) * (1 + np.arange(4)) + rng.normal(0, 0.1, (30, 4)) * [1, 2, 2, 1]
    ),
    "visits of other units": lambda rng: ordinary(rng, 20, 4) * [1, 1e3, 1e-3, 1],
    "whole numbers with a floor": rounded,
    "heavy tails": lambda rng: rng.standard_cauchy((20, 4)),
}


def data_of(long, kind):
    return long(THIN[kind](np.random.default_rng(6)))


def or_error(call):
    try:
        return call()
    except ModelError as error:
        return error


def tables(ours):
    """Every table of a fit; Kenward-Roger may refuse an F by its class."""
    for df in ("satterthwaite", "kenward-roger") if ours.method == "reml" else ("satterthwaite",):
        for information in ("observed", "expected"):
            asked = {"df": df, "information": information}
            found = or_error(lambda asked=asked: ours.tests(**asked))
            if isinstance(found, ModelError):
                assert (df, type(found)) == ("kenward-roger", TooFewError)
                assert found.names
            else:
                yield found
            yield ours.means("group", by="visit", **asked)
            yield ours.contrasts("visit", by="group", **asked)


@pytest.mark.parametrize("kind", THIN)
@pytest.mark.parametrize("name", FITS)
def test_nothing_is_silently_missing(long, kind, name):
    ours = or_error(lambda: fit_repeated(data_of(long, kind), FORMULA, "id", "visit", **FITS[name]))
    if isinstance(ours, ModelError):
        assert ours.names
        return
    assert np.isfinite(ours.deviance)
    assert ours.converged == ours.message.endswith("converged")
    assert ours.message
    assert np.linalg.eigvalsh(ours.covariance)[0] > -1e-9 * ours.covariance.to_numpy().max()
    for table in tables(ours):
        numbers = table.select_dtypes("number")
        assert numbers.notna().all(axis=None)
        # Degrees of freedom may be infinite, where a variance does not depend on any parameter; nothing else.
        assert np.isfinite(numbers.drop(columns=["df", "df2"], errors="ignore")).all(axis=None)
        assert (table.filter(regex="^df").to_numpy() > 0).all()
        assert (table.filter(regex="^(F|se)$").to_numpy() >= 0).all()
        assert ((table.filter(regex="^p") >= 0) & (table.filter(regex="^p") <= 1)).all(axis=None)


SAID = {
    ("perfect correlation", "unstructured"): "singular: v0 and v3 are perfectly correlated",
    ("nearly perfect correlation", "unstructured"): "singular: v0 and v3 are perfectly correlated",
    ("constant visit", "unstructured"): "singular: no variance is left at v2",
    ("constant visit", "diagonal"): "singular: no variance is left at v2",
    ("visits of other units", "heterogeneous_cs"): "no variance is left at v",
    ("more visits than subjects", "unstructured"): "the covariance of the visits is singular",
    ("negative intraclass correlation", "intercept"): "variance of the random intercept is zero: at the boundary",
    ("sums of zero", "intercept"): "variance of the random intercept is zero: at the boundary",
    ("sums of zero", "compound_symmetry"): "v0, v1, v2 and v3 follow from one another",
    ("spread largest in the middle", "slope"): "random intercept and slope is singular: at the boundary",
    ("slope follows from intercept", "slope, ml"): "random intercept and slope is singular: at the boundary",
}


@pytest.mark.parametrize(("kind", "name"), SAID)
def test_what_is_singular_is_said(long, kind, name):
    ours = fit_repeated(data_of(long, kind), FORMULA, "id", "visit", **FITS[name])
    assert not ours.converged
    assert SAID[kind, name] in ours.message


def test_at_the_boundary_the_random_intercept_is_least_squares(long):
    """The variance that is zero does not count: what is left is the identity, with its residual degrees of freedom."""
    data = data_of(long, "negative intraclass correlation")
    ours, plain = (
        fit_repeated(data, FORMULA, "id", "visit", **o) for o in (FITS["intercept"], {"covariance": "identity"})
    )
    assert ours.deviance == pytest.approx(plain.deviance, abs=1e-6)
    assert ours.parameters["intercept variance"] == pytest.approx(0, abs=1e-6)
    pd.testing.assert_series_equal(ours.coefficients, plain.coefficients, rtol=1e-5, atol=1e-8)
    for df in ("satterthwaite", "kenward-roger"):
        pd.testing.assert_frame_equal(ours.tests(df), plain.tests("residual"), rtol=1e-4, check_dtype=False)
    # A common covariance may be negative, and fits better then.
    common = fit_repeated(data, FORMULA, "id", "visit", "compound_symmetry")
    assert common.converged
    assert common.parameters["covariance"] < 0
    assert common.deviance < ours.deviance - 1


def test_a_mean_without_variance_is_the_constant(long):
    ours = fit_repeated(data_of(long, "constant in one group at one visit"), FORMULA, "id", "visit")
    assert ours.converged
    means = ours.means("group", by="visit").set_index(["group", "visit"])["mean"]
    assert means["b", "v2"] == pytest.approx(3, abs=1e-9)


def test_subjects_seen_once_count(long):
    values = np.random.default_rng(5).normal(size=(30, 2))
    values[:, 1] = np.where(np.arange(30) % 2, np.nan, values[:, 1])
    ours = fit_repeated(long(values), FORMULA, "id", "visit")
    assert ours.converged
    assert (ours.n_rows, ours.n_subjects) == (45, 30)
    assert ours.tests().notna().all(axis=None)


@pytest.mark.parametrize("seed", [317, 334, 366, 388])
def test_a_random_slope_over_two_visits_is_tested_without_the_information_it_does_not_have(long, seed):
    """Four parameters of a covariance of three numbers: no Hessian has an inverse, wherever the search ends."""
    ours = fit_repeated(long(np.random.default_rng(seed).normal(size=(9, 2))), FORMULA, "id", "visit", **FITS["slope"])
    assert not ours.converged
    for df in ("satterthwaite", "kenward-roger"):
        assert ours.tests(df).notna().all(axis=None)
