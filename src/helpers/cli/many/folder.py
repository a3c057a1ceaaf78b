"""Where the work on a grid is kept: one folder a kind and study, which outlives every interruption."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.cli.layout import digest_of, files_under, folder_name, write_text
from helpers.cli.many.tasks import Kind, kind_of

# Rows depend on these rooms and on the versions installed, and on nothing that draws or words them.
ROOMS = tuple(f"src/helpers/{room}" for room in ("study", "models", "analysis", "claims"))


@dataclass(frozen=True)
class Folder:
    """The files of one kind of tasks on one study.

    Attributes
    ----------
    root : Path
        The checkout.
    kind, study : str
    options : mapping of str to str
        What else the kind is made from.
    """

    root: Path
    kind: str
    study: str
    options: Mapping[str, str]

    @property
    def name(self) -> str:
        """The folder, relative to the checkout."""
        return f"build/{folder_name(self.study, 'data')}/{self.kind}"

    @property
    def path(self) -> Path:
        """The folder."""
        return self.root / self.name

    @property
    def results(self) -> Path:
        """Everything gathered, one row a statement and task."""
        return self.path / "results.parquet"

    @property
    def parts(self) -> Path:
        """One file a chunk that was done."""
        return self.path / "parts"

    def part(self, chunk: str) -> Path:
        """The rows of a chunk."""
        return self.parts / f"{chunk}.parquet"

    def todo(self, chunk: str) -> Path:
        """The keys of a chunk."""
        return self.path / "todo" / f"{chunk}.json"

    def failed(self, chunk: str) -> Path:
        """Why a chunk failed."""
        return self.path / "failed" / f"{chunk}.txt"

    def load(self) -> Kind:
        """The kind of tasks that is worked on here."""
        return kind_of(self.root, self.kind, self.study, self.options)

    def describe(self) -> None:
        """Leave what a job needs to find its tasks again."""
        text = json.dumps({"kind": self.kind, "study": self.study, "options": dict(self.options)}, sort_keys=True)
        write_text(self.path / "plan.json", text + "\n")


def read_folder(root: Path, name: str) -> Folder:
    """The folder that :meth:`Folder.describe` left."""
    found = json.loads((root / name / "plan.json").read_text(encoding="utf-8"))
    return Folder(root, found["kind"], found["study"], found["options"])


def forget_outdated(folder: Folder, kind: Kind) -> bool:
    """Remove rows that were computed from other data, code or versions; True when there were any.

    Only whole: a row says nothing of what it was computed from but for the digests beside it.
    """
    digests = digest_of(folder.root, [*kind.files(), *files_under(folder.root, *ROOMS), "requirements.lock"])
    kept = folder.path / "inputs.sha256"
    same = kept.is_file() and kept.read_text(encoding="utf-8") == digests
    outdated = not same and folder.parts.is_dir() and any(folder.parts.iterdir())
    if not same:
        shutil.rmtree(folder.parts, ignore_errors=True)
        folder.results.unlink(missing_ok=True)
        write_text(kept, digests)
    return outdated


def chunk_name(keys: Sequence[str]) -> str:
    """A chunk's name, which its keys alone decide.

    >>> chunk_name(["a", "b"]) == chunk_name(["b", "a"])
    True
    """
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:16]
