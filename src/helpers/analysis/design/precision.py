"""When enough cohorts were simulated: decided from the blocks in their order, whoever computed them and when."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from helpers.analysis.design.plan import Plan
from helpers.analysis.design.tally import standard_error, summed

FIRST = 2  # blocks before the first look
RARE = 0.1  # rates of true hypotheses up to this must meet the precision for levels


def blocks_needed(blocks: pd.DataFrame, plan: Plan) -> int:
    """How many blocks of a point are wanted, given those that are there (with their number in ``block``).

    After the first two, and then after as many as the rates so far call for, a point ends when every rate is as precise
    as the plan asks, or when it has the most cohorts. Only blocks from the first without a gap count: neither
    interruptions nor the order of jobs change what is computed.

    >>> plan = Plan((33,), (0,), 100, 1000, 500, 0.01, 0.05)
    >>> blocks_needed(pd.DataFrame(columns=["block"]), plan)
    2
    """
    there = set(blocks["block"])
    wanted = min(FIRST, plan.blocks)
    while wanted < plan.blocks and set(range(wanted)) <= there:
        more = _predicted(blocks[blocks["block"] < wanted], plan)
        if more <= wanted:
            break
        wanted = min(plan.blocks, more)
    return wanted


def _predicted(blocks: pd.DataFrame, plan: Plan) -> int:
    """Blocks after which the least precise of the rates will be precise enough, if it stays what it is."""
    found = summed(blocks, [])
    target = np.where(found["null"].astype(bool) & (found["rate"] <= RARE), plan.level, plan.power)
    times = (found["rate_se"] / target) ** 2
    return math.ceil(blocks["block"].nunique() * float(times.max()) - 1e-9)


def precise(summary: pd.DataFrame, plan: Plan) -> pd.Series:
    """Which rates are as precise as the plan asks."""
    target = np.where(summary["null"].astype(bool) & (summary["rate"] <= RARE), plan.level, plan.power)
    return standard_error(summary["rejected"].to_numpy(float), summary["used"].to_numpy(float)) <= target + 1e-12
