"""The summary of a multiverse counts what its rows say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.cli.many.store import write_part
from helpers.cli.shares import shares

NAN = float("nan")


def key(df: str, adjustment: str) -> str:
    return f'longitudinal_tests; pain=null; df="{df}"; adjustment="{adjustment}"'


OWN = {"longitudinal_tests": key("residual", "none")}


@pytest.fixture
def results(tmp_path):
    rows = [
        (key("residual", "none"), "steady", 1.0, 1.0, 0.0),
        (key("residual", "holm"), "steady", 2.0, 1.0, 1.0),
        (key("satterthwaite", "none"), "steady", 3.0, 1.0, 0.0),
        (key("satterthwaite", "holm"), "steady", 4.0, 1.0, 0.0),
        (key("residual", "none"), "swayed", 1.0, 1.0, 0.0),
        (key("residual", "holm"), "swayed", 1.0, 0.0, 0.0),
        (key("satterthwaite", "none"), "swayed", 1.0, 1.0, 0.0),
        (key("satterthwaite", "holm"), "swayed", NAN, NAN, NAN),
    ]
    frame = pd.DataFrame(rows, columns=["key", "claim", "value", "stands", "printed"])
    path = tmp_path / "results.parquet"
    write_part(frame.assign(family="longitudinal_tests"), path)
    return path


def test_shares_are_of_the_specifications_that_answer(results):
    table = shares(results, OWN).set_index("claim")
    assert table.loc["steady", ["specifications", "answered", "stands", "printed"]].tolist() == [4, 4, 1.0, 0.25]
    assert table.loc["steady", ["lowest", "highest"]].tolist() == [1.0, 4.0]
    assert table.loc["swayed", ["specifications", "answered"]].tolist() == [4, 3]
    assert np.isclose(table.loc["swayed", "stands"], 2 / 3)


def test_the_choice_that_moves_a_claim_most_is_named_and_none_where_nothing_moves_it(results):
    table = shares(results, OWN).set_index("claim")
    assert table.loc["swayed", ["choice", "moved"]].tolist() == ["adjustment", 1.0]
    assert pd.isna(table.loc["steady", "choice"])
