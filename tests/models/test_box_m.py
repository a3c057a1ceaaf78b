import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pingouin import box_m as pingouin_box_m
from statsmodels.stats.multivariate import test_cov_oneway as cov_oneway

from helpers.models import ModelError, OneLevelError, SingularCovarianceError, UnknownColumnError, box_m

OUTCOMES = ["y1", "y2", "y3"]
CLOSE = 1e-9  # determinants of small matrices in standard units


def test_chi_square_is_that_of_pingouin(table):
    data = table("three_groups")
    found, other = box_m(data, OUTCOMES, "group"), pingouin_box_m(data, OUTCOMES, "group").iloc[0]
    assert [found.chi2, found.df1, found.p_chi2] == pytest.approx(other.iloc[:3].astype(float).tolist(), rel=CLOSE)


def test_f_is_that_of_statsmodels_where_a2_exceeds_a1_squared(table):
    data = table("three_groups")
    parts = [part[OUTCOMES] for _, part in data.groupby("group")]
    other = cov_oneway([part.cov() for part in parts], [len(part) for part in parts])
    found = box_m(data, OUTCOMES, "group")
    assert [found.F, found.p, found.df2] == pytest.approx([other.statistic_f, other.pvalue_f, other.df_f[1]], rel=CLOSE)


def test_both_approximations_agree_where_a2_is_smaller(table):
    # Two equal groups and two outcomes; statsmodels' F is off in this case.
    found = box_m(table("three_groups").query("group != 'control'"), ["y1", "y2"], "group")
    # Both p-values approximate one distribution; at n = 66 they agree to about 1e-4.
    assert found.p == pytest.approx(found.p_chi2, abs=1e-3)


@settings(deadline=None, max_examples=25)
@given(st.floats(0.01, 100), st.integers(-50, 50), st.permutations(OUTCOMES), st.integers(0, 5))
def test_units_labels_and_order_do_not_matter(scale, shift, order, seed):
    rng = np.random.default_rng(4)
    data = pd.DataFrame(rng.normal(size=(40, 3)), columns=OUTCOMES).assign(g=np.repeat(["a", "b"], [22, 18]))
    plain = box_m(data, OUTCOMES, "g")
    other = data.sample(frac=1, random_state=seed).replace({"g": {"a": "z"}})
    other["y1"] = other["y1"] * scale + shift
    moved = box_m(other, order, "g")
    # Shifts of 50 standard deviations cost about two digits of a covariance.
    assert (moved.M, moved.F, moved.p) == pytest.approx((plain.M, plain.F, plain.p), rel=1e-7)


def test_equal_covariances_give_nothing():
    rng = np.random.default_rng(1)
    one = pd.DataFrame(rng.normal(size=(12, 2)), columns=["a", "b"])
    found = box_m(pd.concat([one.assign(g="x"), (one + 5).assign(g="y")]), ["a", "b"], "g")
    assert abs(found.M) < 1e-10
    assert found.p == pytest.approx(1)


def test_utterly_different_covariances_are_no_crash():
    rng = np.random.default_rng(1)
    one = pd.DataFrame(rng.normal(size=(6, 2)), columns=["a", "b"])
    two = one * [1, 1e6]
    found = box_m(pd.concat([one.assign(g="x"), two.assign(g="y")]), ["a", "b"], "g")
    assert 0 <= found.p < 1e-6


def test_incomplete_rows_are_left_out_and_cells_crossed(table):
    data = table("three_groups")
    gaps = data.assign(y1=data["y1"].where(data.index > 3))
    assert box_m(gaps, OUTCOMES, "group") == box_m(data.drop(index=range(4)), OUTCOMES, "group")
    cells = box_m(data, OUTCOMES, ["group", "sex"])
    assert len(cells.groups) == 6
    assert cells.groups[0] == "control, female"


def test_singular_groups_are_named(table):
    data = table("three_groups")
    pain = data["group"] == "pain"
    with pytest.raises(SingularCovarianceError, match="pain has 3 complete rows") as caught:
        box_m(data[~pain | (pain.cumsum() <= 3)], OUTCOMES, "group")
    assert caught.value.names == ("pain", *OUTCOMES)
    with pytest.raises(SingularCovarianceError, match="In group pain, y2: constant"):
        box_m(data.assign(y2=data["y2"].where(~pain, 1.0)), OUTCOMES, "group")
    with pytest.raises(SingularCovarianceError, match="y3: a linear function") as caught:
        box_m(data.assign(y3=data["y3"].where(~pain, data["y1"] - 2 * data["y2"])), OUTCOMES, "group")
    assert caught.value.names == ("pain", "y3")


def test_what_cannot_be_tested_is_refused(table):
    data = table("three_groups")
    with pytest.raises(UnknownColumnError, match="y9"):
        box_m(data, ["y1", "y9"], "group")
    with pytest.raises(ModelError, match="two outcomes"):
        box_m(data, ["y1"], "group")
    with pytest.raises(OneLevelError, match="group"):
        box_m(data.query("group == 'pain'"), OUTCOMES, "group")
