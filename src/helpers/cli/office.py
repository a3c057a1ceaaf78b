"""A LibreOffice for the tests that look at the pages of Word files: the one installed, else Debian's where it may be.

``python -m helpers.cli.office`` prints its path or says what to install. No command but the tests needs it.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from helpers.cli.browser import install_from_debian

NAMES = ("soffice", "libreoffice")
ELSEWHERE = ("/Applications/LibreOffice.app/Contents/MacOS/soffice",)
PACKAGES = ("libreoffice-writer", "fonts-liberation")
ADVICE = """the tests of the Word file's pages need LibreOffice, and none was found
  expected: soffice on the PATH, or SOFFICE=/path/to/it
  to do: install it (Debian, Ubuntu: sudo apt-get install --no-install-recommends libreoffice-writer fonts-liberation;
         Fedora: sudo dnf install libreoffice-writer; macOS: brew install --cask libreoffice)"""


def find_office() -> str | None:
    """Path of an installed LibreOffice: ``SOFFICE`` if it is set, else the first one found."""
    if chosen := os.environ.get("SOFFICE"):
        return shutil.which(chosen)
    found = (shutil.which(name) for name in NAMES)
    there = (path for path in ELSEWHERE if Path(path).is_file())
    return next(filter(None, found), None) or next(there, None)


def main() -> int:
    """Find or install LibreOffice; exit status 1 and advice when there is none."""
    if not find_office():
        install_from_debian("LibreOffice", *PACKAGES)
    office = find_office()
    print(office or ADVICE, file=sys.stdout if office else sys.stderr)
    return 0 if office else 1


if __name__ == "__main__":
    sys.exit(main())
