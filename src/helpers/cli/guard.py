"""One build of a run at a time; a lock that a killed build left behind is taken away."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from helpers.cli.errors import RunError
from helpers.cli.layout import Place


@contextmanager
def hold(where: Place) -> Iterator[TextIO]:
    """Hold the run for this process and the workflow it starts.

    The operating system lets go of the lock when the last of them ends, however it ends. While it is held the file
    holds a process number; found in a file that nobody holds, it tells of a build that was killed.

    Raises
    ------
    RunError
        Another build of the same study and scenario is under way.
    """
    path = where.path(".lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunError(
                f"{where.folder}: another build of this study and scenario is under way; wait for it"
            ) from None
        yield file
        file.truncate(0)


def release_stale_workflow_lock(where: Place, file: TextIO) -> None:
    """Remove the Snakemake locks of an earlier build of this run that was killed, and sign the lock file.

    Only after a killed build of ours: a lock that somebody's own ``snakemake`` command holds stays.
    """
    file.seek(0)
    if file.read().strip():
        for lock in (where.root / ".snakemake" / "locks").glob("*.lock"):
            if f"{where.folder}/" in lock.read_text(encoding="utf-8", errors="replace"):
                lock.unlink(missing_ok=True)
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
