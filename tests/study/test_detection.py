"""Values below the detection limit: named in their own table, replaced by the rule, refused where they cannot be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.detection import below_limit
from helpers.report.pages import data_page
from helpers.study import DescriptorError, TableError, load_study


@pytest.fixture
def folder(study_folder):
    """The synthetic study with the first three samples' IL-6 below 0.5."""
    copy = study_folder("synthetic")
    table = copy.tables["analytes"]
    first = table.index[:3]
    flags = table.loc[first, ["id", "visit"]].assign(analyte="il_6", limit=0.5)
    table.loc[first, "il_6"] = np.nan
    copy.field("analytes", "il_6")["constraints"] = {}
    fields = [{"name": name, "type": "string"} for name in ("id", "visit", "analyte")]
    fields.append({"name": "limit", "type": "number"})
    copy.tables["below_limit"] = flags
    copy.document["resources"].append({"name": "below_limit", "path": "below_limit.csv", "schema": {"fields": fields}})
    copy.roles["analytes"]["detection"] = {"table": "below_limit", "rule": "lod_sqrt2"}
    return copy


def test_the_rule_stands_in_and_the_flags_stay(folder):
    flags = folder.tables["below_limit"]
    study = load_study(folder.save())
    keys = pd.MultiIndex.from_frame(study.analytes[["id", "visit"]].astype(str))
    values = pd.Series(study.analytes["il_6"].to_numpy(), keys)
    for who, visit in zip(flags["id"], flags["visit"], strict=True):
        assert values.loc[(who, visit)] == pytest.approx(0.5 / np.sqrt(2))
    assert values.notna().all()
    assert len(study.below_limit) == 3


def test_a_study_without_a_limit_has_no_flags(studies):
    assert studies["synthetic"].below_limit.empty
    assert below_limit(studies["synthetic"]).empty


def test_a_missing_value_without_a_flag_stays_missing(folder):
    folder.tables["analytes"].loc[5, "il_6"] = np.nan
    assert load_study(folder.save()).analytes["il_6"].isna().sum() == 1


def test_counts_by_analyte_group_and_visit(folder):
    study = load_study(folder.save())
    rows = below_limit(study)
    assert set(rows["analyte"]) == {"il_6"}
    assert rows["value"].sum() == 3
    sampled = study.analytes["id"].isin(study.participants["id"]).sum()
    assert rows["n"].sum() == sampled
    assert set(rows["method"]) == {"replaced by LOD/√2"}


def problems(folder) -> str:
    with pytest.raises(TableError) as caught:
        load_study(folder.save(), name="mine")
    return "\n".join(caught.value.problems)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (
            "analyte",
            "il_66",
            "column analyte, row 2 (participant S001): a value that does not fit; expected one of the ana",
        ),
        ("limit", 0, "column limit, row 2 (participant S001): a value that does not fit; expected a limit above 0"),
        ("limit", None, "column limit, row 2 (participant S001): nothing there; expected a limit above 0"),
        ("visit", "infusion_1", "row 2: found 'S001'; expected a sample of the table of analytes"),
        ("id", "S999", "row 2: found 'S999'; expected a participant of participants.csv"),
        (
            "analyte",
            "il_8",
            "row 2 (participant S001): a value that does not fit; the table of analytes has a value there",
        ),
    ],
)
def test_flags_that_cannot_be(folder, column, value, expected):
    flags = folder.tables["below_limit"].astype(object)
    flags.iloc[0, flags.columns.get_loc(column)] = value
    folder.tables["below_limit"] = flags
    assert expected in problems(folder)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"table": "nothing"}, "roles.analytes.detection.table: no resource is called 'nothing'"),
        ({"table": "participants"}, "table participants has no column 'limit'"),
        ({"rule": "zero"}, "roles.analytes.detection.rule: 'zero' is not one of"),
    ],
)
def test_roles_that_cannot_be(folder, change, expected):
    folder.roles["analytes"]["detection"] |= change
    with pytest.raises(DescriptorError) as caught:
        load_study(folder.save(), name="mine")
    assert expected in str(caught.value)


def test_the_chapter_shows_them(folder, chapter, raw_text, tmp_path):
    from helpers.report import tables

    made = chapter("03_baseline_cytokines", folder.save(), tmp_path / "out")
    (table,) = [shown for shown in made.tables if shown.name == "tab-below-limit"]
    assert table.frame["Analyte"].tolist() == ["IL-6"]
    assert "LOD/√2" in table.note
    assert (made.rows["analysis"] == "detection").any()
    assert raw_text(made) == []
    assert tables.detection.below_limit(made.run, made.rows.iloc[:0]).markdown.endswith("below a detection limit.")


def test_the_codebook_tells_them_from_missing_values(folder):
    folder.tables["analytes"].loc[5, "il_6"] = np.nan
    page = data_page(load_study(folder.save()))
    (line,) = [line for line in page.splitlines() if line.startswith("| `il_6` |")]
    assert line.endswith("| 1; 3 below the limit |")
