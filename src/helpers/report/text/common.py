"""Sentences that every notebook needs: banner, limits, convergence, the ledger's slice, what does not apply."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.analysis.frames import analyte_titles
from helpers.claims import Verdict, counts
from helpers.report.exhibit import TextExhibit
from helpers.report.format import count_of, listed
from helpers.report.words import ADJUSTMENTS, STRUCTURES, not_applicable


def banner(run) -> TextExhibit:
    """Which data, which scenario, which seed: the first thing a notebook says."""
    study, settings = run.study.descriptor, run.settings
    source = "a **synthetic cohort**: no participant in it exists" if run.synthetic else "real data"
    imputed = "missing samples completed by EM" if settings.imputation == "em" else "observed samples only"
    return TextExhibit(
        f"**{study.title}** · {source}\n\n"
        f"Scenario **{run.scenario}** · seed {settings.seed} · α = {settings.alpha:g} · "
        f"{STRUCTURES[settings.covariance]} · {imputed} · {ADJUSTMENTS[settings.adjustment]} over analytes"
        f"{_reading(run)}"
    )


def _reading(run) -> str:
    """How to read the fixed prose of a chapter when the study is not the one it was written for."""
    if run.study.descriptor.claims:
        return ""
    first, second = (run.study.group_label(g) for g in run.study.roles.compared)
    return (
        "\n\nThe fixed text of the chapters was written for the study of ketamine and pain. Here read the analytes of "
        "this "
        f"study for cytokines, and {first} and {second} for the two groups."
    )


def data_used(run, long: pd.DataFrame, what: str) -> TextExhibit:
    """Participants and observations that enter, by group."""
    parts = []
    for group, members in long.groupby("group", observed=True):
        label = run.study.group_label(str(group))
        parts.append(f"{label}: {count_of(members['id'].nunique(), 'participant')}, {count_of(len(members), 'row')}")
    return TextExhibit(f"{what}: {'; '.join(parts)}.")


def convergence(run, rows: pd.DataFrame) -> TextExhibit:
    """How many models converged, and which did not."""
    fits = rows[rows["statistic"] == "converged"]
    failed = fits[fits["value"] != 1]
    total = count_of(len(fits), "model")
    if failed.empty:
        return TextExhibit(f"All of the {total} converged." if len(fits) != 1 else "The model converged.")
    outcomes = {item.column: item.label for item in run.study.roles.outcomes}
    titles = outcomes | analyte_titles(run.study)
    names = dict.fromkeys(titles[name] for name in [*failed["outcome"], *failed["analyte"]] if name)
    return TextExhibit(
        f"Of {total}, {len(failed)} did not converge ({listed(list(names))}); the table gives the reasons."
    )


def claims(run, verdicts: Sequence[Verdict]) -> TextExhibit:
    """How many of the notebook's claims have each verdict."""
    if not verdicts:
        return not_applicable("no ledger of published claims belongs to it.")
    parts = [f"{n} *{verdict}*" for verdict, n in counts(verdicts).items()]
    tail = (
        " Agreement on made data is no evidence for the published figures: it shows that the code computes what is "
        "claimed, "
        "and that the figures can stand together."
        if run.synthetic
        else ""
    )
    return TextExhibit(f"Of {count_of(len(verdicts), 'check')}: {listed(parts)}.{tail}")
