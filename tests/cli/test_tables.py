"""The cells of a table that is offered: what a spreadsheet would run is text, and numbers are numbers."""

from __future__ import annotations

import csv
import io

import pytest

from helpers.cli.tables import spreadsheet


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("@sum", "'@sum"),
        ("+cmd", "'+cmd"),
        ("-x", "'-x"),
        ("-0.52", "-0.52"),
        ("+1.5", "+1.5"),
        ("−0.52 (0.1)", "−0.52 (0.1)"),
        ("  Female", "  Female"),
        ("a, b\nc", "a, b\nc"),
        ("", ""),
    ],
)
def test_only_what_would_run_is_changed(cell, expected):
    given = io.StringIO()
    csv.writer(given).writerow([cell, "x"])
    made = spreadsheet(f"a,b\n{given.getvalue()}")
    assert list(csv.reader(io.StringIO(made.removeprefix("\ufeff"))))[1] == [expected, "x"]
