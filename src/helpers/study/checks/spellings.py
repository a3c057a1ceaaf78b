"""Categories and identifiers that differ only by case, spaces, leading zeros or look-alike letters."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpers.study.checks.view import View
from helpers.study.finding import WARNING, Finding, rows_finding
from helpers.study.spelling import folded, folded_code

MOST = 200  # more values than this are no categories


def findings(view: View) -> Iterator[Finding]:
    """Levels of text columns, and identifiers of participants."""
    for resource in view.descriptor.resources:
        for field in resource.fields:
            if resource.name in view.tables and field.type == "string" and field.name != view.roles.identifier:
                yield from _levels(view, resource, field.name)
    yield from _identifiers(view)


def _levels(view: View, resource, column: str) -> Iterator[Finding]:
    frame = view.tables[resource.name]
    values = frame[column].astype(object)
    counts = values.value_counts()
    if len(counts) > MOST:
        return
    # The most frequent spelling of each level is taken for the right one.
    keep: dict[str, str] = {}
    rare = [value for value in counts.index if keep.setdefault(folded(str(value)), value) != value]
    if rare:
        what = "another spelling of a level: it differs from a more frequent one by case, spaces or look-alike letters"
        rule = Finding(WARNING, "spelling-level", what, "expected one spelling", "write the level the same everywhere",
                       resource.path, column)  # fmt: skip
        yield from rows_finding(rule, values.isin(rare), frame.get(view.roles.identifier))


def _identifiers(view: View) -> Iterator[Finding]:
    who = view.who("participants").dropna().drop_duplicates()
    codes = who.astype(str).map(folded_code)
    twice = pd.Series(codes.duplicated(), index=who.index)
    what = "an identifier that differs from an earlier one by case, spaces, leading zeros or look-alike signs only"
    rule = Finding(WARNING, "spelling-identifier", what, "", "merge the rows if it is the same person",
                   view.resource("participants").path, view.roles.identifier)  # fmt: skip
    yield from rows_finding(rule, twice, who)
