"""A good study passes without a word, and so do the bundled ones."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def test_a_good_study_passes_without_a_warning(good, check):
    done = check(good)
    assert (done.status, done.findings) == (0, [])
    assert "no errors, no warnings" in done.said
    assert {item["file"]: item["rows"] for item in done.data["tables"]}["scales.csv"] == 144


@pytest.mark.parametrize(("name", "rules"), [("synthetic", set()), ("pbc", {"baseline-value"})])
def test_a_bundled_study_has_no_error_and_few_true_warnings(name, rules, check):
    done = check(ROOT / "data" / name)
    assert done.status == 0
    assert done.rules("warning") == rules
    assert len(done.findings) <= 2
