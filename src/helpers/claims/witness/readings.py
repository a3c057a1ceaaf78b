"""How the printed figures may be read: what a witness cohort of each reading aims at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from helpers.analysis.places import project_root
from helpers.claims.ledger import Claim, LedgerError

LEDGER, SCENARIO = "zhou2021", "published"  # the scenario that a witness is analysed under


@dataclass(frozen=True)
class Reading:
    """One way to read the printed figures.

    Attributes
    ----------
    name, title, text : str
        Identifier, heading, and what is read how.
    rows : mapping
        Claim (by the identifier of its entry) to the cells of the results row it is read in, where not the ledger's.
    adds : tuple of str
        Entries of the ledger that the reading aims at beside those of basis ``target``.
    gives_up : mapping
        Entries that it leaves, with the reason.
    """

    name: str
    title: str
    text: str
    rows: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    adds: tuple[str, ...] = ()
    gives_up: Mapping[str, str] = field(default_factory=dict)

    def read(self, claims: Iterable[Claim]) -> tuple[Claim, ...]:
        """The ledger's claims as this reading takes them: rows and bases changed where it says so."""
        return tuple(self._read(claim) for claim in claims)

    def _read(self, claim: Claim) -> Claim:
        entry = claim.id.partition(":")[0]
        row = {**claim.row, **self.rows.get(entry, {})}
        if entry in self.gives_up:
            return replace(claim, row=row, basis="inconsistent", reason=self.gives_up[entry])
        return replace(claim, row=row, basis="target") if entry in self.adds else replace(claim, row=row)


def load_readings(path: Path | None = None) -> tuple[Reading, ...]:
    """The readings of ``data/witnesses/readings.yaml``, the default one first.

    Raises
    ------
    LedgerError
        An entry lacks a key or has an unknown one.

    Examples
    --------
    >>> [reading.name for reading in load_readings()][0]
    'standardised'
    """
    path = path or project_root() / "data" / "witnesses" / "readings.yaml"
    found = []
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
        try:
            found.append(Reading(**{**entry, "adds": tuple(entry.get("adds", ()))}))
        except TypeError as error:
            raise LedgerError(f"{path}, {entry.get('name', entry)!r}: {error}") from None
    return tuple(found)
