"""What a disagreement of the ledger with itself, the audit's strings or its own words says to people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpers.claims.consistency import disagreements
from helpers.claims.ledger import load_entries

ENTRIES = load_entries("zhou2021")
BY_ID = {entry.id: entry for entry in ENTRIES}


def told(name: str, **changes) -> list[str]:
    """The disagreements when one entry is changed; cells of its row are changed by their column's name."""
    entry = BY_ID[name]
    row = {**entry.row, **{key: value for key, value in changes.items() if key in entry.row}}
    fields = {key: value for key, value in changes.items() if key not in entry.row}
    return disagreements(replace(each, row=row, **fields) if each is entry else each for each in ENTRIES)


SAID = [
    ("madrs-group-f", {"printed": "12.696"}, "madrs-group-f: printed '12.696', elsewhere '12.669'"),
    ("again-half", {"printed": "51"}, "again-half: printed '51'; the entries it follows from give 50"),
    ("n-non-pain", {"printed": "30"}, "patients: printed '66'; the entries it follows from give 63"),
    ("vas-falls", {"printed": "< 0.01"}, "vas-falls: printed '< 0.01', elsewhere '0.05'"),
    ("analytes", {"printed": "18"}, "analytes: printed '18', elsewhere '19'"),
    ("pain-scales-p", {"printed": "< 0.01"}, "pain-scales-p: printed '< 0.01', elsewhere '< 0.001'"),
    (
        "lower-day-13-pain",
        {"analyte": ["tnf_a", "il_7"]},
        "lower-day-13-pain: il_6, il_7 in one of the ledger's analyte and list-lower-day-13 only",
    ),
    (
        "madrs-first-alike",
        {"visit": "infusion_2"},
        "madrs-lower-with-pain and madrs-first-alike: visit infusion_1 not shared out as assessed has it",
    ),
    (
        "vas-late-alike",
        {"visit": ["infusion_5", "infusion_6", "day_26"]},
        "vas-differs and vas-late-alike: a visit stands in more than one",
    ),
    ("again-severity", {"outcome": "hamd17"}, "again-severity: not in the results rows of madrs-baseline"),
    ("again-il-4", {"sign": "positive"}, "again-il-4: sign 'positive', baseline-il-4-lower has 'negative'"),
    ("il-4-elevated", {"sign": "negative"}, "il-4-elevated: sign 'negative', baseline-il-4-lower has 'negative'"),
    ("again-il-7", {"basis": "held_out"}, "again-il-7: basis 'held_out', baseline-il-7-lower has 'target'"),
    (
        "bmi-differs",
        {"statistic": "sd"},
        'bmi-differs: test "Student\'s t" does not go with the results of baseline sd',
    ),
    (
        "time-effect",
        {"read": "p"},
        "time-effect: reads 'p'; the test 'type III F of the mixed model, false discovery rate'",
    ),
    ("response-p", {"sided": "one"}, "response-p: one-sided, and the results hold two-sided p values"),
    ("weekly", {"notebook": "02_efficacy"}, "weekly: notebook '02_efficacy'; without a row it belongs to '01_cohort'"),
    ("n-pain", {"group": "non_pain"}, "n-pain: group is 'non_pain'; its statement says 'pain'"),
    ("lower-non-pain", {"analyte": "il_6"}, "lower-non-pain: analyte is 'il_6'; its statement says 'tnf_a'"),
    ("vas-time-f", {"contrast": "group"}, "vas-time-f: contrast is 'group'; its statement says 'time'"),
    ("infusions", {"read": "value"}, "infusions: read is 'value'; its statement says 'n'"),
    ("demographics-alike-t", {"outcome": ["bmi"]}, "p of the results row that bmi-differs speaks of"),
]


@pytest.mark.parametrize(("name", "changes", "said"), SAID)
def test_a_disagreement_names_the_entry_and_what_it_was_held_against(name, changes, said):
    assert any(said in text for text in told(name, **changes))


def test_a_figure_that_stands_nowhere_else_is_told():
    stray = replace(BY_ID["weekly"], id="stray")
    assert disagreements([*ENTRIES, stray]) == ["stray: '3' stands in no second place that it could be held against"]
