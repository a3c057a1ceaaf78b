"""What a reading wants of the search, out of the ledger: printed strings, intervals, and how each is computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from helpers.claims.ledger import Claim, load_ledger

from .aims import Aim, printed_aim
from .balanced import TERMS, compound_symmetry, effect_sizes
from .paths import Interval
from .readings import LEDGER, Reading
from .sums import Design, Floats, Sums

THIRD, RULE, LAST = 3, 6, 7  # places of the visits that the paper's figures are about
EARLY = 0.02
NEAR = 0.01  # width, as a share, of the interval that a given-up F is held in


@dataclass(frozen=True, eq=False)
class Wanted:
    """The printed figures as one reading takes them.

    Attributes
    ----------
    reading : Reading
    claims : mapping
        The ledger's claims that are not lists, by identifier, as the reading takes them.
    """

    reading: Reading
    claims: Mapping[str, Claim]

    def aimed(self, name: str) -> bool:
        """Whether the search aims at this claim."""
        return self.claims[name].basis == "target"

    def interval(self, name: str) -> Interval:
        """The rounding interval of a printed number."""
        printed = self.claims[name].printed
        half = 0.5 * 10.0 ** -len(printed.partition(".")[2])
        return float(printed) - half, float(printed) + half


def wanted(reading: Reading) -> Wanted:
    """What a reading wants, from the ledger."""
    claims = {claim.id.partition(":")[0]: claim for claim in reading.read(load_ledger(LEDGER))}
    return Wanted(reading, claims)


def time_aim(want: Wanted, endpoint: str) -> Aim:
    """The t of the time to an endpoint, of a value of t itself."""
    return printed_aim("t", want.claims[f"time-{endpoint}-t"].printed, lambda t: t, 0.05)


def test_aims(want: Wanted, outcome: str, design: Design, coarse: float) -> list[Aim]:
    """The three F of an outcome; one that is given up is held near its printed value."""
    aims = []
    for place, term in enumerate(TERMS):
        claim = want.claims[f"{outcome}-{term}-f"]
        size = float(claim.printed)
        aim = printed_aim(term, claim.printed, _part(place, design), size * coarse)
        if not want.aimed(f"{outcome}-{term}-f"):
            aim = Aim(term, aim.of, size * (1 - NEAR / 2), size * (1 + NEAR / 2), aim.coarse)
        aims.append(aim)
    return aims


def _part(place: int, design: Design):
    return lambda sums: compound_symmetry(sums, design)[place]


def effect_aims(want: Wanted, design: Design) -> list[Aim]:
    """Cohen's d of MADRS at the third infusion; and, where a reading says so, none larger at another visit."""
    third = want.claims["madrs-d-third"].printed
    aims = [printed_aim("d", third, lambda sums: effect_sizes(sums, design.n)[..., THIRD], 0.005)]
    if want.aimed("madrs-d-largest"):
        most = float(want.claims["madrs-d-largest"].printed[1:]) - 0.001
        others = [visit for visit in range(LAST + 1) if visit != THIRD]

        def excess(sums: Sums, less: float = 0.0) -> Floats:
            """By how much the other visits' sizes are above the largest there may be, in all."""
            return np.maximum(np.abs(effect_sizes(sums, design.n)[..., others]) - most + less, 0).sum(axis=-1)

        aims.append(Aim("largest", excess, -np.inf, 0.0, 0.01))
        # On the way there is more room, which the move to a node takes.
        aims.append(Aim("early", lambda sums: excess(sums, EARLY), -np.inf, 0.0, 0.01))
    return aims


def mediation_intervals(want: Wanted) -> dict[str, Interval]:
    """The intervals of the slopes and paths at day 13, by the names of ``paths.statistics``."""
    found = {"madrs-beta": want.interval("il6-madrs-day-13")}
    found |= {name: want.interval(name) for name in ("direct-effect", "indirect-effect")}
    found[want.claims["il6-vas-day-13"].row["statistic"]] = want.interval("il6-vas-day-13")
    pairs = {"il6-vas-day-13-p": "vas-p", "direct-p": "direct-p"}
    return found | {pairs[name]: want.interval(name) for name in pairs if want.aimed(name)}
