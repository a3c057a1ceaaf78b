"""The block of the README that a command writes: the ledger's checks by kind and verdict."""

from __future__ import annotations

import re
from pathlib import Path

from helpers.cli.errors import UsageError
from helpers.cli.layout import VERDICTS, Place, write_text

BLOCK = re.compile(r"(<!-- claims: written by `make claims` -->\n).*?(<!-- end -->)", re.DOTALL)


def write_counts(where: Place) -> None:
    """Put the counts of a build into the README of the checkout.

    Raises
    ------
    UsageError
        The book was not built, or the README has no block for them.
    """
    counts, readme = where.path(VERDICTS), where.root / "README.md"
    if not counts.is_file():
        raise UsageError(f"{where.folder}/{VERDICTS}: there is no such file; build a study that has a ledger first")
    write_text(readme, with_counts(readme, counts.read_text(encoding="utf-8")))


def with_counts(readme: Path, table: str) -> str:
    """The README's text with another table in its block."""
    text = readme.read_text(encoding="utf-8")
    if not BLOCK.search(text):
        raise UsageError(f"{readme.name}: expected the line <!-- claims: written by `make claims` --> and <!-- end -->")
    return BLOCK.sub(lambda found: f"{found[1]}\n{table}\n{found[2]}", text)
