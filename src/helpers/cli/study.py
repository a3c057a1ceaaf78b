"""`make study`: where a study of one's own goes, and which of the two runs is due."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from helpers.analysis.places import project_root
from helpers.cli.errors import UsageError
from helpers.study.intake import convert_study, start_study
from helpers.study.intake.mapping import FILE
from helpers.study.intake.study import Outcome
from helpers.study.intake.write_mapping import default_name

OWN = "data/own"
# Folders of the checkout that git ignores.
IGNORED = (OWN, "build")


def make_study(files: Sequence[str], study: str | None, root: Path | None = None) -> Outcome:
    """Start a study from files, or convert it when its mapping is there.

    Raises
    ------
    UsageError
        No file and no mapping, or a folder that git would take in.
    StudyError
        What is wrong with the files or the mapping.
    """
    root = root or project_root()
    paths = [Path(name).expanduser() for text in files for name in split(text)]
    folder = study_folder(paths, study, root)
    shown = folder.relative_to(root).as_posix() if folder.is_relative_to(root) else str(folder)
    if (folder / FILE).is_file():
        return convert_study(folder, shown, paths)
    if not paths:
        raise UsageError(f'{shown}: no {FILE} in it; start with make study FROM="trial.sav" STUDY={shown}')
    started = start_study(paths, folder, shown)
    return Outcome(started.path, (*started.lines, *_warnings(paths, root)))


def split(text: str) -> list[str]:
    """The files of one argument: a path as it is, or several with blanks between them, quoted as a shell has it.

    Examples
    --------
    >>> split("trial.sav 'my labs.xlsx'")
    ['trial.sav', 'my labs.xlsx']
    """
    if Path(text).expanduser().is_file():
        return [text]
    try:
        return shlex.split(text)
    except ValueError:
        raise UsageError(f"FROM: {text}: a quotation mark is missing") from None


def study_folder(paths: Sequence[Path], study: str | None, root: Path) -> Path:
    """The study folder: as named, or ``data/own/`` and the name of the first file.

    Raises
    ------
    UsageError
        Nothing names it, or it lies where git would take it in.
    """
    if not study and not paths:
        raise UsageError('make study: expected FROM="trial.sav labs.xlsx" to start, or STUDY=data/own/NAME to convert')
    given = Path(study).expanduser() if study else Path(OWN) / default_name(paths[0])
    folder = given if given.is_absolute() else root / given
    inside = folder.relative_to(root).as_posix() if folder.is_relative_to(root) else ""
    if folder == root or (inside and not inside.startswith(tuple(f"{name}/" for name in IGNORED))):
        raise UsageError(f"study {study!r}: git would take it in; name a folder in {OWN}/, or one outside the checkout")
    return folder


def _warnings(paths: Sequence[Path], root: Path) -> list[str]:
    """Files that lie in the checkout and that git does not ignore."""
    inside = [path.absolute() for path in paths if path.absolute().is_relative_to(root)]
    seen = [path.name for path in inside if not ignored(path, root)]
    return [f"take care: git could take in {name}, which lies in the checkout; move it to {OWN}/" for name in seen]


def ignored(path: Path, root: Path) -> bool:
    """Whether git ignores a path; true without git, which then cannot take it in either."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), "check-ignore", "-q", str(path)], check=False, capture_output=True
        )
    except FileNotFoundError:
        return True
    return done.returncode != 1
