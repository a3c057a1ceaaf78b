"""What is shown of witness cohorts, on small made-up tables."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from helpers.claims.witness import Reading, Witnesses
from helpers.claims.witness.published import CERTIFICATE, HELD_OUT, STRAIN
from helpers.report import tables, text
from helpers.report.tables.witnesses import POSSIBLE

READINGS = (
    Reading("first", "As printed", "β is standardised.", gives_up={"indirect-p": "out of reach"}),
    Reading("second", "Slopes", "β is a slope.", gives_up={"indirect-p": "out of reach", "direct-p": "too large"}),
)
CERTIFIED = [
    ("first", 1, "n-pain", "33", "33", "yes", "target", ""),
    ("first", 1, "age-same", "> 0.05", "0.04", "no", "target", ""),
    ("first", 1, "x:il_6/day_13", "0.3", "0.31", "yes", "target", ""),
    ("first", 1, "x:il_8/day_13", "0.3", "-0.28", "yes", "target", ""),
    ("first", 1, "indirect-p", "0.042", "0.211345", "no", "inconsistent", "out of reach"),
    ("first", 1, "samples-missing-seven", "7", "", "no", "inconsistent", "another statement excludes it"),
    ("second", 1, "n-pain", "33", "33", "yes", "target", ""),
]
STRAINED = [("first", seed, "largest_d", value) for seed, value in ((1, 1.5), (2, 2.5), (3, 9.0))]
HELD = [("first", "y:a", 3, 3), ("first", "y:b", 1, 3), ("first", "y:c", 0, 3), ("first", "n-pain", 2, 3)]
SHOWN = ("readings", "given_up", "strain", "certificate", "held_out")


def witnesses(certified=CERTIFIED, strained=STRAINED, held=HELD) -> Witnesses:
    made = ((certified, CERTIFICATE), (strained, STRAIN), (held, HELD_OUT))
    return Witnesses(READINGS, *(pd.DataFrame(list(rows), columns=list(names)) for rows, names in made))


@pytest.fixture(scope="module")
def run(books):
    return books["synthetic"]["01_cohort"].run


def frame(run, name):
    return getattr(tables.witnesses, name)(run, witnesses()).frame


def test_targets_met_and_given_up(run):
    assert frame(run, "readings")[["Targets met", "Given up"]].to_numpy().tolist() == [["3 of 4", "1"], ["1 of 1", "0"]]


def test_what_is_given_up_by_whom(run):
    lines = frame(run, "given_up").to_numpy().tolist()
    assert [line[2:] for line in lines] == [["out of reach", "all"], ["too large", "Slopes"]]
    assert lines[0][1] == "0.042"


def test_strain_is_a_median_with_its_range(run):
    assert frame(run, "strain").to_numpy().tolist() == [["Largest |d| of MADRS", "2.50 (1.50 to 9.00)"]]
    assert "over 3 searches" in tables.witnesses.strain(run, witnesses()).note


def test_a_list_shares_a_line_and_what_is_not_met_stands_alone(run):
    lines = frame(run, "certificate").to_numpy().tolist()
    assert [line[1:] for line in lines] == [
        ["1", "33", "33", "yes", ""],
        ["1", "> 0.05".replace(" ", "\xa0"), "0.040", "no", "–"],
        ["2", "0.3", "−0.28 to 0.31", "yes", ""],
        ["1", "0.042", "0.2113", "no", "out of reach"],
        ["1", "7", "–", "no", "another statement excludes it"],
    ]
    assert lines[0][0] == "Patients with pain at baseline"


def test_held_out_claims_over_the_seeds(run):
    lines = frame(run, "held_out").to_numpy().tolist()
    assert [line[1:] for line in lines] == [["3", "1 / 1 / 1"], ["1", "2 of 3"]]


@pytest.mark.parametrize("name", ["readings", "certificate", "held_out"])
def test_where_a_witness_is_shown_it_is_said_what_it_is_not(run, name):
    shown = getattr(tables.witnesses, name)(run, witnesses())
    assert POSSIBLE in shown.note
    assert "Synthetic cohort." in shown.caption


def test_before_any_search_a_sentence_stands_there(run):
    said = [getattr(tables.witnesses, name)(run, witnesses((), (), ())).markdown for name in SHOWN]
    assert said == ["No witness cohort has been searched for yet.", "", "", said[0], ""]


def test_real_data_have_no_witness(run):
    descriptor = replace(run.study.descriptor, data_source="real", notice="")
    own = replace(run, study=replace(run.study, descriptor=descriptor))
    shown = [getattr(tables.witnesses, name)(own, witnesses()).markdown for name in SHOWN]
    assert [bool(said) for said in shown] == [True, False, False, True, False]
    assert text.ledger.witnesses(own, witnesses()).markdown == ""
