"""What `make multiverse` found, as it is kept for the book: shares of all claims, every specification of the main ones.

Three files stand in one folder: ``shares.csv`` (one row a claim), ``curves.parquet`` (one row a main claim and
specification) and ``data.sha256`` (digests of what they were computed from). Those of the bundled studies are committed
under ``data/multiverse``; a run on this machine, in ``build``, comes before them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from helpers.analysis.places import folder_name, project_root

SHARES, CURVES, DIGESTS = "shares.csv", "curves.parquet", "data.sha256"
FILES = (SHARES, CURVES, DIGESTS)
TEXT = ("family", "claim", "choice", "nearest")


@dataclass(frozen=True, eq=False)
class Kept:
    """A multiverse that was run before.

    Attributes
    ----------
    shares : DataFrame
        One row a claim: see :func:`helpers.cli.shares.shares`.
    curves : DataFrame
        One row a main claim and specification: ``claim``, ``family``, ``key``, ``position`` in the grid (0 is the
        paper's own), the numbers, ``stands``, ``printed``.
    missing : str
        Why there is nothing; empty where there is something.
    """

    shares: pd.DataFrame = field(default_factory=pd.DataFrame)
    curves: pd.DataFrame = field(default_factory=pd.DataFrame)
    missing: str = ""

    @property
    def main(self) -> list[str]:
        """The claims of which every specification is kept, in the order of the grid's file."""
        return [] if self.missing else list(dict.fromkeys(self.curves["claim"]))


def read_kept(run) -> Kept:
    """The multiverse of a run's study, if there is one and it was computed from the same tables and claims."""
    if run.disclosure:
        return Kept(missing="it is left out of what is shared under disclosure control")
    if run.folder is None:
        return Kept(missing="the study is in no folder")
    root = project_root()
    tables = sorted(path for path in run.folder.iterdir() if path.suffix in (".csv", ".json"))
    wanted = digests(tables, _claims(run, root))
    folders = [folder for folder in places(root, run.folder) if _whole(folder)]
    for folder in folders:
        if (folder / DIGESTS).read_text(encoding="utf-8") == wanted:
            return Kept(*_read(folder))
    if folders:
        return Kept(missing="what is at hand comes from other tables or other claims; `make multiverse` renews it")
    return Kept(missing="it has not been computed for this study; `make multiverse` does so")


def places(root: Path, study: Path) -> list[Path]:
    """Where the multiverse of a study can be, first that of this machine.

    >>> [path.as_posix() for path in places(Path("/here"), Path("/here/data/pbc"))]
    ['/here/build/pbc/multiverse', '/here/data/multiverse/pbc']
    """
    inside = study.relative_to(root).as_posix() if study.is_relative_to(root) else str(study)
    name = folder_name(inside, "data")
    return [root / "build" / name / "multiverse", root / "data" / "multiverse" / name]


def kept_files(root: Path, study: Path) -> list[str]:
    """The files that a chapter on the multiverse reads, relative to the checkout; none where nothing was computed."""
    whole = (folder for folder in places(root, study) if _whole(folder))
    return [(folder / name).relative_to(root).as_posix() for folder in whole for name in FILES]


def digests(tables: Iterable[Path], claims: Path | None) -> str:
    """SHA-256 of each table of a study and of what its ledger states, one a line.

    Names are without folders: a study that is copied elsewhere is the same study. Of the ledger only what a
    multiverse answers counts, so that a better wording makes nothing stale.
    """
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in tables]
    if claims is not None:
        lines.append(f"{_stated(claims, claims.stat().st_mtime_ns)}  {claims.name}")
    return "\n".join(lines) + "\n"


@cache
def _stated(path: Path, _changed: int) -> str:
    """Digest of what a ledger says that can be answered: identifiers, figures and rows, without places and words."""
    import yaml

    names = ("id", "printed", "row", "read", "sign")
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    said = [[entry.get(name) for name in names] for entry in entries]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _claims(run, root: Path) -> Path | None:
    name = run.study.descriptor.claims
    return root / "data" / "claims" / f"{name}.yaml" if name else None


def _whole(folder: Path) -> bool:
    return all((folder / name).is_file() for name in FILES)


def _read(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    shares = pd.read_csv(folder / SHARES, dtype=dict.fromkeys(TEXT, "string")).fillna(dict.fromkeys(TEXT, ""))
    with duckdb.connect() as connection:
        connection.execute("SET threads=1")
        ordered = "SELECT * EXCLUDE place FROM read_parquet(?) ORDER BY place, position"
        return shares, connection.execute(ordered, [str(folder / CURVES)]).df()


def choices_of(key: str) -> dict[str, Any]:
    """The choices that a specification's key names.

    >>> choices_of('change; pain={"vas": 4}; adjustment="none"')
    {'pain': {'vas': 4}, 'adjustment': 'none'}
    """
    parts = (part.partition("=") for part in key.split("; ")[1:])
    return {name: json.loads(value) for name, _, value in parts}


def values_of(keys: Iterable[str]) -> Mapping[str, list]:
    """The values of each choice among some keys, in the order in which they come.

    >>> values_of(['change; adjustment="none"', 'change; adjustment="holm"'])
    {'adjustment': ['none', 'holm']}
    """
    found: dict[str, list] = {}
    for key in keys:
        for name, value in choices_of(key).items():
            if value not in found.setdefault(name, []):
                found[name].append(value)
    return found
