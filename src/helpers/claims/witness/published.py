"""The witnesses as committed: their certificate, their strain, and what else they show, over all seeds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.analysis.places import project_root

from .readings import Reading, load_readings

# The seed of the witness that is published of each reading: the first, whatever it shows.
SEED = 1
CERTIFICATE = ("reading", "seed", "claim", "printed", "attained", "met", "basis", "reason")
STRAIN = ("reading", "seed", "statistic", "value")
HELD_OUT = ("reading", "claim", "met", "seeds")


@dataclass(frozen=True, eq=False)
class Witnesses:
    """What the search found.

    Attributes
    ----------
    readings : tuple of Reading
        The default one, which the bundled study holds, first.
    certificate : DataFrame
        ``reading, seed, claim, printed, attained, met, basis, reason``: one row a target, and a claim given up, of the
        published witness of each reading; ``met`` is ``yes`` or ``no``.
    strain : DataFrame
        ``reading, seed, statistic, value``: what a witness has to assume, for every seed searched.
    held_out : DataFrame
        ``reading, claim, met, seeds``: in how many of the seeds a claim that no search saw is met.
    """

    readings: tuple[Reading, ...]
    certificate: pd.DataFrame
    strain: pd.DataFrame
    held_out: pd.DataFrame


def folder() -> Path:
    """Where the witnesses are: ``data/witnesses``."""
    return project_root() / "data" / "witnesses"


def load_witnesses() -> Witnesses:
    """Read ``data/witnesses``; see :class:`Witnesses`.

    >>> load_witnesses().readings[0].name
    'standardised'
    """
    tables = {name: _table(name) for name in ("certificate", "strain", "held_out")}
    return Witnesses(load_readings(), **tables)


def _table(name: str) -> pd.DataFrame:
    text = {"printed": str, "attained": str, "reason": str, "claim": str}
    return pd.read_csv(folder() / f"{name}.csv", dtype=text, keep_default_na=False)
