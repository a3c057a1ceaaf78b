"""What `make multiverse` found, as it is kept for the book: shares of all claims, every specification of the main ones.

Three files stand in one folder: ``shares.csv`` (one row a claim), ``curves.parquet`` (one row a main claim and
specification) and ``data.sha256`` (digests of what they were computed from). Those of the bundled studies are committed
under ``data/multiverse``; a run on this machine, in ``build``, comes before them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pandas as pd

from helpers.analysis.places import project_root
from helpers.analysis.robustness.files import CURVES, FILES, SCENARIO, SHARES, belonging
from helpers.analysis.scenarios import load_scenario
from helpers.analysis.settings import Settings

TEXT = ("family", "claim", "choice", "nearest")


@dataclass(frozen=True, eq=False)
class Kept:
    """A multiverse that was run before.

    Attributes
    ----------
    shares : DataFrame
        One row a claim: see :func:`helpers.cli.shares.shares`.
    curves : DataFrame
        One row a main claim and specification: ``claim``, ``family``, ``key``, ``position`` in the grid (0 is the
        paper's own), the numbers, ``stands``, ``printed``.
    missing : str
        Why there is nothing; empty where there is something.
    alpha : float
        The level at which the specifications were judged, whatever that of the run which shows them.
    """

    shares: pd.DataFrame = field(default_factory=pd.DataFrame)
    curves: pd.DataFrame = field(default_factory=pd.DataFrame)
    missing: str = ""
    alpha: float = Settings.alpha

    @property
    def main(self) -> list[str]:
        """The claims of which every specification is kept, in the order of the grid's file."""
        return [] if self.missing else list(dict.fromkeys(self.curves["claim"]))

    @property
    def detailed(self) -> list[str]:
        """The first main claim of each group of families (outcome, baseline, …), which is drawn with its choices."""
        if self.missing:
            return []
        return self.curves.assign(kind=self.curves["family"].map(kind_of)).drop_duplicates("kind")["claim"].tolist()


def read_kept(run) -> Kept:
    """The multiverse of a run's study, if there is one and it was computed from the same tables and claims."""
    folder, missing = belonging(run, "multiverse", FILES, _claims(run))
    return Kept(missing=missing) if folder is None else Kept(*_read(folder), alpha=load_scenario(SCENARIO).alpha)


def _claims(run) -> Path | None:
    """The study's ledger; none too where its file is missing, which those who read it say."""
    path = project_root() / "data" / "claims" / f"{run.study.descriptor.claims}.yaml"
    return path if path.is_file() else None


def _read(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    shares = pd.read_csv(folder / SHARES, dtype=dict.fromkeys(TEXT, "string")).fillna(dict.fromkeys(TEXT, ""))
    with duckdb.connect() as connection:
        connection.execute("SET threads=1")
        ordered = "SELECT * EXCLUDE place FROM read_parquet(?) ORDER BY place, position"
        return shares, connection.execute(ordered, [str(folder / CURVES)]).df()


def kind_of(family: str) -> str:
    """What the tests and the comparisons of one set of models have in common.

    >>> kind_of("outcome_tests"), kind_of("outcome_comparisons"), kind_of("change")
    ('outcome', 'outcome', 'change')
    """
    return family.partition("_")[0]


def choice_table(keys: pd.Series) -> pd.DataFrame:
    """The choices that the keys of one family's specifications name, one column each, values as JSON.

    >>> choice_table(pd.Series(['change; pain={"vas": 4}; adjustment="none"']))
             pain adjustment
    0  {"vas": 4}     "none"
    """
    parts = keys.str.split("; ", expand=True).iloc[:, 1:]
    names = [text.partition("=")[0] for text in parts.iloc[0]] if len(parts) else []
    values = [parts[column].str.partition("=")[2] for column in parts]
    return pd.DataFrame(dict(zip(names, values, strict=True))).reset_index(drop=True)
