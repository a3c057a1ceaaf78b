"""Cells that do not hold what the descriptor says: file, column, row and participant are named, the cell is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest


@dataclass(frozen=True)
class Case:
    """What is put where, the rule that finds it, and what is said; rows are lines, the heading being 1."""

    table: str
    column: str
    value: Any
    rule: str
    said: str
    line: int = 4
    shown: bool = False  # an identifier or a visit: the message may repeat it


CASES = {
    # types
    "text for a whole number": Case("people", "age", "forty-one", "type", "expected a whole number"),
    "decimals for a whole number": Case("people", "age", "41.73", "type", "decimals in a column of whole numbers"),
    "a decimal comma": Case("people", "weight", "73,31", "type", "a decimal comma: write decimals with a point"),
    "a thousands mark": Case("people", "weight", "1.073,31", "type", "a decimal comma"),
    "a formula": Case("people", "weight", "=A1+7331", "type", "a formula: save the values"),
    "a spreadsheet's error": Case("people", "weight", "#DIV/0!", "type", "an error of the spreadsheet"),
    "a typographic minus": Case("people", "weight", "−73.31", "type", "a dash for a minus sign"),
    "a unit behind": Case("people", "weight", "73.31 kg", "type", "a unit behind the number"),
    "digits with spaces": Case("people", "weight", "7 331", "type", "digits in another shape"),
    "a word for missing": Case("people", "weight", "missing", "type", "add the code to missingValues"),
    "a point for missing": Case("people", "weight", ".", "type", "add the code to missingValues"),
    "infinity": Case("people", "weight", "inf", "type", "expected a number"),
    "an emoji for a number": Case("people", "weight", "🙂", "type", "expected a number"),
    "below detection": Case("blood", "il_6", "<0.7331", "type", "values below the detection limit"),
    "a long text": Case("people", "weight", "private " * 900, "type", "expected a number"),
    "markup": Case("people", "weight", "<script>alert(1)</script>", "type", "expected a number"),
    # dates
    "a spreadsheet's day": Case("scales", "seen", "44286", "type", "a spreadsheet's count of days"),
    "a date with points": Case("scales", "seen", "31.03.2021", "type", "another order or mark of the date"),
    "an American date": Case("scales", "seen", "3/31/2021", "type", "another order or mark of the date"),
    "a date that is none": Case("scales", "seen", "2021-02-30", "type", "expected a date, year-month-day"),
    # ranges and categories
    "above the scale": Case("scales", "madrs", "73", "range", "expected 0 to 60 points"),
    "below the scale": Case("scales", "pain", "-3", "range", "expected 0 to 10 cm"),
    "a code for missing out of range": Case("scales", "madrs", "999", "range", "look like a code for missing"),
    "a negative code": Case("scales", "pain", "-9", "range", "look like a code for missing"),
    "too young": Case("people", "age", "7", "range", "expected 18 to 80 years"),
    "a value without a logarithm": Case("blood", "tnf_a", "0", "logarithm", "expected more than 0"),
    "nothing where something must be": Case("scales", "madrs", "", "required", "nothing there; expected a value"),
    "another case": Case("people", "sex", "Female", "category", "only by case, spaces or look-alike letters"),
    "a trailing space": Case("people", "sex", "male ", "category", "only by case, spaces or look-alike letters"),
    "a look-alike letter": Case("people", "sex", "mаle", "category", "only by case, spaces or look-alike letters"),
    "another word": Case("people", "sex", "femme", "category", "expected one of female, male"),
    "an emoji for a category": Case("people", "sex", "♀️", "category", "expected one of female, male"),
    "an unknown group": Case("people", "arm", "placebo", "category", "expected one of ache, no_ache, healthy"),
    "a group's label": Case("people", "arm", "Mit Schmerz", "category", "these are labels for readers"),
    "no group": Case("people", "arm", "", "required", "expected a value in every row"),
    "a number out of the list": Case("doses", "sick", "7", "category", "expected one of 0, 1"),
    # visits, identifiers, links
    "a visit unknown": Case("scales", "visit", "week_3", "category", "found 'week_3'", shown=True),
    "a visit as a number": Case("scales", "visit", "14", "category", "found '14'", shown=True),
    "no visit": Case("scales", "visit", "", "required", "column visit, row 4"),
    "a participant unknown": Case("scales", "code", "K977", "link", "found 'K977'; expected a participant", shown=True),
    "without leading zeros": Case("scales", "code", "K1", "link", "K001 is there: K1 differs only by", shown=True),
    "another case of a code": Case("blood", "code", "k001", "link", "K001 is there: k001 differs", shown=True),
    "a space behind a code": Case("blood", "code", "K001 ", "link", "K001 is there", shown=True),
    "a hidden sign in a code": Case("doses", "code", "K001\u200b", "link", "K001 is there", shown=True),
    "no code": Case("people", "code", "", "required", "column code, row 4"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_wrong_cell_is_named_and_not_repeated(good, check, name):
    case = CASES[name]
    who = good.read(case.table)[case.line - 1][0]
    good.put(case.table, case.column, case.value, case.line)
    done = check(good)
    assert done.status == 2
    found = done.finding(case.rule, file=f"{case.table}.csv", column=case.column)
    assert (found["severity"], found["rows"], found["count"]) == ("error", [case.line], 1)
    assert found["participants"] == ([] if case.column == "code" else [who])
    assert case.said in done.said.replace("\n    ", " ")
    assert "<script>alert" not in done.page
    if not case.shown and len(case.value) > 2 and case.value not in ("999", "male ", "missing"):
        assert case.value not in done.everything


def test_a_whole_column_is_one_short_finding(good, check):
    good.put("scales", "visit", lambda visit: {"baseline": "0", "week_2": "14", "week_4": "28"}[visit])
    done = check(good)
    found = [item for item in done.findings if item["rule"] == "category"]
    assert [item["count"] for item in found] == [48, 48, 48]
    assert [item["what"] for item in found] == ["found '0'", "found '14'", "found '28'"]
    assert len(found[0]["rows"]) == 5
    assert "and 43 more" in done.said


def test_groups_in_another_language(good, check):
    words = {"ache": "Schmerz", "no_ache": "kein Schmerz", "healthy": "gesund"}
    good.put("people", "arm", words.get)
    done = check(good)
    found = done.finding("category", column="arm")
    assert (done.status, found["count"]) == (2, 56)
    assert "expected one of ache, no_ache, healthy" in done.said
    assert not [word for word in words.values() if word in done.everything]


def test_a_second_row_of_a_visit_that_repeats_the_first(good, check):
    cells = good.read("scales")
    good.save("scales", [*cells, cells[5]])
    found = check(good).finding("duplicate", file="scales.csv")
    assert (found["rows"], found["participants"], found["visit"]) == ([146], ["K002"], "week_2")
    assert "delete it" in found["advice"]


def test_a_second_row_of_a_visit_that_differs(good, check):
    cells = good.read("blood")
    good.save("blood", [*cells, [*cells[3][:2], "1.11", "4.11", "911"]])
    done = check(good)
    found = done.finding("duplicate", file="blood.csv")
    assert (done.status, found["rows"], found["participants"]) == (2, [len(cells) + 1], ["K002"])
    assert "the rows differ" in found["advice"]


def test_a_key_of_the_descriptor_does_not_set_the_visit_aside(good, check):
    """Two assays of one visit, told apart by a column of the key, are two rows where one is needed."""
    good.document["resources"][2]["schema"]["primaryKey"] = ["code", "visit", "il_6"]
    good.describe()
    cells = good.read("blood")
    good.save("blood", [*cells, [*cells[3][:2], "1.11", *cells[3][3:]]])
    assert check(good).finding("duplicate", file="blood.csv")["participants"] == ["K002"]


def test_a_participant_twice(good, check):
    cells = good.read("people")
    good.save("people", [*cells, cells[4]])
    found = check(good).finding("unique", file="people.csv", column="code")
    assert found["rows"] == [5, 58]
    assert found["what"] == "found 'K004'"


def test_a_dose_twice(good, check):
    cells = good.read("doses")
    good.save("doses", [*cells, cells[1]])
    found = check(good).finding("duplicate", file="doses.csv")
    assert found["what"] == "a second row for dose 1"


def test_many_duplicates_are_counted(good, check):
    cells = good.read("scales")
    good.save("scales", [*cells, *cells[1:]])
    done = check(good)
    assert sum(item["count"] for item in done.findings if item["rule"] == "duplicate") == 144
    assert len(done.said) < 3000
