"""How the engine of `make multiverse` grows: subsets of the grid, one worker and two."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import yaml

from helpers.cli.book import wait_or_stop
from helpers.cli.environment import job_environment
from helpers.cli.many.folder import Folder

from ..compare import FailedError
from ..data import STUDY
from ..tables import Table
from ..timing import digits

ROOT = Path(__file__).parents[2]
SIZES, WORKERS = (100, 1_000, 10_000), (2, 1)
GRID = "scenarios/multiverse.yaml"
EVERY = 0.1
HEAD = ["specifications", "workers", "wall time", "specifications a second", "peak memory of a worker", "rows"]


def run(folder: Path, largest: int = max(SIZES)) -> list[Table]:
    """The part's table, made on a link to the study so that no other grid of it is touched.

    Sizes above ``largest`` are not tried, and the table says so.
    """
    study = folder / "study"
    study.unlink(missing_ok=True)
    study.symlink_to(ROOT / STUDY, target_is_directory=True)
    name, grid = study.relative_to(ROOT).as_posix(), without_multiple_imputation(folder / "grid.yaml")
    found: list[dict] = []
    for size in (size for size in SIZES if size <= largest):
        found += [_measured(name, str(grid), size, workers) for workers in WORKERS]
    return [table(found)]


def without_multiple_imputation(path: Path) -> Path:
    """The project's grid less what hides how the engine grows: few such specifications already impute everything."""
    grid = yaml.safe_load((ROOT / GRID).read_text(encoding="utf-8"))
    grid["choices"]["imputation"].remove("multiple")
    path.write_text(yaml.safe_dump(grid), encoding="utf-8")
    return path


def table(found: list[dict]) -> Table:
    """The runs as a table; the rows of a size must be the same bytes whatever the workers."""
    rows = [
        [
            f"{one['specifications']:,}", one["workers"], f"{digits(one['seconds'])} s",
            digits(one["specifications"] / one["seconds"]), f"{one['peak'] / 2**20:,.0f} MiB", f"{one['rows']:,}",
        ]
        for one in sorted(found, key=lambda one: (one["specifications"], one["workers"]))
    ]  # fmt: skip
    tried = {one["specifications"] for one in found}
    rows += [[f"{size:,}", workers, "not run", "", "", ""] for size in SIZES if size not in tried for workers in (1, 2)]
    digests: dict[int, set] = {}
    for one in found:
        digests.setdefault(one["specifications"], set()).add(one["digest"])
    unequal = [size for size, several in digests.items() if len(several) > 1]
    wrong = [f"Scaling: {size:,} specifications: rows differ with the workers" for size in unequal]
    about = (
        f"specifications of `{GRID}` at even distances, without multiple imputation, {STUDY}; each run from nothing, "
        "once, in chunks of a minute, from the start of the command to the gathered table. The more specifications "
        "there are, the more of them share a fit."
    )
    return Table("Scaling of the grid engine", about, HEAD, rows, {"runs": found}, wrong)


def _measured(study: str, grid: str, size: int, workers: int) -> dict:
    where = Folder(ROOT, "multiverse", study, {"grid": grid, "count": str(size)})
    shutil.rmtree(where.path.parent, ignore_errors=True)
    print(f"  {size:,} specifications, {workers} worker(s)", flush=True)
    command = [sys.executable, "-m", "benchmarks.grid", json.dumps([study, dict(where.options), workers])]
    said = (ROOT / study).with_name("grid.log")
    begun, peak = time.perf_counter(), 0
    try:
        with said.open("w") as talk, said.open() as heard:
            process = subprocess.Popen(command, cwd=ROOT, env=job_environment(ROOT), stdout=talk)
            try:
                while process.poll() is None:
                    time.sleep(EVERY)
                    peak = max(peak, peak_of_workers(process.pid))
                    print(heard.read(), end="", flush=True)
            except KeyboardInterrupt:
                wait_or_stop(process)
                raise
        seconds = time.perf_counter() - begun
        if process.returncode:
            raise FailedError(f"{size:,} specifications, {workers} worker(s): status {process.returncode}, see above")
        rows, digest = said.read_text(encoding="utf-8").split()[-2:]
    finally:
        shutil.rmtree(where.path.parent, ignore_errors=True)
    found = {"specifications": size, "workers": workers, "seconds": seconds, "peak": peak}
    return found | {"rows": int(rows), "digest": digest}


def peak_of_workers(pid: int) -> int:
    """Bytes that the largest of the chunk jobs under a process has held in memory so far; 0 when none runs."""
    import psutil

    held = 0
    try:
        below = psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return 0
    for process in below:
        try:
            command = process.cmdline()
            if "chunk" in command and "helpers.cli" in command:
                held = max(held, _high_water(process))
        except (psutil.Error, OSError):
            continue
    return held


def _high_water(process) -> int:
    """What Linux keeps as the most; elsewhere what is held now."""
    status = Path(f"/proc/{process.pid}/status")
    if status.is_file():
        lines = (line.split() for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
        return next((1024 * int(words[1]) for words in lines), 0)
    return process.memory_info().rss
