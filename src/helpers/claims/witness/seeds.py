"""Every reading over many seeds: searched, checked, and written as the tables of ``data/witnesses``.

One finished search is one file of the working folder, so that an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.analysis.files import write_whole
from helpers.claims.verdicts import Verdict

from .cohort import make_witness
from .moves import SearchError
from .published import CERTIFICATE, HELD_OUT, SEED, STRAIN
from .readings import Reading, load_readings
from .score import verdicts_of
from .strain import strain

SEEDS = tuple(range(SEED, SEED + 20))


@dataclass(frozen=True)
class Job:
    """One search: a reading and a seed, and the file its outcome goes to."""

    reading: Reading
    seed: int
    file: Path


def run(job: Job) -> dict[str, Any]:
    """Search and check one witness; its outcome is kept, and read again where it is there already."""
    if job.file.is_file():
        return json.loads(job.file.read_text(encoding="utf-8"))
    started = time.monotonic()
    try:
        tables = make_witness(job.reading, job.seed)
    except SearchError as error:
        found: dict[str, Any] = {"failed": str(error)}
    else:
        searched = time.monotonic() - started
        verdicts, _ = verdicts_of(tables, job.reading)
        found = {"seconds": searched, "strain": strain(tables), "checks": [*map(_check, verdicts)]}
    found = {"reading": job.reading.name, "seed": job.seed, **found}
    write_whole(job.file, json.dumps(found).encode("utf-8"))
    return found


def _check(verdict: Verdict) -> dict[str, Any]:
    claim = verdict.claim
    computed = "" if pd.isna(verdict.computed) else f"{verdict.computed:.6g}"
    return {"claim": claim.id, "printed": claim.printed, "attained": computed, "met": bool(verdict.met),
            "basis": claim.basis, "reason": claim.reason}  # fmt: skip


def run_all(
    folder: Path, seeds: Iterable[int] = SEEDS, workers: int = 2, say: Callable[[str], None] = print
) -> list[dict[str, Any]]:
    """Every reading with every seed, side by side; says how far it is and how long it will take."""
    jobs = [Job(r, s, folder / f"{r.name}-{s:03d}.json") for s in seeds for r in load_readings()]
    started, found = time.monotonic(), []
    # One thread each: small products gain nothing from several, and side by side they wait for each other.
    os.environ.update({"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"})
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(run, job) for job in jobs]
        for count, done in enumerate(as_completed(waiting), start=1):
            found.append(done.result())
            left = (time.monotonic() - started) / count * (len(jobs) - count)
            word = "failed" if "failed" in found[-1] else "found"
            say(f"  {count} of {len(jobs)}: {found[-1]['reading']}, seed {found[-1]['seed']} {word}; "
                f"about {left / 60:.0f} min left")  # fmt: skip
    order = {reading.name: place for place, reading in enumerate(load_readings())}
    return sorted(found, key=lambda item: (order[item["reading"]], item["seed"]))


def certificate(outcomes: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """The targets, and what is given up, of the published witness of each reading."""
    rows = [
        {"reading": item["reading"], "seed": item["seed"], **check, "met": "yes" if check["met"] else "no"}
        for item in _found(outcomes)
        if item["seed"] == SEED
        for check in item["checks"]
        if check["basis"] in ("target", "inconsistent")
    ]
    return pd.DataFrame(rows, columns=list(CERTIFICATE))


def strains(outcomes: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """What each witness has to assume, every seed; a search that failed has no rows."""
    rows = [
        (item["reading"], item["seed"], name, f"{value:.4f}")
        for item in _found(outcomes)
        for name, value in item["strain"].items()
    ]
    return pd.DataFrame(rows, columns=list(STRAIN))


def held_out(outcomes: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """In how many of a reading's witnesses each claim that no search saw is met."""
    rows = [
        (item["reading"], check["claim"], check["met"])
        for item in _found(outcomes)
        for check in item["checks"]
        if check["basis"] == "held_out"
    ]
    frame = pd.DataFrame(rows, columns=["reading", "claim", "met"])
    counted = frame.groupby(["reading", "claim"], sort=False)["met"].agg(["sum", "size"]).reset_index()
    return counted.set_axis(list(HELD_OUT), axis=1)


def _found(outcomes: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (item for item in outcomes if "failed" not in item)
