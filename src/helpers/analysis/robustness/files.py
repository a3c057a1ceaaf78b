"""Where the files of a multiverse are, and whether they belong to the tables and claims at hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from helpers.analysis.places import folder_name

SHARES, CURVES, DIGESTS = "shares.csv", "curves.parquet", "data.sha256"
FILES = (SHARES, CURVES, DIGESTS)
DESCRIPTOR = "datapackage.json"


def places(root: Path, study: Path) -> list[Path]:
    """Where the multiverse of a study can be, first that of this machine, last that of the study it is a copy of.

    >>> [path.as_posix() for path in places(Path("/here"), Path("/here/data/pbc"))]
    ['/here/build/pbc/multiverse', '/here/data/multiverse/pbc']
    """
    inside = study.relative_to(root).as_posix() if study.is_relative_to(root) else str(study)
    name, committed = folder_name(inside, "data"), root / "data" / "multiverse"
    others = (folder for folder in sorted(committed.glob("*")) if folder.name != name and _describes(folder, study))
    return [root / "build" / name / "multiverse", committed / name, *others]


def _describes(folder: Path, study: Path) -> bool:
    """Whether a multiverse was computed from a study with the very descriptor of this one."""
    descriptor, known = study / DESCRIPTOR, folder / DIGESTS
    return descriptor.is_file() and known.is_file() and _line(descriptor) in known.read_text(encoding="utf-8")


def kept_files(root: Path, study: Path) -> list[str]:
    """The files that a chapter on the multiverse reads, relative to the checkout; none where nothing was computed."""
    complete = (folder for folder in places(root, study) if whole(folder))
    return [(folder / name).relative_to(root).as_posix() for folder in complete for name in FILES]


def whole(folder: Path) -> bool:
    """Whether a folder holds all files of a multiverse."""
    return all((folder / name).is_file() for name in FILES)


def digests(tables: Iterable[Path], claims: Path | None) -> str:
    """SHA-256 of each table of a study and of what its ledger states, one a line.

    Names are without folders: a study that is copied elsewhere is the same study. Of the ledger only what a
    multiverse answers counts, so that a better wording makes nothing stale.
    """
    lines = [_line(path) for path in tables]
    if claims is not None:
        lines.append(f"{_stated(claims, claims.stat().st_mtime_ns)}  {claims.name}")
    return "\n".join(lines) + "\n"


def _line(path: Path) -> str:
    return f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"


@cache
def _stated(path: Path, _changed: int) -> str:
    """Digest of what a ledger says that can be answered: identifiers, figures and rows, without places and words."""
    import yaml

    names = ("id", "printed", "row", "read", "sign")
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    said = [[entry.get(name) for name in names] for entry in entries]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
