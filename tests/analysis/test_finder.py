"""Rows found many times over are those that one look at the table finds."""

import itertools

from helpers.analysis.finder import Finder
from helpers.analysis.results import TEXT, pick, row, to_frame

CELLS = [("mixed_model", "F"), ("mixed_model", "mean"), ("response", "count")]


def rows():
    made = [
        row(analysis, statistic, place, group=group, contrast=contrast)
        for place, ((analysis, statistic), group, contrast) in enumerate(
            itertools.product(CELLS, ("pain", "non_pain", ""), ("group", "time"))
        )
    ]
    return to_frame(made)


def test_it_finds_what_pick_finds_in_text_and_in_categories():
    for table in (rows(), rows().astype(dict.fromkeys(TEXT, "category"))):
        find = Finder(table)
        for analysis, statistic, group in itertools.product(
            ("mixed_model", "response", "none"), ("F", "count"), ("pain", "", "x")
        ):
            cells = {"analysis": analysis, "statistic": statistic, "group": group}
            assert find(**cells).equals(pick(table, **cells)), cells
        assert find(contrast="time").index.tolist() == list(range(1, 18, 2))


def test_a_question_does_not_change_the_answer_to_the_next():
    find = Finder(rows())
    find(analysis="response", group="pain")
    assert len(find(analysis="response")) == 6
    assert len(find()) == 18
