import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.models import (
    ConstantError,
    ModelError,
    SingularCovarianceError,
    TooFewError,
    adjusted_pairs,
    pool,
    pool_joint,
    pool_over,
)

EXACT = 1e-10  # closed forms
estimates = arrays(float, 6, elements=st.floats(-10, 10, allow_subnormal=False))
variances = arrays(float, 6, elements=st.floats(0.1, 10))


def test_rubins_rules_by_hand():
    q, u = np.array([1.0, 2.0, 4.0]), np.array([0.5, 0.7, 0.6])
    found = pool(q, u, df=20).loc[0]
    between = q.var(ddof=1)
    total = 0.6 + 4 / 3 * between
    share = 4 / 3 * between / total
    old, seen = 2 / share**2, 21 / 23 * 20 * (1 - share)
    df = old * seen / (old + seen)
    assert found["total"] == pytest.approx(total, rel=EXACT)
    assert found["df"] == pytest.approx(df, rel=EXACT)
    assert found["lambda"] == pytest.approx(share, rel=EXACT)
    assert found["fmi"] == pytest.approx((found["riv"] + 2 / (df + 3)) / (1 + found["riv"]), rel=EXACT)


def test_without_differences_nothing_is_lost():
    found = pool([2.0, 2, 2], [0.25, 0.25, 0.25]).loc[0]
    assert (found["se"], found["df"], found["fmi"], found["lambda"]) == (0.5, np.inf, 0, 0)
    # Barnard and Rubin: even then (v + 1) / (v + 3) v remain.
    assert pool([2.0, 2], [0.25, 0.25], df=30).loc[0, "df"] == pytest.approx(31 / 33 * 30, rel=EXACT)


@settings(deadline=None, max_examples=40)
@given(estimates, variances, st.floats(0.01, 100), st.floats(3, 500), st.permutations(range(6)))
def test_units_and_the_order_of_imputations_do_not_matter(q, u, scale, df, order):
    plain, moved = pool(q, u, df).loc[0], pool(q[order] * scale, u[order] * scale**2, df).loc[0]
    for name in ("df", "riv", "lambda", "fmi"):
        assert moved[name] == pytest.approx(plain[name], rel=1e-8, abs=1e-12)
    # t is a difference of rounded means over se: absolute rounding of about 1e-14 over 0.3.
    assert moved["t"] == pytest.approx(plain["t"], rel=1e-8, abs=1e-8)
    assert 0 < plain["df"] <= df
    assert plain["total"] >= plain["within"]


def test_parameters_are_pooled_each_on_its_own():
    rng = np.random.default_rng(2)
    q, u = pd.DataFrame(rng.normal(size=(5, 3)), columns=list("abc")), rng.uniform(0.5, 1, (5, 3))
    found = pool(q, u, df=[10, 20, np.inf])
    assert found.index.tolist() == ["a", "b", "c"]
    for position, df in enumerate([10, 20, np.inf]):
        one = pool(q.iloc[:, position], u[:, position], df)
        assert found.iloc[position].tolist() == pytest.approx(one.iloc[0].tolist(), rel=EXACT)


def test_what_cannot_be_pooled_is_refused():
    with pytest.raises(TooFewError, match="there is 1"):
        pool([1.0], [1.0])
    with pytest.raises(ModelError, match="do not belong together"):
        pool([1.0, 2], [1.0, 2, 3])
    with pytest.raises(ModelError, match="negative"):
        pool([1.0, 2], [1.0, -1])
    with pytest.raises(ModelError, match="missing"):
        pool([1.0, np.nan], [1.0, 1])
    with pytest.raises(ConstantError):
        pool([1.0, 2], [0.0, 0])


def test_an_analysis_is_run_on_every_frame(table):
    frames = [
        table("three_groups").assign(y1=lambda t, k=k: t["y1"] + 0.1 * k * (t["group"] == "pain")) for k in range(4)
    ]
    found = pool_over(frames, lambda frame: adjusted_pairs(frame, "y1", "~ group + age", "group"))
    tables = [adjusted_pairs(frame, "y1", "~ group + age", "group") for frame in frames]
    assert found["contrast"].tolist() == tables[0]["contrast"].tolist()
    expected = pool([t.loc[1, "estimate"] for t in tables], [t.loc[1, "se"] ** 2 for t in tables], 122)
    assert found.loc[1, ["estimate", "se", "df", "p"]].tolist() == pytest.approx(
        expected.loc[0, ["estimate", "se", "df", "p"]].tolist(), rel=EXACT
    )


def test_analyses_that_do_not_match_are_refused():
    one, two = pd.DataFrame({"g": ["a"], "estimate": [1.0], "se": [1.0]}), pd.DataFrame({"g": ["b"], "estimate": [1.0]})
    with pytest.raises(ModelError, match="no column 'se'"):
        pool_over([1, 2], lambda _: two)
    with pytest.raises(ModelError, match="differ"):
        pool_over([one, two.assign(se=1.0)], lambda frame: frame)
    with pytest.raises(TooFewError):
        pool_over([], lambda frame: frame)
    assert pool_over([one, one], lambda frame: frame)["df"].tolist() == [np.inf]


# Six imputations of two parameters, and what R's mitml 0.4-4 (.D1) makes of them.
SIX = np.array([[1, 2], [1.5, 0.5], [0.8, 0.2], [2.1, 1.9], [2.6, 1.4], [1.1, 0.3]])
SPREADS = np.array([[[1 + place / 10, 0.3], [0.3, 0.8]] for place in range(1, 7)])


@pytest.mark.parametrize(("many", "df", "f", "df2", "riv"), [
    (6, np.inf, 0.717559015106, 32.8688519683, 0.670293209877),
    (6, 40, 0.717559015106, 13.8345345093, 0.670293209877),
    (2, np.inf, 0.515976150436, 4.25204166108, 1.46272590361),
])  # fmt: skip
def test_parameters_tested_together_as_mitml_does(many, df, f, df2, riv):
    found = pool_joint(SIX[:many], SPREADS[:many], df)
    assert (found.F, found.df2, found.riv) == pytest.approx((f, df2, riv), rel=1e-11)
    assert found.df1 == 2


def test_one_parameter_alone_is_the_square_of_its_t():
    alone, t = pool_joint(SIX[:, :1], SPREADS[:, :1, :1]), pool(SIX[:, 0], SPREADS[:, 0, 0]).loc[0]
    assert (alone.F, alone.riv) == pytest.approx((t["t"] ** 2, t["riv"]), rel=EXACT)


def test_without_gaps_the_joint_test_is_that_of_the_data():
    same = pool_joint(np.repeat(SIX[:1], 4, axis=0), np.repeat(SPREADS[:1], 4, axis=0))
    assert (same.F, same.df2) == (SIX[0] @ np.linalg.solve(SPREADS[0], SIX[0]) / 2, np.inf)


@settings(deadline=None, max_examples=40)
@given(arrays(float, (2, 2), elements=st.floats(-3, 3)).filter(lambda a: abs(np.linalg.det(a)) > 0.1))
def test_the_joint_test_does_not_depend_on_how_the_hypothesis_is_written(a):
    plain, moved = pool_joint(SIX, SPREADS, 60), pool_joint(SIX @ a.T, a @ SPREADS @ a.T, 60)
    assert (moved.F, moved.df2) == pytest.approx((plain.F, plain.df2), rel=1e-6)


def test_what_cannot_be_tested_together_is_refused():
    with pytest.raises(TooFewError, match="2 imputations of 1"):
        pool_joint(SIX[:2, :1], SPREADS[:2, :1, :1], df=30)
    with pytest.raises(ModelError, match="do not belong together"):
        pool_joint(SIX, SPREADS[:, :1])
    with pytest.raises(SingularCovarianceError):
        pool_joint(SIX, np.ones((6, 2, 2)))
