"""What no descriptor says of a study: each rule finds its case, names it, and lets the rest go on or stops it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

K = "K{:03}".format


def put(table: str, column: str, value, *lines: int):
    return lambda study: study.put(table, column, value, *lines)


def drop(table: str, wanted):
    """Leave out the rows for which ``wanted`` (given the cells) is true."""

    def apply(study):
        head, *cells = study.read(table)
        study.save(table, [head, *(row for row in cells if not wanted(row))])

    return apply


def add(table: str, *rows: list):
    return lambda study: study.save(table, [*study.read(table), *rows])


def constrain(table: str, column: str, **changes):
    def apply(study):
        study.column(table, column)["constraints"].update(changes)
        study.describe()

    return apply


def free(table: str, column: str, *names: str):
    def apply(study):
        for name in names:
            study.column(table, column)["constraints"].pop(name)
        study.describe()

    return apply


def unit(column: str, text: str):
    def apply(study):
        study.column("blood", column)["unit"] = text
        study.describe()

    return apply


def each(*steps):
    return lambda study: [step(study) for step in steps]


def times(factor: float):
    return lambda cell: f"{float(cell) * factor:g}"


def smaller(keep: int):
    """Keep so many participants of each group."""

    def apply(study):
        _, *people = study.read("people")
        kept = {row[0] for arm in ("ache", "no_ache", "healthy") for row in [r for r in people if r[1] == arm][:keep]}
        for table in ("people", "scales", "blood", "doses"):
            drop(table, lambda row: row[0] not in kept)(study)

    return apply


@dataclass(frozen=True)
class Case:
    """A corruption and the finding it must give; a rule of errors has exit status 2."""

    change: Any
    rule: str
    file: str
    column: str = ""
    rows: tuple[int, ...] = ()
    people: tuple[str, ...] = ()
    visit: str = ""
    group: str = ""
    count: int = 1
    error: bool = False


FIRST_SIX = put("blood", "crp", "", *range(2, 8))
CASES = {
    # visits
    "nobody's assessments": Case(drop("scales", lambda r: r[0] == K(3)), "no-rows", "scales.csv", people=(K(3),),
                                 group="ache"),
    "nobody's samples": Case(drop("blood", lambda r: r[0] == K(50)), "no-rows", "blood.csv", people=(K(50),),
                             group="healthy"),
    "assessments without a baseline": Case(drop("scales", lambda r: r[:2] == [K(4), "baseline"]), "baseline-missing",
                                           "scales.csv", people=(K(4),), visit="baseline", group="ache"),
    "samples without a baseline": Case(drop("blood", lambda r: r[:2] == [K(30), "baseline"]), "baseline-missing",
                                       "blood.csv", people=(K(30),), visit="baseline", group="no_ache"),
    "a follow-up value without one at baseline": Case(put("blood", "il_6", "", 4), "baseline-value", "blood.csv",
                                                      "il_6", (4,), (K(2),), "baseline"),
    "a group without a baseline": Case(
        each(free("scales", "madrs", "required"),
             lambda s: [s.put("scales", "madrs", "", n) for n, r in enumerate(s.read("scales"), 1)
                        if r[1] == "baseline" and "K025" <= r[0] <= "K048"]),
        "baseline-group", "scales.csv", "madrs", visit="baseline", group="no_ache", count=0, error=True),
    "a value at a visit that is not planned": Case(put("scales", "pain", "4", 4), "visit-unplanned", "scales.csv",
                                                   "pain", (4,), (K(1),), "week_4"),
    "a sample at a visit that is not planned": Case(add("blood", [K(1), "week_4", "1.5", "4.2", "950"]),
                                                    "visit-unplanned", "blood.csv", "il_6", (106,), (K(1),), "week_4"),
    "a planned visit of nobody": Case(drop("blood", lambda r: r[1] == "week_2" and r[0] <= K(24)), "visit-empty",
                                      "blood.csv", visit="week_2", group="ache", count=0),
    # dates
    "a visit before the one before it": Case(put("scales", "seen", "2021-02-20", 3), "date-order", "scales.csv", "seen",
                                             (3,), (K(1),), error=True),
    "two dates exchanged": Case(each(put("scales", "seen", "2021-04-02", 6), put("scales", "seen", "2021-03-16", 7)),
                                "date-order", "scales.csv", "seen", (7,), (K(2),), error=True),
    "another year": Case(put("scales", "seen", "2022-04-01", 4), "date-far", "scales.csv", "seen", (4,), (K(1),)),
    # pairs
    "remission without response": Case(put("scales", "madrs", "10", 2, 3), "remission-without-response", "scales.csv",
                                       "madrs", people=(K(1),), visit="week_2"),
    "onset after the age": Case(put("people", "age_at_onset", "71", 3), "onset-after-age", "people.csv",
                                "age_at_onset", (3,), (K(2),), error=True),
    "an illness longer than life": Case(put("people", "illness_duration", "733", 3), "duration-over-age",
                                        "people.csv", "illness_duration", (3,), (K(2),), error=True),
    "onset and duration that do not add up": Case(put("people", "illness_duration", "200", 3), "onset-and-duration",
                                                  "people.csv", "age_at_onset", (3,), (K(2),)),
    "an age outside eligibility": Case(put("people", "age", "73", 50), "eligibility", "people.csv", "age", (50,),
                                       (K(49),)),
    "a group against the rule": Case(put("scales", "pain", "0", 2), "group-against-rule", "people.csv", "arm", (2,),
                                     (K(1),), "baseline"),
    "a dose of a healthy person": Case(add("doses", [K(50), "1", "0"]), "event-in-reference", "doses.csv", "", (98,),
                                       (K(50),), group="healthy"),
    # analytes and outcomes
    "an analyte missing throughout": Case(put("blood", "crp", ""), "analyte-missing", "blood.csv", "crp", count=5),
    "an analyte missing in one group": Case(
        lambda s: [s.put("blood", "crp", "", n) for n, r in enumerate(s.read("blood"), 1) if r[0] > K(48) and n > 1],
        "analyte-missing", "blood.csv", "crp", visit="baseline", group="healthy"),
    "an analyte constant throughout": Case(put("blood", "tnf_a", "4.4"), "analyte-constant", "blood.csv", "tnf_a",
                                           count=5),
    "an analyte constant in one group": Case(
        lambda s: [s.put("blood", "tnf_a", "4.4", n) for n, r in enumerate(s.read("blood"), 1) if "K048" < r[0] < "L"],
        "analyte-constant", "blood.csv", "tnf_a", visit="baseline", group="healthy"),
    "an outcome without a value": Case(put("scales", "pain", ""), "outcome-missing", "scales.csv", "pain", count=0),
    "an outcome copied down": Case(put("scales", "madrs", "20"), "outcome-constant", "scales.csv", "madrs"),
    # units, extremes, codes
    "nanograms called picograms": Case(put("blood", "il_6", times(0.001)), "unit-panel", "blood.csv", "il_6"),
    "picograms called nanograms": Case(unit("il_6", "ng/mL"), "unit-panel", "blood.csv", "il_6"),
    "one batch in another unit": Case(
        lambda s: [s.put("blood", "crp", times(0.001), n) for n, r in enumerate(s.read("blood"), 1)
                   if r[1] == "week_2" and r[0] <= K(24)],
        "unit-between", "blood.csv", "crp", visit="week_2", group="ache"),
    "a decimal shifted": Case(put("people", "weight", "7331", 6), "far-value", "people.csv", "weight", (6,), (K(5),)),
    "a value a hundred times the rest": Case(put("blood", "tnf_a", "733.1", 6), "far-value", "blood.csv", "tnf_a", (6,),
                                             (K(3),)),
    "a value a hundredth of the rest": Case(put("blood", "crp", "0.733", 6), "far-value", "blood.csv", "crp", (6,),
                                            (K(3),)),
    "999 for missing": Case(put("people", "weight", "999", 3, 9), "missing-code", "people.csv", "weight", (3, 9),
                            (K(2), K(8)), count=2),
    "-9 for missing": Case(put("people", "illness_duration", "-9", 3), "missing-code", "people.csv",
                           "illness_duration", (3,), (K(2),)),
    "88 for missing": Case(each(free("scales", "pain", "minimum", "maximum"), put("scales", "pain", "88", 3)),
                           "missing-code", "scales.csv", "pain", (3,), (K(1),)),
    "9999 for missing": Case(put("blood", "crp", "9999", 6), "missing-code", "blood.csv", "crp", (6,), (K(3),)),
    # sizes
    "a group of one": Case(drop("people", lambda r: K(25) < r[0] <= K(48)), "group-size", "people.csv", "arm",
                           group="no_ache", error=True),
    "a group of nobody": Case(drop("people", lambda r: K(24) < r[0] <= K(48)), "group-size", "people.csv", "arm",
                              group="no_ache", count=0, error=True),
    "too few for the covariance": Case(smaller(2), "size-covariance", "scales.csv", "madrs", count=4),
    "too few for the covariates": Case(smaller(2), "size-covariates", "people.csv", count=4),
    "too few for mediation": Case(smaller(12), "size-mediation", "blood.csv", visit="week_2", group="ache", count=12),
    # spellings
    "a level in another case": Case(put("people", "ward", "WARD 1", 3), "spelling-level", "people.csv", "ward", (3,),
                                    (K(2),)),
    "a level with a space": Case(put("people", "ward", "Ward 1 ", 3), "spelling-level", "people.csv", "ward", (3,),
                                 (K(2),)),
    "a level with a look-alike letter": Case(put("people", "ward", "Wаrd 1", 3), "spelling-level", "people.csv", "ward",
                                             (3,), (K(2),)),
    "a participant under two codes": Case(add("people", ["k7", "ache", "33", "male", "70", "28", "61", "Ward 1"]),
                                          "spelling-identifier", "people.csv", "code", (58,), ("k7",)),
    # the descriptor
    "a scale without a range": Case(free("scales", "madrs", "maximum"), "range-open", "scales.csv", "madrs"),
    "analytes without a unit": Case(unit("crp", ""), "unit-open", "blood.csv"),
    "a level twice in the list": Case(constrain("people", "sex", enum=["female", "male", "Male"]), "spelling-enum",
                                      "people.csv", "sex"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_rule_finds_its_case(good, check, name):
    case = CASES[name]
    case.change(good)
    done = check(good)
    found = done.finding(case.rule, file=case.file, column=case.column)
    assert (found["severity"], found["count"]) == ("error" if case.error else "warning", case.count)
    assert (tuple(found["rows"]), tuple(found["participants"])) == (case.rows, case.people)
    assert (found["visit"], found["group"]) == (case.visit, case.group)
    assert found["advice"]
    assert found["advice"] in done.said
    assert done.status == (2 if done.rules("error") else 0)
    if "twice" not in name and "group of" not in name:
        assert done.rules("error") == ({case.rule} if case.error else set()), done.said
    # Without the folder's name and digest, whose digits are any.
    said = re.sub(r"\S*/trial(-[0-9a-f]{6})?\b|\btrial-[0-9a-f]{6}\b", "", done.everything)
    for hidden in ("733", "2022-04", "WARD", "Wаrd", "2021-02"):
        assert hidden not in said
