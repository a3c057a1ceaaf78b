"""What is still to be computed, cut into jobs of a sensible length."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import groupby

from helpers.cli.layout import write_text
from helpers.cli.many.folder import Folder, chunk_name
from helpers.cli.many.tasks import Task


def cut(tasks: Iterable[Task], seconds: float) -> list[list[Task]]:
    """Chunks of tasks that are likely to take ``seconds`` each; those that share work stay together where they fit.

    >>> found = cut([Task("a", "x", 40), Task("b", "y", 40), Task("c", "x", 30), Task("d", "z", 5)], 60)
    >>> [[task.key for task in chunk] for chunk in found]
    [['a', 'c'], ['b', 'd']]
    """
    ordered = sorted(tasks, key=lambda task: (task.share, task.key))
    chunks: list[list[Task]] = []
    room = 0.0
    for _, sharing in groupby(ordered, key=lambda task: task.share):
        for piece in _pieces(list(sharing), seconds):
            cost = sum(task.seconds for task in piece)
            if not chunks or cost > room:
                chunks.append([])
                room = seconds
            chunks[-1] += piece
            room -= cost
    return chunks


def _pieces(sharing: Sequence[Task], seconds: float) -> list[list[Task]]:
    """Tasks that share work, in one piece unless they fill a chunk and a half by themselves."""
    total = sum(task.seconds for task in sharing)
    count = max(1, round(total / seconds))
    size = -(-len(sharing) // count)
    return [list(sharing[start : start + size]) for start in range(0, len(sharing), size)]


def write_chunks(folder: Folder, chunks: Iterable[Sequence[Task]]) -> dict[str, list[str]]:
    """Leave each chunk's keys for the job that does it; return the keys by the chunk's name."""
    named = {chunk_name([task.key for task in chunk]): [task.key for task in chunk] for chunk in chunks}
    for name, keys in named.items():
        write_text(folder.todo(name), json.dumps(keys, indent=1, ensure_ascii=False) + "\n")
    write_text(folder.path / "chunks.json", json.dumps(sorted(named)) + "\n")
    return named


def read_chunk(folder: Folder, name: str) -> list[str]:
    """The keys of a chunk."""
    return json.loads(folder.todo(name).read_text(encoding="utf-8"))
