"""A table that is no comparison, with the numbers it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """Rows under a head; `data` is what the machine-readable results keep of it.

    `wrong` says what failed; with anything in it the command ends with status 1.
    """

    title: str
    about: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    data: Mapping[str, object] = field(default_factory=dict)
    wrong: Sequence[str] = ()
