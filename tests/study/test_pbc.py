"""The PBC study folder, recounted from its source with nothing but the csv module."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from helpers.study import load_study, pbc

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "pbc"
SOURCE = FOLDER / "source" / "pbcseq.csv"
PROTOCOL = {"month_6": 182.6, "month_12": 365, "month_24": 730, "month_36": 1096}
ARMS = {"1": "d_penicillamine", "0": "placebo"}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def chosen_visits() -> dict[tuple[str, str], dict[str, str]]:
    """The visit that stands for each protocol visit, found one participant and target at a time."""
    by_person: dict[str, list[dict[str, str]]] = {}
    for row in read(SOURCE):
        by_person.setdefault(row["id"], []).append(row)
    chosen = {}
    for person, rows in by_person.items():
        name = f"P{int(person):03d}"
        chosen[name, "baseline"] = next(row for row in rows if row["day"] == "0")
        for visit, due in PROTOCOL.items():
            near = [(abs(int(row["day"]) - due), int(row["day"]), row) for row in rows]
            near = sorted((item for item in near if item[0] <= 91 and item[1] > 0), key=lambda item: item[:2])
            if near:
                chosen[name, visit] = near[0][2]
    return chosen


@pytest.fixture(scope="module")
def source() -> pd.DataFrame:
    return pd.read_csv(SOURCE)


def test_source_is_the_table_it_was_given_as():
    digest = hashlib.sha256(SOURCE.read_bytes()).hexdigest()
    assert digest == "9b89fb4404e33d7063d40f001cc294a1c21fd88c0e9f92a1baccf54a600f3c79"


def test_both_arms_are_complete():
    groups = Counter(row["group"] for row in read(FOLDER / "participants.csv"))
    assert groups == {"d_penicillamine": 158, "placebo": 154}


def test_windows_are_disjoint_and_hold_their_day():
    spans = sorted(pbc.windows().values())
    assert all(earlier[1] < later[0] for earlier, later in itertools.pairwise(spans))
    assert all(first <= pbc.protocol_days()[name] <= last for name, (first, last) in pbc.windows().items())


def test_a_wider_window_would_overlap(monkeypatch):
    monkeypatch.setattr(pbc, "WINDOW", pbc.WINDOW + 1)
    assert pbc.windows()["month_6"][1] > pbc.windows()["month_12"][0]


def test_each_assessment_is_the_nearest_recorded_visit():
    chosen = chosen_visits()
    written = {(row["id"], row["visit"]): row for row in read(FOLDER / "laboratory.csv")}
    assert written.keys() == chosen.keys()
    for key, row in written.items():
        assert row["day"] == chosen[key]["day"]
        assert float(row["bilirubin"]) == float(chosen[key]["bili"])
        assert row["alkaline_phosphatase"] == chosen[key]["alk.phos"].replace("NA", "")
        assert float(row["edema"]) == float(chosen[key]["edema"])


def test_the_panel_holds_the_values_of_the_same_visits():
    chosen = chosen_visits()
    names = {"cholesterol": "chol", "albumin": "albumin", "ast": "ast", "platelets": "platelet"}
    names["prothrombin_time"] = "protime"
    rows = read(FOLDER / "analytes.csv")
    assert {(r["id"], r["visit"]) for r in rows} == {key for key in chosen if key[1] != "month_6"}
    for row in rows:
        for ours, theirs in names.items():
            value = chosen[row["id"], row["visit"]][theirs]
            assert row[ours] == "" if value == "NA" else float(row[ours]) == float(value)


def test_participants_are_the_source_at_entry():
    entry = {f"P{int(row['id']):03d}": row for row in read(SOURCE) if row["day"] == "0"}
    rows = read(FOLDER / "participants.csv")
    assert [row["id"] for row in rows] == sorted(entry)
    for row in rows:
        given = entry[row["id"]]
        assert row["group"] == ARMS[given["trt"]]
        assert row["sex"][0] == given["sex"]
        assert abs(float(row["age"]) - float(given["age"])) <= 0.05 + 1e-12
        assert [row[k] == "yes" for k in ("ascites", "hepatomegaly", "spiders")] == [
            given[k] == "1" for k in ("ascites", "hepato", "spiders")
        ]
        assert (row["follow_up_days"], row["stage"]) == (
            given["futime"],
            ["I", "II", "III", "IV"][int(given["stage"]) - 1],
        )
        assert row["status"] == ["censored", "transplanted", "dead"][int(given["status"])]
        assert (
            row["edema_at_entry"]
            == {"0": "none", "0.5": "untreated_or_resolved", "1": "despite_diuretics"}[given["edema"]]
        )


def test_every_recorded_visit_is_accounted_for(source):
    counts, chosen = pbc.counts(source), chosen_visits()
    days = [int(row["day"]) for row in read(SOURCE)]
    within = sum(day == 0 or any(abs(day - due) <= 91 for due in PROTOCOL.values()) for day in days)
    assert counts["visits"] == len(days) == counts["kept"] + counts["further"] + counts["outside"]
    assert counts["kept"] == len(chosen)
    assert counts["further"] == within - len(chosen)
    assert counts["late"] == sum(day > 1096 + 91 for day in days)


def test_attendance_adds_up_to_the_arms_and_is_what_the_readme_says(source):
    table = pbc.attendance(source)
    chosen = Counter((key[1], ARMS[row["trt"]]) for key, row in chosen_visits().items())
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    labels = {"d_penicillamine": "D-penicillamine", "placebo": "placebo"}
    for (visit, group), row in table.iterrows():
        assert row.sum() == {"d_penicillamine": 158, "placebo": 154}[group]
        assert row["seen"] == chosen[visit, group]
        assert f"| {labels[group]} | {row['seen']} | {row['ended']} | {row['absent']} |" in text


def test_nobody_is_censored_before_month_36_and_the_totals_are_the_articles(source):
    people = source.drop_duplicates("id")
    assert people["status"].value_counts().to_dict() == {0: 143, 2: 140, 1: 29}
    assert people.loc[people["status"] == 0, "futime"].min() > pbc.windows()["month_36"][1]


def test_committed_files_are_what_the_generator_writes(tmp_path):
    written = pbc.write_study(tmp_path / "study", SOURCE)
    names = ["datapackage.json", *pbc.FILES.values(), "source/pbcseq.csv"]
    assert sorted(str(p.relative_to(written)) for p in written.rglob("*") if p.is_file()) == sorted(names)
    for name in names:
        assert (written / name).read_bytes() == (FOLDER / name).read_bytes(), (
            f"{name}: run python -m helpers.study.pbc data/pbc"
        )


def test_writing_again_keeps_other_files(tmp_path):
    folder = pbc.write_study(tmp_path / "study", SOURCE)
    (folder / "README.md").write_text("ours")
    pbc.write_study(folder)
    assert (folder / "README.md").read_text() == "ours"
    assert [p.name for p in tmp_path.iterdir()] == ["study"]


def test_a_failed_write_changes_nothing(tmp_path, monkeypatch):
    folder = pbc.write_study(tmp_path / "study", SOURCE)
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    def fail(frame):
        raise OSError("disc full")

    monkeypatch.setattr(pbc, "make_tables", fail)
    with pytest.raises(OSError, match="disc full"):
        pbc.write_study(folder)
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["study"]


def test_a_failed_swap_puts_the_old_folder_back(tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "kept.txt").write_text("old")
    with pytest.raises(FileNotFoundError):
        pbc._swap(tmp_path / "missing", folder, aside=tmp_path / "aside")
    assert (folder / "kept.txt").read_text() == "old"


def test_missing_source_is_said_and_nothing_is_made(tmp_path):
    with pytest.raises(FileNotFoundError):
        pbc.write_study(tmp_path / "study")
    assert list(tmp_path.iterdir()) == []


def test_unknown_code_is_refused_by_name(source):
    with pytest.raises(ValueError, match=r"status: unknown code \[7\]"):
        pbc.make_tables(source.assign(status=7))


def test_descriptor_lists_the_columns_in_order():
    document = json.loads((FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    for resource in document["resources"]:
        with (FOLDER / resource["path"]).open(encoding="utf-8") as file:
            assert file.readline().strip().split(",") == [field["name"] for field in resource["schema"]["fields"]]


def test_descriptor_leaves_no_count_unfilled():
    assert "$" not in (FOLDER / "datapackage.json").read_text(encoding="utf-8")


def test_the_study_passes_its_own_checks():
    study = load_study(FOLDER)
    assert study.roles.reference is None
    assert len(study.participants) == 312


def test_nobody_lies_exactly_on_the_response_limit():
    values = {(r["id"], r["visit"]): r["alkaline_phosphatase"] for r in read(FOLDER / "laboratory.csv")}
    people = {person for person, visit in values if visit == "month_12" and values[person, visit]}
    falls = [1 - float(values[p, "month_12"]) / float(values[p, "baseline"]) for p in people]
    assert len(falls) == 242
    assert sum(fall > 0.4 for fall in falls) == sum(fall >= 0.4 - 1e-9 for fall in falls) == 44
