"""Where things are, whichever folder a notebook or a command starts in."""

from __future__ import annotations

import hashlib
import re
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


def folder_name(path: str, home: str) -> str:
    """Name of a study or scenario in ``build/``: plain when it is in its usual home, else with a digest of its path.

    Two folders called ``trial`` in different places must not share results.

    Examples
    --------
    >>> folder_name("data/pbc", "data"), folder_name("data/own/trial", "data"), folder_name("published", "scenarios")
    ('pbc', 'own-trial', 'published')
    >>> folder_name("/home/me/my trial", "data")
    'my-trial-ab5a40'
    """
    given = Path(path)
    given = given.with_suffix("") if given.suffix in (".yaml", ".yml") else given
    if given.parts[0] == home and len(given.parts) > 1:
        return _plain("-".join(given.parts[1:]))
    if home == "scenarios" and path == given.name:
        return _plain(path)
    return f"{_plain(given.name)}-{hashlib.sha256(path.encode()).hexdigest()[:6]}"


def _plain(name: str) -> str:
    return re.sub(r"[^\w.-]+", "-", name)
