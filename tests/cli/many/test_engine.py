"""A grid is computed once, whatever interrupts it, and gathered to the same bytes however it was cut."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.cli.errors import RunError, UsageError
from helpers.cli.guard import locked
from helpers.cli.many import bring_up_to_date
from helpers.cli.many.store import query_rows


def started(path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def test_every_task_has_its_rows_once(grid):
    folder = grid(25)
    rows = query_rows(bring_up_to_date(folder, jobs=2, seconds=10), "FROM rows")
    assert list(rows.columns) == ["key", "name", "value", "row"]
    assert len(rows) == 3 * 25
    assert not rows.duplicated(["key", "row"]).any()
    squares = rows[rows["name"] == "square"].set_index("key")["value"]
    assert squares.to_dict() == {f"number={n}": n**2 for n in range(25)}
    assert rows.loc[rows["name"] == "nothing", "value"].isna().all()


def test_the_cut_into_chunks_leaves_no_trace(grid):
    one, many = grid(25, "one"), grid(25, "many")
    bring_up_to_date(one, jobs=1, seconds=1000)
    bring_up_to_date(many, jobs=2, seconds=5)
    assert len(list(one.parts.glob("*.parquet"))) < len(list(many.parts.glob("*.parquet")))
    assert one.results.read_bytes() == many.results.read_bytes()


def test_new_tasks_run_alone_and_give_what_all_at_once_give(grid, tmp_path):
    log = tmp_path / "started"
    bring_up_to_date(grid(12, "grown", started=log), jobs=2, seconds=10)
    assert sorted(started(log)) == list(range(12))
    log.unlink()
    grown = grid(30, "grown", started=log)
    bring_up_to_date(grown, jobs=2, seconds=10)
    assert sorted(started(log)) == list(range(12, 30))
    whole = grid(30, "whole", started=log)
    assert grown.results.read_bytes() == bring_up_to_date(whole, jobs=2, seconds=1000).read_bytes()
    log.unlink()
    bring_up_to_date(grown, jobs=2)
    assert not log.exists()


def test_a_killed_job_is_given_again_and_counted_once(grid, tmp_path):
    victim = tmp_path / "kill"
    victim.touch()
    killed, calm = grid(20, "killed", killed_once=victim), grid(20, "calm")
    bring_up_to_date(killed, jobs=2, seconds=10)
    assert not victim.exists()
    assert killed.results.read_bytes() == bring_up_to_date(calm, jobs=2, seconds=10).read_bytes()


def test_a_failure_names_the_task_and_keeps_the_rest(grid, tmp_path):
    log = tmp_path / "started"
    with pytest.raises(RunError, match=r"number=1\d .*ValueError: this number cannot be squared"):
        bring_up_to_date(grid(30, "wrong", wrong=15), jobs=1, seconds=10)
    folder = grid(30, "wrong", started=log)
    assert not folder.results.exists()
    bring_up_to_date(folder, jobs=1, seconds=10)
    assert sorted(started(log)) == list(range(10, 20))


def test_other_data_are_computed_anew(grid, tmp_path):
    log, data = tmp_path / "started", tmp_path / "table.csv"
    data.write_text("a\n")
    for text in ("a\n", "b\n"):
        data.write_text(text)
        bring_up_to_date(grid(5, "data", data=data, started=log), jobs=1)
    assert sorted(started(log)) == sorted(2 * list(range(5)))


def test_a_smaller_grid_leaves_out_what_is_no_longer_asked_for(grid):
    bring_up_to_date(grid(20, "shrunk"), jobs=1)
    folder = grid(8, "shrunk")
    assert set(query_rows(bring_up_to_date(folder, jobs=1), "FROM rows")["key"]) == {f"number={n}" for n in range(8)}


def test_two_commands_do_not_work_on_one_grid(grid):
    folder = grid(3)
    with locked(folder.path / ".lock", ""), pytest.raises(RunError, match="another command is at work"):
        bring_up_to_date(folder, jobs=1)


def test_an_unknown_profile_is_refused_before_anything_runs(grid):
    folder = grid(3)
    with pytest.raises(UsageError, match=r"profile 'slrum': .* kubernetes, slurm"):
        bring_up_to_date(folder, jobs=1, profile="slrum")
    assert not folder.parts.exists()


def test_a_key_in_two_parts_is_not_counted_twice(grid):
    from helpers.cli.many.store import gather, write_part

    folder = grid(3)
    rows = pd.DataFrame({"key": ["a", "a"], "value": [1.0, 2.0]})
    write_part(rows, folder.part("first"))
    write_part(rows, folder.part("second"))
    with pytest.raises(RunError, match="stand in two parts, first: a"):
        gather(folder.parts, ["a"], folder.results)
    assert not folder.results.exists()
