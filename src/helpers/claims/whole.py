"""The whole ledger over the results of all chapters: what chapter 6 judges, and the rows it writes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import pandas as pd

from helpers.analysis.results import TEXT, read_results, row, to_frame
from helpers.analysis.run import Run
from helpers.claims.ledger import KINDS, Claim, load_ledger
from helpers.claims.verdicts import VERDICTS, Verdict, judge

ANALYSIS = "claims"
Chapters = Mapping[str, pd.DataFrame]


def ledger_of(run: Run) -> tuple[Claim, ...]:
    """The claims of the run's study; none for a study without a ledger."""
    name = run.study.descriptor.claims
    return _loaded(name) if name else ()


@cache
def _loaded(name: str) -> tuple[Claim, ...]:
    """A ledger, read and checked once, however many tables ask."""
    return load_ledger(name)


def chapter_names(claims: Iterable[Claim]) -> tuple[str, ...]:
    """The notebooks whose rows answer to some claim, in order.

    >>> chapter_names([Claim("a", "count", "Methods", "Patients", "66", "01_cohort", {})])
    ('01_cohort',)
    """
    return tuple(sorted({claim.notebook for claim in claims}))


def read_chapters(run: Run) -> dict[str, pd.DataFrame]:
    """The results rows that the ledger is set beside, by chapter.

    In a build every chapter has run before. When the cells are run by hand, a chapter is left out that nobody has
    run, or that was run under other settings: its rows would not belong to these.

    Raises
    ------
    FileNotFoundError
        In a build, a chapter's results are missing.
    """
    found = {}
    for name in chapter_names(ledger_of(run)):
        path = run.output / "results" / f"{name}.csv"
        if run.by_hand and not path.is_file():
            continue
        # As categories, among which hundreds of claims find their rows in a tenth of the time.
        rows = read_results(path).astype(dict.fromkeys(TEXT, "category"))
        if not run.by_hand or set(rows["scenario"]) == {run.scenario}:
            found[name] = rows
    return found


def judge_chapters(run: Run, chapters: Chapters) -> list[Verdict]:
    """One verdict a claim of the chapters given, in the ledger's order; each claim meets its own chapter's rows."""
    claims = ledger_of(run)
    judged = {
        item.claim.id: item for name, rows in chapters.items() for item in judge(claims, rows, run.synthetic, name)
    }
    return [judged[claim.id] for claim in claims if claim.id in judged]


def count_rows(verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """Results rows: how many checks there are, and of each kind how many have each verdict.

    >>> claim = Claim("a", "count", "Methods", "Patients", "66", "01_cohort", {})
    >>> rows = count_rows([Verdict(claim, 66.0, True, "emerges", "")])
    >>> rows[["contrast", "statistic", "value", "n"]].to_numpy().tolist()
    [['', 'checks', 1.0, nan], ['count', 'emerges', 1.0, 1.0]]
    """
    pairs = Counter((item.claim.kind, item.verdict) for item in verdicts)
    of_kind = Counter(item.claim.kind for item in verdicts)
    made = [row(ANALYSIS, "checks", len(verdicts))]
    for kind in KINDS:
        counted = ((verdict, pairs[kind, verdict]) for verdict in VERDICTS if pairs[kind, verdict])
        made += [row(ANALYSIS, verdict, count, contrast=kind, n=of_kind[kind]) for verdict, count in counted]
    return to_frame(made)
