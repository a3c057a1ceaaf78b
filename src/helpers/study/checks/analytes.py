"""Analytes and outcomes without a value, or with one value only, in a group at a visit."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpers.study.checks.view import GROUP, View
from helpers.study.finding import SHOWN, WARNING, Finding

FEW = 3  # two equal values are no sign of anything


def findings(view: View) -> Iterator[Finding]:
    """All missing and constant analytes; outcomes that are constant throughout."""
    yield from _outcomes(view)
    if "analytes" not in view.visited:
        return
    frame = view.table("analytes")
    rows = frame[frame["visit"].isin(view.roles.analytes.visits)]
    parts = rows.groupby([GROUP, "visit"], observed=True)
    size = parts.size()
    for column in view.values("analytes"):
        values = parts[column]
        filled, distinct = values.count(), values.nunique()
        yield from _found(view, column, "analyte-missing", "no value", (filled == 0) & (size > 0), size,
                          "check that the column is the analyte; its results will say that it is empty")  # fmt: skip
        yield from _found(view, column, "analyte-constant", "the same value in all samples",
                          (distinct == 1) & (filled >= FEW), size,
                          "values replaced by one limit, or copied down? Nothing can be compared")  # fmt: skip


def _found(view: View, column: str, rule: str, what: str, bad: pd.Series, size: pd.Series, advice: str):
    """One finding a column: where it is so everywhere, or in which groups and at which visits."""
    places = [(str(group), str(visit)) for group, visit in bad.index[bad]]
    if not places:
        return
    path = view.resource("analytes").path
    if len(places) == len(size):
        yield Finding(WARNING, rule, f"{what}, in any group at any visit", "", advice, path, column, count=len(places))
        return
    listed = "; ".join(f"{group} at {visit}" for group, visit in places[:SHOWN])
    listed += f"; and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    (group, visit) = places[0] if len(places) == 1 else ("", "")
    said = what if group else f"{what}: {listed}"
    yield Finding(WARNING, rule, said, "", advice, path, column, visit=visit, group=group, count=len(places))


def _outcomes(view: View) -> Iterator[Finding]:
    frame, path = view.table("outcomes"), view.resource("outcomes").path
    for column in view.values("outcomes"):
        values = frame[column].dropna()
        if values.empty:
            advice = "check that the column is the outcome, or take it out of roles.outcomes"
            yield Finding(WARNING, "outcome-missing", "no value at all", "", advice, path, column, count=0)
        elif len(values) >= FEW and values.nunique() == 1:
            advice = "copied down? Nothing can be compared"
            yield Finding(WARNING, "outcome-constant", "the same value in all rows", "", advice, path, column)
