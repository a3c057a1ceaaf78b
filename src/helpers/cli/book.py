"""The one command: run what changed, compile, say where the book is."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from helpers.cli import current
from helpers.cli.environment import job_environment
from helpers.cli.errors import RunError
from helpers.cli.guard import hold, release_stale_workflow_lock, workflow_locks
from helpers.cli.layout import NOTEBOOKS, Place, write_digests
from helpers.cli.run import shown
from helpers.cli.transform import exhibits
from helpers.cli.warm.start import warm

MARKER = "book.done"
# Modification times decide, whatever a file's size or content: `touch` of a notebook runs it again.
TRIGGERS = ["--rerun-triggers", "mtime", "input", "--max-checksum-file-size", "0"]


def make_book(where: Place, jobs: int) -> Path:
    """Bring the book of a run up to date and return the path of its first page.

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
        _forget_what_is_lost(where)
        shutil.rmtree(where.path("failed"), ignore_errors=True)
        log = where.path("workflow.log")
        status = _snakemake(where, jobs, log, lock.fileno())
        if status:
            raise RunError(failure_report(where, log))
        current.record(where, before)
    return where.html / "index.html"


def snakemake_command(where: Place, jobs: int) -> list[str]:
    """Snakemake's command line for a run."""
    config = {"study": where.study, "scenario": where.scenario}
    config |= {"threshold": where.threshold} if where.threshold else {}
    return [
        *(sys.executable, "-m", "snakemake", "--snakefile", "Snakefile", "--cores", str(jobs), *TRIGGERS),
        *("--keep-going", "--rerun-incomplete", "--quiet", "host", "progress", "reason", "rules", "--nocolor"),
        *("--config", *(f"{name}={json.dumps(value)}" for name, value in config.items())),
    ]


def default_jobs() -> int:
    """One notebook a processor that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def failure_report(where: Place, log: Path) -> str:
    """What failed, what did not run because of it, and where to look."""
    reports = [path.read_text(encoding="utf-8").strip() for path in sorted(where.path("failed").glob("*.txt"))]
    if not reports:
        reports = [end_of(log)]
    kept = f"the last good book is kept: {shown(where.html, where.root)}/index.html" if where.html.exists() else ""
    failed = {path.stem for path in where.path("failed").glob("*.txt")}
    stopped = ", ".join(name for name in NOTEBOOKS if failed & set(NOTEBOOKS[name]))
    waiting = f"not run, as it needs what failed: {stopped}" if stopped else ""
    return "\n".join(filter(None, [*reports, waiting, kept, f"log: {shown(log, where.root)}"]))


def end_of(log: Path) -> str:
    """The last lines of the workflow's own talk, for a failure that no job explained."""
    last = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()][-12:]
    return "\n  ".join(["the workflow failed:", *last])


def _snakemake(where: Place, jobs: int, log: Path, lock: int) -> int:
    """Run the workflow; the jobs' progress is shown, Snakemake's own talk goes to ``log``."""
    with log.open("w", encoding="utf-8") as talk, warm(where.root) as found:
        process = subprocess.Popen(
            snakemake_command(where, jobs),
            cwd=where.root,
            env=job_environment(where.root) | found,
            stderr=talk,
            pass_fds=(lock,),
        )
        try:
            return process.wait()
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


def _forget_what_is_lost(where: Place) -> None:
    """Let go of what promises more than is there, so that the workflow makes it again.

    A notebook's figures and tables have names that only its executed copy knows; Snakemake does not miss them.
    """
    if not (where.html / "index.html").is_file():
        where.path(MARKER).unlink(missing_ok=True)
    for path in where.path("notebooks").glob("*.ipynb"):
        shown_files = [exhibit.file for exhibit in exhibits(json.loads(path.read_text(encoding="utf-8")))]
        if not all(where.path(name).is_file() for name in shown_files):
            path.unlink()
