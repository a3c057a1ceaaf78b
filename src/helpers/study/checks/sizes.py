"""Groups too small for a model that the chapters fit."""

from __future__ import annotations

from collections.abc import Iterator

from helpers.study.checks.view import GROUP, View
from helpers.study.finding import ERROR, WARNING, Finding

PER_PREDICTOR = 10  # participants a predictor of a regression; a usual rule of thumb


def findings(view: View) -> Iterator[Finding]:
    """Each group against the models in which it takes part."""
    yield from _groups(view)
    yield from _repeated(view)
    yield from _covariates(view)
    yield from _mediation(view)


def _groups(view: View) -> Iterator[Finding]:
    path, column = view.resource("participants").path, view.roles.group_column
    advice = "check the names of the groups; a group of one has no spread"
    for group in view.groups:
        size = len(view.members(group))
        if size < 2:
            what = f"{size or 'no'} participant{'s' * (size != 1)} in the group"
            expected = "expected 2 at least"
            yield Finding(ERROR, "group-size", what, expected, advice, path, column, group=group, count=size)


def _repeated(view: View) -> Iterator[Finding]:
    """An unstructured covariance of k visits is of full rank from k participants more than groups on."""
    path, frame = view.resource("outcomes").path, view.table("outcomes")
    for column in view.values("outcomes"):
        visits = view.planned("outcomes", column)
        rows = frame[GROUP].isin(view.roles.compared) & frame["visit"].isin(visits) & frame[column].notna()
        seen = view.who("outcomes")[rows].nunique()
        free, count = seen - len(view.roles.compared), len(visits)
        if seen and free < count:
            what = f"{seen} participants for {count} visits: an unstructured covariance has {count * (count + 1) // 2}"
            advice = "choose a simpler covariance in the scenario, such as compound_symmetry"
            yield Finding(WARNING, "size-covariance", f"{what} parameters and cannot be estimated",
                          f"expected {count + len(view.roles.compared)} participants at least", advice, path, column,
                          count=seen)  # fmt: skip


def _covariates(view: View) -> Iterator[Finding]:
    """Participants with every covariate, against the parameters of the model of an analyte at baseline."""
    roles = view.roles
    candidates = [row.column for row in roles.baseline_table if row.candidate]
    names = list(dict.fromkeys([*roles.analyte_covariates, *candidates]))
    people = view.table("participants")
    people = people[people[roles.group_column].isin(roles.compared)]
    always = list(roles.analyte_covariates)
    complete = int(people[always].notna().all(axis=1).sum()) if always else len(people)
    most = len(roles.compared) + sum(_parameters(view, name) for name in names)
    least = len(roles.compared) + sum(_parameters(view, name) for name in always)
    path = view.resource("participants").path
    if len(people) and complete <= least:
        what = f"{complete} participants have all covariates; the models with them have {least} parameters"
        advice = "take covariates out of roles.analyte_covariates"
        yield Finding(WARNING, "size-covariates", what, "expected more", advice, path, count=complete)
    elif len(people) and len(people) < most:
        what = f"{len(people)} participants; with every candidate as a covariate a model has {most} parameters"
        advice = "fewer candidates in roles.baseline_table, or `covariates: none` in the scenario"
        yield Finding(WARNING, "size-candidates", what, "expected more participants", advice, path, count=len(people))


def _parameters(view: View, name: str) -> int:
    field = view.resource("participants").field(name)
    return max(1, len(field.constraints.get("enum", (0, 1))) - 1)


def _mediation(view: View) -> Iterator[Finding]:
    """Participants with all six values of the mediation path."""
    path, roles = view.roles.mediation, view.roles
    if path is None:
        return
    wanted = [path.visit, view.baseline]
    complete = set(view.members(path.group))
    for role, column in (("analytes", path.x), ("outcomes", path.m), ("outcomes", path.y)):
        wide = view.wide(role, column).reindex(columns=wanted)
        complete &= set(wide.index[wide.notna().all(axis=1)])
    needed = 2 * PER_PREDICTOR
    if len(complete) < needed:
        what = f"{len(complete)} participants have all six values of the mediation path ({path.x}, {path.m}, {path.y})"
        advice = "read its intervals with care, or set roles.mediation to null in the descriptor"
        yield Finding(WARNING, "size-mediation", what, f"expected {needed} at least", advice,
                      view.descriptor.resource(roles.tables["analytes"]).path, visit=path.visit, group=path.group,
                      count=len(complete))  # fmt: skip
