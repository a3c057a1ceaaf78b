"""Find a statistic among the results rows by what it is, in constant time."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd

KEYS = ("analysis", "outcome", "analyte", "group", "contrast", "visit", "statistic")
Key = tuple[str, ...]
VALUES = ("value", "df1", "df2", "ci_low", "ci_high", "p", "p_adjusted", "n", "method")


class Found(NamedTuple):
    """The numbers of one result; all missing when there is no such row."""

    value: float = float("nan")
    df1: float = float("nan")
    df2: float = float("nan")
    ci_low: float = float("nan")
    ci_high: float = float("nan")
    p: float = float("nan")
    p_adjusted: float = float("nan")
    n: float = float("nan")
    method: str = ""

    @property
    def exists(self) -> bool:
        """True when the result was computed."""
        return not pd.isna(self.value)


def keys_of(rows: pd.DataFrame) -> list[Key]:
    """What each of the rows answers to: one text a name of :data:`KEYS`."""
    return list(zip(*(rows[name].astype(str) for name in KEYS), strict=True))


class Lookup:
    """The results rows, addressed by :data:`KEYS`; a key that is not given is empty.

    Attributes
    ----------
    read : dict
        The keys that were asked for and found, in order.

    Raises
    ------
    ValueError
        Two rows answer to the same keys, so that a table could show either.

    Examples
    --------
    >>> from helpers.analysis.results import row, to_frame
    >>> found = Lookup(to_frame([row("response", "count", 24, group="pain")]))
    >>> found(analysis="response", statistic="count", group="pain").value
    24.0
    >>> found(analysis="response", statistic="count", group="other").exists
    False
    """

    def __init__(self, rows: pd.DataFrame):
        self.read: dict[Key, None] = {}
        keys = keys_of(rows)
        found = [Found(*cells) for cells in rows[list(VALUES)].itertuples(index=False, name=None)]
        self._rows = dict(zip(keys, found, strict=True))
        if len(self._rows) != len(keys):
            twice = next(key for key in self._rows if keys.count(key) > 1)
            raise ValueError(f"two results share the keys {dict(zip(KEYS, twice, strict=True))}")

    def __call__(self, **cells: Any) -> Found:
        unknown = set(cells) - set(KEYS)
        if unknown:
            raise ValueError(f"results are not addressed by {', '.join(sorted(unknown))}")
        key = tuple(str(cells.get(name, "")) for name in KEYS)
        if key in self._rows:
            self.read[key] = None
        return self._rows.get(key, Found())
