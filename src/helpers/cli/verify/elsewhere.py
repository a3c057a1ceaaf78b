"""The same build in another place: a copy of the checkout, its own clock, home, locale, processor."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from helpers.cli.errors import RunError
from helpers.cli.layout import Place

# What a build says of itself as it goes on.
PROGRESS = re.compile(r"  \w+  (started|finished)")
# What is in a checkout and not in its files: environments, caches, builds, version control.
LEFT_BEHIND = (
    ".git",
    ".venv*",
    ".cache",
    "build",
    ".snakemake",
    ".*_cache",
    ".hypothesis",
    "__pycache__",
    "*.egg-info",
)


@dataclass(frozen=True)
class Conditions:
    """How a build differs from another.

    Attributes
    ----------
    name : str
        Of the folder that the checkout is copied to.
    variables : mapping of str to str
        Environment variables that are set.
    jobs : int
        Notebooks side by side; 0 for one a processor.
    cores : int
        Processors that it may use; 0 for all.
    umask : int
        Rights that new files do not get; -1 for those of this process.
    """

    name: str
    variables: Mapping[str, str] = field(default_factory=dict)
    jobs: int = 0
    cores: int = 0
    umask: int = -1

    def command(self, where: Place, name: str) -> list[str]:
        """The command line of ``book``, ``pdf`` or ``word``."""
        jobs = ["--jobs", str(self.jobs)] if self.jobs else []
        chosen = ["--study", where.study, "--scenario", where.scenario]
        return [sys.executable, "-m", "helpers.cli", name, *chosen, *jobs]


def as_here() -> Conditions:
    """Those of this process, in another folder."""
    return Conditions("first")


def as_far_away(home: Path) -> Conditions:
    """Another machine: other user, home, language, time zone and hash seed, one core, more threads, older processor.

    ``home`` is an empty folder. The time is another by itself.
    """
    variables = {
        "HOME": str(home), "USER": "someone", "LOGNAME": "someone", "HOSTNAME": "elsewhere",
        "LANG": "C", "LC_ALL": "C", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "20210823",
        "OPENBLAS_NUM_THREADS": "3", "OMP_NUM_THREADS": "3", "MKL_NUM_THREADS": "3",
    }  # fmt: skip
    return Conditions("sécond, elsewhere", variables | older_processor(), jobs=1, cores=1, umask=0o077)


def older_processor() -> dict[str, str]:
    """Variables that keep numpy and OpenBLAS from the newer instructions of an x86 processor; none on another kind."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return {}
    newer = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return {"OPENBLAS_CORETYPE": "Nehalem"} | ({"NPY_DISABLE_CPU_FEATURES": ",".join(newer)} if newer else {})


def copy_checkout(root: Path, target: Path) -> Path:
    """The files of a checkout in another folder, without what was made there."""
    shutil.copytree(root, target, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    return target


def build(
    where: Place, root: Path, conditions: Conditions, kinds: tuple[str, ...] = ("book",),
    say: Callable[[str], None] = print,
) -> Place:  # fmt: skip
    """Make the book of a run in a copy of its checkout, and what else is asked for; return its place there.

    Raises
    ------
    RunError
        A command failed; its last words are in the message.
    """
    environment = {**os.environ, **conditions.variables, "PYTHONPATH": str(root / "src")}
    for kind in kinds:
        process = subprocess.Popen(
            conditions.command(where, kind), cwd=root, env=environment, text=True, umask=conditions.umask,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
            preexec_fn=lambda: _only(conditions.cores),
        )  # fmt: skip
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip())
            if PROGRESS.match(line):
                say(line.rstrip())
        if process.wait():
            raise RunError("\n  ".join([f"{conditions.name}: {kind} failed", *lines[-12:]]))
    return replace(where, root=root)


def _only(cores: int) -> None:
    """Keep this process to so many of the processors that it has."""
    if cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
