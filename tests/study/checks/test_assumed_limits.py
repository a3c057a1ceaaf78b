"""A warning says whether the panel's limit behind it is printed anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import helpers.study.checks
from helpers.study.check import check_study

PANEL = json.loads((Path(helpers.study.checks.__file__).parent / "panel.json").read_text(encoding="utf-8"))


@pytest.fixture
def warnings(study_folder):
    """What is said of two analytes whose decimals are shifted by four places."""
    folder = study_folder()
    for name in ("il_6", "il_7"):
        folder.tables["analytes"][name] /= 10_000
        folder.field("analytes", name)["constraints"] = {}
    found = check_study(folder.save()).findings
    return {item.column: item.sentence for item in found if item.rule == "unit-panel"}


def test_an_assumed_limit_is_called_so(warnings):
    assert set(warnings) == {"il_6", "il_7"}
    assert "assumed" in warnings["il_7"]
    assert "assumed" not in warnings["il_6"]


def test_every_limit_is_printed_or_called_assumed():
    kinds = [entry["kind"] for entry in PANEL["analytes"].values()]
    assert set(kinds) == {"printed", "assumed"}
    assert kinds.count("printed") == 10
    assert "doi" in PANEL["source"]
