"""The page on faults shows every row of the table, and says so when one does not hold."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.report.pages import trust_page


@pytest.fixture
def found():
    lines = [("While notebooks run", "Ctrl-C", "notebook", "the last book", "ran 01", "yes"),
             ("Between", "disk full", "a|b", "the last book", "ran 02", "yes")]  # fmt: skip
    return pd.DataFrame(lines, columns=["part", "fault", "stage", "found", "next", "holds"])


def test_every_row_is_shown_under_its_part(found):
    page = trust_page(found)
    assert "**2 faults, 2 with the stages that they meet: every row holds.**" in page
    assert "| Ctrl-C | notebook | the last book | ran 01 | yes |" in page.partition("#### While notebooks run")[2]
    assert "| disk full | a\\|b |" in page.partition("#### Between")[2]


def test_a_row_that_does_not_hold_is_named(found):
    found.loc[1, "holds"] = "no"
    page = trust_page(found)
    assert "1 do not hold:** disk full, a|b." in page
    assert "every row holds" not in page


def test_without_a_table_it_says_how_to_make_one():
    assert "`make faults` runs them and writes it" in trust_page(None)
