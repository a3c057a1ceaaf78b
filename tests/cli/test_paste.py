"""The methods as plain text: what a person pastes into a manuscript."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from helpers.cli.paste import numbered, paste_section, references

BIBLIOGRAPHY = Path(__file__).parents[2] / "book" / "references.bib"
PAGE = """# Methods

About this page.

## Fits

By REML {cite}`laird1982,jennrich1986`, *F* tests {cite}`fai1996`, as in [the chapter](notebooks/02_efficacy.ipynb).

| a | b |
| --- | --- |
| 1 | 2 |

## Where this differs from the paper

- In much {cite}`zhou2021`.

## Gaps

Completed {cite}`dempster1977` after **REML** {cite}`laird1982`.
"""


def test_citations_are_numbered_in_the_order_of_the_text():
    text, keys = numbered(PAGE)
    assert keys == ["laird1982", "jennrich1986", "fai1996", "dempster1977"]
    assert text == ("Fits\n\nBy REML [1,2], F tests [3], as in the chapter.\n\nGaps\n\nCompleted [4] after REML [1].")


def test_each_number_has_its_reference():
    section = paste_section(PAGE, BIBLIOGRAPHY)
    found = dict(re.findall(r"^(\d+)\. (.+)$", section, flags=re.MULTILINE))
    assert list(found) == ["1", "2", "3", "4"]
    for number, words in {"1": "Random-effects models", "2": "Unbalanced repeated", "3": "F-tests", "4": "EM"}.items():
        assert words in found[number]
    assert "zhou" not in section.lower()


def test_made_data_are_said_to_be_made():
    assert "Synthetic cohort: these methods were run on made data." in paste_section(
        PAGE, BIBLIOGRAPHY, "Synthetic cohort"
    )
    assert "made data" not in paste_section(PAGE, BIBLIOGRAPHY)


def test_a_source_that_the_bibliography_lacks_is_named():
    with pytest.raises(KeyError, match="nobody1900"):
        references(BIBLIOGRAPHY, ["nobody1900"])
