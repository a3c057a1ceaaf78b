"""How far a grid is, and how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from helpers.cli.many.folder import Folder

EVERY = 5.0


class Progress:
    """Says how many tasks have rows whenever that has grown, at most every few seconds."""

    def __init__(self, folder: Folder, chunks: Mapping[str, Sequence[str]], say: Callable[[str], None]):
        self.folder, self.sizes, self.say = folder, {name: len(keys) for name, keys in chunks.items()}, say
        self.started = self.said = time.monotonic()
        self.seen = 0

    def show(self, last: bool = False) -> None:
        """One line, if there is something new to say."""
        now = time.monotonic()
        if not last and now - self.said < EVERY:
            return
        done = sum(size for name, size in self.sizes.items() if self.folder.part(name).is_file())
        if done > self.seen:
            self.seen, self.said = done, now
            self.say(line(done, sum(self.sizes.values()), now - self.started))


def line(done: int, total: int, seconds: float) -> str:
    """Progress in words, the time left taken from the time so far.

    >>> line(250, 1000, 60.0), line(1000, 1000, 240.0)
    ('250 of 1,000 (25 %), about 3 min left', '1,000 of 1,000 (100 %) in 4 min')
    """
    share = f"{done:,} of {total:,} ({100 * done // total} %)"
    if done >= total:
        return f"{share} in {duration(seconds)}"
    return f"{share}, about {duration(seconds * (total - done) / done)} left"


def duration(seconds: float) -> str:
    """A time as people say it.

    >>> duration(8.2), duration(200), duration(7300)
    ('9 s', '4 min', '2 h 2 min')
    """
    if seconds < 60:
        return f"{int(seconds) + 1} s"
    minutes = -(-int(seconds) // 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
