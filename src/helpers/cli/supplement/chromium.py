"""Chromium as a printer: a page of HTML becomes a tagged PDF with bookmarks. Nothing is fetched."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from helpers.cli.browser import NAMES, find_browser
from helpers.cli.errors import RunError, UsageError

SECONDS = 300
FLAGS = (
    "--headless",
    "--disable-gpu",
    # The page is our own and no other can be reached; a sandbox needs rights that containers do not give.
    "--no-sandbox",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--export-tagged-pdf",
    "--allow-file-access-from-files",
)


def browser_for_printing() -> str:
    """Path of the Chromium or Chrome that prints.

    Raises
    ------
    UsageError
        There is none; says what to install.
    """
    if found := find_browser():
        return found
    raise UsageError(
        "no Chromium or Chrome found, which makes the PDF\n"
        f"  expected: one of {', '.join(NAMES)} on the PATH, or CHROMIUM=/path/to/it\n"
        "  to do: install it (Debian, Ubuntu: sudo apt-get install chromium)"
    )


def print_page(page: Path, pdf: Path, browser: str) -> None:
    """Print a page of HTML into a PDF file.

    Raises
    ------
    RunError
        The browser failed, or took too long.
    """
    with tempfile.TemporaryDirectory(dir=pdf.parent) as home:
        kept = {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home, "TZ": "UTC"}
        profile = f"--user-data-dir={home}/profile"
        command = [browser, *FLAGS, profile, f"--print-to-pdf={pdf}", page.resolve().as_uri()]
        try:
            done = subprocess.run(command, env={**os.environ, **kept}, capture_output=True, text=True,
                                  errors="replace", timeout=SECONDS, check=False)  # fmt: skip
        except subprocess.TimeoutExpired:
            raise RunError(f"{browser} did not print {page.name} within {SECONDS} seconds") from None
    if done.returncode or not pdf.is_file() or not pdf.stat().st_size:
        last = [line for line in done.stderr.splitlines() if line.strip()][-4:]
        raise RunError("\n  ".join([f"{browser} did not print {page.name} (exit status {done.returncode})", *last]))
