"""Whether a build has anything to do, told from its files alone: the workflow's own start takes longer than that.

After a build that succeeded, the build folder holds one line a file: modification time, size and name of everything
that was read, as it was before the build, and of everything that is kept, as it was after. While every line holds,
there is nothing to do. When one does not (a file was changed, touched, replaced by an older one, removed, added), the
workflow decides what runs, as if there were no such record.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from helpers.cli import layout
from helpers.cli.layout import NOTEBOOKS, Place, write_text

RECORD = "current.txt"
SKEW = 30  # seconds
# Of a build folder: what the workflow makes for readers, and what the book was compiled from.
KEPT = ("notebooks", "results", "tables", "figures", "html", "book-src")
SINGLE = ("book.done", "values.json", layout.VERDICTS)


def inputs(where: Place) -> list[str]:
    """Everything that the workflow's rules read and do not make; see ``Snakefile``."""
    fixed = ["Snakefile", "requirements.lock", "pyproject.toml", *(f"notebooks/{name}.ipynb" for name in NOTEBOOKS)]
    further = (name for notebook in NOTEBOOKS for name in layout.further_inputs(where, notebook))
    return [
        *fixed,
        *where.study_files(),
        *where.ledger_files(),
        where.scenario_file(),
        *where.control_files(),
        f"{where.folder}/inputs.sha256",
        *further,
        *layout.package_files(where.root),
        *layout.model_files(where.root),
        *layout.book_files(where.root),
    ]


def outputs(where: Place) -> list[str]:
    """Everything of a build that is kept, the agreement with other programs too."""
    folders = (where.path(name) for name in KEPT)
    files = (path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file())
    kept = sorted(path.relative_to(where.root).as_posix() for path in files)
    return [layout.AGREEMENT, *(f"{where.folder}/{name}" for name in SINGLE), *kept]


def states(root: Path, names: Iterable[str]) -> str:
    """One line a file; one that is not there has a line of its own kind.

    >>> states(Path("/"), ["no/such/file"])
    'missing no/such/file\\n'
    """
    return "".join(f"{line}\n" for line in _lines(root, names))


def _lines(root: Path, names: Iterable[str]) -> Iterator[str]:
    for name in dict.fromkeys(names):
        try:
            found = (root / name).stat()
        except OSError:
            yield f"missing {name}"
        else:
            yield f"{found.st_mtime_ns} {found.st_size} {name}"


def to_come(root: Path, names: Iterable[str]) -> list[str]:
    """Files that were changed later than now, beyond what clocks of one network differ by."""
    latest = time.time() + SKEW
    return [name for name in dict.fromkeys(names) if (root / name).is_file() and (root / name).stat().st_mtime > latest]


def is_current(where: Place, before: str) -> bool:
    """Whether a build that succeeded left the files as they are; ``before`` is the state of the inputs."""
    record = where.path(RECORD)
    if not record.is_file() or not (where.html / "index.html").is_file():
        return False
    return record.read_text(encoding="utf-8") == before + states(where.root, outputs(where))


def record(where: Place, before: str) -> None:
    """Keep the state after a build that succeeded; what changed while it ran is not in ``before``, and is noticed."""
    write_text(where.path(RECORD), before + states(where.root, outputs(where)))
