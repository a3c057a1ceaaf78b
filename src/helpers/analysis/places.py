"""Where things are, whichever folder a notebook or a command starts in."""

from __future__ import annotations

from pathlib import Path


def project_root(start: Path | None = None) -> Path:
    """The checkout: the nearest folder upwards that holds ``notebooks/`` and ``scenarios/``.

    Falls back on the checkout that this package is installed from (editable installs), so that a notebook copied
    elsewhere still finds the studies.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents, *Path(__file__).resolve().parents):
        if (folder / "notebooks").is_dir() and (folder / "scenarios").is_dir():
            return folder
    return start


def resolve(path: str | Path) -> Path:
    """A path as the user gave it: absolute, or relative to the checkout."""
    path = Path(path).expanduser()
    return path if path.is_absolute() else project_root() / path
