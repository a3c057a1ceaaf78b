"""What each step of a build read and made, by digest: what is not so any more is made again.

Snakemake goes by modification times. They do not tell of a results file that somebody edited or that was cut short
when the machine lost its power, nor of a change made while the clock was wrong. Beside its products each notebook
therefore leaves a note; before a build, steps whose note does not hold are made to run again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.cli import layout
from helpers.cli.downloads import PICTURES
from helpers.cli.layout import AGREEMENT, NOTEBOOKS, Place, write_text
from helpers.cli.transform import exhibits

BOOK = "book"
LOCK = "requirements.lock"
AGREEMENT_NOTE = "build/agreement.json"


def digests(root: Path, names: Iterable[str]) -> dict[str, str]:
    """SHA-256 by name; of a file that is not there, that it is missing."""
    lines = layout.digest_of(root, dict.fromkeys(names)).splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def reads(where: Place, step: str) -> dict[str, str]:
    """What a notebook, or the book, is made from, by digest."""
    common = [*where.study_files(), *where.ledger_files(), where.scenario_file(), *where.control_files()]
    common += [*layout.package_files(where.root), LOCK]
    if step == BOOK:
        own = [name for notebook in NOTEBOOKS for name in layout.outputs(where, notebook)]
        own += [AGREEMENT, *layout.book_files(where.root)]
    else:
        own = [f"notebooks/{step}.ipynb", *layout.upstream_outputs(where, step), *layout.further_inputs(where, step)]
    return digests(where.root, [*own, *common])


def made(where: Place, notebook: str) -> list[str]:
    """The files of a notebook: its outputs, and those of the figures and tables that its executed copy names."""
    executed = where.path("notebooks", f"{notebook}.ipynb")
    files: list[str] = []  # of marks that lack something, the book says what
    for exhibit in exhibits(json.loads(executed.read_text(encoding="utf-8"))):
        if exhibit.kind == "figure":
            files += [Path(exhibit.file).with_suffix(ending).as_posix() for ending in PICTURES.values()]
        else:
            files += [exhibit.file, *(f"tables/{exhibit.name}.{ending}" for ending in ("csv", "html"))]
    return [*layout.outputs(where, notebook), *(f"{where.folder}/{name}" for name in dict.fromkeys(files))]


def write(where: Place, step: str, read: dict[str, str]) -> None:
    """Leave the note of a step that has ended; ``read`` is from before it began.

    What changed meanwhile is so taken for something it has not read.
    """
    files = [] if step == BOOK else made(where, step)
    write_text(_path(where, step), json.dumps({"read": read, "made": digests(where.root, files)}, indent=0) + "\n")


def spoilt(where: Place, notebook: str) -> list[str]:
    """Files of a notebook that are not as it left them: edited, cut short, or gone."""
    note = _note(where, notebook)
    if note is None:
        return []
    if not note:
        return [_path(where, notebook).relative_to(where.root).as_posix()]
    now = digests(where.root, note["made"])
    return [name for name, digest in note["made"].items() if now[name] != digest]


def outdated(where: Place, step: str) -> bool:
    """Whether what a step read is not what it would read now, whatever the files' times say."""
    note = _note(where, step)
    return note is not None and note.get("read") != reads(where, step)


def write_agreement(root: Path) -> None:
    """Leave the note of the comparison with other programs, which all studies share."""
    read = digests(root, [*layout.model_files(root), LOCK])
    text = json.dumps({"read": read, "made": digests(root, [AGREEMENT])}, indent=0) + "\n"
    write_text(root / AGREEMENT_NOTE, text)


def agreement_is_spoilt(root: Path) -> bool:
    """Whether that comparison was edited or cut short, or what it reads has changed."""
    note = _read(root / AGREEMENT_NOTE)
    now = {"read": digests(root, [*layout.model_files(root), LOCK]), "made": digests(root, [AGREEMENT])}
    return note is not None and note != now


def tree_digest(folder: Path) -> str:
    """SHA-256 over the names and contents of all files of a folder."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return total.hexdigest()


def _path(where: Place, step: str) -> Path:
    return where.path("notes", f"{step}.json")


def _note(where: Place, step: str) -> dict[str, Any] | None:
    return _read(_path(where, step))


def _read(path: Path) -> dict[str, Any] | None:
    """A note; none where there is none, empty where it cannot be read."""
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        return note if {"read", "made"} <= set(note) else {}
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        return {}
