"""What is to be computed: tasks with a key, and the kinds of them that there are."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pandas as pd

# Kind of task -> the module whose function ``kind(root, study, options)`` gives it.
KINDS = {"multiverse": "helpers.cli.multiverse", "design": "helpers.cli.design"}


@dataclass(frozen=True)
class Task:
    """One thing to compute.

    Attributes
    ----------
    key : str
        What it is, whole and readable; two tasks with the same key are the same, whoever planned them and when.
    share : str
        Tasks with the same text have work in common and are done by one job where that fits.
    seconds : float
        What it is likely to take on one core, for the size of the chunks only.
    """

    key: str
    share: str = ""
    seconds: float = 1.0


class Kind(Protocol):
    """A family of tasks on one study."""

    def tasks(self) -> Sequence[Task]:
        """Everything that is wanted, in any order."""

    def run(self, keys: Sequence[str]) -> pd.DataFrame:
        """The rows of the tasks with these keys, with a column ``key``; every key has one row or more."""

    def files(self) -> Sequence[str]:
        """Data files on which every row depends, relative to the checkout."""


def kind_of(root: Path, name: str, study: str, options: Mapping[str, str]) -> Kind:
    """The kind of that name, or of a module that has a function ``kind``, on a study.

    >>> list(KINDS)
    ['multiverse', 'design']
    """
    return importlib.import_module(KINDS.get(name, name)).kind(root, study, dict(options))
