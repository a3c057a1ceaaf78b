"""Exports of an assay with one row an analyte: the same study as from wide files, and what is refused."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from helpers.cli.study import make_study
from helpers.study import load_study
from helpers.study.intake.errors import MappingError, SourceError, UndecidedError

from . import small

PEOPLE = small.frame()[["ID", "GROUP", "AGE", "SEX", "MADRS_0", "MADRS_13"]]
VISITS = {"Baseline": 0, "Day 13": 13}
LIMITS = {"IL-6": 2.0, "TNF-α": 3.5, "IL-8": 0.4}
COLUMNS = {"IL-6": "IL6", "TNF-α": "TNFa", "IL-8": "IL8"}


def readings() -> pd.DataFrame:
    """Two readings of three analytes at two visits, one row each; some gone, some under their limit."""
    rng = np.random.default_rng(7)
    keys = pd.MultiIndex.from_product([PEOPLE["ID"], VISITS, LIMITS, (1, 2)], names=["id", "visit", "analyte", "rep"])
    table = pd.DataFrame(index=keys).reset_index()
    table["limit"] = table["analyte"].map(LIMITS)
    sample = np.repeat(rng.normal(0.5, 0.9, len(table) // 2), 2)
    table["level"] = (table["limit"] * np.exp(sample + rng.normal(0, 0.2, len(table)))).round(3)
    return table[rng.random(len(table)) > 0.05].reset_index(drop=True)


def shown(table: pd.DataFrame) -> pd.Series:
    """What the laboratory writes: the level, or <limit."""
    low = table["level"] < table["limit"]
    return table["level"].astype(str).mask(low, "<" + table["limit"].astype(str))


def wide_files(folder):
    table = readings().assign(text=shown)
    table["column"] = (
        table["analyte"].map(COLUMNS) + "_d" + table["visit"].map(VISITS).astype(str)
        + "_rep" + table["rep"].astype(str) + " (pg/mL)"
    )  # fmt: skip
    wide = table.pivot(index="id", columns="column", values="text").rename_axis("ID").reset_index()
    return small.csv(folder / "clinic.csv", PEOPLE), small.csv(folder / "labs.csv", wide)


def export(folder, change=lambda table: table, **more):
    """The same as an export; the laboratory's rows are in its own order."""
    table = readings()
    table = pd.DataFrame({
        "Patient": table["id"], "Time point": table["visit"], "Plate": "P" + table["rep"].astype(str),
        "Analyte": table["analyte"], "Replicate": table["rep"], "Result": shown(table), "Unit": "pg/ml", **more,
    })  # fmt: skip
    table = change(table.sample(frac=1, random_state=3).reset_index(drop=True))
    return small.csv(folder / "clinic.csv", PEOPLE), small.csv(folder / "labs.csv", table)


def started(folder, files, change=lambda text: text) -> str:
    make_study([str(path) for path in files], str(folder))
    path = folder / "mapping.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(change(text), encoding="utf-8")
    return text


def converted(folder, files, change=lambda text: text):
    started(folder, files, change)
    said = make_study([], str(folder))
    return load_study(folder), "\n".join(said.lines)


def tables_of(study) -> dict[str, pd.DataFrame]:
    """The analytes and the flags, in an order that does not depend on that of the file."""
    flags = study.below_limit.astype({"visit": str, "analyte": str}).sort_values(["id", "visit", "analyte"])
    columns = ["id", "visit", "analyte", "limit"]
    return {"analytes": study.analytes[sorted(study.analytes)], "flags": flags[columns].reset_index(drop=True)}


@pytest.fixture(scope="module")
def wide(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wide")
    return converted(folder / "study", wide_files(folder))


def same(one, other) -> None:
    for name, frame in tables_of(one).items():
        pd.testing.assert_frame_equal(frame, tables_of(other)[name], check_dtype=False)
    pd.testing.assert_frame_equal(one.participants, other.participants)
    pd.testing.assert_frame_equal(one.assessments, other.assessments)


def test_the_export_gives_the_study_that_the_wide_file_gives(tmp_path, wide):
    study, said = converted(tmp_path / "study", export(tmp_path))
    same(study, wide[0])
    assert len(study.below_limit) > 3
    # Readings averaged and counted as of the wide file, in whatever order the analytes come.
    lines = [re.search(r"readings averaged; CV \(root mean square\): (.*)", text)[1] for text in (said, wide[1])]
    assert sorted(re.findall(r"[\d.]+ %", lines[0])) == sorted(re.findall(r"[\d.]+ %", lines[1]))


def test_a_tidy_table_gives_the_study_too(tmp_path, wide):
    """Means over the readings above the limit, taken by hand."""
    study, _ = converted(tmp_path / "study", export(tmp_path))
    table = readings()
    table["level"] = table["level"].where(table["level"] >= table["limit"])
    mean = table.groupby(["id", "visit", "analyte"])["level"].mean()
    found = study.analytes.assign(visit=study.analytes["visit"].astype(str)).set_index(["id", "visit"])
    flags = study.below_limit.astype(str).set_index(["id", "visit", "analyte"]).index
    for analyte, column in (("IL-6", "il_6"), ("TNF-α", "tnf_a"), ("IL-8", "il_8")):
        for (who, visit), value in found[column].dropna().items():
            if (who, visit, column) not in flags:
                label = "Baseline" if visit == "baseline" else "Day 13"
                assert value == pytest.approx(mean[who, label, analyte])


def test_the_mapping_says_what_it_saw(tmp_path):
    text = started(tmp_path / "study", export(tmp_path))
    rows = len(readings())
    assert f"layout: assay  # one row an analyte of a participant and visit, {rows} rows" in text
    assert "analyte: Analyte" in text
    assert "result: Result" in text
    assert 'from: "labs:IL-6"' in text
    assert '"labs:Plate"' in text.partition("\nignored:")[2]


def flag(table: pd.DataFrame) -> pd.DataFrame:
    """Flags in a column of their own, and the limit in another; the number under the limit is printed as it is."""
    low = table["Result"].str.startswith("<")
    limits = table["Analyte"].map(LIMITS)
    return table.assign(Result=table["Result"].mask(low, (limits / 3).astype(str)), Flag=np.where(low, "<LOD", "OK"),
                        LOD=limits)  # fmt: skip


def test_flags_and_limits_in_columns_of_their_own(tmp_path, wide):
    study, _ = converted(tmp_path / "study", export(tmp_path, flag))
    same(study, wide[0])


def test_a_flag_that_says_nothing_is_asked(tmp_path):
    def spoilt(table):
        return flag(table).assign(Flag=lambda t: t["Flag"].where(t.index > 1, "haemolysed"))

    files = export(tmp_path, spoilt)
    text = started(tmp_path / "study", files)
    assert re.search(r'haemolysed: "?DECIDE', text)
    with pytest.raises(UndecidedError):
        make_study([], str(tmp_path / "study"))
    path = tmp_path / "study" / "mapping.yaml"
    path.write_text(re.sub(r'haemolysed: "DECIDE.*"', "haemolysed: missing", text), encoding="utf-8")
    make_study([], str(tmp_path / "study"))
    gone = pd.read_csv(files[1]).iloc[:2]
    assert (gone["Flag"] == "haemolysed").all()


def test_units_that_differ_from_row_to_row_are_converted(tmp_path, wide):
    def mixed(table):
        per_ng = (table["Patient"] < "P04") & ~table["Result"].str.startswith("<")
        number = pd.to_numeric(table["Result"], errors="coerce") / 1000
        return table.assign(Result=table["Result"].mask(per_ng, number.map(lambda v: f"{v:.6f}")),
                            Unit=table["Unit"].mask(per_ng, "ng/mL"))  # fmt: skip

    files = export(tmp_path, mixed)
    text = started(tmp_path / "study", files)
    assert text.count("source_unit: by row") == 3
    make_study([], str(tmp_path / "study"))
    mine = tables_of(load_study(tmp_path / "study"))["analytes"]
    theirs = tables_of(wide[0])["analytes"]
    np.testing.assert_allclose(mine["il_6"].astype(float), theirs["il_6"].astype(float), rtol=1e-9)


def refused(tmp_path, change, mapped=lambda text: text) -> str:
    with pytest.raises((SourceError, MappingError)) as caught:
        converted(tmp_path / "study", export(tmp_path, change), mapped)
    assert not (tmp_path / "study" / "datapackage.json").exists()
    return "\n".join(caught.value.problems)


def test_a_result_twice_is_refused(tmp_path):
    said = refused(tmp_path, lambda t: pd.concat([t, t.iloc[[4]]], ignore_index=True))
    assert "a second row for the same" in said
    assert f"row {len(readings()) + 2}" in said


def test_words_among_the_results_are_named_by_row_and_not_repeated(tmp_path):
    def spoilt(table):
        return table.assign(Result=table["Result"].where(table.index != 6, "clotted"))

    said = refused(tmp_path, spoilt)
    assert "labs.csv, column 'Result', analyte" in said
    assert "row 8 " in said
    assert "clotted" not in said


def test_a_unit_that_is_no_concentration_is_refused(tmp_path):
    said = refused(tmp_path, lambda t: t.assign(Unit=t["Unit"].where(t.index != 9, "MFI")))
    assert "its unit cannot be used" in said
    assert "row 11 " in said


def test_an_analyte_that_the_export_has_not_is_named(tmp_path):
    said = refused(tmp_path, lambda t: t, lambda text: text.replace('"labs:IL-6"', '"labs:IL-66"'))
    assert "no column 'labs:IL-66' in the files; did you mean 'labs:IL-6'?" in said


def test_names_that_nobody_knows_stay_apart(tmp_path):
    names = {"IL-6": "Protein 17", "TNF-α": "Protein 18", "IL-8": "protein-17"}
    study, _ = converted(tmp_path / "study", export(tmp_path, lambda t: t.assign(Analyte=t["Analyte"].map(names))))
    assert sorted(study.roles.analytes.columns) == ["protein_17", "protein_17_2", "protein_18"]
    one, other = (study.analytes[name].dropna() for name in ("protein_17", "protein_17_2"))
    assert len(one) > 5
    assert len(other) > 5
    assert not set(one) & set(other)


def test_other_groups_than_two_can_be_compared(tmp_path):
    people = PEOPLE.assign(GROUP=["a", "b", "c"] * 4)
    clinic, labs = export(tmp_path)
    small.csv(clinic, people)
    study, _ = converted(
        tmp_path / "study", (clinic, labs), lambda text: re.sub(r'compared: "DECIDE.*"', "compared: [a, b, c]", text)
    )
    assert study.roles.compared == ("a", "b", "c")
