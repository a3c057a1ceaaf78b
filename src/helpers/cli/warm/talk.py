"""What a job and the warm process say to each other, through a socket that has a name but no file."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import struct
import sys
from pathlib import Path
from typing import Any

# In the environment of the workflow's jobs: the name of the socket.
VARIABLE = "HELPERS_WARM"
ENDED = "the process that runs the jobs has ended"


def possible() -> bool:
    """Whether this system has sockets with names of their own, and tells when a process ends: Linux has."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open")


def ask(arguments: list[str]) -> int | None:
    """Have a command run by a fork of the warm process, on this process's own output; return its exit status.

    None when there is no such process, so that the command has to run here. Where it has ended because the build that
    started it was killed, nobody waits for the command any more: it is not run.
    """
    name = os.environ.get(VARIABLE)
    if not name:
        return None
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(f"\0{name}")
            _send(line, {"arguments": arguments, "cwd": os.getcwd(), "environment": dict(os.environ)})  # noqa: PTH109
        except OSError:
            return _refuse() if _was_killed(name.rpartition("-")[2]) else None
        answer = b""
        with contextlib.suppress(OSError):
            answer = line.makefile("rb").readline()
    if not answer:
        return _refuse()
    return json.loads(answer)


def _refuse() -> int:
    print(ENDED, file=sys.stderr, flush=True)
    return 1


def _was_killed(build: str) -> bool:
    """Whether the process with this number has ended; one that its own parent has not taken note of yet, too."""
    try:
        state = Path(f"/proc/{int(build)}/stat").read_text(encoding="utf-8", errors="replace")
    except ValueError:
        return False
    except OSError:
        return Path("/proc/self").exists()
    return state.rpartition(")")[2].split()[0] in "ZX"


def _send(line: socket.socket, request: dict[str, Any]) -> None:
    socket.send_fds(line, [b"\n"], [1, 2])
    line.sendall(json.dumps(request).encode() + b"\n")


def receive(line: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """A request, and the descriptors of the asker's output and errors.

    Raises
    ------
    OSError, ValueError
        It is not whole: the asker has gone.
    """
    _, descriptors, _, _ = socket.recv_fds(line, 1, 2)
    request = json.loads(line.makefile("rb").readline())
    if len(descriptors) != 2:
        raise ValueError("a request without its outputs")
    return request, descriptors


def answer(line: socket.socket, status: int) -> None:
    """Tell the asker how its command ended, if it still listens."""
    with contextlib.suppress(OSError):
        line.sendall(f"{status}\n".encode())


def of_the_same_user(line: socket.socket) -> bool:
    """Whether the asker is the user whose process this is: anybody on the machine can connect to such a name."""
    size = struct.calcsize("3i")
    _, user, _ = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return user == os.getuid()
