"""The parameters and the set-up cell: what is refused, how it is said, and what a run is called."""

from __future__ import annotations

import types
from pathlib import Path

import numpy as np
import pytest

from helpers.analysis.run import begin
from helpers.analysis.scenarios import load_scenario, scenario_file
from helpers.analysis.settings import Settings, SettingsError
from helpers.study import StudyNotFoundError

ROOT = Path(__file__).parents[2]
REFUSED = {
    "seed": [-1, 2**32, 1.5, "1", True, None],
    "alpha": [0, 0.5, -0.1, float("nan"), "0.05", True, None],
    "adjustment": ["fdr", "FDR_BH", None, 1],
    "covariance": ["banded", None],
    "df": ["kenward_roger", "between", None],
    "covariates": ["all", None],
    "imputation": ["mean", None],
    "bootstrap": [199, 1_000_001, 500.0, "5000"],
    "responder_fraction": [0, 1.01, -0.5, float("nan"), "half"],
    "remission_cutoff": [float("inf"), float("nan"), "ten", True],
}


def names(**parameters) -> dict:
    return {"study": str(ROOT / "data" / "pbc"), "scenario": "published", "output": "", **parameters}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values])
def test_value_that_is_not_allowed(name, value):
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping({name: value})
    assert caught.value.problems == (f"{name}: found {value!r}; expected {Settings.allowed()[name]}",)


def test_every_problem_at_once():
    with pytest.raises(SettingsError) as caught:
        Settings.from_mapping({"alhpa": 0.05, "seed": -1, "colour": "red"}, where="02_efficacy")
    assert str(caught.value).startswith("02_efficacy: 3 problem(s)")
    assert caught.value.problems[0] == "alhpa: no such parameter; did you mean alpha?"
    assert caught.value.problems[2].startswith("colour: no such parameter; there are seed, alpha,")


@pytest.mark.parametrize("value", [{"responder_fraction": 1}, {"remission_cutoff": -3}, {"alpha": 0.49}, {"seed": 0}])
def test_edges_that_are_allowed(value):
    assert Settings.from_mapping(value).as_dict() == {**Settings().as_dict(), **value}


def test_published_scenario_is_the_default():
    assert load_scenario("published") == Settings()
    changed = load_scenario("recommended").differences(Settings())
    assert set(changed) == {"adjustment", "covariance", "df", "imputation", "bootstrap"}


@pytest.mark.parametrize(
    ("name", "said"),
    [("publshed", "did you mean published"), ("zzz", "there are published, recommended"), ("", "there are")],
)
def test_unknown_scenario(name, said):
    with pytest.raises(SettingsError, match=said):
        load_scenario(name)


@pytest.mark.parametrize(
    ("text", "said"),
    [("alpha: [", "not readable as YAML"), ("- alpha", "expected one"), ("alpah: 1", "did you mean alpha")],
)
def test_scenario_file_with_mistakes(text, said, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=said):
        load_scenario(str(path))


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ({"alpa": 0.05}, "alpa: no such parameter; did you mean alpha?"),
        ({"my_note": "x"}, "my_note: no such parameter"),
        ({"alpha": types.ModuleType("alpha")}, "alpha: found a module; expected a plain value"),
        ({"seed": [1, 2]}, "seed: found a list; expected a plain value"),
        ({"alpha": np.float32(0.1)}, "alpha: found a float32; expected a plain value"),
        ({"alpha": 2}, "alpha: found 2; expected a number above 0 and below 0.5"),
        ({"study": ""}, "study: expected a folder that holds datapackage.json"),
        ({"study": 3}, "study: expected a folder that holds datapackage.json"),
        ({"scenario": None}, "scenario, output: expected text"),
        ({"scenario": "recomended"}, "did you mean recommended?"),
    ],
)
def test_begin_refuses(extra, said):
    with pytest.raises(SettingsError) as caught:
        begin("02_efficacy", names(**extra))
    assert said in str(caught.value)


def test_begin_without_the_study():
    with pytest.raises(StudyNotFoundError, match="data/absent: 1 problem"):
        begin("02_efficacy", names(study="data/absent"))


def test_second_run_of_the_set_up_cell_lets_a_persons_variables_be():
    variables = names(alpha=0.01)
    variables["run"] = begin("02_efficacy", variables)
    variables |= {"my_note": "x", "n": 3}
    assert begin("02_efficacy", variables).settings.alpha == 0.01
    with pytest.raises(SettingsError, match="alpha"):
        begin("02_efficacy", {**variables, "alpha": 0.7})


@pytest.mark.parametrize(
    ("changed", "label"),
    [
        ({}, "published"),
        ({"alpha": 0.05}, "published"),
        ({"alpha": 0.01}, "published, with alpha = 0.01"),
        ({"seed": 1, "bootstrap": 200}, "published, with seed = 1, bootstrap = 200"),
        ({"remission_cutoff": 7}, "published, with remission_cutoff = 7"),
        ({"scenario": "recommended"}, "recommended, with adjustment = fdr_bh, covariance = compound_symmetry, "
         "df = satterthwaite, imputation = em, bootstrap = 5000"),
    ],
)  # fmt: skip
def test_label_says_what_was_changed_by_hand(changed, label):
    run = begin("01_cohort", names(**changed))
    assert run.scenario == label
    assert run.by_hand
    assert not run.synthetic
    assert run.output == ROOT / "build" / "by_hand" / "pbc" / changed.get("scenario", "published")


@pytest.mark.parametrize("name", ["02_efficacy", "05_regression_mediation"])
def test_by_hand_gives_the_numbers_of_a_build(name, books, chapter, tmp_path, monkeypatch):
    """A chapter run without the ones before it computes what they would have kept."""
    built = books["synthetic"][name]
    monkeypatch.setattr("helpers.analysis.run.resolve", lambda path: tmp_path if "by_hand" in str(path) else Path(path))
    by_hand = chapter(name, ROOT / "data" / "synthetic")
    assert by_hand.run.by_hand
    assert not built.run.by_hand
    for column in ("value", "p", "p_adjusted", "ci_low"):
        assert np.allclose(by_hand.rows[column], built.rows[column], rtol=1e-9, equal_nan=True)
    assert by_hand.rows["method"].tolist() == built.rows["method"].tolist()


def test_kept_table_comes_back_to_ten_digits(books):
    chapters = books["pbc"]
    made = chapters["04_longitudinal_cytokines"].variables["completed"]
    back = chapters["05_regression_mediation"].variables["completed"]
    assert list(back.columns) == list(made.columns)
    for column in made.columns[2:]:
        assert np.allclose(back[column], made[column].to_numpy(float), rtol=5e-10, atol=0, equal_nan=True)


def test_a_scenario_is_found_by_a_path_relative_to_the_checkout_from_any_folder(monkeypatch, tmp_path):
    """Notebooks run in their own folder, where a path that a person typed in the checkout must still lead."""
    by_name = load_scenario("recommended")
    for folder in (scenario_file("recommended").parents[1] / "notebooks", tmp_path):
        monkeypatch.chdir(folder)
        assert load_scenario("scenarios/recommended.yaml") == by_name
