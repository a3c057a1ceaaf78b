"""Contenders that run in R; where R or a package is not installed, they are absent."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from .compare import AbsentError, Contender, FailedError

SCRIPTS = Path(__file__).parent / "r"


def in_r(name: str, script: str, task: str, table: Path, **more) -> Contender:
    """A contender that a script of `r/` runs on a table; timed inside R, without R's start, after one untimed run."""
    return Contender(
        name,
        lambda: ask(script, task, table, 0)["answers"],
        lambda repeats: tuple(ask(script, task, table, repeats)["seconds"]),
        **more,
    )


def ask(script: str, task: str, table: Path, repeats: int) -> dict:
    """What a script answers.

    Raises
    ------
    AbsentError
        There is no R, or not the package.
    FailedError
        R failed; its last line.
    """
    rscript = shutil.which("Rscript")
    if rscript is None:
        raise AbsentError("no Rscript on this machine")
    command = [rscript, str(SCRIPTS / script), task, str(table), str(repeats)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise FailedError(f"{script} {task}: {(done.stderr.strip().splitlines() or ['no message'])[-1]}")
    # R writes a missing value as NA.
    found = json.loads(re.sub(r"\bNA\b", "NaN", done.stdout))
    if "absent" in found:
        raise AbsentError(found["absent"])
    return found


@cache
def r_versions(*packages: str) -> dict[str, str]:
    """Versions of R and of its packages; those that are not there are absent."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return dict.fromkeys(["R", *packages], "absent")
    version = 'tryCatch(as.character(packageVersion("%s")), error = function(e) "absent")'
    calls = ["as.character(getRversion())", *(version % name for name in packages)]
    command = [rscript, "-e", f'cat({", ".join(calls)}, sep = "\\n")']
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(zip(["R", *packages], done.stdout.split(), strict=True))
