"""What a multiverse leaves for the book beside its rows: shares of all claims, every specification of the main ones."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.analysis.files import write_whole
from helpers.analysis.multiverse import Grid
from helpers.analysis.robustness.files import CURVES, DIGESTS, SHARES, digests
from helpers.cli.layout import Place
from helpers.cli.many.store import copy_rows
from helpers.cli.shares import shares

NUMBERS = ("value", "ci_low", "ci_high", "p", "p_adjusted")


def keep(results: Path, grid: Grid, where: Place) -> pd.DataFrame:
    """Write the three files of :mod:`helpers.analysis.robustness.kept` beside the rows, and return the shares.

    The digests go first and come last: a run that is interrupted leaves no mixture that would be read.
    """
    results.with_name(DIGESTS).unlink(missing_ok=True)
    keys = {family: grid.published(family).key for family in grid.values}
    table = shares(results, keys)
    _keep_curves(results, grid, main_claims(grid, table))
    write_whole(results.with_name(SHARES), table.to_csv(index=False, float_format="%.6g").encode("utf-8"))
    tables = [where.root / name for name in where.study_files()]
    ledger = next((where.root / name for name in where.ledger_files()), None)
    write_whole(results.with_name(DIGESTS), digests(tables, ledger).encode("utf-8"))
    return table


def main_claims(grid: Grid, table: pd.DataFrame) -> list[str]:
    """The grid's main claims that the study has; where it has none of them, the first of each family.

    >>> found = pd.DataFrame({"family": ["change", "change"], "claim": ["b", "a"]})
    >>> main_claims(Grid({}, ("a", "z")), found), main_claims(Grid({}), found)
    (['a'], ['b'])
    """
    known = [claim for claim in dict.fromkeys(grid.curves) if claim in set(table["claim"])]
    return known or table.drop_duplicates("family")["claim"].tolist()


def _keep_curves(results: Path, grid: Grid, claims: list[str]) -> None:
    """Single precision: four digits are more than a curve shows, and half the size of a committed file."""
    wanted = pd.DataFrame({"claim": pd.Series(claims, dtype=str), "place": range(len(claims))})
    order = pd.DataFrame(
        [
            (one.key, place)
            for family in grid.values
            for place, one in enumerate(s for s in grid.specifications() if s.family == family)
        ],
        columns=["key", "position"],
    )
    numbers = ", ".join(f"{name}::FLOAT AS {name}" for name in NUMBERS)
    query = (
        f"SELECT place::USMALLINT AS place, claim, family, position::UINTEGER AS position, key, {numbers}, "
        "stands::FLOAT AS stands, printed::FLOAT AS printed "
        "FROM rows JOIN wanted USING (claim) JOIN positions USING (key) ORDER BY place, position"
    )
    copy_rows(results, query, results.with_name(CURVES), {"wanted": wanted, "positions": order})
