"""A Slurm cluster of this machine alone, for the tests: Debian's daemons, started and ended by us."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.cli.browser import install_from_debian

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch")
PACKAGES = ("munge", "slurmctld", "slurmd", "slurm-client")
CONFIGURATION = Path("/etc/slurm/slurm.conf")  # where the daemons and the jobs' own commands look
MARK = "# made by the tests of the compendium"
SECONDS = 30


def why_not() -> str:
    """Why this machine cannot have a cluster of ours; empty where it can."""
    if os.geteuid() != 0:
        return "starting Slurm's daemons needs root"
    own = CONFIGURATION.is_file() and MARK not in CONFIGURATION.read_text(encoding="utf-8")
    return f"{CONFIGURATION} belongs to another cluster" if own else ""


@contextmanager
def cluster(folder: Path) -> Iterator[None]:
    """Run a cluster of one node; its daemons and its configuration go when the block ends."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        install_from_debian("Slurm", *PACKAGES)
    CONFIGURATION.parent.mkdir(parents=True, exist_ok=True)
    CONFIGURATION.write_text(_configuration(folder), encoding="utf-8")
    for name in ("state", "spool"):
        (folder / name).mkdir()
    run = Path("/run/munge")
    run.mkdir(exist_ok=True)
    shutil.chown(run, "munge", "munge")
    daemons: list[subprocess.Popen] = []
    try:
        for command in (["runuser", "-u", "munge", "--", "munged", "-F"], ["slurmctld", "-D"], ["slurmd", "-D"]):
            log = (folder / f"{command[-2]}.log").open("w")
            daemons.append(subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT))
            _wait_for(command)
        yield
    finally:
        for daemon in reversed(daemons):
            daemon.terminate()
            daemon.wait(SECONDS)
        CONFIGURATION.unlink()


def _wait_for(command: list[str]) -> None:
    """Wait until the daemon that was started answers."""
    question = {"munged": ["munge", "-n"], "slurmctld": ["scontrol", "ping"], "slurmd": ["sinfo", "-h", "-t", "idle"]}
    program = next(name for name in question if name in command)
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        said = subprocess.run(question[program], capture_output=True, text=True, check=False)
        if said.returncode == 0 and said.stdout.strip() and "DOWN" not in said.stdout:
            return
        time.sleep(0.2)
    raise RuntimeError(f"{program} did not answer in {SECONDS} s: {said.stdout} {said.stderr}")


def _configuration(folder: Path) -> str:
    host = socket.gethostname().partition(".")[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20 * 8 // 10
    return f"""{MARK}
ClusterName=compendium
SlurmctldHost={host}(127.0.0.1)
AuthType=auth/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
ReturnToService=2
NodeName={host} NodeAddr=127.0.0.1 CPUs={os.cpu_count()} RealMemory={memory} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
