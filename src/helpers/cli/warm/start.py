"""Start the warm process for as long as a workflow runs."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.cli.environment import job_environment
from helpers.cli.warm.talk import VARIABLE, possible


@contextmanager
def warm(root: Path) -> Iterator[dict[str, str]]:
    """Have a warm process; give the environment variables by which jobs find it, none where there can be no such thing.

    Jobs may ask at once: they wait while it loads.
    """
    if not possible():
        yield {}
        return
    name = f"helpers-{secrets.token_hex(16)}-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"\0{name}")
        listener.listen(64)
        process = _started(root, listener)
    try:
        yield {VARIABLE: name}
    finally:
        process.stdin.close()
        process.wait()


def _started(root: Path, listener: socket.socket) -> subprocess.Popen[bytes]:
    descriptor = listener.fileno()
    return subprocess.Popen(
        [sys.executable, "-m", "helpers.cli.warm.server", str(descriptor)],
        cwd=root,
        env=job_environment(root),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(descriptor,),
    )
