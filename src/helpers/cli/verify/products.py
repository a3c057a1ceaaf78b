"""What a build leaves for people: the files whose bytes are compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from helpers.cli.layout import AGREEMENT, Place, file_digest

# In a run's build folder; what else is there (logs, locks, Sphinx's working files) is of no use to anybody afterwards.
FOLDERS = ("html", "notebooks", "results", "tables", "figures", "supplement")
FILES = ("values.json", "verdicts.md", "check.html", "check.json")


def products(where: Place) -> dict[str, str]:
    """SHA-256 by name, of every file of a run's book, executed notebooks, results, tables, figures and supplement.

    Names are relative to the run's build folder, but for the table of agreement with R, which all runs share.
    """
    found = dict(_files(where.path()))
    return {name: file_digest(found[name]) for name in sorted(found)} | _shared(where)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for name in FOLDERS:
        top = (folder / name).resolve()  # the book is a link to its folder
        for path in top.rglob("*"):
            if path.is_file():
                yield f"{name}/{path.relative_to(top).as_posix()}", path
    for name in FILES:
        if (folder / name).is_file():
            yield name, folder / name


def _shared(where: Place) -> dict[str, str]:
    path = where.root / AGREEMENT
    return {path.name: file_digest(path)} if path.is_file() else {}


def differing(first: Mapping[str, str], second: Mapping[str, str]) -> list[str]:
    """Names of the files that are in one only, or not the same, each with which of it.

    >>> differing({"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "2", "d": "1"})
    ['b', 'c (in the first only)', 'd (in the second only)']
    """
    changed = {name: name for name in first.keys() & second.keys() if first[name] != second[name]}
    alone = {name: f"{name} (in the first only)" for name in first.keys() - second.keys()}
    other = {name: f"{name} (in the second only)" for name in second.keys() - first.keys()}
    return [text for _, text in sorted((changed | alone | other).items())]
