"""The committed simulation is what the code gives: of each family the point with the fewest cohorts, drawn again."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from helpers.analysis.design.kept import POINT
from helpers.analysis.design.plan import TRUTHS, Point, read_plan
from helpers.analysis.design.simulate import Simulation
from helpers.analysis.design.tally import CELLS, summed
from helpers.analysis.places import project_root
from helpers.analysis.scenarios import load_scenario
from helpers.study import load_study

ROOT = project_root()
KEPT = ROOT / "data" / "design" / "synthetic" / "summary.parquet"


@pytest.fixture(scope="module")
def kept() -> pd.DataFrame:
    with duckdb.connect() as connection:
        return connection.execute("SELECT * FROM read_parquet(?)", [str(KEPT)]).df()


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    study = load_study(ROOT / "data" / "synthetic", name="data/synthetic")
    return Simulation(study, load_scenario("published"), read_plan(ROOT / "scenarios" / "design.yaml"))


@pytest.mark.parametrize("family", TRUTHS)
def test_the_shortest_point_of_a_family_gives_the_rates_that_are_kept(kept, simulation, family):
    # The test of a single analyte or outcome counts each cohort once; those of all analytes together count more.
    cohorts = kept[kept["family"] == family].groupby(list(POINT), sort=False)["used"].median()
    family, subject, truth, n, missing = cohorts.idxmin()
    point = Point(family, subject, truth, int(n), round(float(missing), 6))
    blocks = -(-int(cohorts.min()) // simulation.plan.block)
    again = summed(pd.concat([simulation.block(point, number) for number in range(blocks)]).assign(at=0), ["at"])
    own = kept
    for name, value in zip(POINT, (family, subject, truth, n, missing), strict=True):
        own = own[own[name] == value]
    cells = list(CELLS[:3])
    both = again.merge(own, on=cells, suffixes=("", "_kept"), validate="one_to_one")
    assert len(both) == len(again) == len(own)
    # A p value next to α can fall on its other side on another processor: one cohort in all of them.
    one = 1 / both["used"] + 1e-6
    assert (both["used"] - both["used_kept"]).abs().max() <= 1
    for name in ("rate", "coverage"):
        assert ((both[name] - both[f"{name}_kept"]).abs().dropna() <= one[both[name].notna()]).all(), name
    # Kept in single precision.
    known = both["bias"].notna()
    assert (known == both["bias_kept"].notna()).all()
    spread = both.loc[known, "bias_se"]
    assert ((both["bias"] - both["bias_kept"])[known].abs() <= 1e-3 * spread + 1e-6 * both["true"][known].abs()).all()
