"""What the check found, as lines, as a page, and as a section of the book."""

from __future__ import annotations

import pytest

from helpers.report.check_page import MOST, check_page, check_section, summary
from helpers.report.pages import data_page
from helpers.study.check import Checked, check_study
from helpers.study.finding import ERROR, WARNING, Finding

HOSTILE = "<img src=x onerror=alert(1)>&|"
WARNED = Finding(WARNING, "eligibility", "outside | limits", "", "look <again>", "people.csv", "age", (3, 4),
                 ("A1", HOSTILE), count=9)  # fmt: skip
STOPPED = Finding(ERROR, "type", "a value that does not fit", "expected a number", "mend it", "blood.csv", "il_6", (7,))


@pytest.fixture
def checked():
    return Checked(HOSTILE, (STOPPED, WARNED), {"people.csv": 3}, None)


def test_the_page_escapes_all_text_and_fetches_nothing(checked):
    page = check_page(checked)
    assert "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;&amp;|") == 3
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page


def test_the_page_is_read_by_a_screen_reader(checked):
    page = check_page(checked)
    assert '<html lang="en">' in page
    assert "<main>" in page
    assert page.count("<caption>") == 2
    assert page.count('scope="col"') == 18
    for kind in ("errors", "warnings"):
        assert f'aria-labelledby="{kind}"' in page
        assert f'id="{kind}"' in page


def test_the_page_says_where_and_what_to_do(checked):
    page = check_page(checked)
    assert "1 error, 1 warning." in page
    assert "<td>3, 4 and 7 more</td>" in page
    assert "<td>mend it</td>" in page


def test_the_same_findings_give_the_same_bytes(checked):
    assert check_page(checked) == check_page(checked)


def test_lines_for_a_terminal_put_errors_first_and_end(checked):
    text = summary(checked)
    assert text.index("Errors") < text.index("blood.csv, column il_6, row 7") < text.index("Warnings")
    many = summary(Checked("here", (STOPPED,) * 100, {}, None))
    assert f"and {100 - MOST} more, which the page lists" in many
    assert many.count("mend it") == MOST


def test_the_book_counts_and_names_nobody():
    section = check_section([WARNED])
    assert "no error and 1 warning" in section
    assert "| people.csv, age | Outside \\| limits | 9 | look &lt;again&gt; |" in section
    assert "A1" not in section


def test_without_warnings_the_book_says_so():
    assert "It found nothing to object to." in check_section([])
    assert check_section(None) == ""


def test_the_page_on_the_data_holds_what_the_check_found(study_folder):
    folder = study_folder("pbc")
    found = check_study(folder.save(), "data/mine")
    page = data_page(found.study, found.findings)
    section = page.partition("## What the check of the data found")[2].partition("\n## ")[0]
    assert "2 warnings" in section
    assert "analytes.csv, cholesterol, baseline" in section
