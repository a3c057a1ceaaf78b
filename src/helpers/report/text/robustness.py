"""Sentences about the multiverse: what was tried, where claims stand, and where printed figures could arise."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.robustness.kept import Kept
from helpers.claims.robustness import ANALYSIS, STANDINGS, claims_by_id
from helpers.report.exhibit import TextExhibit, text_exhibit
from helpers.report.format import SPACE, count_of, listed, number, percent_of
from helpers.report.lookup import Lookup
from helpers.report.multiverse_words import choice_name
from helpers.report.tables.claims import labels_of, stated
from helpers.report.words import NOTHING, not_applicable

STAND = dict(
    zip(STANDINGS, ("in every specification", "in at least half", "in fewer than half", "in none"), strict=True)
)


def data_used(run, kept: Kept, rows: pd.DataFrame) -> TextExhibit:
    """How many specifications and claims there are; or why the chapter is empty."""
    if kept.missing:
        return not_applicable(f"of the multiverse there is nothing to show: {kept.missing}.")
    tried = rows[rows["statistic"] == "specifications"]
    find = Lookup(rows)
    every = find(analysis=ANALYSIS, outcome="", statistic="specifications")
    answered = find(analysis=ANALYSIS, outcome="", statistic="stand_everywhere")
    return text_exhibit(
        f"{count_of(every.value, 'specification')} in {count_of(len(tried) - 1, 'family', 'families')}, each set "
        f"beside the claims that rest on it: {count_of(answered.n, 'claim')}. Every specification is computed "
        "by the functions that the chapters before this one call, with one choice after another replaced.",
        find,
        tried,
    )


def shares(run, rows: pd.DataFrame) -> TextExhibit:
    """How many claims stand everywhere, in most, in few, nowhere."""
    find = Lookup(rows)
    found = {name: find(analysis=ANALYSIS, outcome="", statistic=f"stand_{name}") for name in STAND}
    if not found[STANDINGS[0]].exists:
        return NOTHING
    parts = [f"{number(found[name].value, 0)} {words}" for name, words in STAND.items()]
    return text_exhibit(f"Of {count_of(found[STANDINGS[0]].n, 'claim')}, {listed(parts)} stand.", find)


def main_claims(run, kept: Kept, rows: pd.DataFrame) -> TextExhibit:
    """One line a main claim: where it stands, and what moves it most."""
    if kept.missing:
        return NOTHING
    labels, claims, find = labels_of(run.study), claims_by_id(run, kept), Lookup(rows)
    table, lines = kept.shares.set_index("claim"), []
    for name in kept.main:
        found = table.loc[name]
        share = find(analysis=ANALYSIS, outcome=found["family"], contrast=name, statistic="percent_standing")
        told = _in_words(share.value)
        most = (
            f", which depends most on the choice of {choice_name(found['choice']).lower()}" if found["choice"] else ""
        )
        own = "" if found["own"] != 0 else " It does not stand under the paper’s own choices."
        lines.append(
            f"- **{stated(claims[name], labels)}** stands in {told} of {number(share.n, 0)} specifications{most}.{own}"
        )
    return text_exhibit("\n".join(lines), find)


def _in_words(percent: float) -> str:
    if percent in (0, 100):
        return "all" if percent else "none"
    return f"{percent_of(percent / 100)}{SPACE}%"


def arising(run, rows: pd.DataFrame) -> TextExhibit:
    """How many printed figures arise under the paper's choices, under others alone, and under none."""
    find = Lookup(rows)
    here, other, none = (
        find(analysis=ANALYSIS, statistic=f"figures_arise_{name}") for name in ("published", "elsewhere", "nowhere")
    )
    if not here.exists:
        return NOTHING
    meant = (
        " The cohort was made to meet many of them, so that this says that the paper’s choices *can* give them."
        if run.synthetic
        else ""
    )
    return text_exhibit(
        f"Of {count_of(here.n, 'printed figure')} (statistics, *p* values and effect sizes), {number(here.value, 0)} "
        f"arise under the paper’s choices, {number(other.value, 0)} under others alone, and {number(none.value, 0)} "
        f"under none.{meant}",
        find,
    )
