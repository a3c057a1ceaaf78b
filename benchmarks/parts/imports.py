"""Where the start of a process goes: a kernel's, and imports by cause."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from helpers.cli.environment import job_environment

from ..tables import Table
from ..timing import Timed, times

ROOT = Path(__file__).parents[2]
# Module -> why it stands here.
CAUSES = {
    "numpy": "everything",
    "pandas": "every table",
    "scipy.stats": "distributions",
    "matplotlib.pyplot": "figures",
    "statsmodels.api": "least squares",
    "seaborn": "figures",
    "pingouin": "analyses of variance",
    "lifelines": "survival",
    "great_tables": "tables",
    "pandera": "checks of study tables",
    "duckdb": "grids",
    "nbformat": "reading and writing notebooks",
    "rfc3987_syntax": "jsonschema's format extra, which JupyterLab brings and nbformat then imports",
    "papermill": "running notebooks",
    "ipykernel.kernelapp": "the kernel",
    "snakemake.cli": "the workflow",
    "sphinx.application": "the book",
    "jupyter_book.cli.main": "the book",
    "helpers.models": "the statistics",
    "helpers.report.figures": "figures and tables",
    "helpers.cli.run": "running one notebook, before papermill",
}
REPEATS = 5
LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|\s*([\w.]+)")


def run(folder: Path) -> list[Table]:
    """The part's tables."""
    bare = Timed(times(lambda: _python("pass"), REPEATS))
    rows, found = [], {}
    for module, why in CAUSES.items():
        # The first brings its files into the machine's cache, and says whether there is such a module.
        if _python(f"import {module}").returncode:
            rows.append([f"`{module}`", "absent", "", "", why])
            continue
        taken = Timed(times(lambda name=module: _python(f"import {name}"), REPEATS))
        shares = own_times(_python(f"import {module}", "-X", "importtime").stderr)
        rows.append([f"`{module}`", taken, f"{1000 * (taken.median - bare.median):,.0f} ms", largest(shares), why])
        found[module] = {"seconds": taken.repeats, "milliseconds by package": dict(shares.most_common(8))}
    rows.insert(0, ["python, nothing imported", bare, "", "", "every process"])
    head = ["import", "process", "above bare Python", "of it, by package (own time) ", "for "]
    about = "a fresh process each time, files cached; by package from `python -X importtime`, one run"
    return [_kernel(), Table("Imports by cause", about, head, rows, {"bare": bare.repeats, **found})]


def _kernel() -> Table:
    from jupyter_client.manager import start_new_kernel

    def start() -> None:
        manager, client = start_new_kernel(kernel_name="python3", env=job_environment(ROOT), stderr=subprocess.DEVNULL)
        client.execute("pass", reply=True, timeout=60)
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    start()
    taken = Timed(times(start, REPEATS))
    rows = [["start, one empty cell, stop", taken]]
    return Table("A kernel", "ipykernel, asked by jupyter_client as papermill does", ["kernel", "time"], rows,
                 {"seconds": taken.repeats})  # fmt: skip


def own_times(trace: str) -> Counter:
    """Milliseconds by top-level package that the lines of `-X importtime` give, each module's own.

    >>> own_times("import time:      1500 |       9000 | pandas.core\\nimport time:       500 |        500 |   numpy")
    Counter({'pandas': 1.5, 'numpy': 0.5})
    """
    found: Counter = Counter()
    for own, _, name in LINE.findall(trace):
        found[name.partition(".")[0]] += int(own) / 1000
    return found


def largest(shares: Counter, count: int = 4) -> str:
    """The packages that take most, in words.

    >>> largest(Counter({"pandas": 120.4, "numpy": 60.0, "os": 0.3}))
    'pandas 120 ms, numpy 60 ms'
    """
    return ", ".join(f"{name} {value:.0f} ms" for name, value in shares.most_common(count) if value >= 1)


def _python(code: str, *options: str) -> subprocess.CompletedProcess:
    command = [sys.executable, *options, "-c", code]
    return subprocess.run(command, env=job_environment(ROOT), capture_output=True, text=True, check=False)
