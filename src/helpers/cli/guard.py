"""One build of a run at a time; a lock that a killed build left behind is taken away."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from helpers.cli.errors import RunError
from helpers.cli.layout import Place


@contextmanager
def hold(where: Place) -> Iterator[TextIO]:
    """Hold the run for this process and the workflow it starts.

    While it is held the file holds a process number; found in a file that nobody holds, it tells of a build that was
    killed.

    Raises
    ------
    RunError
        Another build of the same study and scenario is under way.
    """
    busy = f"{where.folder}: another build of this study and scenario is under way; wait for it"
    with locked(where.path(".lock"), busy) as file:
        yield file
        file.truncate(0)


@contextmanager
def locked(path: Path, busy: str) -> Iterator[TextIO]:
    """Hold a lock file; the operating system lets go when the last process that has it ends, however it ends.

    Raises
    ------
    RunError
        Somebody else holds it, which ``busy`` says in words.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunError(busy) from None
        yield file


def release_stale_workflow_lock(where: Place, file: TextIO) -> None:
    """Remove the Snakemake locks of an earlier build of this run that was killed, and sign the lock file.

    Only after a killed build of ours: a lock that somebody's own ``snakemake`` command holds stays.
    """
    file.seek(0)
    if file.read().strip():
        for lock in workflow_locks(where):
            lock.unlink(missing_ok=True)
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()


def workflow_locks(where: Place) -> list[Path]:
    """The Snakemake locks that are on files of this run."""
    locks = (where.root / ".snakemake" / "locks").glob("*.lock")
    return [lock for lock in locks if f"{where.folder}/" in lock.read_text(encoding="utf-8", errors="replace")]
