import numpy as np
import pandas as pd
import pytest

from helpers.models.design import aliased, build_design


@pytest.fixture
def frame():
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "y": rng.normal(size=24),
            "group": list("abc") * 8,
            "dose": np.repeat([1, 2], 12),
            "treated": np.tile([True, True, False, False], 6),
            "IL-6": rng.random(24) + 1,
        }
    )


def test_factors_sum_to_zero_over_their_levels(frame):
    design = build_design(frame, "y ~ group")
    levels = design.rows(pd.DataFrame({"group": ["a", "b", "c"]}))
    assert levels[:, 1:].sum(axis=0).tolist() == [0, 0]
    assert design.names == ("Intercept", "group[a]", "group[b]")


def test_what_counts_as_a_factor(frame):
    assert list(build_design(frame, "y ~ group + dose + treated").factors) == ["group", "treated"]
    assert list(build_design(frame, "y ~ dose", factors=["dose"]).factors) == ["dose"]
    assert list(build_design(frame, "y ~ C(dose) * group").terms) == ["dose", "group", "dose:group"]


def test_transformed_and_quoted_columns(frame):
    design = build_design(frame, "y ~ np.log(`IL-6`)")
    assert design.x[:, 1] == pytest.approx(np.log(frame["IL-6"]))
    assert build_design(frame, "y ~ `IL-6`").names == ("Intercept", "IL-6")


def test_levels_that_do_not_occur_are_dropped(frame):
    frame["group"] = pd.Categorical(frame["group"], list("cbaz"))
    assert build_design(frame, "y ~ group").factors == {"group": ["c", "b", "a"]}


def test_rows_keep_their_index(frame):
    frame.loc[3, "y"] = None
    assert 3 not in build_design(frame, "y ~ group").data.index
    assert len(build_design(frame, "y ~ group").y) == 23


def test_aliased_columns_are_the_later_ones():
    rng = np.random.default_rng(1)
    x = rng.normal(size=(30, 3))
    assert aliased(np.column_stack([x, x @ [1, 2, 3], rng.normal(size=30)])) == [3]
    assert aliased(x * [1e-8, 1, 1e8]) == []
