"""Differences of changes are differences of the changes that the model gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.models import UnknownLevelError, fit_repeated
from helpers.models.marginal import contrast_of_contrasts


@pytest.fixture(scope="module")
def fit():
    rng = np.random.default_rng(5)
    long = pd.DataFrame({"id": np.repeat(range(40), 3), "visit": list("abc") * 40})
    long["group"] = np.where(long["id"] < 22, "x", "y")
    long["score"] = rng.normal(0, 2, 40)[long["id"]] + rng.normal(0, 1, 120)
    return fit_repeated(long[rng.random(120) > 0.15], "score ~ group * visit", "id", "visit")


def test_it_is_the_difference_of_the_groups_changes(fit):
    changes = fit.contrasts("visit", by="group", reference="a").set_index(["group", "level"])
    made = contrast_of_contrasts(fit.inference(), ("group", "x", "y"), ("visit", "a")).set_index("level")
    for level in ("b", "c"):
        one, other = changes.loc[("x", level)], changes.loc[("y", level)]
        assert made.loc[level, "estimate"] == pytest.approx(one["estimate"] - other["estimate"])
        # The groups share nobody, so that their changes are independent given the covariance.
        assert made.loc[level, "se"] == pytest.approx(np.hypot(one["se"], other["se"]))


def test_with_two_visits_it_is_the_models_interaction(fit):
    rng = np.random.default_rng(6)
    long = pd.DataFrame({"id": np.repeat(range(30), 2), "visit": list("ab") * 30})
    long = long.assign(group=np.where(long["id"] < 15, "x", "y"), score=rng.normal(size=60))
    two = fit_repeated(long, "score ~ group * visit", "id", "visit")
    made = contrast_of_contrasts(two.inference(), ("group", "x", "y"), ("visit", "a")).iloc[0]
    tested = two.tests().set_index("term").loc["group:visit"]
    assert made["p"] == pytest.approx(tested["p"])
    assert made["t"] ** 2 == pytest.approx(tested["F"])


def test_the_other_way_round_it_changes_its_sign(fit):
    one = contrast_of_contrasts(fit.inference(), ("group", "x", "y"), ("visit", "a"))
    other = contrast_of_contrasts(fit.inference(), ("group", "y", "x"), ("visit", "a"))
    np.testing.assert_allclose(one["estimate"], -other["estimate"])
    np.testing.assert_allclose(one["ci_low"], -other["ci_high"])


@pytest.mark.parametrize("wrong", [(("group", "x", "z"), ("visit", "a")), (("group", "x", "y"), ("visit", "q"))])
def test_an_unknown_level_is_named(fit, wrong):
    with pytest.raises(UnknownLevelError, match=r"'z'|'q'"):
        contrast_of_contrasts(fit.inference(), *wrong)
