"""Numbers as a journal prints them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.report import format as f

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1.005, 1, "1.0"), (-1.234, 2, "\u22121.23"), (-0.001, 2, "0.00"), (0.0, 1, "0.0"), (1234.5, 0, "1234"),
     (NAN, 2, "–"), (None, 2, "–"), (float("inf"), 1, "∞"), (float("-inf"), 1, "\u2212∞")],
)  # fmt: skip
def test_number(value, decimals, text):
    assert f.number(value, decimals) == text


@given(value=st.floats(-1e6, 1e6), decimals=st.integers(0, 4))
def test_number_reads_back(value, decimals):
    text = f.number(value, decimals)
    assert float(text.replace(f.MINUS, "-")) == pytest.approx(value, abs=0.5000001 * 10**-decimals)
    assert len(text.partition(".")[2]) == decimals
    assert "-" not in text


@pytest.mark.parametrize(
    ("p", "text", "equals"),
    [
        (0.0371, "0.037", "p = 0.037"),
        (0.000999, "< 0.001", "p < 0.001"),
        (0.001, "0.001", "p = 0.001"),
        (0.9991, "> 0.999", "p > 0.999"),
        (0.999, "0.999", "p = 0.999"),
        (0, "< 0.001", "p < 0.001"),
        (NAN, "–", "p = –"),
        (None, "–", "p = –"),
    ],
)
def test_p_value(p, text, equals):
    assert f.p_value(p) == text.replace(" ", f.SPACE)
    assert f.p_equals(p) == equals.replace(" ", f.SPACE)


@given(p=st.floats(0, 1))
def test_p_value_keeps_its_side_of_the_edges(p):
    text = f.p_value(p)
    assert text.startswith("<") == (p < 0.001)
    assert text.startswith(">") == (p > 0.999)


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (lambda: f.interval(-1.5, 2, 1), "\u22121.5 to 2.0"),
        (lambda: f.interval(NAN, 2), "–"),
        (lambda: f.mean_sd(34.26, NAN), "34.3 (–)"),
        (lambda: f.count_percent(24, 72.727), "24 (72.7\u00a0%)"),
        (lambda: f.count_percent(0, NAN), "–"),
        (lambda: f.count_percent(NAN, NAN), "–"),
        (lambda: f.listed([]), "none"),
        (lambda: f.listed(["a"]), "a"),
        (lambda: f.listed(["a", "b", "c"]), "a, b and c"),
        (lambda: f.count_of(1, "study", "studies"), "1 study"),
        (lambda: f.count_of(0, "study", "studies"), "0 studies"),
        (lambda: f.with_symbol("t(64)", NAN), "–"),
        (lambda: f.ci_name(0.05), "95\u00a0%\u00a0CI"),
        (lambda: f.ci_name(0.001), "99.9\u00a0%\u00a0CI"),
        (lambda: f.ci_name(0.07), "93\u00a0%\u00a0CI"),
    ],
)
def test_pieces(found, text):
    assert found() == text
