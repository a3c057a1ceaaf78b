"""Sentences about efficacy."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.analysis.frames import main_outcome, outcome_long
from helpers.analysis.pairs import named, overall, pairs, several, turned
from helpers.analysis.response import endpoint_words
from helpers.report.exhibit import TextExhibit, text_exhibit
from helpers.report.format import ci_name, count_percent, interval, listed, number, p_equals, with_symbol
from helpers.report.lookup import Lookup
from helpers.report.text import common
from helpers.report.words import NOTHING, f_with_df, not_applicable

NO_RULE = "its descriptor has no rule of response or remission."


def data_used(run, covariates: Sequence[str]) -> TextExhibit:
    """Patients and visits of the first outcome, and the covariates of every model."""
    first = run.study.roles.outcomes[0]
    used = common.data_used(run, outcome_long(run.study, first.column), f"{first.label}, patients and visits")
    titles = [run.study.field("participants", name).title for name in covariates]
    return TextExhibit(f"{used.markdown} Covariates of the models: {listed(titles)}.")


def endpoints(run, rows: pd.DataFrame) -> TextExhibit:
    """Rates in the groups with the tests of all of them: three of two groups, two of more."""
    study, find, sentences = run.study, Lookup(rows), []
    if not endpoint_words(study, run.settings):
        return not_applicable(NO_RULE)
    for name in endpoint_words(study, run.settings):
        rule = getattr(study.roles, name)
        cells = {"analysis": name, "outcome": rule.outcome, "visit": rule.visit}
        shares = []
        for group in study.roles.compared:
            count, percent = (find(statistic=s, group=group, **cells) for s in ("count", "percent"))
            share = count_percent(count.value, percent.value)
            shares.append(f"{share} of {number(count.n, 0)} in the group {study.group_label(group)}")
        cells["contrast"] = overall(study)
        if several(study):
            sentences.append(f"{name.capitalize()}: {listed(shares)} ({_together(find, cells)}).")
            continue
        plain, yates, exact = (find(statistic=s, **cells) for s in ("chi_square", "chi_square_yates", "odds_ratio"))
        sentences.append(
            f"{name.capitalize()}: {listed(shares)} ({with_symbol('χ²', plain.value, 3)}, {p_equals(plain.p)}; with "
            "Yates’ "
            f"correction {p_equals(yates.p)}; Fisher’s exact {p_equals(exact.p)})."
        )
    return text_exhibit(" ".join(sentences), find)


def _together(find: Lookup, cells: dict) -> str:
    test, exact = (find(statistic=s, **cells) for s in ("chi_square", "fisher_freeman_halton"))
    if not test.exists:
        return "the test of all groups could not be computed"
    return f"{with_symbol(f'χ²({test.df1:.0f})', test.value, 3)}, {p_equals(test.p)}; exact {p_equals(exact.p)}"


def _times_together(find: Lookup, cells: dict) -> str:
    test, rank = (find(statistic=s, **cells) for s in ("F", "log_rank"))
    shown = f"{f_with_df(test)}, {p_equals(test.p)}" if test.exists else "no analysis of variance"
    ranked = f"log-rank {p_equals(rank.p)}" if rank.exists else "no log-rank test"
    return f"{shown} with everybody counted; {ranked}"


def time_to_endpoint(run, rows: pd.DataFrame) -> TextExhibit:
    """The paper's t-test, or the analysis of variance of more than two groups, beside the log-rank test."""
    study, find, sentences = run.study, Lookup(rows), []
    if not endpoint_words(study, run.settings):
        return NOTHING
    for name in endpoint_words(study, run.settings):
        rule = getattr(study.roles, name)
        cells = {"analysis": f"time_to_{name}", "outcome": rule.outcome, "visit": rule.visit}
        if several(study):
            sentences.append(f"Time to {name}: {_times_together(find, {**cells, 'contrast': overall(study)})}.")
            continue
        backward, forward = (" - ".join(order) for order in (reversed(study.roles.compared), study.roles.compared))
        test = find(statistic="t", contrast=backward, **cells)
        rank = find(statistic="log_rank", contrast=forward, **cells)
        gap = find(statistic="restricted_mean_difference", contrast=forward, **cells)
        sentences.append(
            f"Time to {name}: {with_symbol(f't({number(test.df2, 0)})', test.value, 3)}, {p_equals(test.p)} with "
            "everybody counted; "
            f"log-rank {p_equals(rank.p)}; restricted means differ by {number(gap.value, 1)} days "
            f"({ci_name(run.settings.alpha)} {interval(gap.ci_low, gap.ci_high, 1)})."
        )
    return text_exhibit(" ".join(sentences), find)


def models(run, rows: pd.DataFrame) -> TextExhibit:
    """The interaction of each outcome, and the visits at which the groups differ."""
    study, find, sentences = run.study, Lookup(rows), []
    for item in study.roles.outcomes:
        cells = {"analysis": "mixed_model", "outcome": item.column}
        test = find(contrast="interaction", statistic="F", **cells)
        gaps = [
            (v, find(statistic="mean_difference", contrast=named(pair), visit=v, **cells))
            for v in item.visits
            for pair in pairs(study)
        ]
        found = {v for v, gap in gaps if gap.p_adjusted < run.settings.alpha}
        visits = [study.visit_label(v) for v in item.visits if v in found]
        who = "two of the groups" if several(study) else "the groups"
        where = f"{who} differ at {listed(visits)}" if visits else f"{who} differ at no visit"
        if not test.exists:
            fitted = find(contrast="group", statistic="F", **cells)
            words = f"{f_with_df(fitted)}, {p_equals(fitted.p)}; {where}"
            sentences.append(
                f"{item.label}: group {words}." if fitted.exists else f"{item.label}: the model was not fitted."
            )
            continue
        sentences.append(f"{item.label}: group × time {f_with_df(test)}, {p_equals(test.p)}; {where}.")
    return text_exhibit("\n".join(f"- {sentence}" for sentence in sentences), find)


def largest_effect(run, rows: pd.DataFrame) -> TextExhibit:
    """The visit at which Cohen's d of the main outcome is largest."""
    outcome = main_outcome(run.study)
    sizes = rows[(rows["statistic"] == "cohens_d") & (rows["outcome"] == outcome)].dropna(subset=["value"])
    if sizes.empty:
        return not_applicable("no effect size could be computed.")
    top = sizes.loc[sizes["value"].abs().idxmax()]
    label = next(item.label for item in run.study.roles.outcomes if item.column == outcome)
    span = interval(top["ci_low"], top["ci_high"])
    return text_exhibit(
        f"{_who(run, top['contrast'])} lie furthest apart in {label} at {run.study.visit_label(top['visit'])}: d = "
        f"{number(top['value'], 3)} "
        f"({ci_name(run.settings.alpha)} {span}).",
        sizes,
    )


def _who(run, contrast: str) -> str:
    if not several(run.study):
        return "The groups"
    pair = next(pair for pair in pairs(run.study) if turned(pair) == contrast)
    return listed([run.study.group_label(group) for group in pair])


def adverse_events(run, rows: pd.DataFrame) -> TextExhibit:
    """The share of exposures with the event."""
    role = run.study.roles.adverse_events
    if role is None:
        return not_applicable("it records no event at each exposure.")
    find = Lookup(rows)
    count, percent = (find(analysis="adverse_event", outcome=role.column, statistic=s) for s in ("count", "percent"))
    title = run.study.descriptor.resource(role.table).field(role.column).title
    said = f"{title}: {count_percent(count.value, percent.value)} of {number(count.n, 0)} {role.unit}s."
    return text_exhibit(said, find)
