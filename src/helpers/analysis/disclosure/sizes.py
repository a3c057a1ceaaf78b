"""Numbers of people behind statistics: which of them tell how few were left out."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from helpers.analysis.disclosure.rules import NO_PEOPLE
from helpers.analysis.results import pick

MOST_GROUPS = 8  # with more, only pairs and the sum of all are formed


def sizes_told(rows: pd.DataFrame, threshold: int) -> pd.Series:
    """Which rows' ``n`` is withheld: those a small count below a full group, or below who came to the visit.

    A group of 33 of whom 31 were measured tells that 2 were not; so does a visit that 31 came to, of whom 30 were.
    Where an outcome or analyte has such a gap, sums over groups or visits that hold it are withheld too: less the
    other parts they would give it again.

    Parameters
    ----------
    rows : DataFrame
        All results rows of a build, ``flow`` among them.
    threshold : int
        Counts from 1 to one below it are small.

    Returns
    -------
    Series of bool
        Aligned with ``rows``.

    Examples
    --------
    >>> from helpers.analysis.results import row, to_frame
    >>> flow = [row("flow", "participants", n, group=g) for g, n in (("a", 33), ("b", 30))]
    >>> seen = [row("observed", "mean", 1.0, group=g, outcome="x", visit="v", n=n) for g, n in (("a", 31), ("b", 24))]
    >>> both = [row("observed", "t", 1.0, outcome="x", visit="v", n=55)]
    >>> sizes_told(to_frame([*flow, *seen, *both]), 5).tolist()
    [False, False, True, False, True]
    """
    sizes = {group: n for group, n in _groups(rows).items() if n >= threshold}
    visits = max(rows["visit"].nunique(), 1)
    full, near = _compare(rows, sizes, visits, threshold)
    families = _families(rows)
    lost = (rows["statistic"] == "missing") & rows["value"].between(1, threshold - 1)
    gaps = {name for name, is_gap in zip(families, near | lost.to_numpy(bool), strict=True) if is_gap}
    summed = ((rows["group"] == "") | (rows["visit"] == "")).to_numpy(bool)
    shares = np.array([name in gaps or (name == "" and bool(gaps)) for name in families], dtype=bool)
    known = rows["n"].notna().to_numpy(bool)
    ours = (~rows["analysis"].isin(list(NO_PEOPLE))).to_numpy(bool)
    return pd.Series(known & ours & (near | (summed & shares & ~full)), index=rows.index)


def _groups(rows: pd.DataFrame) -> dict[str, float]:
    found = pick(rows, analysis="flow", statistic="participants")
    return dict(zip(found["group"].astype(str), found["value"], strict=True))


def _families(rows: pd.DataFrame) -> list[str]:
    """The outcome or analyte of each row; its analyte where it has both."""
    return [analyte or outcome for analyte, outcome in zip(rows["analyte"], rows["outcome"], strict=True)]


def _compare(rows, sizes: dict[str, float], visits: int, threshold: int) -> tuple[np.ndarray, np.ndarray]:
    """Whether each n is that of full groups (times visits), and whether it lies a small count below."""
    sums = np.array(sorted(_sums(sizes)))
    full, near = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    times = np.arange(1, visits + 1)
    # Where few of a group stayed away, who came is withheld itself.
    came = {k: n for k, n in attendance(rows).items() if not 0 < sizes.get(k[0], n) - n < threshold}
    for place, (group, n, *where) in enumerate(_where(rows)):
        if not n > 0:
            continue
        bases = np.outer([sizes[group]] if group in sizes else sums, times).ravel() if len(sums) else np.array([])
        bases = np.append(bases, came.get((group, *where), np.nan))
        full[place] = bool((bases == n).any())
        near[place] = not full[place] and bool(((bases > n) & (bases - n < threshold)).any())
    return full, near


def attendance(rows: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    """How many of a group came to a visit: by group, visit, and ``assessed`` or ``sampled``."""
    flow = rows[(rows["analysis"] == "flow") & (rows["visit"] != "")]
    keys = zip(flow["group"].astype(str), flow["visit"].astype(str), flow["statistic"].astype(str), strict=True)
    return dict(zip(keys, flow["value"], strict=True))


def _where(rows: pd.DataFrame):
    """Group, n, visit of each row, and what somebody must have come for to be in it."""
    kinds = np.where(rows["analyte"] != "", "sampled", "assessed")
    return zip(rows["group"].astype(str), rows["n"], rows["visit"].astype(str), kinds, strict=True)


def _sums(sizes: dict[str, float]) -> set[float]:
    """What groups can sum to: every set of two or more, and single ones where there is one group only."""
    many = range(2, len(sizes) + 1) if len(sizes) <= MOST_GROUPS else (2, len(sizes))
    found = {sum(part) for size in many for part in combinations(sizes.values(), size)}
    return found or set(sizes.values())
