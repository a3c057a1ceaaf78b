"""What `make design` found, as it is kept for the book: one row a point and test."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb
import pandas as pd

from helpers.analysis.design.files import FILES, SUMMARY
from helpers.analysis.frames import group_size
from helpers.analysis.robustness.files import belonging
from helpers.study import Study

POINT = ("family", "subject", "truth", "n", "missing")


@dataclass(frozen=True, eq=False)
class Simulated:
    """A simulation that was run before.

    Attributes
    ----------
    rates : DataFrame
        One row a point and test: the point's columns, ``method``, ``test``, ``adjustment``, whether the hypothesis is
        true there (``null``), ``used`` cohorts, ``rate`` of rejections, ``bias``, ``coverage`` and their Monte-Carlo
        standard errors; ``lost`` is the share of cohorts without a result.
    missing : str
        Why there is nothing; empty where there is something.
    """

    rates: pd.DataFrame = field(default_factory=pd.DataFrame)
    missing: str = ""

    def size_of(self, study: Study) -> int:
        """The simulated size nearest to that of the study's first group."""
        own = group_size(study, study.roles.compared[0])
        return min((int(n) for n in set(self.rates["n"])), key=lambda n: (abs(n - own), n))

    def of(self, family: str, **cells) -> pd.DataFrame:
        """The rows of a family, and of the values given of further columns; none where nothing was simulated."""
        if self.missing:
            return self.rates
        found = self.rates[self.rates["family"] == family]
        for name, value in cells.items():
            found = found[found[name] == value]
        return found


def read_simulated(run) -> Simulated:
    """The simulation of a run's study, if there is one and it was computed from the same tables."""
    folder, missing = belonging(run, "design", FILES, None)
    if folder is None:
        return Simulated(missing=missing)
    with duckdb.connect() as connection:
        connection.execute("SET threads=1")
        return Simulated(connection.execute("SELECT * FROM read_parquet(?)", [str(folder / SUMMARY)]).df())
