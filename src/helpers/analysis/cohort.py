"""Who took part: eligibility, participant flow, missing data, the grouping rule."""

from __future__ import annotations

import pandas as pd

from helpers.analysis.frames import groups, outcome_long, people
from helpers.analysis.results import row, to_frame
from helpers.study import Study
from helpers.study.descriptor import Criterion


def participant_flow(study: Study) -> pd.DataFrame:
    """Participants in each group, and how many of them were assessed and sampled at each visit.

    Rows ``flow``: ``participants`` per group; ``assessed`` (any outcome of that visit) and ``sampled`` (any analyte)
    per group and visit, with ``n`` the group's size.
    """
    rows = []
    for group in groups(study):
        members = people(study, [group])["id"]
        rows.append(row("flow", "participants", len(members), group=group, n=len(members), method="count"))
        rows += _attendance(study, group, members, "outcomes", "assessed")
        rows += _attendance(study, group, members, "analytes", "sampled")
    return to_frame(rows)


def _attendance(study: Study, group: str, members: pd.Series, role: str, statistic: str) -> list[dict]:
    table, values = _values(study, role)
    present = table[values.notna().any(axis=1) & table["id"].isin(members)]
    seen = present.groupby("visit", observed=False)["id"].nunique()
    planned = _planned_visits(study, role)
    if group == study.roles.reference:
        planned = [visit for visit in planned if seen.get(visit, 0)]
    return [
        row("flow", statistic, seen.get(visit, 0), group=group, visit=visit, n=len(members), method="count")
        for visit in planned
    ]


def _values(study: Study, role: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    table = (study.assessments if role == "outcomes" else study.analytes).rename(columns={study.roles.identifier: "id"})
    columns = [o.column for o in study.roles.outcomes] if role == "outcomes" else list(study.roles.analytes.columns)
    return table, table[columns]


def _planned_visits(study: Study, role: str) -> list[str]:
    if role == "analytes":
        return list(study.roles.analytes.visits)
    planned = {visit for item in study.roles.outcomes for visit in item.visits}
    return [visit.name for visit in study.roles.visits if visit.name in planned]


def eligibility(study: Study) -> pd.DataFrame:
    """Each eligibility limit that the data can show: participants checked and participants outside it."""
    rows = []
    for criterion in study.roles.eligibility:
        who = people(study, criterion.groups or groups(study))
        values = who[criterion.column].dropna()
        cells = {"outcome": criterion.column, "contrast": criterion.text, "n": len(values), "method": "count"}
        rows.append(row("eligibility", "outside", _outside(values, criterion), **cells))
    return to_frame(rows)


def _outside(values: pd.Series, criterion: Criterion) -> int:
    low = float("-inf") if criterion.minimum is None else criterion.minimum
    high = float("inf") if criterion.maximum is None else criterion.maximum
    return int((~values.between(low, high)).sum())


def missing_data(study: Study) -> pd.DataFrame:
    """Values missing of those the protocol plans, by outcome or panel, group and visit.

    Rows ``missing``: statistic ``missing``, ``n`` the number planned (the group's size).
    """
    rows = []
    for group in study.roles.compared:
        members = people(study, [group])["id"]
        for item in study.roles.outcomes:
            long = outcome_long(study, item.column)
            seen = long[long["id"].isin(members)].groupby("visit", observed=False)["id"].nunique()
            rows += [_missing(item.column, "", group, visit, len(members), seen[visit]) for visit in item.visits]
        table = study.analytes.rename(columns={study.roles.identifier: "id"})
        here = table[table["id"].isin(members)]
        for analyte in study.roles.analytes.columns:
            seen = here.loc[here[analyte].notna(), ["visit", "id"]].groupby("visit", observed=False)["id"].nunique()
            rows += [
                _missing("", analyte, group, visit, len(members), seen.get(visit, 0))
                for visit in study.roles.analytes.visits
            ]
    return to_frame(rows)


def _missing(outcome: str, analyte: str, group: str, visit: str, planned: int, seen: int) -> dict:
    return row("missing", "missing", planned - seen, outcome=outcome, analyte=analyte, group=group, visit=visit,
               n=planned, method="count")  # fmt: skip


def classification(study: Study) -> pd.DataFrame:
    """The grouping rule applied to the data, beside the group that was recorded.

    Rows ``classification``: for each compared group the number recorded there, and of these the number the rule puts
    there (``agree``). An empty table when the study's groups are not made by a rule.
    """
    rule = study.roles.classification
    if rule is None:
        return to_frame([])
    values = pd.DataFrame({name: _at(study, name, rule.visit) for name in rule.any_above})
    above = (values > pd.Series(rule.any_above)).any(axis=1)
    # Without a value above its limit, a missing one leaves the rule undecided: nobody is put in a group by absence.
    ruled = above.map({True: rule.yes, False: rule.no}).mask(~above & values.isna().any(axis=1))
    recorded = people(study).set_index("id")["group"].astype(str)
    ruled = ruled.reindex(recorded.index)
    rows = []
    for group in study.roles.compared:
        members = recorded == group
        rows.append(row("classification", "recorded", members.sum(), group=group, visit=rule.visit, n=len(recorded)))
        agree = (ruled[members] == group).sum()
        rows.append(row("classification", "agree", agree, group=group, visit=rule.visit, n=members.sum()))
        share = 100 * members.sum() / len(recorded)
        rows.append(row("classification", "percent", share, group=group, visit=rule.visit, n=len(recorded)))
    return to_frame(rows)


def _at(study: Study, column: str, visit: str) -> pd.Series:
    long = outcome_long(study, column, raw=True)
    return long[long["visit"] == visit].set_index("id")["value"]
