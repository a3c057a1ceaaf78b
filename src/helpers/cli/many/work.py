"""One job: the tasks of a chunk, their rows written as one part."""

from __future__ import annotations

import traceback

from helpers.cli.errors import RunError
from helpers.cli.layout import write_text
from helpers.cli.many.chunks import read_chunk
from helpers.cli.many.folder import Folder
from helpers.cli.many.store import write_part


def work(folder: Folder, chunk: str) -> None:
    """Compute a chunk and write its part, whole or not at all.

    A job that was killed is given again and starts anew. One whose computation failed would fail again: why it failed
    is kept, and the next try says so at once.

    Raises
    ------
    RunError
        A task failed, or gave no rows.
    """
    reason = folder.failed(chunk)
    if reason.is_file():
        raise RunError(reason.read_text(encoding="utf-8").strip())
    keys = read_chunk(folder, chunk)
    try:
        rows = folder.load().run(keys)
    except Exception as error:
        write_text(reason, f"{keys[0]} and {len(keys) - 1} more: {type(error).__name__}: {error}\n")
        write_text(reason.with_suffix(".log"), traceback.format_exc())
        raise RunError(reason.read_text(encoding="utf-8").strip()) from None
    missing = sorted(set(keys) - set(rows["key"]))
    if missing:
        write_text(reason, f"{len(missing)} tasks gave no rows, first: {missing[0]}\n")
        raise RunError(reason.read_text(encoding="utf-8").strip())
    write_part(rows, folder.part(chunk))
