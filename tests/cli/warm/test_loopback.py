"""Nobody else on the network can talk to a kernel: it listens on the loopback address, or between processes only."""

from __future__ import annotations

import ipaddress
import json

import pytest

from helpers.cli.warm import talk
from helpers.cli.warm.start import warm

pytestmark = pytest.mark.pipeline

COPY = "build/pbc/published/notebooks/01_cohort.ipynb"
# Of the kernel's own process: what it was told to listen on, and where it does.
BODY = """\
import json, os, psutil
from ipykernel.kernelapp import IPKernelApp
app = IPKernelApp.instance()
found = [c.laddr.ip for c in psutil.Process().net_connections('inet') if c.status == psutil.CONN_LISTEN]
print(json.dumps([app.transport, app.ip, oct(os.stat(app.abs_connection_file).st_mode & 0o77), found]))"""


@pytest.mark.parametrize("forked", [False, True])
def test_a_kernel_listens_at_home_only(tree, forked, monkeypatch):
    if forked and not talk.possible():
        pytest.skip("jobs are forked where the system has named sockets: on Linux")
    tree.write_notebook("01_cohort", BODY)
    with warm(tree.root) if forked else _cold(monkeypatch) as found:
        for name, value in (found or {}).items():
            monkeypatch.setenv(name, value)
        done = tree.run("run", "notebooks/01_cohort.ipynb", "--study", "data/pbc")
    assert done.returncode == 0, done.stderr
    cells = json.loads((tree.root / COPY).read_text(encoding="utf-8"))["cells"]
    said = "".join(output["text"] for cell in cells for output in cell.get("outputs", []) if "text" in output)
    transport, address, others, listening = json.loads(said)
    assert transport in ("tcp", "ipc")
    if transport == "tcp":
        assert listening
        assert all(ipaddress.ip_address(at).is_loopback for at in [address, *listening])
    # The key with which messages are signed is in the connection file: for its owner's eyes.
    assert others == "0o0"


def _cold(monkeypatch):
    from contextlib import nullcontext

    monkeypatch.delenv(talk.VARIABLE, raising=False)
    return nullcontext()


def test_what_jobs_ask_the_warm_process_through_has_no_address(tree):
    if not talk.possible():
        pytest.skip("there is no such process here")
    with warm(tree.root) as found:
        name = found[talk.VARIABLE]
        sockets = [line.split()[-1] for line in open("/proc/net/unix", encoding="utf-8")]  # noqa: PTH123, SIM115
        assert f"@{name}" in sockets


def test_jupyterlab_is_opened_for_this_machine_only(tree):
    lines = (tree.root / "Makefile").read_text(encoding="utf-8").partition("\nlab:")[2].partition("\n\n")[0]
    assert "jupyterlab" in lines
    assert not any(option in lines for option in ("--ip", ".ip=", "allow_remote", "allow_origin", "token=", "0.0.0.0"))
