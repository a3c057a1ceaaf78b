"""Which commit of the checkout a build is of, and whether the tree was clean."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Commit:
    """The state of a checkout.

    Attributes
    ----------
    name : str
        Full name of the commit; empty where there is no version control.
    date : str
        Its day.
    changed : tuple of str
        Tracked files that were changed since.
    """

    name: str = ""
    date: str = ""
    changed: tuple[str, ...] = ()

    def in_words(self) -> str:
        """One line of it.

        >>> Commit().in_words(), Commit("3605428aa0c", "2026-11-30", ("README.md",)).in_words()
        ('not under version control', 'commit 3605428aa0 of 2026-11-30, and 1 file changed since: README.md')
        """
        if not self.name:
            return "not under version control"
        said = f"commit {self.name[:10]} of {self.date}"
        if not self.changed:
            return f"{said}, nothing changed since"
        named = ", ".join(self.changed[:3]) + (", …" if len(self.changed) > 3 else "")
        return f"{said}, and {len(self.changed)} file{'s' * (len(self.changed) > 1)} changed since: {named}"


def commit_of(root: Path) -> Commit:
    """The commit of a checkout; none where ``root`` is not the top of one, or there is no git."""
    if not (root / ".git").exists():
        return Commit()
    said = _git(root, "log", "-1", "--format=%H %cs").split()
    if len(said) != 2:
        return Commit()
    states = _git(root, "status", "--porcelain", "--untracked-files=no", "-z").split("\0")
    return Commit(*said, tuple(state[3:] for state in states if state))


def _git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout
