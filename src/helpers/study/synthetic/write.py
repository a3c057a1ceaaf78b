"""Write the synthetic study folder, whole or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path

from . import parameters as p
from .cohort import make_cohort
from .design import TEMPLATE, descriptor


def write_cohort(folder: str | Path, seed: int = p.SEED) -> list[Path]:
    """Write descriptor and tables of the cohort with ``seed`` into ``folder`` (made when missing); returns the files.

    Same seed, same bytes: UTF-8, line feeds, the descriptor's columns, an empty field for what is missing. Every file
    is written to a temporary folder beside its place first and only then moved, the descriptor last, so that a
    failure before the moves leaves the folder as it was. Raises ``OSError`` when the folder cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_cohort(folder, seed=1)]
    ['participants.csv', 'assessments.csv', 'analytes.csv', 'infusions.csv', 'datapackage.json']
    """
    folder = Path(folder)
    contents = _contents(seed)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".synthetic-", dir=folder) as staging:
        for name, text in contents.items():
            Path(staging, name).write_bytes(text.encode("utf-8"))
        for name in contents:
            Path(staging, name).replace(folder / name)
    return [folder / name for name in contents]


def _contents(seed: int) -> dict[str, str]:
    cohort = make_cohort(seed)
    paths = {resource["name"]: resource["path"] for resource in descriptor()["resources"]}
    tables = {path: cohort[name].to_csv(index=False, lineterminator="\n") for name, path in paths.items()}
    return tables | {"datapackage.json": _descriptor_text(seed)}


def _descriptor_text(seed: int) -> str:
    """The package's descriptor, its layout kept, with the seed of this cohort in it."""
    return TEMPLATE.read_text(encoding="utf-8").replace('"seed": 0', f'"seed": {int(seed)}')
