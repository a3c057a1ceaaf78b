"""A kernel that is forked instead of started: a spare process, forked before anything runs, becomes one when told."""

from __future__ import annotations

import atexit
import json
import os
import signal
import sys
from typing import Any, NoReturn

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner


class Spare:
    """A forked process that waits to become a kernel; afterwards, what :class:`subprocess.Popen` is to a started one.

    Attributes
    ----------
    pid : int
    returncode : int or None
        None while it runs.
    """

    stdin = stdout = stderr = None

    def __init__(self, pid: int, orders: int):
        self.pid, self._orders = pid, orders
        self.returncode: int | None = None

    def become(self, command: list[str], environment: dict[str, str], cwd: str) -> None:
        """Have it be the kernel of a command such as ``python -m ipykernel_launcher -f FILE``."""
        order = {"command": command, "environment": environment, "cwd": cwd}
        with os.fdopen(self._orders, "w") as orders:
            json.dump(order, orders)

    def dismiss(self) -> None:
        """Let it go if it was never told; otherwise see that it has ended."""
        try:
            os.close(self._orders)
        except OSError:  # it was told
            self.kill()
        self.wait()

    def poll(self) -> int | None:
        """Its exit status, None while it runs."""
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if ended else None
        return self.returncode

    def wait(self) -> int:
        """Wait until it has ended."""
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


# The one that this process has, if it was forked for a notebook.
SPARE: Spare | None = None


def spare() -> Spare:
    """Fork one; to be called before this process has threads, connections or an event loop."""
    orders, giving = os.pipe()
    parent = os.getpid()
    pid = os.fork()
    if pid:
        os.close(orders)
        return Spare(pid, giving)
    os.close(giving)
    _wait_and_become(orders, parent)


def _wait_and_become(orders: int, parent: int) -> NoReturn:
    status = 1
    try:
        os.setsid()  # an interrupt at the terminal is for the one who runs the kernel
        with os.fdopen(orders) as given:
            text = given.read()
        status = _be_kernel(json.loads(text), parent) if text else 0
    finally:
        os._exit(status)


def _be_kernel(order: dict[str, Any], parent: int) -> int:
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["environment"])
    _own_chance()
    sys.argv = ["ipykernel_launcher", *order["command"][3:]]
    from ipykernel import kernelapp

    try:
        # The parent is named here: the variable by which a started kernel learns of it was read at the import.
        kernelapp.IPKernelApp.launch_instance(parent_handle=parent)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def _own_chance() -> None:
    """Random numbers of its own, as a new process has; Python's generator sees to itself when it is forked."""
    import numpy as np

    np.random.seed()  # the legacy generator, which is there whether anybody uses it or not


class Forked(LocalProvisioner):
    """Launches a kernel by :data:`SPARE`; everything else is as for a kernel that is started."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        SPARE.become(cmd, kwargs["env"], kwargs.get("cwd") or os.getcwd())  # noqa: PTH109
        self.process, self.pid, self.pgid = SPARE, SPARE.pid, SPARE.pid
        return self.connection_info


class Manager(AsyncKernelManager):
    """Manages one kernel, launched by :class:`Forked`."""

    async def _async_pre_start_kernel(self, **kwargs: Any) -> tuple[list[str], dict[str, Any]]:
        if self.provisioner is None:
            self.provisioner = Forked(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**kwargs)


def options() -> dict[str, Any]:
    """Papermill's options for this process: those for a forked kernel where there is a spare process."""
    return {"kernel_manager_class": Manager} if SPARE else {}
