"""Tables of every pair of groups, where more than two are compared; nothing for two, whose tables hold the pair."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from helpers.analysis.pairs import Pair, named, pairs, several, turned
from helpers.analysis.response import endpoint_words
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import ci_name, interval, number, p_value, unbroken, with_symbol
from helpers.report.listing import ListingExhibit, searchable
from helpers.report.lookup import Found, Lookup
from helpers.report.words import NOTHING, degrees, face, outcome_heading

Shown = TableExhibit | ListingExhibit | TextExhibit
ADJUSTED = "p adjusted: Bonferroni over the pairs of the line’s test."


def baseline(run, rows: pd.DataFrame) -> Shown:
    """Every variable of the baseline table, pair by pair."""
    find, study = Lookup(rows[rows["analysis"] == "baseline"]), run.study
    known = [f.name for f in study.descriptor.resource(study.roles.tables["participants"]).fields]

    def lines(pair: Pair) -> Iterable[list[str]]:
        for variable in study.roles.baseline_table:
            role = "participants" if variable.column in known else "outcomes"
            cells = {"analysis": "baseline", "outcome": variable.column, "contrast": named(pair)}
            mean, level = find(statistic="t", **cells), find(statistic="chi_square", **cells)
            size = find(statistic="standardised_difference", **cells)
            shown = with_symbol(f"t({degrees(mean.df2)})", mean.value) if mean.exists else _chi(level)
            test = mean if mean.exists else level
            yield [study.field(role, variable.column).heading, shown, *_p(test), number(size.value)]

    note = (
        f"*t*: Student’s t-test of the two groups; *χ²*: Pearson’s chi-square. {ADJUSTED} SMD: standardised difference."
    )
    return _table(run, "tab-1-pairs", "Pairs of groups at baseline", ["Characteristic"], lines, ["Test"], ["SMD"], note)


def endpoints(run, rows: pd.DataFrame) -> Shown:
    """Rates and times of the endpoints, pair by pair; ``rows`` hold both."""
    find, study = Lookup(rows), run.study

    def lines(pair: Pair) -> Iterable[list[str]]:
        for name in endpoint_words(study, run.settings):
            rule = getattr(study.roles, name)
            rate = {"analysis": name, "outcome": rule.outcome, "visit": rule.visit}
            time = {**rate, "analysis": f"time_to_{name}"}
            head = name.capitalize()
            plain, exact = (find(statistic=s, contrast=named(pair), **rate) for s in ("chi_square", "odds_ratio"))
            yield [head, "Rate, χ²", _chi(plain), *_p(plain)]
            ratio = with_symbol("OR", exact.value) if exact.exists else "–"
            yield [head, "Rate, Fisher", ratio, *_p(exact)]
            t = find(statistic="t", contrast=turned(pair), **time)
            rank, gap = (find(statistic=s, contrast=named(pair), **time)
                         for s in ("log_rank", "restricted_mean_difference"))  # fmt: skip
            shown = with_symbol(f"t({degrees(t.df2)})", t.value) if t.exists else "–"
            yield [head, "Time, t-test, everybody", shown, *_p(t)]
            yield [head, "Time, log-rank", _chi(rank), *_p(rank)]
            yield [head, "Time, restricted mean", _estimate(gap), *_p(gap)]

    note = (
        "First group minus second; *t* is of second minus first. The difference of restricted means is in days, with "
        f"its {ci_name(run.settings.alpha)}. {ADJUSTED}"
    )
    places, caption = ["Endpoint", "Test"], "Endpoints by pair of groups"
    return _table(run, "tab-endpoints-pairs", caption, places, lines, ["Statistic"], [], note)


def outcomes(run, rows: pd.DataFrame) -> Shown:
    """Adjusted difference and effect size of every outcome and visit, pair by pair."""
    find, study = Lookup(rows), run.study

    def lines(pair: Pair) -> Iterable[list[str]]:
        for item in study.roles.outcomes:
            for visit in item.visits:
                cells = {"outcome": item.column, "visit": visit}
                gap = find(analysis="mixed_model", statistic="mean_difference", contrast=named(pair), **cells)
                d = find(analysis="observed", statistic="cohens_d", contrast=turned(pair), **cells)
                g = find(analysis="effect_size", statistic="hedges_g", contrast=turned(pair), **cells)
                place = [outcome_heading(study, item.column), unbroken(study.visit_label(visit))]
                yield [*place, _estimate(gap), *_p(gap), _estimate(_back(d)), _estimate(_back(g))]

    note = (
        f"First group minus second, with {ci_name(run.settings.alpha)}. Adjusted difference: mixed model, "
        "covariates at their mean, interval and p by Bonferroni over the pairs of the visit. d: Cohen’s d over the "
        "pooled SD of the visit; g: Hedges’ g, exact correction, noncentral interval."
    )
    return _table(run, "tab-s1-pairs", "Outcomes at each visit by pair of groups", ["Outcome", "Visit"], lines,
                  ["Adjusted difference"], ["d", "g"], note)  # fmt: skip


def _table(run, name, caption, places, lines: Callable[[Pair], Iterable[list[str]]], before, after, note) -> Shown:
    """Lines of all pairs under each other, the pair in a column after the place."""
    if not several(run.study):
        return NOTHING
    found = [
        [*line[: len(places)], _label(run.study, pair), *line[len(places) :]]
        for pair in pairs(run.study)
        for line in lines(pair)
    ]
    if not found:
        return NOTHING
    heads = [*places, "Groups", *before, "p", "p adjusted", *after]
    together = sorted(found, key=lambda line: _order(found, line, len(places)))
    frame = pd.DataFrame(together, columns=heads)
    align = "l" * (len(places) + 1) + "r" * (len(heads) - len(places) - 1)
    return searchable(table_exhibit(frame, name, f"{caption}.{face(run)}", align, note, groups=places[0]))


def _order(lines: list[list[str]], line: list[str], depth: int) -> int:
    """Where a line's place comes first, so that the pairs of one place stand together."""
    return next(i for i, other in enumerate(lines) if other[:depth] == line[:depth])


def _label(study, pair: Pair) -> str:
    return " − ".join(study.group_label(group) for group in pair)


def _p(test: Found) -> tuple[str, str]:
    return p_value(test.p), p_value(test.p_adjusted)


def _chi(test: Found) -> str:
    return with_symbol(f"χ²({test.df1:.0f})", test.value) if test.exists else "–"


def _estimate(gap: Found) -> str:
    return f"{number(gap.value)} ({interval(gap.ci_low, gap.ci_high)})" if gap.exists else "–"


def _back(size: Found) -> Found:
    """An effect size seen the other way, with the sign of the difference beside it."""
    return size._replace(value=-size.value, ci_low=-size.ci_high, ci_high=-size.ci_low)
