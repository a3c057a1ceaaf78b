"""Let go of what promises more than is there, so that the workflow makes it again."""

from __future__ import annotations

import json
import os
import time

from helpers.cli import notes
from helpers.cli.layout import AGREEMENT, NOTEBOOKS, Place
from helpers.cli.run import say
from helpers.cli.transform import exhibits

MARKER = "book.done"


def forget_what_is_lost(where: Place) -> None:
    """Remove the executed copies and the marker of a run that do not stand for what they say; name what was spoilt.

    Snakemake then misses them. It would not miss a notebook's figures and tables, whose names only its executed copy
    knows, nor see a results file that was edited or cut short, nor a change that an older time hides.
    """
    for folder in ("", "notebooks", "notes", "results", "tables", "figures"):
        for part in where.path(folder).glob("*.part"):  # of a write that was killed
            part.unlink(missing_ok=True)
    _bring_back_from_the_future(where)
    for name in NOTEBOOKS:
        if not _stands(where, name):
            where.path("notebooks", f"{name}.ipynb").unlink(missing_ok=True)
    if not _agreement_stands(where):
        (where.root / AGREEMENT).unlink(missing_ok=True)
    if not _book_stands(where):
        where.path(MARKER).unlink(missing_ok=True)


def _bring_back_from_the_future(where: Place) -> None:
    """Give built files whose time is still to come, as after the clock was set back, the time it is now.

    Snakemake refuses to make anything from them: it would be older than what it is made from.
    """
    now = time.time()
    for path in [*where.path().rglob("*"), where.root / AGREEMENT]:
        if path.is_file() and not path.is_symlink() and path.stat().st_mtime > now:
            os.utime(path, (now, now))


def _stands(where: Place, name: str) -> bool:
    executed = where.path("notebooks", f"{name}.ipynb")
    if not executed.is_file():
        return True  # the workflow misses it anyway
    if spoilt := notes.spoilt(where, name):
        say(f"{name}  made again: not as it was left: {', '.join(spoilt)}")
        return False
    try:
        shown = exhibits(json.loads(executed.read_text(encoding="utf-8")))
    except ValueError:
        return False
    return all(where.path(one.file).is_file() for one in shown) and not notes.outdated(where, name)


def _agreement_stands(where: Place) -> bool:
    if not notes.agreement_is_spoilt(where.root):
        return True
    say(f"agreement  made again: {AGREEMENT} is not as it was left")
    return False


def _book_stands(where: Place) -> bool:
    marker = where.path(MARKER)
    if not (where.html / "index.html").is_file() or not marker.is_file():
        return False
    if marker.read_text(encoding="utf-8").strip() == notes.tree_digest(where.html):
        return not notes.outdated(where, notes.BOOK)
    say("book  made again: its pages are not as they were left")
    return False
