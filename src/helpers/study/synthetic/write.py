"""Write the synthetic study folder, whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from .design import TEMPLATE, descriptor


def write_cohort(folder: str | Path, cohort: Mapping[str, pd.DataFrame], stated: Mapping[str, str]) -> list[Path]:
    """Write descriptor and tables of a cohort into ``folder`` (made when missing); returns the files.

    ``stated`` replaces words of the descriptor's template: each key, where it stands, by its value.

    Same cohort, same bytes: UTF-8, line feeds, the descriptor's columns, an empty field for what is missing. Every file
    is written to a temporary folder beside its place first and only then moved, the descriptor last, so that a
    failure before the moves leaves the folder as it was. Raises ``OSError`` when the folder cannot be written.

    >>> import tempfile
    >>> from helpers.study.synthetic import make_cohort
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_cohort(folder, make_cohort(1), {})]
    ['participants.csv', 'assessments.csv', 'analytes.csv', 'infusions.csv', 'datapackage.json']
    """
    folder = Path(folder)
    paths = {resource["name"]: resource["path"] for resource in descriptor()["resources"]}
    contents = {path: cohort[name].to_csv(index=False, lineterminator="\n") for name, path in paths.items()}
    contents["datapackage.json"] = _descriptor_text(stated)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".synthetic-", dir=folder) as staging:
        for name, text in contents.items():
            Path(staging, name).write_bytes(text.encode("utf-8"))
        for name in contents:
            Path(staging, name).replace(folder / name)
    return [folder / name for name in contents]


def _descriptor_text(stated: Mapping[str, str]) -> str:
    """The package's descriptor, its layout kept, with what is stated of this cohort in it."""
    text = TEMPLATE.read_text(encoding="utf-8")
    for words, instead in stated.items():
        text = text.replace(words, instead)
    return text
