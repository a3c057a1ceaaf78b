"""The table that the book shows has every fault that is tested, and no other."""

from __future__ import annotations

import os

import pytest

from .rows import CASES, WRITING, committed

pytestmark = pytest.mark.skipif(WRITING in os.environ, reason="the table is being written")


def test_the_committed_table_has_exactly_the_tested_faults():
    assert [(row.fault, row.stage) for row in committed()] == list(CASES)


def test_every_row_holds():
    assert {row.holds for row in committed()} == {"yes"}
