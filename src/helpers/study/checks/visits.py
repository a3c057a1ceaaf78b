"""Baselines that are missing, and values at visits where the protocol measures nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpers.study.checks.view import GROUP, PERSON, View
from helpers.study.finding import ERROR, WARNING, Finding, people_finding, rows_finding

MOST_COLUMNS, NAMED = 20, 5
ADVICE = "look for the row under another visit or identifier; without a baseline there is no change to analyse"


def findings(view: View) -> Iterator[Finding]:
    """Participants without rows or without a baseline, groups without one, values outside the protocol."""
    for role in view.visited:
        yield from _people(view, role)
        found = [found for column in view.values(role) for found in _values(view, role, column)]
        yield from found if len(found) <= MOST_COLUMNS else [_together(found)]
        yield from _unplanned(view, role)
        yield from _empty_visits(view, role)
    yield from _groups(view)


def _people(view: View, role: str) -> Iterator[Finding]:
    """Participants of whom the table has no row, or rows after baseline only."""
    frame, path, noun = view.table(role), view.resource(role).path, "assessment" if role == "outcomes" else "sample"
    filled = frame[view.values(role)].notna().any(axis=1)
    anywhere = view.has_row(role, filled)
    at_first = view.has_row(role, filled & (frame["visit"] == view.baseline))
    persons = view.persons()
    for group in view.roles.compared if role == "outcomes" else view.groups:
        members = (persons[view.roles.group_column] == group).fillna(False).to_numpy(dtype=bool)
        none = persons.loc[members & ~anywhere, view.roles.identifier]
        late = persons.loc[members & anywhere & ~at_first, view.roles.identifier]
        what = f"no {noun} of {_people_of(none)}"
        advice = "the analyses of this table leave them out: look for their rows under another identifier"
        yield from people_finding(
            Finding(WARNING, "no-rows", what, "expected one at least", advice, path, group=group), none
        )
        what = f"{noun}s after baseline, and none at baseline, of {_people_of(late)}"
        yield from people_finding(
            Finding(WARNING, "baseline-missing", what, "", ADVICE, path, visit=view.baseline, group=group), late
        )


def _people_of(who: pd.Series) -> str:
    return f"{len(who)} participant{'s' * (len(who) != 1)}"


def _values(view: View, role: str, column: str) -> Iterator[Finding]:
    """Rows at baseline without a value of a column that the participant has later."""
    frame = view.table(role)
    planned = view.planned(role, column)
    if view.baseline not in planned:
        return
    first = frame["visit"] == view.baseline
    later = view.has_row(role, ~first & frame["visit"].isin(planned) & frame[column].notna())
    person = frame[PERSON].to_numpy()
    lost = first & frame[column].isna() & (later[person] & (person >= 0))
    lost &= frame[view.values(role)].notna().any(axis=1)
    advice = "their changes of this column cannot be analysed: look for the value"
    rule = Finding(WARNING, "baseline-value", "no value at baseline, and one later", "", advice,
                   view.resource(role).path, column, visit=view.baseline)  # fmt: skip
    yield from rows_finding(rule, lost, view.who(role))


def _together(found: list[Finding]) -> Finding:
    """One finding of many columns: hundreds that say the same of an analyte each would hide all others."""
    worst = sorted(found, key=lambda item: -item.count)[:NAMED]
    columns = ", ".join(item.column for item in worst)
    what = f"no value at baseline, and one later, in {len(found)} columns, most in {columns}"
    total = sum(item.count for item in found)
    advice = f"{total} changes cannot be analysed: look for the values"
    return Finding(WARNING, "baseline-value", what, "", advice, found[0].file, visit=found[0].visit, count=total)


def _unplanned(view: View, role: str) -> Iterator[Finding]:
    """Values at visits of the protocol at which the column is not measured: the analyses pass over them."""
    frame = view.table(role)
    advice = "add the visit to the column's visits in the descriptor, or correct the visit's name"
    for column in view.values(role):
        planned = view.planned(role, column)
        bad = frame[column].notna() & frame["visit"].notna() & ~frame["visit"].isin(planned)
        for visit in frame.loc[bad, "visit"].unique():
            rule = Finding(WARNING, "visit-unplanned", "a value at a visit at which it is not planned",
                           f"expected {', '.join(planned)}", advice, view.resource(role).path, column,
                           visit=str(visit))  # fmt: skip
            yield from rows_finding(rule, bad & (frame["visit"] == visit), view.who(role))


def _empty_visits(view: View, role: str) -> Iterator[Finding]:
    """Planned visits without a single value in a compared group."""
    frame = view.table(role)
    advice = "look for the rows under another visit's name, or take the visit out of the descriptor"
    seen = frame[frame[view.values(role)].notna().any(axis=1)].groupby([GROUP, "visit"], observed=True).size()
    planned = {visit for column in view.values(role) for visit in view.planned(role, column)}
    for group in view.roles.compared:
        for visit in (visit.name for visit in view.roles.visits if visit.name in planned):
            if not seen.get((group, visit), 0) and len(view.members(group)) and visit != view.baseline:
                yield Finding(WARNING, "visit-empty", "no value at a planned visit", "", advice,
                              view.resource(role).path, visit=visit, group=group, count=0)  # fmt: skip


def _groups(view: View) -> Iterator[Finding]:
    """Compared groups in which nobody has a baseline of the outcome that response is read from, or of the first."""
    frame, response = view.table("outcomes"), view.roles.response
    column = response.outcome if response else view.values("outcomes")[0]
    if view.baseline not in view.planned("outcomes", column):
        return
    known = frame[(frame["visit"] == view.baseline) & frame[column].notna()]
    for group in view.roles.compared:
        if len(view.members(group)) and not (known[GROUP] == group).any():
            what, expected = "no value at baseline in the whole group", "expected one of each participant"
            path = view.resource("outcomes").path
            yield Finding(ERROR, "baseline-group", what, expected, ADVICE, path, column,
                          visit=view.baseline, group=group, count=0)  # fmt: skip
