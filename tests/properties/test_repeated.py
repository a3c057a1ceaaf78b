"""Repeated measures of any shape: an answer without holes, or an exception of ours; and what no answer depends on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from helpers.models import ModelError, fit_repeated

from .examples import examples, reasoned
from .frames import SCALES, long_frames

FORMULAS = ["score ~ group * visit", "score ~ group * visit + age", "score ~ visit", "score ~ group", "score ~ 1"]
STRUCTURES = [
    "unstructured", "compound_symmetry", "heterogeneous_cs", "ar1", "heterogeneous_ar1", "toeplitz",
    "heterogeneous_toeplitz", "diagonal", "identity", "auto",
]  # fmt: skip
FEW = ["compound_symmetry", "unstructured", "ar1", "heterogeneous_cs", "diagonal", "identity"]
# The search ends within 1e-8 of the covariance parameters, and second derivatives keep seven digits of that; where few
# participants leave the likelihood flat, fewer.
CLOSE = 1e-4
DF = ["satterthwaite", "kenward-roger", "residual", "asymptotic"]


@st.composite
def models(draw, good=False):
    """Formula and options of a fit; of `good` ones the covariance has few parameters."""
    options = {"method": draw(st.sampled_from(["reml", "reml", "ml"]))}
    if draw(st.integers(0, 4)):
        options["covariance"] = draw(st.sampled_from(FEW if good else STRUCTURES))
    else:
        options["random"] = draw(st.sampled_from(["intercept", "slope"]))
    return draw(st.sampled_from(FORMULAS[:2] if good else FORMULAS)), options


def fitted(frame, model):
    formula, options = model
    if options.get("random") == "slope":
        frame = frame.assign(day=frame["visit"].str[1:].astype(int))
        options = options | {"time": "day"}
    return fit_repeated(frame, formula, "id", "visit", **options)


def whole(table: pd.DataFrame) -> bool:
    """No hole, and nothing infinite but degrees of freedom."""
    numbers = table.select_dtypes("number")
    finite = numbers.drop(columns=[name for name in ("df", "df2") if name in numbers])
    return bool(numbers.notna().all(axis=None) and np.isfinite(finite).all(axis=None))


@examples(60, frame=long_frames(), model=models(), df=st.sampled_from(DF), scale=st.sampled_from(SCALES))
def test_an_answer_or_a_reason(frame, model, df, scale):
    try:
        fit = fitted(frame.assign(score=frame["score"] * scale), model)
        assert fit.message
        assert np.isfinite([fit.deviance, *fit.coefficients, *fit.parameters, *np.ravel(fit.vcov)]).all()
        if not fit.converged:
            assert fit.message != "converged"
            return
        tests = fit.tests(df)
        assert whole(tests)
        assert tests["p"].between(0, 1).all()
        for factor in fit.design.factors:
            assert whole(fit.means(factor, df=df))
            assert whole(fit.contrasts(factor, df=df))
    except ModelError as error:
        reasoned(error)


def answers(frame, model, df):
    """Whether the search converged, and tests, means and contrasts by visit; an example without a fit is left out."""
    try:
        fit = fitted(frame, model)
        tables = [fit.tests(df)]
        for factor in fit.design.factors:
            tables += [fit.means(factor, df=df), fit.contrasts(factor, df=df)]
    except ModelError:
        assume(False)
    assume(fit.converged)
    return fit, tables


def same(before, after):
    for left, right in zip(before, after, strict=True):
        left, right = (table.select_dtypes("number") for table in (left, right))
        pd.testing.assert_frame_equal(left, right, rtol=CLOSE, atol=1e-9 * max(1.0, _largest(left)))


def _largest(table):
    return float(table.where(np.isfinite(table)).abs().max(axis=None))


@examples(
    24,
    frame=long_frames(good=True),
    model=models(good=True),
    df=st.sampled_from(DF),
    power=st.sampled_from([-460, -30, 9, 460]),
)
def test_units_of_the_response(frame, model, df, power):
    """By a power of two nothing is rounded: not one digit of a test may differ."""
    one, before = answers(frame, model, df)
    other, after = answers(frame.assign(score=frame["score"] * 2.0**power), model, df)
    assert other.message == one.message
    assert other.coefficients.equals(one.coefficients * 2.0**power)
    units = ["mean", "estimate", "se", "ci_low", "ci_high"]
    for table, scaled in zip(before, after, strict=True):
        held = [name for name in units if name in table]
        pd.testing.assert_frame_equal(scaled, table.assign(**{name: table[name] * 2.0**power for name in held}))


@examples(
    16,
    frame=long_frames(good=True),
    model=models(good=True),
    df=st.sampled_from(DF),
    random=st.randoms(use_true_random=False),
)
def test_order_of_rows_and_names_of_participants(frame, model, df, random):
    one, before = answers(frame, model, df)
    names = [f"P{number}" for number in random.sample(range(1000), frame["id"].nunique())]
    mixed = frame.assign(id=frame["id"].map(dict(enumerate(names)))).sample(frac=1, random_state=random.randrange(99))
    other, after = answers(mixed, model, df)
    assert other.deviance == pytest.approx(one.deviance, abs=1e-6)
    same(before, after)


@examples(16, frame=long_frames(good=True), model=models(good=True), df=st.sampled_from(DF))
def test_names_of_groups(frame, model, df):
    """In the same order they are but names; turned round they change signs, and nothing else."""
    one, before = answers(frame, model, df)
    _, renamed = answers(frame.assign(group=frame["group"].str.upper()), model, df)
    same(before, renamed)
    turned, after = answers(frame.assign(group=frame["group"].map({"ache": "c", "none": "b", "well": "a"})), model, df)
    assert turned.deviance == pytest.approx(one.deviance, abs=1e-6)
    # Satterthwaite's df of several rows are a matter of the level that is last.
    pd.testing.assert_frame_equal(
        before[0][["term", "df1", "F"]], after[0][["term", "df1", "F"]], rtol=CLOSE, atol=1e-9
    )


@examples(12, frame=long_frames(good=True), df=st.sampled_from(DF), covariate=st.booleans())
def test_a_random_intercept_is_a_positive_covariance(frame, df, covariate):
    formula = "score ~ group * visit" + " + age" * covariate
    one, before = answers(frame, (formula, {"covariance": "compound_symmetry"}), df)
    assume(one.parameters["covariance"] > 1e-3 * one.parameters.abs().max())
    other, after = answers(frame, (formula, {"random": "intercept"}), df)
    assert other.deviance == pytest.approx(one.deviance, abs=1e-6)
    same(before, after)


@examples(12, frame=long_frames(good=True), df=st.sampled_from(DF), structure=st.sampled_from(FEW))
def test_another_coding_of_the_cells(frame, df, structure):
    """`group * visit` and one factor of all cells are one model: the means of the cells are the same."""
    options = {"covariance": structure}
    one, _ = answers(frame, ("score ~ group * visit", options), df)
    cells = frame.assign(cell=frame["group"] + "/" + frame["visit"])
    other, _ = answers(cells, ("score ~ cell", options), df)
    left = one.means(["group", "visit"], df=df).drop(columns=["group", "visit"])
    same([left], [other.means("cell", df=df).drop(columns="cell")])
