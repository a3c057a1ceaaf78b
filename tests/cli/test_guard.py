"""One build of a run at a time."""

from __future__ import annotations

import pytest

from helpers.cli.errors import RunError
from helpers.cli.guard import hold, release_stale_workflow_lock
from helpers.cli.layout import Place


@pytest.fixture
def where(tmp_path):
    (tmp_path / ".snakemake" / "locks").mkdir(parents=True)
    return Place(tmp_path, "data/pbc", "published")


@pytest.fixture
def locks(where):
    folder = where.root / ".snakemake" / "locks"
    ours, others = folder / "0.output.lock", folder / "1.output.lock"
    ours.write_text("build/pbc/published/book.done\n", encoding="utf-8")
    others.write_text("build/pbc/recommended/book.done\n", encoding="utf-8")
    return ours, others


def test_a_second_build_of_the_same_run_is_refused(where):
    with hold(where), pytest.raises(RunError, match="another build of this study and scenario"), hold(where):
        pass


def test_another_run_is_not_disturbed(where):
    with hold(where), hold(Place(where.root, "data/pbc", "recommended")):
        pass


def test_after_a_killed_build_its_own_lock_goes_and_others_stay(where, locks):
    where.path(".lock").parent.mkdir(parents=True)
    where.path(".lock").write_text("4000000\n", encoding="utf-8")
    with hold(where) as file:
        release_stale_workflow_lock(where, file)
    assert [lock.exists() for lock in locks] == [False, True]
    assert where.path(".lock").read_text(encoding="utf-8") == ""


def test_without_a_killed_build_every_lock_stays(where, locks):
    with hold(where) as file:
        release_stale_workflow_lock(where, file)
    assert all(lock.exists() for lock in locks)
