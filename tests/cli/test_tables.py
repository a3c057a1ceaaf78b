"""Cells of a page's table stay text."""

from __future__ import annotations

import pytest

from helpers.cli.tables import page_table


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("- 1", "\\- 1"),
        ("-0.52", "-0.52"),
        ("−0.52", "−0.52"),
        ("1. day", "1\\. day"),
        ("12.5", "12.5"),
        ("# n", "\\# n"),
        ("> 10", "\\> 10"),
        ("< 0.001", "< 0.001"),
        ("---", "\\---"),
        ("*p*", "*p*"),
        ("[0.1, 0.9]", "[0.1, 0.9]"),
        ("  Female", "&emsp;Female"),
        ("    deeper", "&emsp;&emsp;deeper"),
        ("two  words\nand a line", "two words and a line"),
        ("", ""),
    ],
)
def test_only_what_would_begin_a_block_is_escaped(cell, expected):
    quoted = '"' + cell.replace('"', '""') + '"'
    _, row = page_table(f"a,b\n{quoted},x\n").splitlines()
    assert row.removesuffix(",x").strip('"') == expected


def test_a_table_without_rows_is_refused():
    with pytest.raises(ValueError, match="without a row"):
        page_table("a,b\n")
