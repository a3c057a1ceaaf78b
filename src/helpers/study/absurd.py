"""Files that no study has: so large, or unpacking to so much, that reading them would take the machine."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

MB = 2**20
LARGEST = 512 * MB  # a table of a million rows and fifty columns is smaller
DESCRIPTOR = 16 * MB  # some ten thousand columns
UNPACKED = 512 * MB
RATIO = 200  # a workbook unpacks to ten or twenty times its size; zip bombs to a thousand
SMALL = 10 * MB  # below which no ratio harms
PARTS = 10_000
CELLS = 50_000_000
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*ref="\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)"')


def too_large(path: Path, most: int = LARGEST) -> str:
    """What is wrong with the size of a file; empty when nothing is.

    >>> from tempfile import NamedTemporaryFile
    >>> with NamedTemporaryFile() as file:
    ...     too_large(Path(file.name))
    ''
    """
    size = path.stat().st_size
    return f"{size / MB:,.0f} MB; expected at most {most / MB:,.0f} MB" if size > most else ""


def bomb(path: Path) -> str:
    """What is wrong with an archive that unpacks to more than it should, by its own table of contents; else empty.

    Python's reader stops where a part's stated size ends, so that the table cannot understate.

    Raises
    ------
    zipfile.BadZipFile
        It is none.
    """
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    unpacked, packed = sum(part.file_size for part in parts), max(path.stat().st_size, 1)
    if len(parts) > PARTS:
        return f"an archive of {len(parts):,} parts; expected at most {PARTS:,}"
    if unpacked > UNPACKED or (unpacked > SMALL and unpacked > RATIO * packed):
        return (
            f"{packed / MB:,.1f} MB that unpack to {unpacked / MB:,.0f} MB; expected at most {UNPACKED / MB:,.0f} MB "
            f"and {RATIO} times the file"
        )
    return ""


def merged_too_far(path: Path) -> str:
    """The first area of a workbook's merged cells that is larger than any sheet here may be; else empty.

    Raises
    ------
    zipfile.BadZipFile
        It is no archive.
    """
    with zipfile.ZipFile(path) as archive:
        for name in (name for name in archive.namelist() if name.startswith("xl/worksheets/")):
            for left, top, right, bottom in _MERGED.findall(archive.read(name)):
                if (_number(right) - _number(left) + 1) * (int(bottom) - int(top) + 1) > PARTS:
                    return f"{left.decode()}{top.decode()}:{right.decode()}{bottom.decode()}"
    return ""


def _number(column: bytes) -> int:
    """A column's number: A is 1, Z 26, AA 27.

    >>> _number(b"AA")
    27
    """
    number = 0
    for letter in column:
        number = 26 * number + letter - 64
    return number
