"""Find rows by their cells many times over: each column is compared once with each value, however many ask."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd


class Finder:
    """The rows of a table, found as :func:`helpers.analysis.results.pick` finds them.

    A comparison over some thousand rows is kept, and hundreds of questions that share their cells only join what is
    kept. The table must not be changed while it is asked.

    Examples
    --------
    >>> from helpers.analysis.results import row, to_frame
    >>> found = Finder(to_frame([row("response", "count", 24, group="pain"), row("response", "count", 16)]))
    >>> found(statistic="count", group="pain")["value"].item()
    24.0
    >>> len(found(statistic="count")), len(found(group="other")), len(found())
    (2, 0, 2)
    """

    def __init__(self, rows: pd.DataFrame):
        self.rows = rows
        self._equal = cache(lambda name, value: (rows[name] == value).to_numpy(dtype=bool, na_value=False))

    def __call__(self, **cells: str) -> pd.DataFrame:
        """The rows whose columns have the given values; all of them where none is given."""
        keep = np.ones(len(self.rows), dtype=bool)
        for name, value in cells.items():
            keep &= self._equal(name, value)
        return self.rows.iloc[np.flatnonzero(keep)]
