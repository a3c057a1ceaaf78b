"""`MANIFEST.sha256`: the bytes that the committed studies' books have, file by file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from helpers.cli.crate.write import METADATA
from helpers.cli.downloads import PREVIEW
from helpers.cli.layout import Place, write_text

NAME = "MANIFEST.sha256"
# Printed by the browser of the machine, which the lock file does not pin; and what names the commit that it is part of.
NOT_PINNED = ("supplement/supplement.pdf", f"html/{METADATA}", f"html/{PREVIEW}")
BUILD = "build/"


def lines_of(where: Place, found: Mapping[str, str]) -> list[str]:
    """Lines as ``sha256sum`` writes and checks them, with names from the checkout.

    >>> lines_of(Place(Path("/here"), "data/pbc", "published"), {"html/index.html": "0a", "agreement.csv": "1b"})
    ['1b  build/agreement.csv', '0a  build/pbc/published/html/index.html']
    """
    kept = {name: digest for name, digest in found.items() if name not in NOT_PINNED}
    named = {_from_checkout(where, name): digest for name, digest in kept.items()}
    return [f"{digest}  {name}" for name, digest in sorted(named.items())]


def _from_checkout(where: Place, name: str) -> str:
    """The table of agreement lies beside the runs; everything else in a folder of its run, or one of its few files."""
    return f"{BUILD}{name}" if name == "agreement.csv" else f"{where.folder}/{name}"


def read_manifest(path: Path) -> dict[str, str]:
    """Digests by name; none where there is no file."""
    if not path.is_file():
        return {}
    pairs = (line.split("  ", 1) for line in path.read_text(encoding="utf-8").splitlines() if line)
    return {name: digest for digest, name in pairs}


def of_run(manifest: Mapping[str, str], where: Place) -> dict[str, str]:
    """What a manifest says of one run, named as :func:`helpers.cli.verify.products.products` does."""
    start = f"{where.folder}/"
    found = {name.removeprefix(start): digest for name, digest in manifest.items() if name.startswith(start)}
    shared = {"agreement.csv": manifest[f"{BUILD}agreement.csv"]} if f"{BUILD}agreement.csv" in manifest else {}
    return found | shared if found else {}


def write_manifest(path: Path, where: Place, found: Mapping[str, str]) -> None:
    """Put the files of a run into the manifest, in place of what it said of that run."""
    others = {name: d for name, d in read_manifest(path).items() if not name.startswith(f"{where.folder}/")}
    own = dict(reversed(line.split("  ", 1)) for line in lines_of(where, found))
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted((others | own).items()))
    write_text(path, text)
