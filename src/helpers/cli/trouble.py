"""What the operating system refuses, in words: a full disk, a folder that cannot be written."""

from __future__ import annotations

import errno
from pathlib import Path

FULL = "the disk is full; free some space and run the same command again"
CAUSES = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: "the quota of this user is used up; free some space and run the same command again",
    errno.EFBIG: "the file grows larger than this system allows (`ulimit -f`)",
    errno.EROFS: "it cannot be written: the file system is read-only",
    errno.EACCES: "this user has no permission for it",
    errno.EPERM: "this user has no permission for it",
    errno.EIO: "the disk fails (input/output error)",
}
PROBE = 1 << 16  # bytes


def in_words(error: OSError, root: Path) -> str:
    """Which file, and why; nothing for an error that is not one of :data:`CAUSES`.

    >>> in_words(OSError(errno.ENOSPC, "No space left on device", "/here/build/x.csv"), Path("/here"))
    'build/x.csv: the disk is full; free some space and run the same command again'
    >>> in_words(FileNotFoundError(errno.ENOENT, "No such file", "x"), Path("/here"))
    ''
    """
    if error.errno not in CAUSES:
        return ""
    cause = CAUSES[error.errno]
    if error.filename is None:  # a write, which knows no name
        return f"writing failed: {cause}"
    path = Path(str(error.filename))
    return f"{path.relative_to(root) if path.is_relative_to(root) else path}: {cause}"


def of_folder(folder: Path, root: Path) -> str:
    """What keeps a folder from being written now, in words; nothing when it can be written."""
    probe = folder / ".probe"
    try:
        try:
            probe.write_bytes(bytes(PROBE))
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        return in_words(OSError(error.errno, error.strerror, str(folder)), root)
    return ""
