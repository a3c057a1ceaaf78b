"""Bring a grid's results up to date: plan what is missing, have Snakemake run it, gather what there is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from helpers.cli.book import end_of, wait_or_stop
from helpers.cli.environment import job_environment
from helpers.cli.errors import RunError, UsageError
from helpers.cli.guard import locked
from helpers.cli.many.chunks import cut, write_chunks
from helpers.cli.many.folder import Folder, forget_outdated
from helpers.cli.many.progress import Progress
from helpers.cli.many.store import done_keys, gather
from helpers.cli.many.tasks import Task
from helpers.cli.run import say

HERE = Path(__file__).parent
SECONDS = 60.0
SHORTEST = 5.0  # seconds of a job below which its start costs more than it saves


def bring_up_to_date(folder: Folder, jobs: int, profile: str = "", seconds: float = SECONDS) -> Path:
    """Compute the tasks that have no rows yet and gather all; return the gathered table.

    Parameters
    ----------
    folder : Folder
        Kind of tasks, study, and where rows are kept.
    jobs : int
        Jobs at a time.
    profile : str
        A Snakemake profile: the name of one beside this module, or a folder with ``config.yaml``; empty to run here.
    seconds : float
        How long a job should take. What an interruption loses is at most the chunks in flight.

    Raises
    ------
    UsageError
        There is no such profile.
    RunError
        Some tasks failed, or somebody else is at work on the same grid. Rows that were complete are kept.
    """
    options = profile_options(profile, jobs, folder.root)
    with locked(folder.path / ".lock", f"{folder.name}: another command is at work on it; wait for it"):
        kind = folder.load()
        folder.describe()
        if forget_outdated(folder, kind):
            say("data, code or versions have changed: what was computed before is computed again")
        tasks = list({task.key: task for task in kind.tasks()}.values())
        missing = _missing(folder, tasks)
        say(f"{len(tasks):,} to compute, {len(tasks) - len(missing):,} of them done before")
        if missing:
            _compute(folder, missing, options, job_length(missing, seconds, jobs))
        rows = gather(folder.parts, [task.key for task in tasks], folder.results)
    say(f"{rows:,} rows in {folder.name}/{folder.results.name}")
    return folder.results


def profile_options(profile: str, jobs: int, root: Path) -> list[str]:
    """Snakemake's options for where jobs run.

    >>> profile_options("", 2, Path())
    ['--cores', '2']
    """
    if not profile:
        return ["--cores", str(jobs)]
    for found in (HERE / "profiles" / profile, root / profile, Path(profile)):
        if (found / "config.yaml").is_file():
            return ["--profile", str(found), "--jobs", str(jobs)]
    known = ", ".join(sorted(path.parent.name for path in (HERE / "profiles").glob("*/config.yaml")))
    raise UsageError(
        f"profile {profile!r}: there is no such profile; there are {known}\n  or give a folder that holds config.yaml"
    )


def job_length(tasks: Sequence[Task], seconds: float, jobs: int) -> float:
    """Seconds that a job should take: as asked for, but where there is less work than that for every job at a time.

    >>> job_length([Task("a", seconds=40), Task("b", seconds=20)], 60, 2), job_length([Task("a")], 60, 2)
    (30.0, 5.0)
    """
    return min(seconds, max(sum(task.seconds for task in tasks) / jobs, SHORTEST))


def _missing(folder: Folder, tasks: Sequence[Task]) -> list[Task]:
    done = done_keys(folder.parts)
    return [task for task in tasks if task.key not in done]


def _compute(folder: Folder, missing: Sequence[Task], options: Sequence[str], seconds: float) -> None:
    for name in ("todo", "failed"):
        shutil.rmtree(folder.path / name, ignore_errors=True)
    chunks = write_chunks(folder, cut(missing, seconds))
    log = folder.path / "workflow.log"
    status = _snakemake(folder, options, log, Progress(folder, chunks, say))
    if status:
        raise RunError(_failure(folder, log))


def _snakemake(folder: Folder, options: Sequence[str], log: Path, progress: Progress) -> int:
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(HERE / "chunks.smk"), *options, "--nolock"]
    command += ["--rerun-triggers", "mtime", "--rerun-incomplete", "--keep-going", "--latency-wait", "30"]
    command += ["--config", f"folder={json.dumps(folder.name, ensure_ascii=False)}"]
    # The jobs' own talk is in their failure files; Snakemake's, in the log.
    with log.open("w", encoding="utf-8") as talk:
        process = subprocess.Popen(
            command, cwd=folder.root, env=job_environment(folder.root), stdout=talk, stderr=subprocess.STDOUT
        )
        try:
            while process.poll() is None:
                time.sleep(0.5)
                progress.show()
        except KeyboardInterrupt:
            wait_or_stop(process)
            raise
    progress.show(last=True)
    return process.returncode


def _failure(folder: Folder, log: Path) -> str:
    reasons = [path.read_text(encoding="utf-8").strip() for path in sorted((folder.path / "failed").glob("*.txt"))]
    reasons = reasons or [end_of(log)]
    more = [f"and {len(reasons) - 5} more"] if len(reasons) > 5 else []
    return "\n".join([*reasons[:5], *more, "what was complete is kept", f"log: {log.relative_to(folder.root)}"])
