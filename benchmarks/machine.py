"""Where and when something was measured."""

from __future__ import annotations

import datetime
import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .in_r import r_versions

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
PYTHON = (
    *("numpy", "scipy", "pandas", "statsmodels", "pingouin", "papermill", "nbformat", "ipykernel", "snakemake"),
    *("jupyter-book", "duckdb"),
)
R = ("nlme", "mmrm", "lme4", "lmerTest", "lavaan")


def stamp() -> dict:
    """Machine, date and versions, and the load before anything is timed."""
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": _processor(),
        "processors": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "versions": {name: _version(name) for name in PYTHON},
        "r": r_versions(*R),
        "threads": {name: os.environ.get(name, "not set") for name in THREADS},
        "load before": load(),
    }


def load() -> list[float]:
    """Load average of 1, 5 and 15 minutes; empty where the system has none."""
    return [round(value, 2) for value in os.getloadavg()] if hasattr(os, "getloadavg") else []


def in_words(found: dict) -> str:
    """A stamp in two sentences."""
    versions = ", ".join(f"{name} {value}" for name, value in found["versions"].items())
    r = ", ".join(f"{name} {value}" for name, value in found["r"].items())
    threads = "one thread" if set(found["threads"].values()) == {"1"} else f"threads: {found['threads']}"
    loads = " before, ".join(", ".join(map(str, found.get(name, []))) for name in ("load before", "load after"))
    return (
        f"{found['date']}; {found['processor']}, {found['processors']} processors, {found['system']}; "
        f"load average {loads} after; {threads} for linear algebra.\n"
        f"Python {found['python']}, {versions}; {r}."
    )


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"
