"""A witness as a study folder."""

from __future__ import annotations

from pathlib import Path

from helpers.study.synthetic import write_cohort

from .cohort import make_witness
from .published import SEED
from .readings import Reading


def write_witness(folder: str | Path, reading: Reading, seed: int = SEED) -> list[Path]:
    """Search a witness and write its study folder, whole or not at all; returns the files.

    Same reading and seed, same bytes. Raises ``SearchError`` when the search does not come to its end.
    """
    return write_cohort(folder, make_witness(reading, seed), stated(reading, seed))


def stated(reading: Reading, seed: int) -> dict[str, str]:
    """What the descriptor says of this witness, for the words of its template."""
    return {
        '"seed": 0': f'"seed": {seed}',
        '"reading": ""': f'"reading": "{reading.name}"',
        "READING": reading.title[0].lower() + reading.title[1:],
    }
