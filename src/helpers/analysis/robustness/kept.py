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
from helpers.analysis.robustness.files import CURVES, DIGESTS, SHARES, digests, places, whole
from helpers.analysis.scenarios import load_scenario
from helpers.analysis.settings import Settings

# What sets seed, alpha and resamples of every specification.
SCENARIO = "published"
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
        """The first main claim of each family, which is drawn with its choices."""
        return [] if self.missing else self.curves.drop_duplicates("family")["claim"].tolist()


def read_kept(run) -> Kept:
    """The multiverse of a run's study, if there is one and it was computed from the same tables and claims."""
    if run.disclosure:
        return Kept(missing="it is left out of what is shared under disclosure control")
    if run.folder is None:
        return Kept(missing="the study is in no folder")
    root = project_root()
    tables = sorted(path for path in run.folder.iterdir() if path.suffix in (".csv", ".json"))
    wanted = digests(tables, _claims(run, root))
    folders = [folder for folder in places(root, run.folder) if whole(folder)]
    for folder in folders:
        if (folder / DIGESTS).read_text(encoding="utf-8") == wanted:
            return Kept(*_read(folder), alpha=load_scenario(SCENARIO).alpha)
    if folders:
        return Kept(missing="what is at hand comes from other tables or other claims; `make multiverse` renews it")
    return Kept(missing="it has not been computed for this study; `make multiverse` does so")


def _claims(run, root: Path) -> Path | None:
    """The study's ledger; none too where its file is missing, which those who read it say."""
    path = root / "data" / "claims" / f"{run.study.descriptor.claims}.yaml"
    return path if path.is_file() else None


def _read(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    shares = pd.read_csv(folder / SHARES, dtype=dict.fromkeys(TEXT, "string")).fillna(dict.fromkeys(TEXT, ""))
    with duckdb.connect() as connection:
        connection.execute("SET threads=1")
        ordered = "SELECT * EXCLUDE place FROM read_parquet(?) ORDER BY place, position"
        return shares, connection.execute(ordered, [str(folder / CURVES)]).df()


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
