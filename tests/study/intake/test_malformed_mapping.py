"""Mappings that cannot be used and files that do not fit them: told at once, by line, column, row and participant."""

from __future__ import annotations

import re

import pytest

from helpers.cli import main

from . import small

SECRET = "unspeakable"  # no secret: stands for a cell's content


@pytest.fixture
def trial(tmp_path, capsys):
    """A started study: ``convert`` changes the mapping's text or the file, converts, and gives what was said."""
    source, folder = tmp_path / "t.csv", tmp_path / "own"
    small.csv(source)
    assert main(["study", "--from", str(source), "--study", str(folder)]) == 0
    capsys.readouterr()

    def convert(old: str = "", new: str = "", data=None, pattern: bool = False) -> str:
        path = folder / "mapping.yaml"
        text = path.read_text(encoding="utf-8")
        assert not old or (re.search(old, text) if pattern else old in text), text
        path.write_text(re.sub(old, new, text, count=1) if pattern else text.replace(old, new, 1), encoding="utf-8")
        if data is not None:
            small.csv(source, data)
        before = sorted(item.name for item in folder.iterdir())
        assert main(["study", "--study", str(folder)]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert "Traceback" not in said.err
        assert SECRET not in said.err
        assert sorted(item.name for item in folder.iterdir()) == before
        return said.err

    convert.folder, convert.source = folder, source
    return convert


MAPPINGS = {
    "an open question": ("day: 13", 'day: "DECIDE: its day"', "visits.1.day: its day"),
    "not YAML": ("version: 1", "version: [1", "not YAML"),
    "a key twice": ("group:\n", "group:\n  from: GROUP\n", "group.from stands here a second time"),
    "an unknown key": ("    title: Age", "    titel: Age", "'titel' was unexpected"),
    "a key that is missing": ("    fraction: 0.5\n", "", "'fraction' is a required property"),
    "an unknown column": (
        "from: AGE",
        "from: AGEE",
        "participants.age.from: no column 'AGEE' in the files; did you mean 'AGE'?",
    ),
    "a column used twice": ("from: AGE", "from: SEX", "is used already"),
    "an unknown identifier": ("identifier: ID", "identifier: IDD", "identifier: no column 'IDD'"),
    "an unknown table": ("      t:", "      tt:", "no table 'tt' in the files"),
    "an unknown visit": (
        "      day_13: MADRS_13",
        "      day_14: MADRS_13",
        "no visit 'day_14'; did you mean 'day_13'?",
    ),
    "days that fall": ("day: 13", "day: -1", "days must rise"),
    "an unknown group": ("compared: [none, pain]", "compared: [none, payn]", "no group 'payn'; did you mean 'pain'?"),
    "one group alone": ("compared: [none, pain]", "compared: [pain]", "group.compared"),
    "an unknown unit": ("source_unit: pg/mL", "source_unit: foos/mL", "is no unit that is known"),
    "an amount for a mass": ("source_unit: pg/mL", "source_unit: pmol/L", "the molar mass is not guessed"),
    "an activity for a mass": ("source_unit: pg/mL", "source_unit: IU/mL", "analytes.il_6.source_unit"),
    "no unit": ("    source_unit: pg/mL\n", "", "no unit; give source_unit, or analyte_unit under rules"),
    "a name that tables cannot have": ("  age:\n", "  Age (y):\n", "is no name here"),
    "a name that is taken": ("  age:\n", "  visit:\n", "'visit' is used for something else"),
    "a variable in two sections": ("  sex:\n", "  madrs:\n", "there is a 'madrs' under participants already"),
    "response at no visit": ("    visit: day_13", "    visit: day_12", "rules.response.visit: no visit 'day_12'"),
    "response at the baseline": (
        "    visit: day_13",
        "    visit: baseline",
        "rules.response.visit: found the baseline",
    ),
    "a covariate that is none": (
        "analyte_covariates: [age, sex]",
        "analyte_covariates: [weight]",
        "rules.analyte_covariates",
    ),
    "a category without levels": (
        r"    levels:\n      f: .*\n      m: .*\n",
        "",
        "levels and type category belong together",
    ),
    "a wide column as a long one": (
        "    from:\n      baseline: MADRS_0\n      day_13: MADRS_13",
        "    from: MADRS_0",
        "response",
    ),
    "an empty file": (r"(?s).*", "", "expected keys and values"),
}


@pytest.mark.parametrize("name", MAPPINGS)
def test_a_mapping_that_cannot_be_used(name, trial):
    old, new, expected = MAPPINGS[name]
    said = trial(old, new, pattern="\\n  " in old or old.startswith("(?s)") or ".*" in old)
    assert expected in said
    assert "mapping.yaml" in said


CELLS = {
    "a word among numbers": (
        {"MADRS_13": (3, SECRET)},
        "t.csv, column 'MADRS_13', row 3 (participant P02): not a number",
    ),
    "a code nobody listed": ({"MADRS_13": (5, 999)}, "row 5 (participant P04): outside 0 to 60"),
    "half a point": ({"MADRS_13": (5, 12.5)}, "row 5 (participant P04): not a whole number"),
    "a negative age": ({"AGE": (2, -3)}, "column 'AGE', row 2 (participant P01): outside 0 to 120"),
    "a group in another language": ({"GROUP": (2, "Schmerz")}, "found 'Schmerz'; expected a code of group.levels"),
    "a participant without a group": ({"GROUP": (2, None)}, 'no group; list "" under group.missing'),
    "an unknown category": ({"SEX": (2, SECRET)}, "column 'SEX', row 2 (participant P01): a value that is no code"),
    "above the range": ({"IL6_d13_pgml": (4, ">1000")}, "above the range of the assay; decide with above: missing"),
    "a concentration of zero": ({"IL6_d13_pgml": (4, 0)}, "zero or less, which has no logarithm"),
    "a word among concentrations": ({"IL6_d13_pgml": (4, SECRET)}, "neither a number nor <limit"),
    "an identifier gone": ({"ID": (4, None)}, "column 'ID', row 4: nothing there; expected an identifier"),
    "an identifier twice": ({"ID": (4, "P01")}, "row 4 (participant P01): a second row for the same ID"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_that_does_not_fit(name, trial):
    cells, expected = CELLS[name]
    data = small.frame().astype(object)
    for column, (row, value) in cells.items():
        data.loc[row - 2, column] = value
    assert expected in trial(data=data)


def test_everything_wrong_is_told_at_once(trial):
    data = small.frame().astype(object)
    data.loc[1, "MADRS_13"], data.loc[2, "AGE"], data.loc[3, "IL6_d0_pgml"] = "x", 300, ">9"
    said = trial(data=data)
    assert said.startswith(f"{trial.folder}/mapping.yaml: 3 problems")


def test_a_code_below_a_limit_that_nobody_named(trial):
    data = small.frame().astype(object)
    data.loc[1, "IL6_d0_pgml"] = "BLQ"
    assert "below a limit that is not said" in trial("    unit: pg/mL", "    unit: pg/mL\n    below: [BLQ]", data=data)


def test_a_limit_of_zero(trial):
    data = small.frame().assign(LOD=0)
    assert "its detection limit is zero or less" in trial(
        "    unit: pg/mL", "    unit: pg/mL\n    limit: LOD", data=data
    )


def test_nobody_in_a_group(trial):
    assert "nobody is in 'none'" in trial(data=small.frame().assign(GROUP="pain"))


def test_a_file_that_is_gone(trial):
    trial.source.unlink()
    assert "there is no such file" in trial()


def test_a_changed_file_that_lacks_a_column(trial):
    said = trial(data=small.frame().drop(columns="AGE"))
    assert "participants.age.from: no column 'AGE' in the files" in said


def test_a_mapping_in_another_encoding(trial):
    path = trial.folder / "mapping.yaml"
    path.write_bytes(path.read_text(encoding="utf-8").replace("title: Age", "title: Älter").encode("cp1252", "replace"))
    assert main(["study", "--study", str(trial.folder)]) == 2


def test_other_files_than_the_mapping_was_written_for(trial, capsys):
    other = small.csv(trial.source.with_name("other.csv"))
    assert main(["study", "--from", str(other), "--study", str(trial.folder)]) == 2
    assert "written for t.csv, not for" in capsys.readouterr().err


def test_a_visit_nobody_mapped_in_a_long_table(tmp_path, capsys):
    source, folder = small.csv(tmp_path / "t.csv", small.long()), tmp_path / "own"
    assert main(["study", "--from", str(source), "--study", str(folder)]) == 0
    small.csv(source, small.long().replace({"VISIT": {"day 13": "day 14"}}))
    capsys.readouterr()
    assert main(["study", "--study", str(folder)]) == 2
    assert "found 'day 14'; expected a visit of the mapping's visit_values" in capsys.readouterr().err


def test_a_second_file_with_somebody_unknown(tmp_path, capsys):
    first = small.csv(tmp_path / "clinic.csv", small.frame()[["ID", "GROUP", "MADRS_0", "MADRS_13"]].head(11))
    second = small.csv(tmp_path / "labs.csv", small.frame()[["ID", "IL6_d0_pgml", "IL6_d13_pgml"]])
    assert main(["study", "--from", str(first), str(second), "--study", str(tmp_path / "own")]) == 0
    capsys.readouterr()
    assert main(["study", "--study", str(tmp_path / "own")]) == 2
    assert "labs.csv, column 'ID', row 13 (participant P12): not a participant of clinic.csv" in capsys.readouterr().err
