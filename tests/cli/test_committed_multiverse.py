"""The committed multiverse is what the code of today gives: a sample of it is computed again."""

from __future__ import annotations

from dataclasses import replace

import duckdb
import numpy as np
import pandas as pd
import pytest

from helpers.analysis.places import project_root
from helpers.analysis.robustness.files import CURVES, SHARES
from helpers.cli.multiverse import Multiverse

ROOT = project_root()
FOLDER = ROOT / "data" / "multiverse" / "synthetic"
NUMBERS = ["value", "ci_low", "ci_high", "p", "p_adjusted"]
# The file has single precision, 6e-8 of a number, and the table six digits, 5e-6. What an optimiser of a likelihood
# leaves undecided is smaller on one machine and may come near on another; a change of method is far larger.
RTOL = 1e-5
TINY = 1e-30  # below this a p value in single precision loses digits


def sample(values: dict[str, tuple], many: int = 6) -> list[dict]:
    """The paper's own values and then one after another of each choice, so that every value is among them."""
    return [{name: several[place % len(several)] for name, several in values.items()} for place in range(many)]


@pytest.fixture(scope="module")
def multiverse():
    return Multiverse(ROOT, "data/synthetic", str(ROOT / "scenarios" / "multiverse.yaml"))


@pytest.fixture(scope="module")
def again(multiverse):
    """Rows of the sample, computed now."""
    grid = multiverse.grid
    keys = [
        replace(grid.published(family), choices=tuple(chosen.items())).key
        for family, values in grid.values.items()
        for chosen in sample(values)
    ]
    return multiverse.run(list(dict.fromkeys(keys)))


@pytest.fixture(scope="module")
def committed():
    with duckdb.connect() as connection:
        return connection.execute("FROM read_parquet(?)", [str(FOLDER / CURVES)]).df()


@pytest.fixture(scope="module")
def shares():
    return pd.read_csv(FOLDER / SHARES).set_index("claim")


def test_the_sample_has_every_value_of_every_choice(multiverse):
    for values in multiverse.grid.values.values():
        for name, several in values.items():
            assert all(value in [one[name] for one in sample(values)] for value in several)


def test_every_specification_of_the_grid_is_committed(multiverse, committed):
    keys = {}
    for one in multiverse.grid.specifications():
        keys.setdefault(one.family, []).append(one.key)
    for (_, family), curve in committed.groupby(["claim", "family"]):
        assert curve.sort_values("position")["key"].tolist() == keys[family]
    assert set(committed["claim"]) == set(multiverse.grid.curves)


def test_a_sample_of_the_main_claims_comes_out_as_committed(again, committed):
    now = again[again["claim"].isin(committed["claim"])].set_index(["claim", "key"])
    kept = committed.set_index(["claim", "key"])
    assert now.index.isin(kept.index).all()
    kept = kept.loc[now.index]
    assert (kept["position"] == 0).sum() == committed["claim"].nunique()
    np.testing.assert_allclose(now[NUMBERS].astype(float), kept[NUMBERS].astype(float), rtol=RTOL, atol=TINY)
    pd.testing.assert_frame_equal(now[["stands", "printed"]], kept[["stands", "printed"]], check_dtype=False)


def test_every_claim_has_its_committed_result_under_the_papers_choices(multiverse, again, shares):
    grid = multiverse.grid
    own = again[again["key"].isin([grid.published(family).key for family in grid.values])].set_index("claim")
    assert set(own.index) == set(shares.index)
    kept = shares.loc[own.index]
    found = own[["value", "stands", "printed"]].astype(float)
    np.testing.assert_allclose(found, kept[["own_value", "own", "own_printed"]].astype(float), rtol=RTOL, atol=TINY)


def test_no_specification_leaves_the_committed_range_of_a_claim(again, shares):
    kept = shares.loc[again["claim"]]
    slack = RTOL * again["value"].abs().to_numpy()
    assert (again["value"].to_numpy() >= kept["lowest"].to_numpy() - slack).all()
    assert (again["value"].to_numpy() <= kept["highest"].to_numpy() + slack).all()
