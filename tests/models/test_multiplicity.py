import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from helpers.models import ModelError, OptionError, adjust

METHODS = ["bonferroni", "holm", "fdr_bh", "fdr_by"]


@pytest.mark.parametrize("method", METHODS)
@settings(deadline=None, max_examples=10)  # statsmodels' Holm collects garbage, a tenth of a second a call
@given(p=st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_each_method_is_that_of_statsmodels(method, p):
    # The same arithmetic in another order: rounding only.
    assert adjust(p, method) == pytest.approx(multipletests(p, method=method)[1], rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("method", [*METHODS, "none"])
def test_missing_values_stay_and_are_not_counted(method):
    p = pd.Series([0.01, None, 0.03, 0.5], index=list("abcd"), name="p")
    found = adjust(p, method)
    assert found.index.tolist() == list("abcd")
    assert found.name == "p"
    assert np.isnan(found["b"])
    assert found.dropna().to_numpy() == pytest.approx(adjust([0.01, 0.03, 0.5], method))


def test_a_published_example():
    # Benjamini and Hochberg (1995), section 4.1: fifteen p-values, four rejected at 0.05.
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590]
    assert (adjust([*p, 1.0], "fdr_bh") < 0.05).sum() == 4
    assert (adjust([*p, 1.0], "bonferroni") < 0.05).sum() == 3


def test_all_missing_and_wrong_arguments():
    assert np.isnan(adjust([np.nan, np.nan])).all()
    with pytest.raises(OptionError, match="fdr_bh"):
        adjust([0.1], "fdr")
    with pytest.raises(ModelError, match="between 0 and 1"):
        adjust([1.2])


def test_the_input_is_left_alone():
    p = np.array([0.2, 0.4])
    adjust(p, "bonferroni")
    assert p.tolist() == [0.2, 0.4]
