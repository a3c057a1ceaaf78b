"""A Chromium or Chrome for the browser tests: the one installed, else Debian's where it may be installed.

``python -m helpers.cli.browser`` prints its path or says what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ELSEWHERE = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ADVICE = """the browser tests need Chromium or Chrome, and none was found
  expected: one of {names} on the PATH, or CHROMIUM=/path/to/it
  to do: install it (Debian, Ubuntu: sudo apt-get install chromium; Fedora: sudo dnf install chromium;
         macOS: brew install --cask chromium)"""


def find_browser() -> str | None:
    """Path of an installed Chromium or Chrome: ``CHROMIUM`` if it is set, else the first one found."""
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        return shutil.which(chosen)
    found = (shutil.which(name) for name in NAMES)
    there = (path for path in ELSEWHERE if Path(path).is_file())
    return next(filter(None, found), None) or next(there, None)


def install_browser() -> None:
    """Install Debian's Chromium; does nothing where that is not possible (no root, no apt)."""
    install_from_debian("Chromium or Chrome", "chromium")


def install_from_debian(name: str, *packages: str) -> None:
    """Install Debian's packages and say so; does nothing where that is not possible (no root, no apt)."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print(f"no {name} found; installing Debian's", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        if subprocess.run(["apt-get", *command], env=environment, check=False).returncode:
            return


def main() -> int:
    """Find or install the browser; exit status 1 and advice when there is none."""
    if not find_browser():
        install_browser()
    browser = find_browser()
    print(browser or ADVICE.format(names=", ".join(NAMES)), file=sys.stdout if browser else sys.stderr)
    return 0 if browser else 1


if __name__ == "__main__":
    sys.exit(main())
