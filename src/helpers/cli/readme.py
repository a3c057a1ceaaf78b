"""The blocks of the README that commands write: the ledger's checks by kind and verdict, and the benchmarks."""

from __future__ import annotations

import re
from pathlib import Path

from helpers.cli.errors import UsageError
from helpers.cli.layout import VERDICTS, Place, write_text


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
    """The README's text with another table of counts in its block."""
    return with_block(readme, "claims", table)


def with_block(readme: Path, command: str, table: str) -> str:
    """The README's text with something else in the block that ``make command`` writes; the rest is as it was.

    Raises
    ------
    UsageError
        The README has no such block, which two comments enclose.
    """
    text, begin = readme.read_text(encoding="utf-8"), f"<!-- {command}: written by `make {command}` -->"
    block = re.compile(rf"({re.escape(begin)}\n).*?(<!-- end -->)", re.DOTALL)
    if not block.search(text):
        raise UsageError(f"{readme.name}: expected the line {begin} and <!-- end -->")
    return block.sub(lambda found: f"{found[1]}\n{table}\n{found[2]}", text, count=1)
