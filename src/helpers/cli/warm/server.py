"""The warm process: it loads the stack, then forks a job whenever it is asked for one.

``python -m helpers.cli.warm.server DESCRIPTOR`` with a listening socket, and at its input a pipe that its starter
holds: when the starter ends, however it ends, so does this.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import selectors
import signal
import socket
import sys
import traceback
from typing import Any, NoReturn

from helpers.cli.warm import kernel, talk
from helpers.cli.warm.stack import load

PR_SET_PDEATHSIG = 1  # of <sys/prctl.h>


def serve(listener: socket.socket, lifeline: int) -> None:
    """Fork jobs until the lifeline is closed; jobs whose asker has gone are ended, and at the end all that are left."""
    jobs: dict[int, tuple[int, socket.socket]] = {}  # by the descriptor that tells of the job's end
    with selectors.DefaultSelector() as waiting:
        waiting.register(listener, selectors.EVENT_READ)
        waiting.register(lifeline, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if key.fd == lifeline:
                    _end(jobs)
                    return
                if key.fileobj is listener:
                    _begin(listener, jobs, waiting)
                elif key.fd in jobs:
                    _finish(key.fd, jobs, waiting)
                elif key.fileobj in waiting.get_map():  # nothing more is ever said: the asker has gone
                    waiting.unregister(key.fileobj)
                    os.kill(key.data, signal.SIGTERM)


def _begin(listener: socket.socket, jobs: dict, waiting: selectors.BaseSelector) -> None:
    line, _ = listener.accept()
    try:
        if not talk.of_the_same_user(line):
            raise ValueError("another user")
        request, outputs = talk.receive(line)
    except (OSError, ValueError):
        line.close()
        return
    warm = os.getpid()
    job = os.fork()
    if not job:
        # Descriptors of other jobs stay open here, and say nothing: the warm process closes its own to tell an end.
        waiting.close()
        listener.close()
        _work(request, outputs, warm)
    for descriptor in outputs:
        os.close(descriptor)
    ended = os.pidfd_open(job)
    jobs[ended] = job, line
    waiting.register(ended, selectors.EVENT_READ)
    waiting.register(line, selectors.EVENT_READ, job)


def _finish(ended: int, jobs: dict, waiting: selectors.BaseSelector) -> None:
    job, line = jobs.pop(ended)
    _, status = os.waitpid(job, 0)
    code = os.waitstatus_to_exitcode(status)
    talk.answer(line, code if code >= 0 else 128 - code)
    waiting.unregister(ended)
    if line in waiting.get_map():
        waiting.unregister(line)
    os.close(ended)
    line.shutdown(socket.SHUT_RDWR)
    line.close()


def _end(jobs: dict) -> None:
    for job, _ in jobs.values():
        os.kill(job, signal.SIGTERM)


def _work(request: dict[str, Any], outputs: list[int], parent: int) -> NoReturn:
    """Be the job: its folder, its environment, its outputs; then leave without what the warm process would tidy up."""
    status = 1
    try:
        _end_with(parent)
        _become(request, outputs)
        kernel.SPARE = kernel.spare() if request["arguments"][:1] == ["run"] else None
        from helpers.cli import main

        status = main(request["arguments"])
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        if kernel.SPARE:
            kernel.SPARE.dismiss()
        os._exit(status)


def _end_with(parent: int) -> None:
    """Have this process asked to end when the warm process does, however that ends: nobody waits for the job then."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(1)


def _become(request: dict[str, Any], outputs: list[int]) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, descriptor in enumerate([nothing, *outputs]):
        os.dup2(descriptor, target)
        os.close(descriptor)
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update({name: value for name, value in request["environment"].items() if name != talk.VARIABLE})
    signal.signal(signal.SIGINT, signal.default_int_handler)


def main() -> None:
    # An interrupt at the terminal reaches the jobs too; this process ends with the one that started it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.path[:] = [entry for entry in sys.path if entry not in ("", os.getcwd())]  # noqa: PTH109
    load()
    with socket.socket(fileno=int(sys.argv[1])) as listener:
        serve(listener, sys.stdin.fileno())


if __name__ == "__main__":
    main()
