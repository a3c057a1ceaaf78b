"""What a multiverse says, a line a claim: in which share of the specifications it stands, and which choice moves it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from helpers.analysis.multiverse.choices import FAMILIES
from helpers.cli.many.store import query_rows

COLUMNS = (
    *("family", "claim", "specifications", "answered", "stands", "printed"),
    *("lowest", "highest", "choice", "moved"),
)
# JSON of a choice's value in a specification's key; values hold no semicolon.
_VALUE = "regexp_extract(key, '; {choice}=([^;]*)', 1)"


def shares(results: Path) -> pd.DataFrame:
    """One row a claim, from the gathered rows of a multiverse.

    `specifications` of the family, `answered` those in which a result answers to the claim; of these the shares in
    which its conclusion `stands` and in which the printed figure arises (`printed`), and the `lowest` and `highest`
    value of the statistic. `choice` is the one whose values differ most in the share that stands, each taken over all
    other choices; `moved` how much they differ. Both are empty where the claim stands everywhere, or nowhere.
    """
    found = query_rows(
        results,
        "SELECT family, claim, count(*) AS specifications, count(stands) AS answered, avg(stands) AS stands, "
        "avg(printed) AS printed, min(value) AS lowest, max(value) AS highest "
        "FROM rows WHERE claim <> '' GROUP BY family, claim ORDER BY family, claim",
    )
    moved = pd.concat([_moved(results, family, choice) for family, bearing in FAMILIES.items() for choice in bearing])
    moved = moved[moved["moved"] > 0].sort_values(["moved", "choice"], ascending=[False, True], kind="stable")
    most = moved.drop_duplicates(["family", "claim"])
    return found.merge(most, on=["family", "claim"], how="left")[list(COLUMNS)]


def _moved(results: Path, family: str, choice: str) -> pd.DataFrame:
    """How far apart the values of a choice are in the share of specifications in which each claim stands."""
    value = _VALUE.format(choice=choice)
    return query_rows(
        results,
        f"SELECT family, claim, '{choice}' AS choice, max(share) - min(share) AS moved FROM "
        f"(SELECT family, claim, {value} AS value, avg(stands) AS share FROM rows "
        f"WHERE family = '{family}' AND stands IS NOT NULL GROUP BY ALL) GROUP BY ALL",
    )


def in_words(table: pd.DataFrame) -> str:
    """A line a family: its claims, and how many of them stand in every specification, in most, in few.

    >>> one = {"family": "change", "claim": "a", "answered": 4}
    >>> print(in_words(pd.DataFrame([{**one, "stands": 1.0}, {**one, "stands": 0.25}])))
    change: 2 claims; 1 stand in every specification, 0 in at least half, 1 in fewer, 0 in none
    """
    lines = []
    for family, part in table[table["answered"] > 0].groupby("family", sort=False):
        s = part["stands"]
        counts = (s == 1).sum(), ((s >= 0.5) & (s < 1)).sum(), ((s > 0) & (s < 0.5)).sum(), (s == 0).sum()
        words = "{} stand in every specification, {} in at least half, {} in fewer, {} in none".format(*counts)
        lines.append(f"{family}: {len(part)} claims; {words}")
    return "\n".join(lines)
