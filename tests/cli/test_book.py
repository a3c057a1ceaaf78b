"""The command around the workflow."""

from __future__ import annotations

import json

import pytest
import yaml

from helpers.cli import book, check, lost
from helpers.cli.layout import Place


@pytest.fixture
def where(tmp_path):
    return Place(tmp_path, "data/pbc", "published")


def write(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "study", ["data/pbc", "/home/me/my trial", "/home/é/пациенты", "data/null", "data/1: x", 'data/"q"']
)
def test_a_study_reaches_the_workflow_as_text_whatever_its_name(tmp_path, study):
    command = book.snakemake_command(Place(tmp_path, study, "published"), 2)
    given = dict(pair.split("=", 1) for pair in command[command.index("--config") + 1 :])
    assert all("\\u" not in value for value in given.values())  # Snakemake would double the backslash
    assert {name: yaml.safe_load(value) for name, value in given.items()} == {"study": study, "scenario": "published"}


def test_a_report_joins_failures_what_they_stop_and_what_is_kept(where):
    write(where.path("failed", "01_cohort.txt"), "01_cohort: cell 3 (x)\n  ValueError: no\n")
    write(where.html / "index.html")
    assert book.failure_report(where, where.path("workflow.log")).splitlines() == [
        "01_cohort: cell 3 (x)",
        "  ValueError: no",
        "not run, as it needs what failed: 02_efficacy, 06_claims",
        "the last good book is kept: build/pbc/published/html/index.html",
        "log: build/pbc/published/workflow.log",
    ]


def test_without_a_report_of_a_notebook_the_end_of_the_log_is_shown(where):
    log = write(where.path("workflow.log"), "first\n\nMissingInputException: data/pbc/x.csv\n")
    report = book.failure_report(where, log)
    assert report.startswith("the workflow failed:\n  first\n  MissingInputException")


def test_an_executed_copy_whose_figure_is_gone_is_let_go(where, make_cell):
    mark = {"kind": "figure", "name": "fig-a", "caption": "A.", "alt": "A line.", "file": "figures/fig-a.svg"}
    output = {"output_type": "display_data", "data": {}, "metadata": {"helpers": mark}}
    cell = {**make_cell["code"]("show()"), "outputs": [output]}
    executed = write(where.path("notebooks", "01_cohort.ipynb"), json.dumps(make_cell["notebook"](cell)))
    figure = write(where.path("figures", "fig-a.svg"), "<svg/>")
    lost.forget_what_is_lost(where)
    assert executed.exists()
    figure.unlink()
    lost.forget_what_is_lost(where)
    assert not executed.exists()


def test_a_study_that_passed_is_not_read_again_until_something_changes(where, monkeypatch):
    table = write(where.root / "data" / "pbc" / "datapackage.json", "{}")
    write(where.root / "scenarios" / "published.yaml", "seed: 1\n")
    (where.root / "notebooks").mkdir()
    monkeypatch.chdir(where.root)
    read = []
    monkeypatch.setattr(check, "check", lambda place: read.append(place) or "")
    for _ in range(2):
        check.check_once(where)
    assert len(read) == 1
    table.write_text("{ }", encoding="utf-8")
    check.check_once(where)
    assert len(read) == 2
