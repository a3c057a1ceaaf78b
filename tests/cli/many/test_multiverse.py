"""`make multiverse` from the command line: a small grid to the end, and what is refused before anything runs."""

from __future__ import annotations

import shutil
from itertools import pairwise

import pytest

from helpers.analysis.multiverse import read_grid
from helpers.analysis.multiverse.grid import grid_of
from helpers.analysis.places import project_root
from helpers.analysis.settings import SettingsError
from helpers.cli import main
from helpers.cli.layout import Place
from helpers.cli.many import bring_up_to_date
from helpers.cli.many.store import query_rows
from helpers.cli.multiverse import Multiverse, folder_of, usable
from helpers.study import load_study

from .grids import GRID, first_values

ROOT = project_root()


def test_a_small_grid_answers_every_claim_under_every_specification(small_grid):
    place = Place(ROOT, str(ROOT / "data" / "synthetic"), "published")
    kind = Multiverse(ROOT, place.study, str(small_grid))
    keys = [task.key for task in kind.tasks()]
    rows = kind.run(keys)
    assert set(rows["key"]) == set(keys)
    df = rows[rows["family"] == "outcome_tests"].pivot(index="claim", columns="key", values="df2")
    assert df.shape[1] == 2
    assert (df.iloc[:, 0] != df.iloc[:, 1]).all()
    assert (rows["problem"] == "").all()


def test_some_of_a_grid_are_chosen_evenly_and_answered_as_in_the_whole():
    whole = Multiverse(ROOT, "data/synthetic", str(GRID))
    some = Multiverse(ROOT, "data/synthetic", str(GRID), 100)
    keys, chosen = [task.key for task in whole.tasks()], [task.key for task in some.tasks()]
    places = [keys.index(key) for key in chosen]
    gaps = {after - before for before, after in pairwise(places)}
    assert (len(chosen), places[0]) == (100, 0)
    assert max(gaps) - min(gaps) <= 1
    key = next(key for key in chosen if key.startswith("endpoints"))
    assert some.run([key]).equals(whole.run([key]))


def test_the_real_trial_leaves_out_what_it_has_not_and_says_so():
    study = load_study(ROOT / "data" / "pbc", name="data/pbc")
    grid, said = usable(read_grid(GRID), study)
    assert {value for own in grid.values.values() for value in own["pain"]} == {None}
    assert any("vas" in line and "no outcome is called" in line for line in said)


def test_a_study_that_can_have_no_definition_of_pain_is_refused():
    study = load_study(ROOT / "data" / "pbc", name="data/pbc")
    with pytest.raises(SettingsError, match="no outcome is called vas"):
        usable(grid_of(first_values({"pain": [{"vas": 4}]})), study)


@pytest.mark.parametrize(
    ("text", "message"),
    [("choices: {covarience: [ar1]}", "did you mean covariance"), ("choices: [", "not readable as YAML")],
)
def test_a_wrong_grid_ends_with_status_2_and_writes_nothing(tmp_path, capsys, text, message):
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    study = tmp_path / "study"
    study.symlink_to(ROOT / "data" / "synthetic")
    assert main(["multiverse", "--study", str(study), "--grid", str(path)]) == 2
    assert message in capsys.readouterr().err
    assert not folder_of(Place(ROOT, str(study), "published"), str(path)).path.exists()


def test_results_are_the_same_bytes_however_they_are_cut(small_grid, tmp_path):
    made = []
    for name, seconds in (("one", 1000.0), ("many", 0.5)):
        study = tmp_path / name
        study.symlink_to(ROOT / "data" / "synthetic")
        folder = folder_of(Place(ROOT, str(study), "published"), str(small_grid))
        try:
            made.append(bring_up_to_date(folder, jobs=2, seconds=seconds).read_bytes())
            assert len(query_rows(folder.results, "FROM rows")) > 0
        finally:
            shutil.rmtree(folder.path.parent, ignore_errors=True)
    assert made[0] == made[1]
