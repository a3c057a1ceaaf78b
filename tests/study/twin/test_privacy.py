"""Nobody of the study is in its twin, and the report on that says so truly."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from helpers.study import load_study
from helpers.study.twin import TwinError, make_twin, write_twin
from helpers.study.twin.distance import Distances, gower, nearest
from helpers.study.twin.matches import counted_or_few

from .conftest import write_small


def plain_gower(one, other, spread, nominal):
    """Gower's distance of two participants, value by value."""
    parts = []
    for a, b, width, named in zip(one, other, spread, nominal, strict=True):
        if not (pd.isna(a) or pd.isna(b)):
            parts.append(float(a != b) if named else abs(a - b) / width)
    return np.mean(parts) if parts else np.inf


def test_gowers_distance_is_the_mean_of_what_both_have():
    rng = np.random.default_rng(0)
    values = rng.uniform(0, 5, (12, 4)).round(1)
    values[:, 3] = rng.integers(0, 3, 12)
    values[rng.random((12, 4)) < 0.3] = np.nan
    nominal = np.array([False, False, False, True])
    spread = np.array([5.0, 5.0, 5.0, 1.0])
    found = gower(values / spread, values / spread, nominal)
    for i in range(12):
        for j in range(12):
            assert found[i, j] == pytest.approx(plain_gower(values[i], values[j], spread, nominal))


def test_the_nearest_other_is_not_oneself_and_chunks_agree(monkeypatch):
    values = np.random.default_rng(1).uniform(size=(30, 3))
    nominal = np.zeros(3, dtype=bool)
    whole = nearest(values, values, nominal, same=True)
    monkeypatch.setattr("helpers.study.twin.distance.CHUNK", 7)
    np.testing.assert_allclose(nearest(values, values, nominal, same=True), whole)
    assert (whole > 0).all()


def test_nobody_is_closer_to_a_real_participant_than_real_ones_are(made):
    """Computed again from the two folders' participants and visits, with the study's ranges."""
    from helpers.study.twin.distance import scale_of
    from helpers.study.twin.wide import widen

    real, twin = widen(made.study), widen(made.read)
    scale = scale_of(real)
    columns = [c for c in real.values.columns if c in set(twin.values.columns)]
    assert set(columns) == set(real.values.columns)
    one, other = scale.encode(twin.values), scale.encode(real.values)
    codes = {group: float(n) for n, group in enumerate(sorted(set(real.groups)))}
    one = np.column_stack([one, twin.groups.map(codes)])
    other = np.column_stack([other, real.groups.map(codes)])
    nominal = np.append(scale.nominal, True)
    apart, within = gower(one, other, nominal), gower(other, other, nominal)
    np.fill_diagonal(within, np.inf)
    for group in codes:
        own = (real.groups == group).to_numpy()
        closest = within[np.ix_(own, own)].min()
        assert apart[(twin.groups == group).to_numpy()].min() >= closest > 0


def test_the_report_holds_aggregates_of_the_real_distances(made):
    report = json.loads((made.folder / "privacy.json").read_text(encoding="utf-8"))
    assert report["closer than real ones to each other"] == 0
    assert report["participants"] == len(made.study.participants)
    for group, found in report["distance"].items():
        real, twin = found["real to nearest real"], found["twin to nearest real"]
        assert set(real) == {"0%", "5%", "25%", "50%", "75%"}
        assert twin["0%"] >= found["closest two real participants"], group
        assert twin["50%"] > 0.8 * real["50%"], group
    assert (made.folder / "privacy.md").read_text(encoding="utf-8").startswith("# How far this twin is from the study")


def test_rows_of_many_values_do_not_recur(made):
    report = json.loads((made.folder / "privacy.json").read_text(encoding="utf-8"))
    rows = report["rows of three values or more"]
    assert rows["participants"]["also in the study"] == 0
    assert rows["analytes"]["also in the study"] == 0


def test_the_studys_extremes_do_not_come_over(made):
    """The largest and the smallest values of a smoothed column belong to people."""
    role = made.study.roles.analytes
    recurring = 0
    for name in role.columns:
        real, twin = made.study.analytes[name].dropna(), made.read.analytes[name].dropna()
        recurring += int(real.max() in set(twin)) + int(real.min() in set(twin))
    assert recurring <= 0.2 * len(role.columns) * 2


def test_someone_too_close_is_found_whatever_the_group():
    real, groups = np.array([0.2, 0.3, 0.5, 0.6]), np.array(["a", "a", "b", "b"])
    found = Distances(real, groups, np.array([0.19, 0.2, 0.3, 0.5]), groups).too_close()
    assert found.tolist() == [True, False, True, False]


def test_participants_with_the_same_values_do_not_lower_the_limit_to_nothing():
    groups = np.array(["a"] * 3)
    distances = Distances(np.array([0.0, 0.0, 0.4]), groups, np.array([0.0, 0.1, 0.4]), groups)
    assert distances.least("a") == 0.4
    assert distances.too_close().tolist() == [True, True, False]


def test_small_counts_are_not_told():
    assert [counted_or_few(count) for count in (0, 1, 4, 5, 60)] == [0, "<5", "<5", 5, 60]


def test_free_text_names_and_places_stay_behind(tmp_path):
    study = load_study(write_small(tmp_path / "small"))
    write_twin(tmp_path / "twin", study, make_twin(study))
    text = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "twin").iterdir())
    for word in ("street", "North clinic", "KL-00", "/home", "trial.sav", str(tmp_path)):
        assert word not in text
    twin = load_study(tmp_path / "twin")
    assert twin.participants["note"].isna().all()
    assert twin.tables["centres"].empty
    assert len(twin.tables["events"]) == 60


def test_a_draw_that_cannot_get_away_is_refused(tmp_path, monkeypatch):
    study = load_study(write_small(tmp_path / "small"))
    monkeypatch.setattr("helpers.study.twin.make.ROUNDS", 2)
    monkeypatch.setattr("helpers.study.twin.make.nearest", lambda one, *rest, **options: np.zeros(len(one)))
    with pytest.raises(TwinError, match="still closer to a real one") as error:
        make_twin(study)
    assert "nothing was written" in str(error.value)
