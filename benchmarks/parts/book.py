"""The whole book: cold, with nothing changed and with one notebook changed, beside the papermill command."""

from __future__ import annotations

import compileall
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from helpers.analysis.scenarios import load_scenario
from helpers.cli.environment import job_environment
from helpers.cli.layout import NOTEBOOKS, Place
from helpers.cli.parameters import run_parameters

from ..compare import Comparison, Contender, FailedError, Tolerance, compare
from ..data import STUDY
from ..timing import clocked

SCENARIO, CHANGED = "published", "03_baseline_cytokines"
COLD, NOTHING, ONE = 3, 5, 3
SAME = {"results tables": Tolerance(0, 0.5, "lines of the notebooks that differ: none may")}


def run(folder: Path, cold: int = COLD) -> list[Comparison]:
    """The part's comparison, in a copy of the checkout that is made in the folder and removed after.

    ``cold`` is how often the book is built from nothing, and the notebooks are run by papermill, after one of each.
    """
    root = Path(__file__).parents[2]
    copy = folder / "checkout"
    try:
        copy_checkout(root, copy)
        return [_compared(copy, cold)]
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def _compared(copy: Path, repeats: int) -> Comparison:
    built, notebook = copy / "build", copy / "notebooks" / f"{CHANGED}.ipynb"
    results = Place(copy, STUDY, SCENARIO).path("results")
    helpers = f"HELPERS=env PYTHONPATH={copy / 'src'} .venv/bin/python -m helpers.cli"
    make = ["make", "-C", str(copy), "book", helpers]

    def book() -> None:
        _done(make, copy)

    def papermill() -> None:
        papermill_one_by_one(copy)

    def remove() -> None:
        shutil.rmtree(built, ignore_errors=True)

    def nothing() -> None: ...

    def answers(call: Callable[[], None], before: Callable[[], None]) -> Callable[[], dict]:
        def ask() -> dict:
            before()
            call()
            found = tables(results)
            reference.setdefault("tables", found)
            return {"results tables": [lines_that_differ(reference["tables"], found)]}

        return ask

    reference: dict = {}
    cold = Contender(
        "make book, cold", answers(book, remove), lambda repeats: clocked(book, remove, repeats),
        note="nothing built; caches of Python and matplotlib warm",
    )  # fmt: skip
    one_by_one = Contender(
        f"papermill command, {len(NOTEBOOKS)} notebooks one after the other", answers(papermill, remove),
        lambda repeats: clocked(papermill, remove, repeats),
        note="the notebooks alone: neither a book nor the page on agreement with R",
    )  # fmt: skip
    # Papermill comes last: what it leaves is no book that could be brought up to date.
    same = Contender(
        "make book, nothing changed", answers(book, nothing), lambda repeats: clocked(book, nothing, NOTHING)
    )
    changed = Contender(
        f"make book, one notebook changed ({CHANGED})", answers(book, notebook.touch),
        lambda repeats: clocked(book, notebook.touch, ONE), note="and what reads its results",
    )  # fmt: skip
    processors = len(os.sched_getaffinity(0))
    about = f"the study {STUDY}, scenario {SCENARIO}, {processors} processors; ratio to the cold make book"
    return compare("The whole book", about, cold, [same, changed, one_by_one], SAME, repeats)


def copy_checkout(root: Path, copy: Path) -> None:
    """The files that git knows or would add, with their times; the environment and its caches are shared."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True)
    shutil.rmtree(copy, ignore_errors=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (root / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copy / name)
    for shared in (".venv", ".cache"):
        (copy / shared).symlink_to(root / shared, target_is_directory=True)
    compileall.compile_dir(copy / "src", quiet=2)


def papermill_one_by_one(copy: Path) -> None:
    """Run the notebooks with the parameters that `make book` gives them."""
    where = Place(copy, STUDY, SCENARIO)
    parameters = where.path("parameters.yaml")
    parameters.parent.mkdir(parents=True, exist_ok=True)
    # JSON is YAML.
    parameters.write_text(json.dumps(run_parameters(where, load_scenario(SCENARIO).as_dict())), encoding="utf-8")
    for name in NOTEBOOKS:
        output = where.path("notebooks", f"{name}.ipynb")
        output.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "papermill", "--no-progress-bar", "-f", str(parameters)]
        command += ["--cwd", "notebooks", "-k", "python3", f"notebooks/{name}.ipynb", str(output)]
        _done(command, copy)


def tables(results: Path) -> dict[str, list[str]]:
    """Lines of each results table."""
    return {path.name: path.read_text(encoding="utf-8").splitlines() for path in sorted(results.glob("*.csv"))}


def lines_that_differ(ours: dict[str, list[str]], theirs: dict[str, list[str]]) -> float:
    """How many lines differ, all those of a table that one of them lacks; infinite when there is nothing to compare.

    >>> lines_that_differ({"a.csv": ["x", "1"]}, {"a.csv": ["x", "2"]}), lines_that_differ({}, {})
    (1.0, inf)
    """
    if not ours:
        return float("inf")
    count = 0
    for name in {*ours, *theirs}:
        left, right = ours.get(name, []), theirs.get(name, [])
        count += sum(a != b for a, b in zip(left, right, strict=False)) + abs(len(left) - len(right))
    return float(count)


def _done(command: list[str], copy: Path) -> None:
    # What was given to an outer make (STUDY=..., -j) is not for the inner one.
    every = job_environment(copy)
    without_make = {name: value for name, value in every.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(command, cwd=copy, env=without_make, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FailedError("; ".join((done.stderr or done.stdout).strip().splitlines()[-3:]))
