"""Sentences that every notebook needs: banner, limits, convergence, the ledger's slice, what does not apply."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.frames import group_size
from helpers.report.exhibit import TextExhibit
from helpers.report.format import count_of, listed, number
from helpers.report.markdown import escaped
from helpers.report.words import ADJUSTMENTS, model_words, not_applicable


def banner(run) -> TextExhibit:
    """Which data, which scenario, which seed: the first thing a notebook says."""
    study, settings = run.study.descriptor, run.settings
    source = "a **synthetic cohort**: no participant in it exists" if run.synthetic else "real data"
    imputed = "missing samples completed by EM" if settings.imputation == "em" else "observed samples only"
    return TextExhibit(
        f"**{escaped(study.title)}** · {source}\n\n"
        f"Scenario **{run.scenario}** · seed {settings.seed} · α = {settings.alpha:g} · "
        f"{model_words(settings)} · {imputed} · {ADJUSTMENTS[settings.adjustment]} over analytes"
        f"{_reading(run)}"
    )


def _reading(run) -> str:
    """How to read the fixed prose of a chapter when the study is not the one it was written for."""
    if run.study.descriptor.claims:
        return ""
    labels = [run.study.group_label(g) for g in run.study.roles.compared]
    return (
        "\n\nThe fixed text of the chapters was written for the study of ketamine and pain. Here read the analytes of "
        "this "
        f"study for cytokines, and {listed(labels)} for the {'two ' if len(labels) == 2 else ''}groups."
    )


def data_used(run, long: pd.DataFrame, what: str) -> TextExhibit:
    """Participants and observations that enter, by group; without any, that the chapter does not apply."""
    if long.empty:
        return not_applicable(f"it has nothing of what this chapter is about ({what[0].lower()}{what[1:]}).")
    parts = []
    for group, members in long.groupby("group", observed=True):
        label = run.study.group_label(str(group))
        n = members["id"].nunique()
        if getattr(run, "disclosure", None):
            told = run.disclosure.count(n, group_size(run.study, str(group)))
            parts.append(f"{label}: {number(told, 0)} participants")
            continue
        parts.append(f"{label}: {count_of(n, 'participant')}, {count_of(len(members), 'row')}")
    return TextExhibit(f"{what}: {'; '.join(parts)}.")
