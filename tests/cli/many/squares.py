"""A kind of tasks for the tests of the engine: squares of numbers, and what can go wrong with a job."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pandas as pd

from helpers.cli.many.tasks import Task


class Squares:
    """Squares of 0 to ``count``; a file named in the options can make a job fail, or kill it once."""

    def __init__(self, options):
        self.options = options

    def tasks(self):
        return [
            Task(f"number={n}", f"tens={n // 10}", float(self.options.get("seconds", 1))) for n in range(self._count)
        ]

    @property
    def _count(self) -> int:
        return int(self.options["count"])

    def files(self):
        return [self.options["data"]] if "data" in self.options else []

    def run(self, keys):
        numbers = [int(key.partition("=")[2]) for key in keys]
        self._trouble(numbers)
        rows = [
            {"key": f"number={n}", "name": word, "value": value} for n in numbers for word, value in self._values(n)
        ]
        return pd.DataFrame(rows)

    def _values(self, n: int):
        return [("square", n**2), ("third", n / 3), ("nothing", float("nan"))]

    def _trouble(self, numbers) -> None:
        if "wrong" in self.options and int(self.options["wrong"]) in numbers:
            raise ValueError("this number cannot be squared")
        once = self.options.get("killed_once")
        if once and 7 in numbers and Path(once).exists():
            Path(once).unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        started = self.options.get("started")
        if started:
            with Path(started).open("a") as file:
                file.writelines(f"{n}\n" for n in numbers)


def kind(root, study, options):
    """The kind, as the engine asks for it."""
    return Squares(options)
