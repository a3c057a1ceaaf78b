"""What comes of good files of every kind: the same study, however it is written down."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from helpers.cli.study import make_study
from helpers.study import load_study

from . import small


def study(tmp_path, *files, change=lambda text: text, name="own"):
    """Start, change the mapping, convert, load."""
    folder = tmp_path / name
    make_study([str(path) for path in files], str(folder))
    path = folder / "mapping.yaml"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    made = make_study([], str(folder))
    return load_study(folder), "\n".join(made.lines)


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    return study(folder, small.csv(folder / "t.csv"))[0]


def as_bytes(encoding, **options):
    return lambda p: small.text(p / "t.csv", small.frame().to_csv(index=False, **options), encoding)


def padded(p):
    data = small.frame().astype(str)
    return small.csv(p / "t.csv", data.apply(lambda column: " " + column + " "))


def split_files(p):
    clinic = small.csv(p / "clinic.csv", small.frame()[["ID", "GROUP", "AGE", "SEX", "MADRS_0", "MADRS_13"]])
    labs = small.frame()[["ID", "IL6_d0_pgml", "IL6_d13_pgml"]].sample(frac=1, random_state=1)
    return clinic, small.xlsx(p / "labs.xlsx", rows=[list(labs), *labs.to_numpy().tolist()])


def two_sheets(p):
    def second(sheet):
        other = sheet.parent.create_sheet("notes")
        other.append(["Read", "me"])
        other.append(["first", "please"])
        other.append(["first", "twice"])

    return small.xlsx(p / "t.xlsx", second)


FORMS = {
    "commas": as_bytes("utf-8"),
    "a byte order mark": as_bytes("utf-8-sig"),
    "UTF-16": as_bytes("utf-16"),
    "semicolons and decimal commas": as_bytes("utf-8", sep=";", decimal=","),
    "tabs": as_bytes("utf-8", sep="\t"),
    "line ends of Windows": as_bytes("utf-8", lineterminator="\r\n"),
    "everything quoted": as_bytes("utf-8", quoting=1),
    "blanks around": padded,
    "blank lines": lambda p: small.text(p / "t.csv", small.frame().to_csv(index=False).replace("\n", "\n\n")),
    "a workbook": lambda p: small.xlsx(p / "t.xlsx"),
    "a workbook with notes": two_sheets,
    "SPSS": lambda p: small.sav(p / "t.sav"),
    "compressed SPSS": lambda p: small.sav(p / "t.zsav", compress=True),
    "one row a visit": lambda p: small.csv(p / "t.csv", small.long()),
    "a text file and a workbook": split_files,
}


@pytest.mark.parametrize("form", FORMS)
def test_however_it_is_written_it_is_the_same_study(form, tmp_path, expected):
    made = FORMS[form](tmp_path)
    found, _ = study(tmp_path, *(made if isinstance(made, tuple) else (made,)))
    for name in ("participants", "assessments", "analytes"):
        first, second = getattr(found, name), getattr(expected, name)
        pd.testing.assert_frame_equal(first[list(second)], second, check_categorical=False)


def test_letters_of_western_europe_and_of_elsewhere(tmp_path):
    data = small.frame().replace({"GROUP": {"pain": "Schmerz", "none": "für später"}})
    for encoding in ("cp1252", "utf-8"):
        path = small.text(tmp_path / f"{encoding}.csv", data.to_csv(index=False), encoding)
        found, _ = study(tmp_path, path, name=encoding)
        assert found.group_label("fur_spater") == "für später"
    chinese = small.frame().replace({"GROUP": {"pain": "疼痛", "none": "无痛"}})
    found, _ = study(tmp_path, small.csv(tmp_path / "c.csv", chinese), name="chinese")
    assert {found.group_label(name) for name in found.roles.compared} == {"疼痛", "无痛"}


def test_emoji_in_a_heading_is_a_heading(tmp_path):
    found, _ = study(tmp_path, small.csv(tmp_path / "t.csv", small.frame().rename(columns={"AGE": "Mood 🙂 today"})))
    assert found.field("participants", "mood_today").title == "Mood 🙂 today"


def test_three_kinds_of_missing_stay_apart_until_the_mapping_has_named_them(tmp_path):
    data = small.frame().assign(NOTE=[""] * 6 + ["x"] * 6)
    data["MADRS_13"] = data["MADRS_13"].astype(float)
    data.loc[0, "MADRS_13"], data.loc[1, "MADRS_13"], data.loc[2, "MADRS_13"] = np.nan, 998, 997
    path = small.sav(tmp_path / "t.sav", data, missing_ranges={"MADRS_13": [{"lo": 990, "hi": 999}]})
    from helpers.study.intake.read import read_sources

    (table,) = read_sources([path])
    cells = table.frame
    assert pd.isna(cells["MADRS_13"].iloc[0])
    assert (cells["MADRS_13"].iloc[1], cells["NOTE"].iloc[0]) == ("998", "")
    assert table.column("MADRS_13").user_missing == ("990:999",)
    found, _ = study(tmp_path, path)
    assert (found.assessments["visit"] == "day_13").sum() == 9


def test_days_of_excel_are_days_and_not_numbers(tmp_path):
    def dated(sheet):
        sheet["I1"] = "SEEN"
        for row in range(2, 14):
            sheet[f"I{row}"] = dt.datetime(2020, 3, row)

    folder = tmp_path / "own"
    make_study([str(small.xlsx(tmp_path / "t.xlsx", dated))], str(folder))
    text = (folder / "mapping.yaml").read_text(encoding="utf-8")
    assert 'SEEN: "dates are not used: visits have days"' in text
    assert "2020" not in text


def readings(first: list, second: list) -> pd.DataFrame:
    data = small.frame().drop(columns=["IL6_d0_pgml", "IL6_d13_pgml"])
    fill = [2.0] * (12 - len(first))
    return data.assign(IL6_d0_rep1=[*first, *fill], IL6_d0_rep2=[*second, *fill])


def unit(text: str) -> str:
    return text.replace("analyte_unit: \"DECIDE: the unit of the analytes without one of their own, such as pg/mL\"",
                        "analyte_unit: pg/mL")  # fmt: skip


def test_readings_are_averaged_and_their_spread_is_told(tmp_path):
    found, said = study(tmp_path, small.csv(tmp_path / "t.csv", readings([1, 3], [3, 3])), change=unit)
    assert found.analytes["il_6"].tolist()[:2] == [2.0, 3.0]
    row = found.tables["replicates"].iloc[0]
    assert row["samples"] == 12
    # One sample of twelve: SD √2 over mean 2, the others agree.
    assert row["cv_rms"] == pytest.approx(100 * np.sqrt(0.5 / 12))
    assert "readings averaged; CV (root mean square): il_6 20.4 %" in said


def test_a_sample_is_below_the_limit_when_all_its_readings_are(tmp_path):
    data = readings(["<0.5", "<0.5", 0.4, 0.45], ["<0.5", 0.9, 0.45, 0.65]).assign(LOD_IL6=0.5)
    found, said = study(tmp_path, small.csv(tmp_path / "t.csv", data), change=unit)
    values = found.analytes.set_index("id")["il_6"]
    # Both below; one below and one above; the mean below the limit; the mean above it.
    assert values.loc[["P01", "P03"]].tolist() == pytest.approx([0.5 / np.sqrt(2)] * 2)
    assert values.loc[["P02", "P04"]].tolist() == pytest.approx([0.9, 0.55])
    assert found.below_limit["id"].tolist() == ["P01", "P03"]
    assert "1 samples had a reading below the limit beside one above" in said


def test_a_long_table_with_a_column_of_readings(tmp_path):
    twice = pd.concat([small.long().assign(REPLICATE=n) for n in (1, 2)])
    twice.loc[twice["REPLICATE"] == 2, "MADRS"] = np.nan
    twice["MADRS"] = twice["MADRS"].astype("Int64")
    found, _ = study(tmp_path, small.csv(tmp_path / "t.csv", twice))
    assert found.tables["replicates"]["samples"].tolist() == [24]
    assert found.tables["replicates"]["cv_rms"].tolist() == [0]


def test_units_are_converted_and_the_limits_with_them(tmp_path):
    data = small.frame().rename(columns={"IL6_d0_pgml": "IL6_d0", "IL6_d13_pgml": "IL6_d13"}).assign(LOD_IL6=0.002)
    data[["IL6_d0", "IL6_d13"]] = data[["IL6_d0", "IL6_d13"]] / 1000
    data["IL6_d0"] = data["IL6_d0"].astype(object)
    data.loc[0, "IL6_d0"] = "<0.0017"
    labels = {"IL6_d0": "IL-6 (ng/ml), baseline", "IL6_d13": "IL-6 (ng/ml), day 13"}
    path = tmp_path / "t.sav"
    pyreadstat.write_sav(data.astype({"IL6_d0": str}), str(path), column_labels=labels)
    found, _ = study(tmp_path, path)
    assert found.field("analytes", "il_6").unit == "pg/mL"
    limits = found.below_limit.set_index(["id", "visit"])["limit"]
    assert limits.loc[("P01", "baseline")] == pytest.approx(1.7)
    assert limits.loc[("P01", "day_13")] == pytest.approx(2.0)
    value = found.analytes.set_index(["id", "visit"])["il_6"]
    assert value.loc[("P12", "baseline")] == pytest.approx(4.5)


@pytest.mark.parametrize(("choice", "kept"), [("missing", 0), ("limit", 1000)])
def test_above_the_range_a_person_decides(choice, kept, tmp_path):
    data = small.frame().astype(object)
    data.loc[3, "IL6_d0_pgml"] = ">1000"

    def decide(text):
        assert 'above: "DECIDE: some values are above the range' in text
        return "\n".join(f"    above: {choice}" if 'above: "DECIDE' in line else line for line in text.splitlines())

    found, _ = study(tmp_path, small.csv(tmp_path / "t.csv", data), change=decide)
    values = found.analytes[(found.analytes["id"] == "P04") & (found.analytes["visit"] == "baseline")]["il_6"]
    assert values.fillna(0).sum() == kept


def test_a_file_that_has_changed_is_converted_as_it_is_and_said_to_have(tmp_path):
    path = small.csv(tmp_path / "t.csv")
    study(tmp_path, path)
    small.csv(path, small.frame().assign(EXTRA=1, AGE=44))
    said = "\n".join(make_study([str(path)], str(tmp_path / "own")).lines)
    assert "t.csv has changed since the mapping was written" in said
    assert "not in the mapping, and not used: EXTRA" in said
    assert (load_study(tmp_path / "own").participants["AGE".lower()] == 44).all()


def test_participants_without_a_group_can_be_left_out_by_saying_so(tmp_path):
    data = small.frame().astype(object)
    data.loc[5, "GROUP"] = None
    found, said = study(
        tmp_path,
        small.csv(tmp_path / "t.csv", data),
        change=lambda t: t.replace("  levels:", '  missing: [""]\n  levels:', 1),
    )
    assert "P06" not in set(found.participants["id"]) | set(found.analytes["id"])
    assert "1 participants without a group are left out" in said


def test_a_failed_conversion_leaves_the_last_study(tmp_path):
    path = small.csv(tmp_path / "t.csv")
    study(tmp_path, path)
    before = {item.name: item.read_bytes() for item in (tmp_path / "own").iterdir()}
    small.csv(path, small.frame().assign(AGE=300))
    with pytest.raises(Exception, match="outside 0 to 120"):
        make_study([], str(tmp_path / "own"))
    assert {item.name: item.read_bytes() for item in (tmp_path / "own").iterdir()} == before


def test_a_ledger_that_the_mapping_names_is_the_studys(tmp_path):
    def named(text):
        return text.replace("  claims: null", "  claims: zhou2021", 1)

    found, _ = study(tmp_path, small.csv(tmp_path / "t.csv"), change=named)
    assert found.descriptor.claims == "zhou2021"
    other, _ = study(tmp_path / "other", small.csv(tmp_path / "u.csv"))
    assert other.descriptor.claims is None
