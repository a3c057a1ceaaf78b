"""On a real Slurm cluster, of one machine: a grid to the end, the same bytes as here, also when a job is killed."""

from __future__ import annotations

import shutil

import pytest

from helpers.analysis.places import project_root
from helpers.cli.layout import Place
from helpers.cli.many import bring_up_to_date
from helpers.cli.many.store import query_rows
from helpers.cli.multiverse import folder_of

from .slurm import cluster, why_not

ROOT = project_root()


@pytest.fixture(scope="module", autouse=True)
def started(tmp_path_factory):
    if why_not():
        pytest.skip(why_not())
    with cluster(tmp_path_factory.mktemp("slurm")):
        yield


def test_a_job_killed_midway_is_submitted_again_and_counted_once(grid, tmp_path):
    victim = tmp_path / "kill"
    victim.touch()
    folder, here = grid(20, "cluster", killed_once=victim), grid(20, "here")
    found = bring_up_to_date(folder, jobs=2, profile="slurm", seconds=10)
    assert not victim.exists()
    assert found.read_bytes() == bring_up_to_date(here, jobs=2, seconds=10).read_bytes()
    assert "submitted with SLURM jobid" in (folder.path / "workflow.log").read_text()


def test_a_small_multiverse_gives_the_bytes_that_this_machine_gives(small_grid, tmp_path):
    made = {}
    for profile in ("slurm", ""):
        study = tmp_path / f"study{profile}"
        study.symlink_to(ROOT / "data" / "synthetic")
        folder = folder_of(Place(ROOT, str(study), "published"), str(small_grid))
        try:
            made[profile] = bring_up_to_date(folder, jobs=2, profile=profile, seconds=3).read_bytes()
            rows = query_rows(folder.results, "FROM rows")
        finally:
            shutil.rmtree(folder.path.parent, ignore_errors=True)
    assert made["slurm"] == made[""]
    assert rows["stands"].notna().any()
