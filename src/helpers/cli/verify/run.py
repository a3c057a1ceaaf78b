"""Build twice, compare, and compare with the manifest."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.cli.errors import UsageError
from helpers.cli.layout import Place
from helpers.cli.supplement.make import find_tools
from helpers.cli.verify.elsewhere import Conditions, as_far_away, as_here, build, copy_checkout
from helpers.cli.verify.manifest import NAME, NOT_PINNED, of_run, read_manifest
from helpers.cli.verify.products import differing, products

FOLDER = "build/verify"


@dataclass(frozen=True)
class Verified:
    """What two builds and the manifest say.

    Attributes
    ----------
    files : dict of str to str
        Digest of every file of the first build, by name.
    size : int
        Bytes of these files.
    between : tuple of str
        Files that differ between the two builds.
    from_manifest : tuple of str or None
        Files that differ from what is committed; None where the manifest does not have the run.
    kept : str
        Where both builds are kept to be looked at; empty when nothing differs.
    """

    files: dict[str, str]
    size: int
    between: tuple[str, ...]
    from_manifest: tuple[str, ...] | None
    kept: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing differs."""
        return not self.between and not self.from_manifest

    def lines(self) -> list[str]:
        """What is printed.

        >>> print(*Verified({"a": "0", "b": "1"}, 2048, (), None).lines(), sep="\\n")
        2 files, 2,048 bytes: the two builds are the same
        MANIFEST.sha256 does not have this run
        """
        counted = f"{len(self.files):,} files, {self.size:,} bytes"
        found = [f"{counted}: the two builds are the same"]
        if self.between:
            found = [f"{counted}: {len(self.between):,} differ between the two builds", *_listed(self.between)]
        if self.from_manifest is None:
            found += [f"{NAME} does not have this run"]
        elif self.from_manifest:
            found += [f"{len(self.from_manifest):,} differ from {NAME}", *_listed(self.from_manifest)]
        else:
            found += [f"the same as {NAME}"]
        return [*found, f"both builds are kept in {self.kept}"] if self.kept else found


def _listed(names: tuple[str, ...]) -> list[str]:
    return [f"  {name}" for name in names]


def verify(where: Place, further: Sequence[str] = ("pdf", "word"), say: Callable[[str], None] = print) -> Verified:
    """Make a run's book, and its PDF and Word file, twice in copies of the checkout, and compare every file.

    Raises
    ------
    RunError
        A build failed.
    """
    top = forget(where)
    home = top / "home"
    home.mkdir(parents=True)
    kinds = ("book", *_possible(further, say))
    places = []
    for conditions in (as_here(), as_far_away(home)):
        say(_in_words(conditions))
        root = copy_checkout(where.root, top / conditions.name)
        places.append(build(where, root, conditions, kinds, say))
    found = [products(one) for one in places]
    between = tuple(differing(*found))
    committed = of_run(read_manifest(where.root / NAME), where)
    pinned = {name: digest for name, digest in found[0].items() if name not in NOT_PINNED}
    beside = tuple(differing(committed, pinned)) if committed else None
    size = sum(_path(places[0], name).stat().st_size for name in found[0])
    if not between and not beside:
        forget(where)
        return Verified(found[0], size, between, beside)
    return Verified(found[0], size, between, beside, FOLDER)


def forget(where: Place) -> Path:
    """Remove what an earlier comparison kept; return the folder's path."""
    top = where.root / FOLDER
    shutil.rmtree(top, ignore_errors=True)
    return top


def _possible(kinds: Sequence[str], say: Callable[[str], None]) -> list[str]:
    """What of it can be made with the programs that are there."""
    found = []
    for kind in kinds:
        try:
            find_tools(kind)
        except UsageError as error:
            say(f"without {kind}: {str(error).splitlines()[0]}")
        else:
            found.append(kind)
    return found


def _in_words(conditions: Conditions) -> str:
    said = [f"{name}={value}" for name, value in conditions.variables.items()]
    said += [f"{conditions.cores} core"] if conditions.cores else []
    return f"{conditions.name}: {', '.join(said) or 'as here'}"


def _path(where: Place, name: str) -> Path:
    inside = where.path(name)
    return inside if inside.is_file() else where.root / "build" / name
