"""When each patient first responds and remits, such that both printed t have their digits; and the box that keeps it.

Times are days of visits, whole numbers, and whoever never gets there is given the day of the rule's visit: t is a
function of the two groups' sums and sums of squares. First visits move by one at a time from those drawn, never past
each other (who remits has responded), until t is right. The scores are then searched inside bounds that keep the first
visits and, at the rule's visit, who responds and remits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.study.synthetic.design import descriptor, visits

from .aims import Aim
from .moves import Box, SearchError, chosen
from .sums import Floats, Ints

NEVER = 99


@dataclass(frozen=True, eq=False)
class Rules:
    """The endpoints' rules: the share that a response leaves, the cut-off of remission, and the visits' days."""

    share: float
    cutoff: int
    rule: int
    days: Ints


def rules() -> Rules:
    """Those of the descriptor."""
    roles = descriptor()["roles"]
    days = np.array([visit["day"] for visit in roles["visits"]])
    rule = visits().index(roles["response"]["visit"])
    return Rules(1 - roles["response"]["fraction"], int(roles["remission"]["cutoff"]), rule, days)


def first_visits(met: np.ndarray) -> Ints:
    """The first column that holds, counted from visit 1; NEVER where none does.

    >>> first_visits(np.array([[False, True], [False, False]])).tolist()
    [2, 99]
    """
    return np.where(met.any(axis=1), met.argmax(axis=1) + 1, NEVER)


def time_t(first: Ints, group: Ints, days: Ints, rule: int) -> Floats:
    """Student's t of the days, second group - first, of one assignment or of many (… × patients)."""
    time = np.where(first == NEVER, days[rule], days[np.minimum(first, rule)]).astype(float)
    means, spread, n = [], 0.0, (group == 0).sum()
    for g in (0, 1):
        own = time[..., group == g]
        means.append(own.mean(axis=-1))
        spread = spread + own.var(axis=-1, ddof=1)
    return (means[1] - means[0]) / np.sqrt(spread / n)


def timed(rng: np.random.Generator, first: Ints, group: Ints, rule: Rules, aim: Aim, low: Ints, high: Ints) -> Ints:
    """First visits moved by ones, inside ``low`` and ``high``, until t is within the aim.

    Raises :class:`SearchError` when they do not get there.
    """
    now, count = first.copy(), len(first)
    ends = np.flatnonzero(first != NEVER)
    who, by = (a.ravel() for a in np.meshgrid(ends, [1, -1], indexing="ij"))
    for _ in range(20_000):
        tried = np.repeat(now[None], len(who), axis=0)
        tried[np.arange(len(who)), who] += by
        allowed = (tried[np.arange(len(who)), who] >= low[who]) & (tried[np.arange(len(who)), who] <= high[who])
        distance = aim.distance(time_t(tried, group, rule.days, rule.rule))
        if (allowed & (distance == 0)).any():
            return tried[np.flatnonzero(allowed & (distance == 0))[0]]
        moved = np.abs(tried - first).sum(axis=1) / count
        k = chosen(rng, 20 * distance + moved, allowed, 0.3)
        now = tried[k]
    raise SearchError("no times near those drawn have the printed t")


def boxed(rng: np.random.Generator, drawn: Ints, group: Ints, response: Aim, remission: Aim, highest: int) -> Box:
    """Bounds of MADRS in which both t are right and the counts at the rule's visit stay; baseline is fixed."""
    rule = rules()
    base, after = drawn[:, 0], drawn[:, 1 : rule.rule + 1]
    half = np.floor(base * rule.share + 1e-9).astype(np.int64)
    responds, remits = after <= half[:, None], after <= rule.cutoff
    first, remitted = first_visits(responds), first_visits(remits)
    last = np.where(responds[:, -1], rule.rule, rule.rule - 1)
    first = timed(rng, first, group, rule, response, np.ones_like(first), np.minimum(last, remitted))
    last = np.where(remits[:, -1], rule.rule, rule.rule - 1)
    remitted = timed(rng, remitted, group, rule, remission, np.minimum(first, last), last)
    low, high = np.zeros_like(drawn), np.full_like(drawn, highest)
    low[:, 0] = high[:, 0] = base
    for v in range(1, rule.rule + 1):
        for when, cut, ends in ((first, half, responds), (remitted, np.full_like(half, rule.cutoff), remits)):
            before = (v < when) | ((v == rule.rule) & ~ends[:, -1])
            at = (v == when) | ((v == rule.rule) & ends[:, -1])
            low[before, v] = np.maximum(low[before, v], cut[before] + 1)
            high[at, v] = np.minimum(high[at, v], cut[at])
    return Box(low, high, drawn)
