"""What no commit may hold: outputs in notebooks, data of people outside the public studies, secrets.

``python -m helpers.cli.hygiene`` looks at every file that git tracks, or at those named, as a hook names them.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

from helpers.analysis.places import project_root

# Endings of files that may hold people's values. What stands below is public, made, or about no single person.
DATA = frozenset(
    [
        ".csv",
        ".tsv",
        ".tab",
        ".dat",
        ".xls",
        ".xlsx",
        ".xlsm",
        ".ods",
        ".sav",
        ".zsav",
        ".por",
        ".dta",
        ".sas7bdat",
        ".xpt",
        ".rds",
        ".rda",
        ".rdata",
        ".parquet",
        ".feather",
        ".arrow",
        ".h5",
        ".hdf5",
        ".npy",
        ".npz",
        ".pkl",
        ".pickle",
        ".db",
        ".sqlite",
        ".duckdb",
        ".mat",
        ".zip",
        ".gz",
        ".bz2",
        ".xz",
        ".7z",
        ".tar",
    ]
)
PUBLIC = (
    "data/synthetic/*",
    "data/pbc/*",
    "data/witnesses/*",  # made cohorts, as the synthetic one
    "data/multiverse/synthetic/*",  # rows of results
    "data/design/synthetic/*",
    "book/faults.csv",  # what tests of builds found
    "tests/oracles/input/*",  # simulated trials, and public examples of R packages
    "tests/oracles/output/*",
)
SECRETS = {
    "a private key": r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----",
    "a key of Amazon": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "a token of GitHub": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b",
    "a token of GitLab": r"\bglpat-[\w-]{20,}\b",
    "a token of Slack": r"\bxox[abprs]-[A-Za-z0-9-]{10,}\b",
    "a token of PyPI": r"\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}",
    "a key of Google": r"\bAIza[\w-]{35}\b",
    "a key of a model service": r"\bsk-(?:ant-|proj-)?[\w-]{32,}",
    "a web token": r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "a password in an address": r"\b[a-z][a-z0-9+.-]*://[^\s/:@'\"{}$<>]+:[^\s/:@'\"{}$<>]{3,}@[\w.-]+",
    "a password or key": r"(?i)\b(?:password|passwd|secret|api_?key|access_?token)\b[\"']?\s*[:=]\s*"
    r"[\"'][^\"'\s{}$<>]{8,}[\"']",
}
NONE = "# no secret"  # behind what only looks like one
_SECRETS = {name: re.compile(pattern) for name, pattern in SECRETS.items()}
LARGEST = 5_000_000  # what is larger is a picture or a table, and told by its name


def problems(root: Path, names: Iterable[str]) -> Iterator[str]:
    """Everything that is wrong with files, one sentence a problem; no secret is repeated."""
    for name in names:
        path = root / name
        if not path.is_file():  # a deletion is committed too
            continue
        if path.suffix.lower() in DATA and not any(fnmatch(name, pattern) for pattern in PUBLIC):
            yield f"{name}: data outside the public studies; move it to data/own/, which git ignores"
        if path.stat().st_size > LARGEST:
            continue
        text = path.read_bytes().decode("utf-8", errors="replace")
        if path.suffix == ".ipynb":
            yield from (f"{name}: {problem}" for problem in notebook_problems(text))
        yield from (f"{name}: {problem}" for problem in secrets(text))


def notebook_problems(text: str) -> Iterator[str]:
    """What a notebook keeps of having been run.

    >>> cell = {"cell_type": "code", "outputs": [], "execution_count": 3, "metadata": {}, "source": "1"}
    >>> list(notebook_problems(json.dumps({"cells": [cell], "metadata": {}})))
    ['cell 1 has been run: clear all outputs and save it']
    """
    try:
        notebook = json.loads(text)
        cells = notebook["cells"]
    except (ValueError, KeyError, TypeError):
        yield "no notebook"
        return
    for number, cell in enumerate(cells, start=1):
        kept = cell.get("outputs") or cell.get("execution_count") is not None
        kept = kept or {"execution", "papermill"} & set(cell.get("metadata", {}))
        if kept:
            yield f"cell {number} has been run: clear all outputs and save it"
        if cell.get("attachments"):
            yield f"cell {number} has an attachment: put the picture into a file"
    for key in sorted({"widgets", "papermill"} & set(notebook.get("metadata", {}))):
        yield f"its metadata hold {key}: clear all outputs and save it"


def secrets(text: str) -> Iterator[str]:
    """Where a text looks like it holds a secret, by line and kind; lines that say they do not are passed over.

    >>> list(secrets("a = 1\\nkey = 'AKIA" + "A" * 16 + "'"))
    ['line 2: a key of Amazon']
    """
    for kind, pattern in _SECRETS.items():
        for found in pattern.finditer(text):
            if NONE not in text[found.start() :].partition("\n")[0]:
                yield f"line {text.count(chr(10), 0, found.start()) + 1}: {kind}"


def tracked(root: Path) -> list[str]:
    """What git tracks, and what is staged; nothing where the folder is no clone."""
    if not (root / ".git").exists():
        return []
    done = subprocess.run(["git", "ls-files", "-z", "--cached"], cwd=root, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name]


def main(names: Sequence[str] | None = None) -> int:
    """Check the files named, or all that git tracks; exit status 1 when something is wrong."""
    root = project_root()
    found = [*problems(root, names or tracked(root))]
    print(*found, sep="\n", end="\n" if found else "", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
