"""Counts among the results rows, and the sums that link them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.analysis.disclosure.rules import NO_PEOPLE
from helpers.analysis.disclosure.sizes import attendance
from helpers.analysis.disclosure.suppress import Relation, suppress

KEYS = ("analysis", "outcome", "analyte", "group", "contrast", "visit", "statistic")
COUNTS = frozenset(
    ("count", "participants", "assessed", "sampled", "missing", "outside", "recorded", "agree", "events", "imputed")
)
PERCENT = "percent"
# Whole numbers that count no people.
OTHER_WHOLE = frozenset(("converged", "parameters", "iterations", "selected"))
PATTERNS = "missing_pattern"
Key = tuple[Hashable, ...]


@dataclass
class Family:
    """Counts that sums may link: what suppression works on at once."""

    values: dict[Key, float] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    implied: set[Key] = field(default_factory=set)
    last: set[Key] = field(default_factory=set)

    def add(self, whole: Key, total: float, parts: Iterable[tuple[Key, float]], rest: bool = False) -> None:
        """A sum, where it holds in the data; with ``rest``, what the parts lack is one more part, printed nowhere."""
        parts = dict(parts)
        left = total - sum(parts.values())
        if left < 0 or (left and not rest):
            return
        extra = {("rest", *whole, *parts): left} if rest else {}
        self.implied |= set(extra)
        self.values |= {whole: total, **parts, **extra}
        self.relations.append(Relation(whole, (*parts, *extra)))


def is_count(rows: pd.DataFrame) -> pd.Series:
    """Rows whose value counts people or samples; statistics unknown here count as such when all are whole numbers.

    >>> from helpers.analysis.results import row, to_frame
    >>> rows = to_frame([row("response", "count", 24), row("response", "chi_square", 4.06), row("new", "lost", 2)])
    >>> is_count(rows).tolist()
    [True, False, True]
    """
    value = rows["value"]
    whole = value.isna() | ((value >= 0) & (value == value.round()))
    kinds = [rows["analysis"].astype(str), rows["statistic"].astype(str)]
    always = (whole & value.notna()).groupby(kinds).transform("any") & whole.groupby(kinds).transform("all")
    other = rows["statistic"].isin([*OTHER_WHOLE, PERCENT]) | rows["analysis"].isin(list(NO_PEOPLE))
    return (rows["statistic"].isin(list(COUNTS)) | always) & ~other & ~_tests(rows)


def _tests(rows: pd.DataFrame) -> pd.Series:
    """Rows that carry an inference, whose value is no count even where it happens to be whole."""
    return rows[["p", "ci_low", "df1"]].notna().any(axis=1) | rows["statistic"].isin(["mean", "sd"])


def keys_of(rows: pd.DataFrame) -> list[Key]:
    """The key of each row, which is unique in a build."""
    return list(zip(*(rows[name].astype(str) for name in KEYS), strict=True))


def families(rows: pd.DataFrame) -> list[Family]:
    """The counts of a build with the sums that a reader knows: complements, levels of a variable, groups and all."""
    counts = rows[is_count(rows) & rows["value"].notna()]
    counts = counts.assign(key=keys_of(counts))
    made: dict[tuple, Family] = defaultdict(Family)
    for item in counts.itertuples():
        family = made[_family(item)]
        family.values[item.key] = item.value
        if item.statistic == "participants":
            family.last.add(item.key)
        elif np.isfinite(item.n):
            family.add(_n(item), item.n, [(item.key, item.value)], rest=True)
            family.last.add(_n(item))
    for name, part in counts.groupby(counts.apply(_family, axis=1), sort=False):
        _sums(made[name], part)
    _stayed_away(made, counts)
    _events(made, rows)
    return list(made.values())


def _family(item) -> tuple:
    """Missing values and their completion belong together; everything else by analysis and variable."""
    analysis = "missing" if item.analysis == "imputation" else item.analysis
    return (analysis, item.outcome, item.analyte)


def _n(item) -> Key:
    """The number that a count is out of; the same for all levels of a variable."""
    return ("n", item.analysis, item.outcome, item.analyte, item.group, item.visit, item.n)


def _sums(family: Family, part: pd.DataFrame) -> None:
    levels = part[(part["contrast"] != "") & part["n"].notna()]
    for _, same in levels.groupby(["group", "visit", "statistic", "n"], sort=False):
        first = next(same.itertuples())
        family.add(_n(first), first.n, _pairs(same))
    for _, same in part.groupby(["statistic", "contrast", "visit"], sort=False):
        whole, groups = same[same["group"] == ""], same[same["group"] != ""]
        if len(whole) == 1 and len(groups):
            family.add(whole["key"].iloc[0], whole["value"].iloc[0], _pairs(groups))
        shared = groups[groups["n"].notna()].drop_duplicates("n")
        if len(shared) == 1 and len(groups) > 1:  # groups counted out of one number: a partition
            family.add(("n", "all", *shared["key"].iloc[0]), shared["n"].iloc[0], _pairs(groups))
    done, gaps = part[part["statistic"] == "imputed"], part[part["statistic"] == "missing"]
    if len(done) == 1 and len(gaps):
        family.add(done["key"].iloc[0], done["value"].iloc[0], _pairs(gaps))


def _pairs(part: pd.DataFrame) -> Iterator[tuple[Key, float]]:
    return zip(part["key"], part["value"], strict=True)


def _stayed_away(made: dict[tuple, Family], counts: pd.DataFrame) -> None:
    """Whoever did not come is missing: what is missing beyond them is a count too, which subtraction gives."""
    came = attendance(counts)
    for item in counts[counts["statistic"] == "missing"].itertuples():
        where = (item.group, item.visit, "sampled" if item.analyte else "assessed")
        if where in came and np.isfinite(item.n):
            away: Key = ("away", *where)
            family = made[_family(item)]
            family.add(item.key, item.value, [(away, item.n - came[where])], rest=True)
            family.last.add(away)  # told by the flow of participants, which has its own family


def _events(made: dict[tuple, Family], rows: pd.DataFrame) -> None:
    """The test among those with the event counts them all: its n is the sum of the groups' events."""
    for item in rows[rows["statistic"] == "t_events_only"].itertuples():
        family = made.get((item.analysis, item.outcome, item.analyte), Family())
        events = [(k, v) for k, v in family.values.items() if k[-1] == "events" and k[0] not in ("rest", "n")]
        if events and item.n > 0:
            family.add(("row n", *(getattr(item, name) for name in KEYS)), item.n, events)


def withheld_counts(rows: pd.DataFrame, threshold: int, held_n: pd.Series) -> dict[Key, str]:
    """Keys of the counts to withhold, with ``small`` or ``linked``; number cells among them begin with ``n``.

    ``held_n`` marks the rows whose ``n`` is withheld, see :func:`helpers.analysis.disclosure.sizes.sizes_told`.
    """
    hidden_n = {_n(item) for item in rows[held_n].itertuples()}
    found: dict[Key, str] = {}
    for family in families(rows):
        held = hidden_n & set(family.values)
        for key in suppress(family.values, family.relations, threshold, family.implied, held, family.last):
            found[key] = "small" if 0 < family.values[key] < threshold else "linked"
    return found | _patterns(rows, found)


def _patterns(rows: pd.DataFrame, found: Mapping[Key, str]) -> dict[Key, str]:
    """A group's patterns of missing visits, all where one is withheld.

    Those with a visit add up to who came to it, which stands elsewhere; which of them are rare, nobody can see.
    """
    patterns = rows[rows["analysis"] == PATTERNS]
    keys = pd.Series(keys_of(patterns), index=patterns.index, dtype=object)
    held = set(patterns["group"][keys.isin(list(found))])
    whole = patterns["group"].isin(held) | (patterns["group"].eq("") & bool(held))
    return {key: found.get(key, "linked") for key in keys[whole]}
