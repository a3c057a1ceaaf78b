"""What may be said of each claim, given the results rows and where the data come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from helpers.analysis.finder import Finder
from helpers.analysis.run import Run
from helpers.claims.ledger import KINDS, Claim, load_ledger

RECOMPUTED, BY_CONSTRUCTION = "recomputed", "met by construction"
EMERGES, NOT_EMERGING, NOT_COMPUTABLE = "emerges", "does not emerge", "not computable"
INCONSISTENT = "inconsistent as printed"
AGREES, DIFFERS = "agrees", "differs"
VERDICTS = (RECOMPUTED, BY_CONSTRUCTION, EMERGES, NOT_EMERGING, INCONSISTENT, NOT_COMPUTABLE, AGREES, DIFFERS)


@dataclass(frozen=True)
class Verdict:
    """A claim beside its computed counterpart."""

    claim: Claim
    computed: float
    met: bool
    verdict: str
    reason: str


def rounds_to(value: float, printed: str) -> bool:
    """Whether a number rounds to what is printed; ``<`` and ``>`` are read as such.

    Examples
    --------
    >>> rounds_to(4.0615, "4.062"), rounds_to(0.4904, "0.490"), rounds_to(0.0004, "< 0.001")
    (True, True, True)
    >>> rounds_to(0.4906, "0.490")
    False
    """
    if printed[0] == "<":
        return value < float(printed[1:])
    if printed[0] == ">":
        return value > float(printed[1:])
    decimals = len(printed.partition(".")[2])
    return abs(value - float(printed)) <= 0.5 * 10**-decimals + 1e-12


def judge_run(run: Run, rows: pd.DataFrame) -> list[Verdict]:
    """The verdicts of a notebook's slice of its study's ledger; an empty list for a study without one."""
    ledger = run.study.descriptor.claims
    return judge(load_ledger(ledger), rows, run.synthetic, run.notebook) if ledger else []


def judge(claims: Iterable[Claim], rows: pd.DataFrame, synthetic: bool, notebook: str | None = None) -> list[Verdict]:
    """One verdict a claim of the notebook given (of all notebooks when none is).

    Agreement on the synthetic cohort is never called reproduction: a target is met by construction, what is not a
    target emerges or does not. On a laboratory's own data a claim agrees or differs.
    """
    wanted = [claim for claim in claims if notebook in (None, claim.notebook)]
    find = Finder(rows)
    return [_judged(claim, find, synthetic) for claim in wanted]


def _judged(claim: Claim, find: Finder, synthetic: bool) -> Verdict:
    if claim.basis == "not_computable":
        return Verdict(claim, float("nan"), False, NOT_COMPUTABLE, claim.reason)
    if claim.basis == "inconsistent" and not claim.row:
        return Verdict(claim, float("nan"), False, INCONSISTENT, claim.reason)
    found = find(**claim.row)
    if len(found) != 1:
        return Verdict(claim, float("nan"), False, NOT_COMPUTABLE, f"{len(found)} results answer to the claim")
    number, value = float(found[claim.read].iloc[0]), float(found["value"].iloc[0])
    if pd.isna(number):
        return Verdict(claim, number, False, NOT_COMPUTABLE, str(found["method"].iloc[0]) or "the result is missing")
    met = rounds_to(number, claim.printed) and has_sign(value, claim.sign)
    return Verdict(claim, number, met, *_verdict(claim, met, synthetic))


def has_sign(value: float, sign: str) -> bool:
    """Whether a number has the sign that a claim of direction asks for; any has, where none is asked.

    >>> has_sign(-1.2, "negative"), has_sign(-1.2, "")
    (True, True)
    """
    return {"": True, "positive": value > 0, "negative": value < 0}[sign]


def _verdict(claim: Claim, met: bool, synthetic: bool) -> tuple[str, str]:
    if not synthetic:
        return (AGREES, "within the rounding interval") if met else (DIFFERS, "outside the rounding interval")
    if claim.basis == "inconsistent":
        return INCONSISTENT, claim.reason
    if claim.basis == "arithmetic" and met:
        return RECOMPUTED, claim.reason or "follows from other printed figures"
    if claim.basis == "target" and met:
        return BY_CONSTRUCTION, "the cohort was made to meet it"
    if met:
        return EMERGES, "not a target of the cohort"
    if claim.basis == "target":
        return NOT_EMERGING, "the cohort was chosen towards it, and falls short"
    return NOT_EMERGING, "the cohort and the models of this scenario give another figure"


def counts_by_kind(verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """How many checks of each kind have each verdict, with sums; kinds in the ledger's order.

    Examples
    --------
    >>> claim = Claim("a", "count", "Methods", "Patients", "66", "01_cohort", {})
    >>> counts_by_kind([Verdict(claim, 66.0, True, "emerges", "")])
           emerges  all
    count        1    1
    all          1    1
    """
    found = list(verdicts)
    pairs = pd.DataFrame({"kind": [v.claim.kind for v in found], "verdict": [v.verdict for v in found]})
    table = pairs.value_counts().unstack(fill_value=0)
    table = table.reindex(index=[k for k in KINDS if k in table.index], columns=[v for v in VERDICTS if v in table])
    table = table.rename_axis(index=None, columns=None).assign(all=table.sum(axis=1))
    return pd.concat([table, table.sum().to_frame("all").T])


def counts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many claims have each verdict."""
    return dict(pd.Series([item.verdict for item in verdicts], dtype="object").value_counts(sort=False))
