"""A build that is killed leaves the last good book, and the next goes on from where it stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest

from .bench import NEW, FaultTree, explains, said
from .rows import KILLED, ORDER, record, row_of

pytestmark = pytest.mark.pipeline

# Where a build is killed: in what a step runs, or before an operation on a file.
STAGES = {
    "study checked": "os.rename|checked.sha256",
    **{name: name for name in ORDER[:5]},
    "executed copy into place": "os.rename|published/notebooks/02_efficacy.ipynb",
    "note of the digests": "os.rename|notes/02_efficacy.json",
    **{name: name for name in ORDER[5:]},
    "pages assembled": "os.rename|book-src/_config.yml",
    "pages compiled": "compile",
    "book beside the last": "os.rename|_build/html",
    "link to it made": "os.symlink|",
    "link put in place": "os.rename|published/html",
    "marker written": "os.rename|book.done",
    "state recorded": "os.rename|current.txt",
}


@pytest.fixture(scope="module")
def chain(copies):
    """One checkout that is killed at one stage after the other, each build going on from where the last was killed.

    By stage: what was found of the book, the build that was killed, and the one after it.
    """
    bench = copies(*FaultTree.names)
    (bench.tree.build / "checked.sha256").unlink()
    os.utime(bench.tree.root / "tests" / "oracles" / "agreement.py")
    found, builds = [], []
    for fault in STAGES.values():
        builds.append(bench.tree.start(**bench.tree.stopping(fault)).reached().kill())
        found.append(bench.found())
    builds.append(bench.tree.book())
    return bench, dict(zip(STAGES, zip(found, builds, builds[1:], strict=False), strict=True)), builds[-1]


@pytest.mark.parametrize("stage", STAGES)
def test_killed_at_every_stage_in_turn(chain, stage):
    bench, by_stage, last = chain
    found, killed, following = by_stage[stage]
    assert last.status == 0, last.out + last.err + last.log
    assert killed.status == -signal.SIGKILL
    started, done = following.named("started"), killed.named("finished")
    assert not set(started) & set(done) - {"book"}, following.out
    assert bench.found() == NEW
    went_on = f"went on with {started[0]}" if started else "had nothing left to run"
    kept = f"; kept {said(done)}" if done else ""
    record(row_of((KILLED, stage), found, went_on + kept, "damaged" not in found))


def test_the_command_alone_killed(copies):
    bench = copies("04_longitudinal_cytokines", "01_cohort")
    broken = bench.tree.start(**bench.tree.stopping("01_cohort")).reached().kill(alone=True)
    wait_for_lock(bench.tree)
    bench.finish(("the command alone killed (SIGKILL)", "notebook"), "its jobs end with it", broken)


def wait_for_lock(tree):
    """What the command had started ends by itself."""
    end = time.monotonic() + 60
    while subprocess.run(["flock", "-n", tree.build / ".lock", "true"], check=False).returncode:
        assert time.monotonic() < end, "something of the killed build goes on"
        time.sleep(0.1)


def test_the_process_that_runs_the_jobs_killed(copies):
    bench = copies("04_longitudinal_cytokines", "01_cohort")
    build = bench.tree.start(**bench.tree.stopping("01_cohort")).reached()
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    lines = [line.split(None, 2) for line in listed.splitlines()]
    (server,) = [int(n) for n, parent, text in lines if int(parent) == build.process.pid and "warm.server" in text]
    os.kill(server, signal.SIGKILL)
    broken = build.ended()
    ok = explains(broken, "the process that runs the jobs has ended")
    bench.finish(("the process that runs the jobs killed (SIGKILL)", "notebook"), "exit status 1, named", broken, ok)
