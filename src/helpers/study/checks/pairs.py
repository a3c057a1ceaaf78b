"""Pairs of values that cannot both be right, or that contradict a rule which the descriptor states."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from helpers.study.checks.view import NUMBERS, View
from helpers.study.descriptor import Field
from helpers.study.finding import ERROR, WARNING, Finding, people_finding, rows_finding

ONSET = ("age_at_onset", "onset_age", "age_onset", "age_at_diagnosis")
DURATION = ("illness_duration", "duration_of_illness", "disease_duration", "duration")
# Durations count from an event that is remembered; ages are completed years.
SLACK = 2


def findings(view: View) -> Iterator[Finding]:
    """Every rule on pairs."""
    yield from _remission(view)
    yield from _ages(view)
    yield from _eligibility(view)
    yield from _classification(view)
    yield from _events(view)


def _remission(view: View) -> Iterator[Finding]:
    """Remission without response at the same visit: possible only from a baseline near the cut-off."""
    response, rule = view.roles.response, view.roles.remission
    if rule is None or response is None or (rule.outcome, rule.visit) != (response.outcome, response.visit):
        return
    wide = view.wide("outcomes", rule.outcome).reindex(columns=[view.baseline, rule.visit])
    before, after = wide[view.baseline], wide[rule.visit]
    odd = (after <= rule.cutoff) & (before - after < response.fraction * before)
    what = "remission without response: the value was low at baseline already"
    advice = "check the value at baseline, and whether the participant could be included"
    path = view.resource("outcomes").path
    said = Finding(WARNING, "remission-without-response", what, "", advice, path, rule.outcome, visit=rule.visit)
    yield from people_finding(said, sorted(map(str, wide.index[odd])))


def _ages(view: View) -> Iterator[Finding]:
    """Onset after the age, an illness longer than life, and onset and duration that do not add up to the age."""
    people, fields = view.table("participants"), {field.name: field for field in view.resource("participants").fields}
    age, onset, lasted = (_number(people, fields, names) for names in (("age",), ONSET, DURATION))
    if age is None:
        return
    path, who = view.resource("participants").path, view.who("participants")
    advice = "correct the one that is wrong"
    if onset is not None:
        what = "an age at onset above the age"
        rule = Finding(ERROR, "onset-after-age", what, f"expected at most {age.name}", advice, path, str(onset.name))
        yield from rows_finding(rule, onset > age, who)
    if lasted is not None:
        what = "a duration longer than the participant's life"
        advice_unit = "correct it, or its unit in the descriptor (years, months, weeks, days)"
        rule = Finding(ERROR, "duration-over-age", what, f"expected at most {age.name}", advice_unit, path,
                       str(lasted.name))  # fmt: skip
        yield from rows_finding(rule, lasted > age + 1, who)
    if onset is not None and lasted is not None:
        what = f"onset and duration differ from the age by more than {SLACK} years"
        rule = Finding(WARNING, "onset-and-duration", what, "", advice, path, str(onset.name))
        odd = ((onset + lasted - age).abs() > SLACK) & (onset <= age) & (lasted <= age + 1)
        yield from rows_finding(rule, odd, who)


YEARS = {"year": 1.0, "month": 12.0, "week": 52.18, "day": 365.25}


def _number(people: pd.DataFrame, fields: dict[str, Field], names: tuple[str, ...]) -> pd.Series | None:
    """The first of these columns that is there, in years; None when its unit says nothing.

    Ages without a unit are taken in years; a duration without one could be in anything.
    """
    name = next((name for name in names if name in fields and fields[name].type in NUMBERS), None)
    if name is None:
        return None
    unit = fields[name].unit.strip().lower().rstrip("s") or ("" if names is DURATION else "year")
    return people[name].astype("float64") / YEARS[unit] if unit in YEARS else None


def _eligibility(view: View) -> Iterator[Finding]:
    people, roles = view.table("participants"), view.roles
    for rule in roles.eligibility:
        values = people[rule.column].astype("float64")
        low = float("-inf") if rule.minimum is None else rule.minimum
        high = float("inf") if rule.maximum is None else rule.maximum
        outside = values.notna() & ~values.between(low, high)
        outside &= people[roles.group_column].isin(rule.groups or view.groups)
        said = Finding(WARNING, "eligibility", "outside the eligibility limits", f"expected {rule.text}",
                       "correct the value; a participant who was included all the same stays, and is shown here",
                       view.resource("participants").path, rule.column)  # fmt: skip
        yield from rows_finding(said, outside, view.who("participants"))


def _classification(view: View) -> Iterator[Finding]:
    """Participants whose group is not the one that the descriptor's rule gives."""
    rule, roles = view.roles.classification, view.roles
    if rule is None:
        return
    frame = view.table("outcomes")
    at = frame[frame["visit"] == rule.visit].drop_duplicates(roles.identifier).set_index(roles.identifier)
    values = at[list(rule.any_above)].astype("float64")
    above = (values > pd.Series(rule.any_above)).any(axis=1)
    ruled = above.map({True: rule.yes, False: rule.no}).mask(~above & values.isna().any(axis=1))
    people = view.table("participants")
    recorded = people[roles.group_column]
    whose = people[roles.identifier].map(ruled)
    wrong = recorded.isin([rule.yes, rule.no]) & whose.notna() & (whose != recorded)
    advice = "correct the group or the scores; or change roles.classification in the descriptor"
    said = Finding(WARNING, "group-against-rule", "the group is not the one that the rule gives",
                   f"expected: {rule.text}", advice, view.resource("participants").path, roles.group_column,
                   visit=rule.visit)  # fmt: skip
    yield from rows_finding(said, wrong, view.who("participants"))


def _events(view: View) -> Iterator[Finding]:
    """Exposures, with or without an adverse event, of people in the reference group, who had no treatment."""
    role, roles = view.roles.adverse_events, view.roles
    if role is None or roles.reference is None or role.table not in view.tables:
        return
    who = view.tables[role.table][roles.identifier]
    bad = who.isin(view.members(roles.reference))
    said = Finding(WARNING, "event-in-reference", f"a row for a participant of group {roles.reference}",
                   "expected treated participants only", "correct the identifier, or the participant's group",
                   view.descriptor.resource(role.table).path, group=roles.reference)  # fmt: skip
    yield from rows_finding(said, bad, who)
