"""Chromium as a printer: a page of HTML becomes a tagged PDF with bookmarks. Nothing is fetched."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
from pathlib import Path

from helpers.cli.browser import NAMES, find_browser
from helpers.cli.errors import RunError, UsageError

SECONDS, TRIES = 120, 3  # for each of its two printings the longest supplement here takes under ten
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

    A browser that hangs, as a headless one now and then does, is ended and started again, with a profile of its own.

    Raises
    ------
    RunError
        The browser failed, or took too long every time.
    """
    for _ in range(TRIES):
        with tempfile.TemporaryDirectory(dir=pdf.parent, ignore_cleanup_errors=True) as home:
            done = _printed(page, pdf, browser, home)
        if done is not None:
            break
    else:
        raise RunError(f"{browser} did not print {page.name} within {SECONDS} seconds, {TRIES} times")
    status, said = done
    if status or not pdf.is_file() or not pdf.stat().st_size:
        last = [line for line in said.splitlines() if line.strip()][-4:]
        raise RunError("\n  ".join([f"{browser} did not print {page.name} (exit status {status})", *last]))


def _printed(page: Path, pdf: Path, browser: str, home: str) -> tuple[int, str] | None:
    """Exit status and what the browser said; None when it had to be ended, with all its processes."""
    kept = {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home, "TZ": "UTC"}
    command = [browser, *FLAGS, f"--user-data-dir={home}/profile", f"--print-to-pdf={pdf}", page.resolve().as_uri()]
    process = subprocess.Popen(
        command, env={**os.environ, **kept}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        errors="replace", process_group=0,
    )  # fmt: skip
    try:
        _, said = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return process.returncode, said
