"""The ledger of published claims and the verdicts on them."""

from helpers.claims.ledger import Claim, LedgerError, load_ledger, parse_ledger
from helpers.claims.verdicts import Verdict, counts, counts_by_kind, judge, judge_run, rounds_to

__all__ = [
    "Claim",
    "LedgerError",
    "Verdict",
    "counts",
    "counts_by_kind",
    "judge",
    "judge_run",
    "load_ledger",
    "parse_ledger",
    "rounds_to",
]
