"""What a multiverse says, a line a claim: in which share of the specifications it stands, and which choice moves it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from helpers.analysis.multiverse.choices import FAMILIES
from helpers.cli.many.store import query_rows

COLUMNS = (
    *("family", "claim", "specifications", "answered", "stands", "printed", "lowest", "highest"),
    *("choice", "moved", "own", "own_value", "own_printed", "changes", "nearest"),
)
# JSON of a choice's value in a specification's key; values hold no semicolon.
_VALUE = "regexp_extract(key, '; {choice}=([^;]*)', 1)"


def shares(results: Path, published: Mapping[str, str]) -> pd.DataFrame:
    """One row a claim, from the gathered rows of a multiverse; ``published`` is the key of each family's own way.

    `specifications` of the family, `answered` those in which a result answers to the claim; of these the shares in
    which its conclusion `stands` and in which the printed figure arises (`printed`), and the `lowest` and `highest`
    value of the statistic. `choice` is the one whose values differ most in the share that stands, each taken over all
    other choices; `moved` how much they differ. Both are empty where the claim stands everywhere, or nowhere.
    Under the paper's own specification: whether the claim stands (`own`), the statistic (`own_value`), and whether the
    printed figure arises (`own_printed`). `nearest` names the fewest choices that would have to be others for it to
    arise, `changes` how many they are: 0 where it does; empty where no specification gives it.
    """
    found = query_rows(
        results,
        "SELECT family, claim, count(*) AS specifications, count(stands) AS answered, avg(stands) AS stands, "
        "avg(printed) AS printed, min(value) AS lowest, max(value) AS highest "
        "FROM rows WHERE claim <> '' GROUP BY family, claim ORDER BY family, claim",
    )
    moved = pd.concat([_moved(results, family, choice) for family in published for choice in FAMILIES[family]])
    moved = moved[moved["moved"] > 0].sort_values(["moved", "choice"], ascending=[False, True], kind="stable")
    most = moved.drop_duplicates(["family", "claim"])
    found = found.merge(most, on=["family", "claim"], how="left")
    found = found.merge(_own(results, published), on=["family", "claim"], how="left")
    return found.merge(_nearest(results, published), on=["family", "claim"], how="left")[list(COLUMNS)]


def _own(results: Path, published: Mapping[str, str]) -> pd.DataFrame:
    """What the paper's own specification of each family says."""
    keys = ", ".join(_quoted(key) for key in published.values())
    return query_rows(
        results,
        "SELECT family, claim, stands AS own, value AS own_value, printed AS own_printed FROM rows "
        f"WHERE key IN ({keys}) AND claim <> ''",
    )


def _nearest(results: Path, published: Mapping[str, str]) -> pd.DataFrame:
    """Of the specifications that give the printed figure, the one with the fewest other choices than the paper's."""
    parts = []
    for family, key in published.items():
        own = ", ".join(_quoted(part) for part in key.split("; "))
        other = f"list_filter(string_split(key, '; '), lambda part: NOT list_contains([{own}], part))"
        parts.append(
            query_rows(
                results,
                f"SELECT family, claim, min(len(other)) AS changes, "
                f"arg_min(array_to_string(other, '; '), (len(other), key)) AS nearest FROM "
                f"(SELECT family, claim, key, {other} AS other FROM rows WHERE family = '{family}' AND printed = 1) "
                "GROUP BY ALL",
            )
        )
    return pd.concat(parts)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


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
