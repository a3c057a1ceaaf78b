"""Word files that are the same whenever they are written: a zip file holds the time of each of its parts."""

from __future__ import annotations

import io
import zipfile

FIXED = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can hold


def repacked(content: bytes) -> bytes:
    """The same zip file with fixed times."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in given.namelist():
            item = zipfile.ZipInfo(name, FIXED)
            item.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(item, given.read(name))
    return made.getvalue()
