"""Reading a study folder: what is in the tables, and what is said when something is wrong with them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.study import DescriptorError, StudyError, StudyNotFoundError, TableError, load_study

DATA = Path(__file__).parents[2] / "data"
GROUPS = {"synthetic": {"pain": 33, "non_pain": 33, "control": 60}, "pbc": {"d_penicillamine": 158, "placebo": 154}}


@pytest.fixture
def folder(study_folder):
    return study_folder("synthetic")


def problems(path: Path) -> tuple[str, ...]:
    with pytest.raises(StudyError) as caught:
        load_study(path, name="data/mine")
    assert str(caught.value).startswith("data/mine")
    return caught.value.problems


@pytest.mark.parametrize("name", GROUPS)
def test_bundled_study_holds_what_its_files_hold(name, studies, raw):
    study, source = studies[name], raw[name]
    counts = study.participants[study.roles.group_column].value_counts().to_dict()
    assert counts == GROUPS[name]
    for table, frame in source.by_name.items():
        loaded = study.tables[table]
        assert list(loaded.columns) == list(frame.columns)
        keys = [key for key in ("id", "visit", "infusion") if key in frame]
        first, second = (
            f.astype(dict.fromkeys(keys, str)).sort_values(keys, ignore_index=True) for f in (loaded, frame)
        )
        for column in frame:
            same = first[column].astype(object).where(first[column].notna(), None)
            assert list(same) == list(second[column].astype(object).where(second[column].notna(), None)), column


@pytest.mark.parametrize("name", GROUPS)
def test_visits_are_ordered_as_the_protocol_has_them(name, studies):
    study = studies[name]
    for table in (study.assessments, study.analytes):
        assert list(table["visit"].cat.categories) == [visit.name for visit in study.roles.visits]
        assert table.equals(table.sort_values(["id", "visit"], ignore_index=True))


def test_types_of_columns(studies):
    people = studies["synthetic"].participants
    assert str(people["age"].dtype) == "Int64"
    assert str(people["bmi"].dtype) == "float64"
    assert str(people["sex"].dtype) == "string"
    assert people.loc[people["group"] == "control", "hamd17"].isna().all()


def test_labels_for_readers(studies):
    study = studies["synthetic"]
    assert [study.group_label(g) for g in ("pain", "non_pain", "control")] == ["Pain", "No pain", "Healthy control"]
    assert (study.visit_label("infusion_6"), study.baseline) == ("Infusion 6", "baseline")
    assert study.field("participants", "age").heading == "Age (years)"


def test_no_folder(tmp_path):
    with pytest.raises(
        StudyNotFoundError, match=r"there is no such folder; give a folder that holds datapackage\.json"
    ):
        load_study(tmp_path / "absent")


def test_no_descriptor(tmp_path):
    with pytest.raises(StudyNotFoundError, match=r"no datapackage\.json in it"):
        load_study(tmp_path)


def test_descriptor_that_is_not_utf_8(folder):
    path = folder.save()
    (path / "datapackage.json").write_bytes('{"title": "Größe"}'.encode("latin-1"))
    with pytest.raises(DescriptorError, match="not text in UTF-8"):
        load_study(path)


def test_missing_table_is_named(folder):
    (folder.save() / "infusions.csv").unlink()
    assert problems(folder.path) == ("infusions.csv: not in the folder, though the descriptor lists it",)


# Table, row of the frame (row 0 is line 2), column, what is put there, and what must be said of it.
CELLS = [
    ("participants", 1, "age", "twenty", "a value that does not fit; expected a whole number"),
    ("participants", 1, "age", "20.5", "a value that does not fit; expected a whole number"),
    ("participants", 1, "bmi", "21,2", "a value that does not fit; expected a number"),
    ("participants", 1, "bmi", "inf", "a value that does not fit; expected a number"),
    ("participants", 1, "age", 17, "a value that does not fit; expected 18 to 65 years"),
    ("participants", 1, "age", 66, "a value that does not fit; expected 18 to 65 years"),
    ("participants", 1, "age", "", "nothing there; expected a value in every row"),
    ("participants", 2, "sex", "m", "a value that does not fit; expected one of female, male"),
    ("participants", 2, "id", "S1", "found 'S1'; expected text of the form ^S[0-9]{3,}$"),
    ("assessments", 5, "id", "S999", "found 'S999'; expected a participant of participants.csv"),
    ("infusions", 5, "id", "S999", "found 'S999'; expected a participant of participants.csv"),
    ("assessments", 5, "visit", "week_9", "found 'week_9'; expected one of baseline, infusion_1"),
    ("assessments", 5, "visit", "", "nothing there; expected a value in every row"),
    ("assessments", 5, "madrs", 61, "a value that does not fit; expected 0 to 60 points"),
    ("analytes", 5, "il_6", "<0.1", "a value that does not fit; expected a number"),
    ("infusions", 5, "pain_reported", 2, "a value that does not fit; expected one of 0, 1"),
]


@pytest.mark.parametrize(("table", "row", "column", "value", "said"), CELLS)
def test_a_wrong_cell_is_named(folder, table, row, column, value, said):
    frame = folder.tables[table].astype({column: object})
    frame.loc[row, column] = value
    folder.tables[table] = frame
    found = problems(folder.save())
    # A row about nobody known is named by its line alone.
    who = "" if value == "S999" else f" (participant {frame.loc[row, 'id']})"
    expected = f"{table}.csv, column {column}, row {row + 2}{who}: {said}"
    assert any(line.startswith(expected) for line in found), found
    # Changing a participant's code orphans rows elsewhere; every other mistake is one sentence.
    assert len([line for line in found if line.startswith(table)]) == 1, found


def test_every_problem_of_every_table_in_one_pass(folder):
    for table, row, column, value, _ in CELLS:
        if column != "id" or value == "S999":
            frame = folder.tables[table] = folder.tables[table].astype({column: object})
            frame.loc[row + (value == 66) * 4, column] = value
    folder.tables["analytes"] = folder.tables["analytes"].drop(index=0).assign(extra=1)
    (folder.save() / "infusions.csv").unlink()
    found = problems(folder.path)
    for part in ("age", "bmi", "sex"):
        assert any(line.startswith(f"participants.csv, column {part},") for line in found)
    for part in ("id", "visit", "madrs"):
        assert any(line.startswith(f"assessments.csv, column {part},") for line in found)
    assert "analytes.csv: column 'extra' is not in the descriptor; describe it there or remove it" in found
    assert "infusions.csv: not in the folder, though the descriptor lists it" in found


def test_many_wrong_cells_are_counted(folder):
    folder.tables["participants"]["age"] = 12
    found = problems(folder.save())
    assert len(found) == 6
    assert found[-1] == "participants.csv, column age: and 121 more rows like these"


@pytest.mark.parametrize("key", [["id", "visit"], None])
def test_second_row_of_a_visit(folder, key):
    """Also when the descriptor states no key: the analyses need one row a participant and visit."""
    schema = next(item for item in folder.document["resources"] if item["name"] == "assessments")["schema"]
    schema.pop("primaryKey") if key is None else None
    frame = folder.tables["assessments"]
    folder.tables["assessments"] = pd.concat([frame, frame.iloc[[3]]])
    who = frame.loc[3, "id"]
    expected = (
        f"assessments.csv, row {len(frame) + 2}, visit infusion_3 (participant {who}): a second row; expected one"
    )
    assert problems(folder.save()) == (expected,)


def test_second_participant_of_one_code(folder):
    frame = folder.tables["participants"]
    folder.tables["participants"] = pd.concat([frame, frame.iloc[[0]]])
    found = problems(folder.save())
    assert all("expected each value once" in line for line in found)
    assert any(f"row {len(frame) + 2} (participant S001)" in line for line in found)


def test_columns_missing_and_extra(folder):
    folder.tables["participants"] = folder.tables["participants"].rename(columns={"bmi": "BMI"})
    assert problems(folder.save()) == (
        "participants.csv: no column 'bmi', which the descriptor lists",
        "participants.csv: column 'BMI' is not in the descriptor; describe it there or remove it",
    )


def test_rows_longer_than_the_heading_are_not_shifted(folder):
    path = folder.save() / "infusions.csv"
    head, *lines = path.read_text().splitlines()
    path.write_text("\n".join([head, *(f"{line},1" for line in lines)]))
    assert problems(folder.path) == ("infusions.csv: the rows have more cells than the heading; expected 3 cells",)


def test_byte_order_mark_and_quotes_are_read(folder):
    path = folder.save() / "infusions.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"S002,1,", b'"S002",1,'))
    descriptor = path.with_name("datapackage.json")
    descriptor.write_bytes(b"\xef\xbb\xbf" + descriptor.read_bytes())
    assert len(load_study(folder.path).tables["infusions"]) == 396


def test_table_that_is_not_utf_8(folder):
    path = folder.save() / "infusions.csv"
    path.write_bytes(path.read_bytes() + "S002,6,ä\n".encode("latin-1"))
    (said,) = problems(folder.path)
    assert said.startswith("infusions.csv: not a comma-separated table in UTF-8")


@pytest.mark.parametrize("text", ["", "id\n1,2,3\n4\n"])
def test_file_that_is_no_table(folder, text):
    (folder.save() / "infusions.csv").write_text(text)
    assert problems(folder.path)[0].startswith("infusions.csv: ")


def test_semicolons_are_not_commas(folder):
    path = folder.save() / "infusions.csv"
    path.write_text(path.read_text().replace(",", ";"))
    assert problems(folder.path) == ("infusions.csv: the cells are separated by semicolons; expected commas",)


def test_blank_lines_are_skipped_and_counted(folder):
    path = folder.save() / "infusions.csv"
    head, first, *lines = path.read_text().splitlines()
    path.write_text("\n".join([head, first, "", ",,", *lines, "S002,9,0", "", ""]))
    assert problems(folder.path) == (
        "infusions.csv, column infusion, row 400 (participant S002): a value that does not fit; expected 1 to 6",
    )


def test_codes_of_missing_values(folder):
    folder.tables["participants"] = folder.tables["participants"].astype({"hamd17": object})
    folder.tables["participants"].loc[1, "hamd17"] = "NA"
    assert load_study(folder.save()).participants["hamd17"].isna().sum() == 61


@pytest.mark.parametrize("value", [0, -2])
def test_value_without_a_logarithm(folder, value):
    del folder.field("analytes", "il_6")["constraints"]["minimum"]
    folder.tables["analytes"].loc[4, "il_6"] = value
    (said,) = problems(folder.save())
    assert said.startswith("analytes.csv, column il_6, row 6 (participant ")
    assert said.endswith("expected more than 0, as the logarithm is analysed")


def test_numbers_as_identifiers(folder):
    for name, frame in folder.tables.items():
        frame["id"] = frame["id"].str[1:].astype(int)
        folder.field(name, "id").update(type="integer", constraints={"required": True})
    study = load_study(folder.save())
    assert study.participants["id"].iloc[0] == "1"
    assert np.array_equal(study.analytes["id"].unique(), np.unique(study.analytes["id"]))


def test_all_errors_are_study_errors():
    assert all(issubclass(kind, StudyError) for kind in (DescriptorError, StudyNotFoundError, TableError))


def test_a_message_repeats_no_value_of_a_patient(study_folder):
    """Where, and what was expected; what the cell holds stays in the file."""
    folder = study_folder()
    folder.tables["participants"].loc[[1, 2], "age"] = [173, 174]
    with pytest.raises(TableError) as error:
        load_study(folder.save())
    assert "row 3" in str(error.value)
    # The folder's own name may hold any digits.
    said = str(error.value).replace(str(folder.path), "")
    assert "17" not in re.sub(r"row \d+|participant \w+", "", said)
