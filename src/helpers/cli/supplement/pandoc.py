"""Pandoc, which comes with the package pypandoc-binary, as a writer of Word files."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from helpers.cli.environment import SOURCE_DATE_EPOCH
from helpers.cli.errors import RunError, UsageError

SECONDS = 300


def find_pandoc() -> str:
    """Path of the pandoc that the installed package brings.

    Raises
    ------
    UsageError
        There is none; says what to do.
    """
    try:
        import pypandoc

        return pypandoc.get_pandoc_path()
    except (ImportError, OSError):
        raise UsageError(
            "no pandoc found, which makes the Word files\n"
            "  expected: the package pypandoc-binary, which `make` installs into .venv\n"
            "  to do: remove .venv and run the same command again"
        ) from None


def run_pandoc(pandoc: str, *arguments: str | Path) -> None:
    """Run pandoc.

    Raises
    ------
    RunError
        It failed; its last words are the message.
    """
    # Under an ASCII locale it could not open a file with other letters in its path.
    environment = {**os.environ, "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH, "LC_ALL": "C.UTF-8"}
    done = subprocess.run([pandoc, *map(str, arguments)], env=environment, capture_output=True, text=True,
                          errors="replace", timeout=SECONDS, check=False)  # fmt: skip
    if done.returncode:
        raise RunError("\n  ".join(["pandoc did not write the Word file", *done.stderr.splitlines()[-4:]]))
