"""What a multiverse keeps for the book: three files, the same bytes from the same rows, read again as they were."""

from __future__ import annotations

import math
import shutil
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.multiverse import Grid
from helpers.analysis.places import project_root
from helpers.analysis.robustness.files import CURVES, DIGESTS, FILES, SHARES, whole
from helpers.analysis.robustness.kept import read_kept
from helpers.cli import kept as module
from helpers.cli.kept import keep
from helpers.cli.layout import Place
from helpers.cli.many.store import query_rows, write_part

# Of each choice the paper's value is not the first in alphabetical order, so that places are no accident of sorting.
VALUES = {
    "baseline_tests": {"transform": ("rank", "none"), "adjustment": ("none", "holm", "fdr_bh")},
    "change": {"pain": (None, {"vas": 4}), "adjustment": ("none", "bonferroni")},
}
CLAIMS = {"baseline_tests": ("b-second", "a-first"), "change": ("slope-z", "slope-a")}


def rows_of(grid: Grid) -> pd.DataFrame:
    """Rows of every specification and claim, each with numbers of its own."""
    pairs = [(one, claim) for one in grid.specifications() for claim in CLAIMS[one.family]]
    numbers = 0.1 + np.arange(len(pairs)) / 7
    return pd.DataFrame(
        {
            **{"key": [one.key for one, _ in pairs], "family": [one.family for one, _ in pairs]},
            **{"claim": [claim for _, claim in pairs], "value": numbers, "ci_low": numbers - 1, "ci_high": numbers + 1},
            **{
                "p": 1 / (2 + numbers),
                "p_adjusted": np.nan,
                "stands": numbers % 2 // 1,
                "printed": (numbers + 1.95) % 3 // 2,
            },
        }
    )


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A checkout with a study of one table and a ledger."""
    for name in ("notebooks", "scenarios", "data/mine", "data/claims", "build/mine/multiverse"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "data" / "mine" / "datapackage.json").write_text('{"claims": "mine"}', encoding="utf-8")
    (tmp_path / "data" / "mine" / "visits.csv").write_text("id\n1\n", encoding="utf-8")
    (tmp_path / "data" / "claims" / "mine.yaml").write_text("- {id: a, printed: '1.0'}\n", encoding="utf-8")
    shutil.copy(project_root() / "scenarios" / "published.yaml", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    return Place(tmp_path, "data/mine", "published")


def kept_of(place: Place, curves: tuple[str, ...] = (), shuffled: int | None = None):
    """Keep a multiverse of the small grid, and read it as the chapter does; where it is comes second."""
    grid = Grid(VALUES, curves)
    results = place.root / "build" / "mine" / "multiverse" / "results.parquet"
    rows = rows_of(grid)
    write_part(rows if shuffled is None else rows.sample(frac=1, random_state=shuffled), results)
    keep(results, grid, place)
    descriptor = SimpleNamespace(claims="mine")
    run = SimpleNamespace(
        folder=place.root / place.study, disclosure=None, study=SimpleNamespace(descriptor=descriptor)
    )
    return read_kept(run), results.parent


def test_three_files_are_written_and_read_as_they_were(place):
    found, folder = kept_of(place, ("slope-z",))
    assert found.missing == ""
    assert sorted(path.name for path in folder.iterdir()) == sorted([*FILES, "results.parquet"])
    grid = Grid(VALUES)
    expected = rows_of(grid).query("claim == 'slope-z'").set_index("key")
    assert found.curves["key"].tolist() == [one.key for one in grid.specifications() if one.family == "change"]
    for name in ("value", "ci_low", "ci_high", "p", "p_adjusted", "stands", "printed"):
        wanted = expected.loc[found.curves["key"], name]
        # Single precision has 24 bits of a number.
        np.testing.assert_allclose(found.curves[name].astype(float), wanted, rtol=2**-24)
    assert found.curves["position"].tolist() == [0, 1, 2, 3]


def test_the_same_rows_give_the_same_bytes_in_whatever_order_they_came(place):
    made = []
    for seed in (None, 1):
        _, folder = kept_of(place, ("a-first", "slope-a"), seed)
        made.append({name: (folder / name).read_bytes() for name in FILES})
    assert made[0] == made[1]


def test_curves_are_of_the_main_claims_alone_each_once_in_the_order_of_the_grid(place):
    found, folder = kept_of(place, ("slope-a", "nobody-says-so", "a-first", "slope-a"))
    assert found.main == ["slope-a", "a-first"]
    in_file = query_rows(folder / CURVES, "SELECT place, position FROM rows")
    assert in_file.equals(in_file.sort_values(["place", "position"]))
    assert len(found.curves) == 4 + 6
    assert set(found.shares["claim"]) == {claim for claims in CLAIMS.values() for claim in claims}


def test_a_study_without_the_main_claims_has_the_first_of_each_family(place):
    found, _ = kept_of(place, ("nobody-says-so",))
    assert found.main == found.detailed == ["a-first", "slope-a"]


def test_a_grid_may_have_more_specifications_than_two_bytes_count(tmp_path):
    many = 70_000
    grid = Grid({"change": {"pain": (None,), "adjustment": tuple(range(many))}}, ("slope",))
    keys = [specification.key for specification in grid.specifications()]
    rows = pd.DataFrame({"key": keys, "family": "change", "claim": "slope", "value": 1.0, "stands": 1.0})
    results = tmp_path / "results.parquet"
    write_part(rows.assign(printed=0.0, ci_low=np.nan, ci_high=np.nan, p=0.01, p_adjusted=np.nan), results)
    module._keep_curves(results, grid, ["slope"])
    assert query_rows(results.with_name(CURVES), "SELECT max(position) AS m FROM rows")["m"].item() == many - 1


def test_an_interrupted_run_leaves_nothing_that_would_be_read(place, monkeypatch):
    _, folder = kept_of(place)
    assert whole(folder)
    before = (folder / SHARES).read_bytes()

    def interrupted(path, content):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "write_whole", interrupted)
    with pytest.raises(KeyboardInterrupt):
        kept_of(place, ("slope-z",))
    assert (folder / SHARES).read_bytes() == before
    assert not (folder / DIGESTS).exists()
    assert not whole(folder)


def test_shares_are_means_over_the_rows(place):
    found, _ = kept_of(place)
    table = found.shares.set_index("claim")
    for claim, rows in rows_of(Grid(VALUES)).groupby("claim"):
        line, family = table.loc[claim], rows["family"].iloc[0]
        assert line["family"] == family
        assert line["specifications"] == math.prod(map(len, VALUES[family].values()))
        own = rows.iloc[0]
        said = line[["stands", "printed", "own", "own_value", "own_printed"]].astype(float)
        expected = [rows["stands"].mean(), rows["printed"].mean(), own["stands"], own["value"], own["printed"]]
        np.testing.assert_allclose(said, expected, rtol=1e-5)  # the file has six digits
