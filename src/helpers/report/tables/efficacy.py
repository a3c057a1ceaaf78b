"""Tables of efficacy: endpoints, time to endpoints, tests of the models, outcomes visit by visit."""

from __future__ import annotations

from itertools import product

import pandas as pd

from helpers.analysis.frames import main_outcome
from helpers.analysis.pairs import several
from helpers.analysis.response import endpoint_words
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import ci_name, count_percent, interval, mean_sd, number, p_value, unbroken, with_symbol
from helpers.report.listing import ListingExhibit
from helpers.report.lookup import Found, Lookup
from helpers.report.tables import several_groups
from helpers.report.words import NOTHING, df_pair, face, in_paper, model_words, outcome_heading

CHI, EXACT = ("Pearson", "Yates"), ("Fisher: Odds ratio", "Fisher: p")
ENDPOINTS = {"response": "Response", "remission": "Remission"}


def endpoints(run, rows: pd.DataFrame) -> TableExhibit | TextExhibit:
    """Response and remission by group, tested with and without continuity correction and exactly."""
    study, find = run.study, Lookup(rows)
    if not _present(study):
        return NOTHING
    if several(study):
        return several_groups.endpoints(run, find, _present(study), _endpoint_note(run))
    lines = [_endpoint_line(study, find, name, label) for name, label in _present(study).items()]
    heads = [study.group_label(g) for g in study.roles.compared]
    frame = pd.DataFrame(
        lines, columns=["Endpoint", *heads, *(f"{test}: {what}" for test, what in product(CHI, ("χ²", "p"))), *EXACT]
    )
    note = f"{_endpoint_note(run)} χ² has one degree of freedom."
    caption, spanners = f"Response and remission by group.{face(run)}", [*CHI, "Fisher"]
    return table_exhibit(frame, "tab-endpoints", caption, "lrrrrrrrr", note, spanners=spanners)


def _endpoint_note(run) -> str:
    """What is counted, by which rules."""
    rules = "; ".join(f"{name}: {rule}" for name, rule in endpoint_words(run.study, run.settings).items())
    absent = "" if run.study.roles.remission else " The study defines no remission cut-off."
    return f"Count (%) of patients assessed at the visit of the rule. {rules[0].upper()}{rules[1:]}.{absent}"


def _present(study) -> dict[str, str]:
    """The endpoints the study defines."""
    return {name: label for name, label in ENDPOINTS.items() if getattr(study.roles, name)}


def _endpoint_line(study, find: Lookup, name: str, label: str) -> list[str]:
    rule = getattr(study.roles, name)
    cells = {"analysis": name, "outcome": rule.outcome, "visit": rule.visit}
    shares = [
        count_percent(
            find(statistic="count", group=g, **cells).value, find(statistic="percent", group=g, **cells).value
        )
        for g in study.roles.compared
    ]
    cells["contrast"] = " - ".join(study.roles.compared)
    plain, yates, exact = (find(statistic=s, **cells) for s in ("chi_square", "chi_square_yates", "odds_ratio"))
    tests = [(number(test.value, 3), p_value(test.p)) for test in (plain, yates)]
    return [label, *shares, *tests[0], *tests[1], number(exact.value), p_value(exact.p)]


def time_to_endpoint(run, rows: pd.DataFrame) -> TableExhibit | TextExhibit:
    """Time to each endpoint, the paper's way and as survival data, one test a line."""
    study, find = run.study, Lookup(rows)
    if not _present(study):
        return NOTHING
    if several(study):
        return several_groups.time_to_endpoint(run, find, _present(study))
    lines = [line for name, label in _present(study).items() for line in _time_lines(study, find, name, label)]
    estimate = f"Estimate ({ci_name(run.settings.alpha)})"
    frame = pd.DataFrame(lines, columns=["Endpoint", "Analysis", estimate, "Statistic", "p"])
    note = (
        "Days since baseline. Mean differences are second group minus first, so that a shorter time in "
        f"{run.study.group_label(run.study.roles.compared[0])} is positive; the difference of restricted means is "
        "first minus second. The t-test that counts everybody gives a patient without the event the day of the rule’s "
        "visit."
    )
    caption = f"Time to response and remission.{face(run)}"
    return table_exhibit(frame, "tab-time", caption, "llrrr", note, groups="Endpoint")


def _time_lines(study, find: Lookup, name: str, label: str) -> list[list[str]]:
    rule, analysis = getattr(study.roles, name), f"time_to_{name}"
    cells = {"analysis": analysis, "outcome": rule.outcome, "visit": rule.visit}
    backward, forward = (" - ".join(order) for order in (reversed(study.roles.compared), study.roles.compared))
    lines = []
    for statistic, words in (("t", "t-test, everybody"), ("t_events_only", "t-test, events only")):
        test = find(statistic=statistic, contrast=backward, **cells)
        gap = find(statistic=f"{statistic}_difference", contrast=backward, **cells)
        shown = with_symbol(f"t({number(test.df2, 0)})", test.value, 3)
        lines.append([label, words, _estimate(gap), shown, p_value(test.p)])
    test = find(statistic="log_rank", contrast=forward, **cells)
    lines.append(
        [
            label,
            "Log-rank",
            "–",
            with_symbol(f"χ²({test.df1:.0f})", test.value, 3),
            p_value(test.p),
        ]
    )
    gap = find(statistic="restricted_mean_difference", contrast=forward, **cells)
    lines.append([label, "Restricted mean", _estimate(gap), "–", p_value(gap.p)])
    return lines


def _estimate(gap, decimals: int = 2) -> str:
    return f"{number(gap.value, decimals)} ({interval(gap.ci_low, gap.ci_high, decimals)})" if gap.exists else "–"


def model_tests(run, rows: pd.DataFrame) -> TableExhibit:
    """Type III tests of every outcome's mixed model."""
    study, find = run.study, Lookup(rows)
    tests = rows[(rows["analysis"] == "mixed_model") & (rows["statistic"] == "F")]
    terms = [t for t in ("group", "time", "interaction") if (tests["contrast"] == t).any()]
    terms += [t for t in dict.fromkeys(tests["contrast"].astype(str)) if t not in terms]
    lines = []
    for item in study.roles.outcomes:
        cells = {"analysis": "mixed_model", "outcome": item.column, "statistic": "F"}
        for term in terms:
            test = find(contrast=term, **cells)
            shown = (number(test.value, 3), df_pair(test), p_value(test.p)) if test.exists else ("–", "–", "–")
            lines.append([item.label, _term_label(study, term), *shown])
    frame = pd.DataFrame(lines, columns=["Outcome", "Term", "F", "df", "p"])
    note = f"{model_words(run.settings)}; sum-to-zero coding, type III."
    caption = f"Tests of group, time and their interaction.{face(run)}"
    return table_exhibit(frame, "tab-models", caption, "llrrr", note, groups="Outcome")


def _term_label(study, term: str) -> str:
    names = {"group": "Group", "time": "Time", "interaction": "Group × time"}
    return names.get(term) or study.field("participants", term).title


def by_visit(run, rows: pd.DataFrame) -> TableExhibit | ListingExhibit:
    """Outcomes visit by visit (the paper's Supplementary Table 1)."""
    study, find = run.study, Lookup(rows)
    if several(study):
        return several_groups.by_visit(run, find)
    lines = [_visit_line(study, find, item, visit) for item in study.roles.outcomes for visit in item.visits]
    first, second = (study.group_label(g) for g in study.roles.compared)
    seen, gap, fall = spanners = "Observed mean (SD)", "Difference", "p vs baseline"
    heads = ["Outcome", "Visit", f"{seen}: {first}", f"{seen}: {second}"]
    heads += [f"{gap}: Adjusted ({ci_name(run.settings.alpha)})", f"{gap}: p", f"{gap}: d"]
    frame = pd.DataFrame(lines, columns=[*heads, f"{fall}: {first}", f"{fall}: {second}"])
    note = (
        f"Observed mean (SD). Difference and d are {second} minus {first}. The difference is from the mixed model with "
        "its covariates at their mean; its p is of one comparison a visit. d: Cohen’s d of the visit over its pooled "
        "SD. "
        "p vs baseline: Bonferroni over the follow-up visits of the group."
    )
    caption = f"Clinical outcomes at each visit{in_paper(run, 'Supplementary Table 1')}.{face(run)}"
    return table_exhibit(frame, "tab-s1", caption, "llrrrrrrr", note, groups="Outcome", spanners=spanners)


def _visit_line(study, find: Lookup, item, visit: str) -> list[str]:
    seen = {"analysis": "observed", "outcome": item.column, "visit": visit}
    model = {"analysis": "mixed_model", "outcome": item.column, "visit": visit}
    first, second = study.roles.compared
    moments = [
        mean_sd(find(statistic="mean", group=g, **seen).value, find(statistic="sd", group=g, **seen).value, 2)
        for g in (first, second)
    ]
    gap = _turned(find(statistic="mean_difference", contrast=f"{first} - {second}", **model))
    size = find(statistic="cohens_d", contrast=f"{second} - {first}", **seen)
    change = {"statistic": "change", "contrast": f"{visit} - {study.baseline}"}
    falls = [p_value(find(group=g, **change, **model).p_adjusted) for g in (first, second)]
    names = [outcome_heading(study, item.column), unbroken(study.visit_label(visit))]
    return [*names, *moments, _estimate(gap), p_value(gap.p_adjusted), number(size.value), *falls]


SIZES = {
    "cohens_d": "d, visit’s SD",
    "hedges_g": "g, visit’s SD",
    "d_model": "d, model’s SD",
    "d_baseline": "d, baseline SD",
}


def effect_sizes(run, rows: pd.DataFrame) -> TableExhibit | ListingExhibit:
    """The main outcome: the difference at each visit over different standard deviations."""
    study, find, outcome = run.study, Lookup(rows), main_outcome(run.study)
    if several(study):
        return several_groups.effect_sizes(run, find, SIZES)
    item = next(item for item in study.roles.outcomes if item.column == outcome)
    contrast = " - ".join(reversed(study.roles.compared))
    lines = []
    for visit in item.visits:
        model = {"analysis": "mixed_model", "outcome": outcome, "visit": visit}
        gap = _turned(find(statistic="mean_difference", contrast=" - ".join(study.roles.compared), **model))
        seen = find(analysis="observed", statistic="cohens_d", outcome=outcome, visit=visit, contrast=contrast)
        line = [unbroken(study.visit_label(visit)), number(seen.n, 0), _estimate(gap)]
        for statistic in SIZES:
            analysis = "observed" if statistic == "cohens_d" else "effect_size"
            cells = {"analysis": analysis, "outcome": outcome, "visit": visit, "contrast": contrast}
            line.append(_estimate(find(statistic=statistic, **cells)))
        lines.append(line)
    frame = pd.DataFrame(lines, columns=["Visit", "n", "Adjusted difference", *SIZES.values()])
    first, second = (study.group_label(g) for g in study.roles.compared)
    note = (
        f"{second} minus {first}, with {ci_name(run.settings.alpha)}. d and g of the visit divide the observed "
        "difference by the pooled SD of the visit: d with its large-sample interval, g corrected for small samples "
        "with the noncentral one. The others divide the adjusted difference, by the model’s SD of the visit or by the "
        "pooled SD at baseline, taken as known."
    )
    caption = f"Effect sizes of {item.label} under four definitions.{face(run)}"
    return table_exhibit(frame, "tab-effect-sizes", caption, "lrrrrrr", note)


def _turned(gap: Found) -> Found:
    """The same difference seen from the other group, so that it has the sign of the effect size beside it."""
    return gap._replace(value=-gap.value, ci_low=-gap.ci_high, ci_high=-gap.ci_low)


def adverse_events(run, rows: pd.DataFrame) -> TableExhibit | TextExhibit:
    """The event at exposures, in all and by group; nothing where the study records none."""
    if run.study.roles.adverse_events is None:
        return NOTHING
    study, find = run.study, Lookup(rows)
    role = study.roles.adverse_events
    field = study.descriptor.resource(role.table).field(role.column)
    lines = []
    for group, label in [("", "All"), *((g, study.group_label(g)) for g in study.roles.compared)]:
        cells = {"analysis": "adverse_event", "outcome": role.column, "group": group}
        count, percent = find(statistic="count", **cells), find(statistic="percent", **cells)
        lines.append([label, number(count.n, 0), count_percent(count.value, percent.value)])
    frame = pd.DataFrame(lines, columns=["Group", f"{role.unit.capitalize()}s", field.title])
    return table_exhibit(frame, "tab-adverse", f"{field.title}, by {role.unit}.{face(run)}", "lrr")
