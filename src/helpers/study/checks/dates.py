"""Dates of visits: in the order of the protocol, and near the day they are due."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpers.study.checks.view import NUMBERS, View
from helpers.study.finding import ERROR, WARNING, Finding, rows_finding

FAR = 180  # days off the protocol: another half-year, as a wrong year or a swap of day and month makes it


def findings(view: View) -> Iterator[Finding]:
    """Visits dated before an earlier visit, and visits far from their day.

    Read from columns of type ``date``, and from a column called ``day`` that counts days.
    """
    for role in view.visited:
        for field in view.resource(role).fields:
            if field.type == "date" or (field.name == "day" and field.type in NUMBERS):
                yield from _column(view, role, field.name)


def _column(view: View, role: str, column: str) -> Iterator[Finding]:
    frame, name = view.table(role), view.roles.identifier
    path = view.resource(role).path
    rows = frame[frame["visit"].notna() & frame[column].notna() & frame[name].notna()]
    days = _days(rows[column]).rename("day")
    rows = rows.assign(day_of_row=days).sort_values([name, "visit"], kind="stable")
    latest = rows.groupby(name)["day_of_row"].cummax().groupby(rows[name]).shift()
    early = (rows["day_of_row"] < latest).reindex(frame.index, fill_value=False)
    advice = "one of the two dates, or the visit's name, is wrong: correct it, or empty the cell"
    rule = Finding(ERROR, "date-order", "before the date of an earlier visit", "expected visits in their order",
                   advice, path, column)  # fmt: skip
    yield from rows_finding(rule, early, view.who(role))
    first = rows[rows["visit"] == view.baseline].drop_duplicates(name).set_index(name)["day_of_row"]
    due = rows["visit"].astype(str).map({visit.name: visit.day for visit in view.roles.visits})
    off = (rows["day_of_row"] - rows[name].map(first) - due).abs()
    far = (off > FAR).reindex(frame.index, fill_value=False) & ~early
    what = f"more than {FAR} days from the day the visit is due"
    advice = "look for a wrong year, or day and month exchanged"
    yield from rows_finding(Finding(WARNING, "date-far", what, "", advice, path, column), far, view.who(role))


def _days(column: pd.Series) -> pd.Series:
    """Days since some origin."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return (column - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    return column.astype("float64")
