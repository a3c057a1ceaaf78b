"""The one command: run what changed, compile, say where the book is."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from helpers.cli import current, notes, trouble
from helpers.cli.environment import job_environment
from helpers.cli.errors import RunError
from helpers.cli.guard import hold, release_stale_workflow_lock, workflow_locks
from helpers.cli.layout import NOTEBOOKS, Place, write_digests
from helpers.cli.limits import LIMIT
from helpers.cli.lost import forget_what_is_lost
from helpers.cli.run import shown
from helpers.cli.stopped import Stopped
from helpers.cli.warm.start import warm
from helpers.cli.warm.talk import ENDED

FUTURE = "{files}{more}: changed in the future, by this machine's clock\n  set the clock right, or `touch` the files"
# Modification times decide, whatever a file's size or content: `touch` of a notebook runs it again.
TRIGGERS = ["--rerun-triggers", "mtime", "input", "--max-checksum-file-size", "0"]


def make_book(where: Place, jobs: int, limit: int = LIMIT) -> Path:
    """Bring the book of a run up to date and return the path of its first page.

    ``jobs`` is how many notebooks run side by side, ``limit`` the seconds that a cell of one may take.

    Raises
    ------
    RunError
        A notebook or the book failed; the message says which and where. The last good book stays.
    """
    with hold(where) as lock:
        write_digests(where)
        release_stale_workflow_lock(where, lock)
        before = current.states(where.root, current.inputs(where))
        if current.is_current(where, before) and not workflow_locks(where):
            return where.html / "index.html"
        where.path(current.RECORD).unlink(missing_ok=True)
        forget_what_is_lost(where)
        if later := current.to_come(where.root, current.inputs(where)):
            raise RunError(FUTURE.format(files=", ".join(later[:5]), more=" …" * (len(later) > 5)))
        shutil.rmtree(where.path("failed"), ignore_errors=True)
        log = where.path("workflow.log")
        status = _snakemake(where, snakemake_command(where, jobs, limit), log, lock.fileno())
        if status:
            raise RunError(failure_report(where, log))
        notes.write_agreement(where.root)
        current.record(where, before)
    return where.html / "index.html"


def snakemake_command(where: Place, jobs: int, limit: int = LIMIT) -> list[str]:
    """Snakemake's command line for a run."""
    config = {"study": where.study, "scenario": where.scenario}
    config |= {"threshold": where.threshold} if where.threshold else {}
    config |= {"limit": limit} if limit != LIMIT else {}
    return [
        *(sys.executable, "-m", "snakemake", "--snakefile", "Snakefile", "--cores", str(jobs), *TRIGGERS),
        *("--keep-going", "--rerun-incomplete", "--quiet", "host", "progress", "reason", "rules", "--nocolor"),
        *("--config", *(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in config.items())),
    ]


def default_jobs() -> int:
    """One notebook a processor that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def failure_report(where: Place, log: Path) -> str:
    """What failed, what did not run because of it, and where to look."""
    reports = [path.read_text(encoding="utf-8").strip() for path in sorted(where.path("failed").glob("*.txt"))]
    if not reports:  # on a full disk not even a report can be written
        folders = (where.path(), where.root / ".snakemake")
        reports = [next(filter(None, (trouble.of_folder(folder, where.root) for folder in folders)), "") or end_of(log)]
    kept = f"the last good book is kept: {shown(where.html, where.root)}/index.html" if where.html.exists() else ""
    failed = {path.stem for path in where.path("failed").glob("*.txt")}
    stopped = ", ".join(name for name in NOTEBOOKS if failed & set(NOTEBOOKS[name]))
    waiting = f"not run, as it needs what failed: {stopped}" if stopped else ""
    return "\n".join(filter(None, [*reports, waiting, kept, f"log: {shown(log, where.root)}"]))


def end_of(log: Path) -> str:
    """The last lines of the workflow's own talk, for a failure that no job explained."""
    said = log.read_text(encoding="utf-8", errors="replace")
    if ENDED in said:
        return f"{ENDED}; a system that runs out of memory ends what needs most of it. Run the same command again"
    last = [line for line in said.splitlines() if line.strip()][-12:]
    return "\n  ".join(["the workflow failed:", *last])


def _snakemake(where: Place, command: list[str], log: Path, lock: int) -> int:
    """Run the workflow; the jobs' progress is shown, Snakemake's own talk goes to ``log``."""
    with ExitStack() as opened:
        talk = opened.enter_context(log.open("w", encoding="utf-8"))
        environment = job_environment(where.root) | opened.enter_context(warm(where.root))
        process = subprocess.Popen(command, cwd=where.root, env=environment, stderr=talk, pass_fds=(lock,))
        try:
            return process.wait()
        except Stopped:
            # Nobody but this process was told: Snakemake is to start nothing more, and what runs ends with its process.
            process.send_signal(signal.SIGTERM)
            opened.close()
            wait_or_stop(process)
            raise
        except KeyboardInterrupt:
            # The terminal has sent the interrupt to Snakemake and its jobs too; it tidies up, then ends.
            wait_or_stop(process)
            raise


def wait_or_stop(process: subprocess.Popen[bytes], seconds: float = 20) -> None:
    """Give a process that was interrupted time to tidy up, then ask it to end."""
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
