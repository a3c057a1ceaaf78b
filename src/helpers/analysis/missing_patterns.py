"""Which visits and samples are there: the patterns that participants share, counted."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from helpers.analysis.frames import people
from helpers.analysis.results import row, to_frame
from helpers.study import Study

ANALYSIS = "missing_pattern"
# A pattern that fewer have could be somebody's; they are counted together.
FEWEST = 5
OTHER = "other"
SEEN, GONE = "x", "-"


def planned(study: Study) -> dict[str, list[str]]:
    """Visits at which any outcome, and at which the panel, is planned, in the order of the protocol."""
    assessed = {visit for item in study.roles.outcomes for visit in item.visits}
    sampled = set(study.roles.analytes.visits)
    names = [visit.name for visit in study.roles.visits]
    return {
        "outcomes": [name for name in names if name in assessed],
        "analytes": [name for name in names if name in sampled],
    }


def missing_patterns(study: Study) -> pd.DataFrame:
    """Patterns of visits with any outcome and of blood samples with any analyte, over the compared groups.

    Rows ``missing_pattern``: statistic ``participants`` for each pattern and group, ``n`` the group's size. The pattern
    stands in ``contrast``: ``x`` there, ``-`` not, the planned visits of the outcomes in order, a slash, those of
    the panel. Patterns of fewer than five participants are counted together as ``other``, with their number in
    ``patterns``: nobody can be told by a pattern.
    """
    members = people(study).set_index("id")["group"].astype(str)
    texts = [_texts(study, role, visits, members.index) for role, visits in planned(study).items()]
    pattern = texts[0].str.cat(texts[1], sep="/")
    counts = Counter(pattern)
    named = pattern.where(pattern.map(counts) >= FEWEST, OTHER)
    rows = []
    for text in sorted(set(named), key=lambda text: (text == OTHER, -(named == text).sum(), text)):
        for group in study.roles.compared:
            among = members == group
            count = int((among & (named == text)).sum())
            cells = {"group": group, "contrast": text, "n": int(among.sum()), "method": "count"}
            rows.append(row(ANALYSIS, "participants", count, **cells))
    rare = sum(count < FEWEST for count in counts.values())
    rows.append(row(ANALYSIS, "patterns", rare, contrast=OTHER, n=len(members), method="count"))
    return to_frame(rows)


def _texts(study: Study, role: str, visits: list[str], ids: pd.Index) -> pd.Series:
    table = study.assessments if role == "outcomes" else study.analytes
    columns = [o.column for o in study.roles.outcomes] if role == "outcomes" else list(study.roles.analytes.columns)
    seen = table[table[columns].notna().any(axis=1)]
    there = pd.crosstab(seen[study.roles.identifier].astype(str), seen["visit"].astype(str)) > 0
    there = there.reindex(index=ids.astype(str), columns=visits, fill_value=False)
    return pd.Series(["".join(SEEN if flag else GONE for flag in line) for line in there.to_numpy()], index=ids)
