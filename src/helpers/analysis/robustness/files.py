"""Where the files of a multiverse are, and whether they belong to the tables, claims and settings at hand."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

from helpers.analysis.places import folder_name, project_root
from helpers.analysis.scenarios import load_scenario

SHARES, CURVES, DIGESTS = "shares.csv", "curves.parquet", "data.sha256"
FILES = (SHARES, CURVES, DIGESTS)
DESCRIPTOR = "datapackage.json"
# What sets seed, alpha and resamples of every specification and every simulated cohort.
SCENARIO = "published"


def places(root: Path, study: Path, kind: str = "multiverse") -> list[Path]:
    """Where a study's multiverse (or other grid) can be: first this machine's, last that of the study it is a copy of.

    >>> [path.as_posix() for path in places(Path("/here"), Path("/here/data/pbc"))]
    ['/here/build/pbc/multiverse', '/here/data/multiverse/pbc']
    """
    inside = study.relative_to(root).as_posix() if study.is_relative_to(root) else str(study)
    name, committed = folder_name(inside, "data"), root / "data" / kind
    others = (folder for folder in sorted(committed.glob("*")) if folder.name != name and _describes(folder, study))
    return [root / "build" / name / kind, committed / name, *others]


def _describes(folder: Path, study: Path) -> bool:
    """Whether a multiverse was computed from a study with the very descriptor of this one."""
    descriptor, known = study / DESCRIPTOR, folder / DIGESTS
    return descriptor.is_file() and known.is_file() and _line(descriptor) in known.read_text(encoding="utf-8")


def kept_files(root: Path, study: Path, kind: str = "multiverse", names: Sequence[str] = FILES) -> list[str]:
    """The files that a chapter on the multiverse reads, relative to the checkout; none where nothing was computed."""
    complete = (folder for folder in places(root, study, kind) if whole(folder, names))
    return [(folder / name).relative_to(root).as_posix() for folder in complete for name in names]


def whole(folder: Path, names: Sequence[str] = FILES) -> bool:
    """Whether a folder holds all files of a multiverse."""
    return all((folder / name).is_file() for name in names)


def belonging(run, kind: str, names: Sequence[str], claims: Path | None) -> tuple[Path | None, str]:
    """The folder of a grid that was computed from the run's tables (and claims), or None and why there is none."""
    if run.disclosure:
        return None, "it is left out of what is shared under disclosure control"
    if run.folder is None:
        return None, "the study is in no folder"
    tables = sorted(path for path in run.folder.iterdir() if path.suffix in (".csv", ".json"))
    wanted = digests(tables, claims)
    folders = [folder for folder in places(project_root(), run.folder, kind) if whole(folder, names)]
    for folder in folders:
        if (folder / DIGESTS).read_text(encoding="utf-8") == wanted:
            return folder, ""
    if folders:
        sources = "other tables, claims or settings" if kind == "multiverse" else "other tables or settings"
        return None, f"what is at hand comes from {sources}; `make {kind}` renews it"
    return None, f"it has not been computed for this study; `make {kind}` does so"


def digests(tables: Iterable[Path], claims: Path | None) -> str:
    """SHA-256 of each table of a study, of what its ledger states and of the scenario's settings, one a line.

    Names are without folders: a study that is copied elsewhere is the same study. Of the ledger only what a
    multiverse answers counts, so that a better wording makes nothing stale.
    """
    lines = [_line(path) for path in tables]
    if claims is not None:
        lines.append(f"{_stated(claims, claims.stat().st_mtime_ns)}  {claims.name}")
    lines.append(f"{_digest(asdict(load_scenario(SCENARIO)))}  {SCENARIO}.yaml")
    return "\n".join(lines) + "\n"


def _line(path: Path) -> str:
    return f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"


@cache
def _stated(path: Path, _changed: int) -> str:
    """Digest of what a ledger says that can be answered: identifiers, figures and rows, without places and words."""
    import yaml

    names = ("id", "printed", "row", "read", "sign")
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return _digest([[entry.get(name) for name in names] for entry in entries])


def _digest(values: object) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
