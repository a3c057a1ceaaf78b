"""Small groups, columns without a spread, and folders that hold something else."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from helpers.study import load_study
from helpers.study.twin import TwinError, make_twin, write_twin
from helpers.study.twin.model import fit_study

from .conftest import write_small


@pytest.fixture
def small(tmp_path):
    return load_study(write_small(tmp_path / "small"))


def test_too_few_participants_are_refused(tmp_path):
    study = load_study(write_small(tmp_path / "small", size=8))
    with pytest.raises(TwinError, match="8 participants; a twin needs 10 or more"):
        make_twin(study)


def test_a_group_of_three_borrows_from_all(tmp_path):
    folder = write_small(tmp_path / "small", size=20, people={"arm": ["a"] * 17 + ["b"] * 3})
    twin = make_twin(load_study(folder))
    assert any("group b: fewer than 5 values of" in said for said in twin.model.said)
    assert (twin.tables["people"]["arm"] == "b").sum() == 3


def test_constant_and_nearly_empty_columns(tmp_path):
    fields = {"same": {"type": "integer"}, "seldom": {}, "never": {}}
    people = {"same": [4] * 30, "seldom": [1.5, 2.5] + [""] * 28, "never": [""] * 30}
    study = load_study(write_small(tmp_path / "small", fields=fields, people=people))
    twin = make_twin(study)
    assert set(twin.tables["people"]["same"]) == {"4"}
    assert set(twin.tables["people"]["seldom"]) == {""}
    assert set(twin.tables["people"]["never"]) == {""}
    assert any("seldom" in said and "fewer than 5 values" in said for said in twin.model.said)


def test_numbers_below_zero_stay_possible_and_limits_are_kept(tmp_path):
    rng = np.random.default_rng(2)
    fields = {"change": {}, "share": {"constraints": {"minimum": 0, "maximum": 1}}}
    people = {"change": rng.normal(0, 3, 30).round(1), "share": rng.beta(0.5, 0.5, 30).round(2)}
    twin = make_twin(load_study(write_small(tmp_path / "small", fields=fields, people=people)))
    assert (pd.to_numeric(twin.tables["people"]["change"]) < 0).any()
    assert pd.to_numeric(twin.tables["people"]["share"]).between(0, 1).all()


def test_analytes_of_the_logarithm_are_above_zero(small):
    values = pd.to_numeric(make_twin(small).tables["blood"]["crp"])
    assert (values >= 0.01).all()


@pytest.mark.parametrize("pattern", ["KL-[0-9]{4}", "^KL-\\d+$", "[0-9]{6}", "[A-Z]\\d{3}"])
def test_new_identifiers_have_the_form_that_is_asked_for(tmp_path, pattern):
    folder = write_small(tmp_path / "small")
    document = json.loads((folder / "datapackage.json").read_text())
    real = [f"KL-{n:04d}" for n in range(11, 41)]
    if not pattern.startswith(("KL", "^KL")):
        made = [f"{n:06d}" for n in range(30)] if pattern.startswith("[0") else [f"K{n:03d}" for n in range(30)]
        for path in folder.glob("*.csv"):
            text = path.read_text()
            for old, new in zip(real, made, strict=True):
                text = text.replace(old, new)
            path.write_text(text)
        real = made
    for resource in document["resources"][:4]:
        resource["schema"]["fields"][0]["constraints"]["pattern"] = pattern
    (folder / "datapackage.json").write_text(json.dumps(document))
    study = load_study(folder)
    write_twin(tmp_path / "twin", study, make_twin(study))
    new = set(load_study(tmp_path / "twin").participants["id"])
    assert len(new) == 30
    assert not new & set(real)


def test_a_form_without_room_for_others_is_refused(tmp_path):
    folder = write_small(tmp_path / "small")
    document = json.loads((folder / "datapackage.json").read_text())
    document["resources"][0]["schema"]["fields"][0]["constraints"]["pattern"] = "KL-00[1-4][0-9]"
    (folder / "datapackage.json").write_text(json.dumps(document))
    with pytest.raises(TwinError, match="no new identifiers fit the column id") as error:
        make_twin(load_study(folder))
    assert "allow names like T001" in str(error.value)


def test_text_that_must_be_filled_is_refused(tmp_path):
    folder = write_small(tmp_path / "small", fields={"note": {"type": "string", "constraints": {"required": True}}})
    with pytest.raises(TwinError, match=r"people\.csv, column note: .*`required`"):
        make_twin(load_study(folder))


def test_another_study_or_other_files_are_not_overwritten(small, tmp_path):
    twin, other = make_twin(small), write_small(tmp_path / "other")
    before = {path.name: path.read_bytes() for path in other.iterdir()}
    with pytest.raises(TwinError, match="holds another study"):
        write_twin(other, small, twin)
    assert {path.name: path.read_bytes() for path in other.iterdir()} == before
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "diary.txt").write_text("mine")
    with pytest.raises(TwinError, match="holds other files"):
        write_twin(notes, small, twin)


def test_its_own_twin_is_replaced_unless_something_was_put_beside(small, tmp_path):
    folder = tmp_path / "twin"
    write_twin(folder, small, make_twin(small, seed=1))
    write_twin(folder, small, make_twin(small, seed=2))
    assert json.loads((folder / "datapackage.json").read_text())["generator"]["seed"] == 2
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(TwinError, match="holds another study"):
        write_twin(folder, small, make_twin(small, seed=1))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small", "twin"]


def test_a_failure_leaves_the_folder_as_it_was(small, tmp_path, monkeypatch):
    folder = tmp_path / "twin"
    write_twin(folder, small, make_twin(small, seed=1))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    twin = make_twin(small, seed=2)
    twin.tables["scores"].loc[0, "score"] = "99"
    with pytest.raises(TwinError, match="nothing was written"):
        write_twin(folder, small, twin)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["small", "twin"]


def test_correlations_are_a_correlation_matrix(small):
    for group in fit_study(small).groups.values():
        matrix = group.root @ group.root.T
        np.testing.assert_allclose(np.diag(matrix), 1)
        assert np.linalg.eigvalsh(matrix).min() > -1e-9
