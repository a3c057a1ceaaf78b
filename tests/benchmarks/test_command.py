"""`make bench`: parts by name, results whole or not at all, and the README's block."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace

import pytest

from benchmarks.__main__ import PARTS
from benchmarks.compare import Comparison, FailedError, Row
from benchmarks.tables import Table
from benchmarks.timing import Timed

from .conftest import README, ROOT

OURS = Row("helpers.mine", "ours", Timed((0.010,)), 1.0)
THEIRS = Row("theirs", "timed", Timed((0.5,)), 50.0, "extrapolated", ("estimate",))
GOOD = Comparison("A task", "about it", (OURS, THEIRS))
DIFFERENT = Comparison("A task", "about it", (OURS, Row("theirs", "differs", note="results differ: estimate")))
GRID = Table("Scaling of something", "about it", ["n", "time"], [["100", "1.0 s"]], {"runs": [1]})


def test_an_unknown_part_ends_with_status_2_and_the_list(bench, tmp_path, capsys):
    assert bench([GOOD], "fits,bootstap") == 2
    said = capsys.readouterr().err
    assert "bootstap" in said
    assert all(name in said for name in PARTS)
    assert not (tmp_path / "results.json").exists()


def test_results_are_written_for_people_and_machines_and_into_the_readme(bench, tmp_path, readme):
    assert bench([GOOD, GRID]) == 0
    page, kept = (tmp_path / "results.md").read_text(encoding="utf-8"), (tmp_path / "results.json").read_text("utf-8")
    part = json.loads(kept)["parts"]["made"]
    assert part["comparisons"][0]["rows"][1]["repeats"] == [0.5]
    assert part["tables"][0]["data"] == {"runs": [1]}
    assert {"date", "processor", "versions", "load before", "load after"} <= set(part["stamp"])
    assert "| theirs | 500 ms | 50.0 | estimate | extrapolated |" in page
    assert page.endswith("\n")
    text = readme.read_text(encoding="utf-8")
    assert "| A task | 10.0 ms | theirs; extrapolated | 500 ms | 50.0 |" in text
    assert "| 100 | 1.0 s |" in text
    before, after = README.split("old\n")
    assert text.startswith(before)
    assert text.endswith(after)


def test_parts_that_were_not_asked_for_keep_their_results(bench, tmp_path):
    first = {"parts": {"fits": {"stamp": stamp(), "comparisons": [], "tables": []}}}
    (tmp_path / "results.json").write_text(json.dumps(first), encoding="utf-8")
    assert bench([GOOD]) == 0
    kept = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["parts"]
    assert kept["fits"] == first["parts"]["fits"]
    assert "made" in kept


def test_different_results_are_reported_and_end_with_status_1(bench, tmp_path, readme, capsys):
    assert bench([DIFFERENT]) == 1
    assert "theirs: results differ: estimate" in capsys.readouterr().err
    assert "| theirs | results differ |" in (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "theirs" not in readme.read_text(encoding="utf-8")


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt(), 130), (FailedError("the book failed"), 1)])
def test_what_did_not_end_leaves_the_old_results(bench, tmp_path, readme, error, status):
    assert bench([GOOD]) == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}

    def stopped(folder):
        raise error

    assert bench(stopped) == status
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_a_part_that_ended_is_kept_when_the_next_is_interrupted(bench, tmp_path, monkeypatch, capsys):
    from benchmarks import __main__ as command

    def interrupted(folder):
        raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "benchmarks.parts.late", SimpleNamespace(run=interrupted))
    monkeypatch.setitem(command.PARTS, "late", "interrupted")
    assert bench([GOOD], "made,late") == 130
    assert set(json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["parts"]) == {"made"}
    assert "what had ended before is written" in capsys.readouterr().err


def test_a_readme_without_the_block_is_refused_before_anything_is_measured(bench, tmp_path, readme, capsys):
    readme.write_text("nothing here", encoding="utf-8")
    assert bench(lambda folder: pytest.fail("measured")) == 2
    assert "make bench" in capsys.readouterr().err
    assert not (tmp_path / "results.json").exists()


def test_what_is_committed_is_one_run_written_out():
    from benchmarks import results
    from helpers.cli.readme import with_block

    folder, readme = ROOT / "benchmarks", ROOT / "README.md"
    parts = results.read(folder / "results.json")
    assert set(parts) <= set(PARTS)
    assert (folder / "results.md").read_text(encoding="utf-8") == results.page(parts)
    assert readme.read_text(encoding="utf-8") == with_block(readme, "bench", results.summary(parts))


def stamp() -> dict:
    return {"date": "2020-01-01 00:00 UTC", "processor": "p", "processors": 2, "system": "s", "python": "3", "r": {},
            "versions": {}, "threads": {}, "load before": [1.0], "load after": [1.0]}  # fmt: skip
