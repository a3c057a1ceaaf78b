"""The cells of a table that is offered: what a spreadsheet would run is text, and numbers are numbers."""

from __future__ import annotations

import csv
import io

import pytest
from bs4 import BeautifulSoup

from helpers.cli.supplement.names import Named, index
from helpers.cli.tables import harmless_table, spreadsheet
from helpers.cli.transform import Exhibit


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
        ("-1+1|cmd", "'-1+1|cmd"),
        ("+1e3", "+1e3"),
        ("-inf", "-inf"),
        (" =1+1", "' =1+1"),
        ("\t=1+1", "'\t=1+1"),
        ("\n=1+1", "'\n=1+1"),
        ("＝1+1", "'＝1+1"),
        ("a=1+1", "a=1+1"),
        ("  Female", "  Female"),
        ("a, b\nc", "a, b\nc"),
        ("", ""),
    ],
)
def test_only_what_would_run_is_changed(cell, expected):
    given = io.StringIO(newline="")
    csv.writer(given).writerow([cell, "x"])
    made = spreadsheet(f"a,b\n{given.getvalue()}")
    assert list(csv.reader(io.StringIO(made.removeprefix("\ufeff"), newline="")))[1] == [expected, "x"]
    assert made == "\ufeff" + harmless_table(f"a,b\n{given.getvalue()}")


def test_the_index_of_figures_and_tables_holds_no_formula():
    """Captions and alternative texts begin with what a study calls its outcomes and groups."""
    caption = "=cmd|' /C calc'!A0. By group."
    place = BeautifulSoup(f"<table><caption>{caption}</caption></table>", "html.parser").table
    made = index([Named(Exhibit("table", "tab-1", caption, "tables/tab-1.csv"), place, "")])
    cells = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))[1]
    assert cells[5].startswith("'=cmd")
    assert not any(cell.startswith("=") for cell in cells)
