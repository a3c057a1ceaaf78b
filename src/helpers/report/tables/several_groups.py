"""The tables of efficacy where more than two groups are compared: all groups together, in lines instead of columns."""

from __future__ import annotations

from itertools import product

import pandas as pd

from helpers.analysis.frames import main_outcome, outcome
from helpers.analysis.pairs import named, overall, pairs, turned
from helpers.report.exhibit import TableExhibit, table_exhibit
from helpers.report.format import ci_name, count_percent, interval, mean_sd, number, p_value, unbroken, with_symbol
from helpers.report.listing import ListingExhibit, searchable
from helpers.report.lookup import Found, Lookup
from helpers.report.words import df_pair, face, in_paper, outcome_heading


def endpoints(run, find: Lookup, present: dict[str, str], note: str) -> TableExhibit:
    """Response and remission by group, with the tests of all groups together."""
    study, lines = run.study, []
    for name, label in present.items():
        rule = getattr(study.roles, name)
        cells = {"analysis": name, "outcome": rule.outcome, "visit": rule.visit}
        shares = [_share(find, group, cells) for group in study.roles.compared]
        test, exact = (find(statistic=s, contrast=overall(study), **cells)
                       for s in ("chi_square", "fisher_freeman_halton"))  # fmt: skip
        lines.append([label, *shares, _chi(test), p_value(test.p), p_value(exact.p)])
    heads = ["Endpoint", *(study.group_label(g) for g in study.roles.compared), "χ²", "p", "p (exact)"]
    note = f"{note} Tests of all groups together; exact: Fisher, Freeman and Halton."
    frame = pd.DataFrame(lines, columns=heads)
    return table_exhibit(frame, "tab-endpoints", f"Response and remission by group.{face(run)}", "", note)


def _share(find: Lookup, group: str, cells: dict) -> str:
    count, percent = (find(statistic=s, group=group, **cells) for s in ("count", "percent"))
    return count_percent(count.value, percent.value)


def _chi(test: Found) -> str:
    return with_symbol(f"χ²({test.df1:.0f})", test.value, 3) if test.exists else "–"


def time_to_endpoint(run, find: Lookup, present: dict[str, str]) -> TableExhibit:
    """Time to each endpoint: analysis of variance and log-rank test of all groups."""
    study, lines = run.study, []
    for name, label in present.items():
        rule = getattr(study.roles, name)
        cells = {"analysis": f"time_to_{name}", "outcome": rule.outcome, "visit": rule.visit}
        for statistic, words in (("F", "everybody"), ("F_events_only", "events only")):
            test = find(statistic=statistic, contrast=overall(study), **cells)
            shown = with_symbol(f"F({df_pair(test)})", test.value, 3) if test.exists else "–"
            lines.append([label, f"Analysis of variance, {words}", shown, p_value(test.p)])
        rank = find(statistic="log_rank", contrast=overall(study), **cells)
        lines.append([label, "Log-rank", _chi(rank), p_value(rank.p)])
        for group in study.roles.compared:
            mean = find(statistic="restricted_mean", group=group, **cells)
            lines.append([label, f"Restricted mean (days), {study.group_label(group)}", _estimate(mean), "–"])
    note = (
        f"Days since baseline; restricted means with {ci_name(run.settings.alpha)}. Tests of all groups together. "
        "The analysis of variance that counts everybody gives a patient without the event the day of the rule’s visit."
    )
    frame = pd.DataFrame(lines, columns=["Endpoint", "Analysis", "Value", "p"])
    caption = f"Time to response and remission.{face(run)}"
    return table_exhibit(frame, "tab-time", caption, "llrr", note, groups="Endpoint")


def by_visit(run, find: Lookup) -> TableExhibit | ListingExhibit:
    """Outcomes visit by visit, one line a group."""
    study, lines = run.study, []
    for item in study.roles.outcomes:
        for visit, group in product(item.visits, study.roles.compared):
            cells = {"outcome": item.column, "visit": visit, "group": group}
            mean, sd = (find(analysis="observed", statistic=s, **cells) for s in ("mean", "sd"))
            fitted = find(analysis="mixed_model", statistic="marginal_mean", **cells)
            change = find(analysis="mixed_model", statistic="change", contrast=f"{visit} - {study.baseline}", **cells)
            names = [outcome_heading(study, item.column), unbroken(study.visit_label(visit)), study.group_label(group)]
            seen = [f"{mean.n:.0f}" if mean.n == mean.n else "–", mean_sd(mean.value, sd.value, 2)]
            lines.append([*names, *seen, _estimate(fitted), p_value(change.p_adjusted)])
    heads = ["Outcome", "Visit", "Group", "n", "Observed mean (SD)", f"Adjusted mean ({ci_name(run.settings.alpha)})"]
    note = (
        "Adjusted mean: mixed model, covariates at their mean. p vs baseline: Bonferroni over the follow-up visits of "
        "the group."
    )
    caption = f"Clinical outcomes at each visit{in_paper(run, 'Supplementary Table 1')}.{face(run)}"
    frame = pd.DataFrame(lines, columns=[*heads, "p vs baseline"])
    return searchable(table_exhibit(frame, "tab-s1", caption, "lllrrrr", note, groups="Outcome"))


def effect_sizes(run, find: Lookup, sizes: dict[str, str]) -> TableExhibit | ListingExhibit:
    """The main outcome: every pair's difference at each visit over different standard deviations."""
    study, column, lines = run.study, main_outcome(run.study), []
    item = outcome(study, column)
    for visit, pair in product(item.visits, pairs(study)):
        gap = find(analysis="mixed_model", statistic="mean_difference", contrast=named(pair), outcome=column,
                   visit=visit)  # fmt: skip
        cells = {"outcome": column, "visit": visit, "contrast": turned(pair)}
        found = [
            find(analysis="observed" if statistic == "cohens_d" else "effect_size", statistic=statistic, **cells)
            for statistic in sizes
        ]
        label = " − ".join(study.group_label(group) for group in pair)
        shown = [_estimate(_turned(size)) for size in found]
        lines.append([unbroken(study.visit_label(visit)), label, _estimate(gap), *shown])
    note = (
        f"First group minus second, with {ci_name(run.settings.alpha)}; that of the adjusted difference is widened by "
        "Bonferroni over the pairs. d and g of the visit divide the observed difference by the pooled SD of the two "
        "groups at the visit; the others divide the adjusted difference, by the model’s SD of the visit or by the "
        "pooled SD of all groups at baseline, taken as known."
    )
    frame = pd.DataFrame(lines, columns=["Visit", "Groups", "Adjusted difference", *sizes.values()])
    caption = f"Effect sizes of {item.label} under four definitions.{face(run)}"
    return searchable(table_exhibit(frame, "tab-effect-sizes", caption, "llrrrrr", note, groups="Visit"))


def _estimate(found: Found) -> str:
    return f"{number(found.value)} ({interval(found.ci_low, found.ci_high)})" if found.exists else "–"


def _turned(size: Found) -> Found:
    return size._replace(value=-size.value, ci_low=-size.ci_high, ci_high=-size.ci_low)
