"""A request to end (SIGTERM, or a terminal that closes) is met as Ctrl-C is: tidy up, say so, end."""

from __future__ import annotations

import contextlib
import signal
from typing import NoReturn


class Stopped(KeyboardInterrupt):
    """Somebody asked this process to end; ``status`` is its exit status then."""

    def __init__(self, number: int):
        super().__init__()
        self.status = 128 + number


def listen() -> None:
    """Have :class:`Stopped` raised on such a request, where nobody else has seen to it (``nohup`` has)."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            with contextlib.suppress(ValueError):  # not the main thread
                signal.signal(number, _stop)


def _stop(number: int, frame: object) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # a second request must not disturb the tidying up
    raise Stopped(number)
