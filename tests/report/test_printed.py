"""What counts as a number in a sentence."""

from __future__ import annotations

import pytest

from helpers.report.printed import is_printed, numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("χ² = 4.062, p\xa0=\xa00.044; n = 66", ["4.062", "0.044", "66"]),
        ("d = −0.49 (95\xa0%\xa0CI −0.98 to 0.00)", ["−0.49", "95", "−0.98", "0.00"]),
        ("p\xa0<\xa00.001", ["<\xa00.001"]),
        ("IL-6, IL-12p70 and GM-CSF at infusion_6 in group_2", []),
        ("2 of 33", ["2", "33"]),
        ("10–20", ["10", "20"]),
    ],
)
def test_numbers(text, found):
    assert numbers(text) == found


@pytest.mark.parametrize("value", [float("nan"), None])
def test_a_missing_value_is_printed_nowhere(value):
    assert not is_printed(value, "0")


def test_a_p_just_below_one_in_a_thousand_and_one_just_above():
    assert is_printed(0.0009, "<\xa00.001")
    assert not is_printed(0.0011, "<\xa00.001")
