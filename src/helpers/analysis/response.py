"""Response and remission: rates, tests of the rates, and time to each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.analysis.follow_up import FollowUp
from helpers.analysis.frames import outcome, outcome_long
from helpers.analysis.pairs import Pair, named, of_pairs, overall, several
from helpers.analysis.results import row, to_frame
from helpers.analysis.settings import Settings
from helpers.models import (
    ModelError,
    chi_square,
    fisher_exact,
    kaplan_meier,
)
from helpers.study import Study
from helpers.study.descriptor import RemissionRule, ResponseRule


@dataclass(frozen=True)
class Endpoint:
    """A yes/no endpoint at one visit: ``response`` (fall from baseline) or ``remission`` (at most a cut-off)."""

    name: str
    rule: ResponseRule | RemissionRule

    def met(self, values: pd.Series, baseline: pd.Series) -> pd.Series:
        """Which values meet the endpoint; ``baseline`` is aligned with ``values``."""
        if isinstance(self.rule, RemissionRule):
            return values <= self.rule.cutoff
        return values <= (1 - self.rule.fraction) * baseline + 1e-9

    def in_words(self, label: str, visit: str = "") -> str:
        """The rule as a reader would say it, with the visit it is applied at where one is given."""
        when = f" at {visit}" if visit else ""
        if isinstance(self.rule, RemissionRule):
            return f"{label} of at most {self.rule.cutoff:g}{when}"
        return f"a fall in {label} of at least {100 * self.rule.fraction:g} % from baseline{when}"


def endpoints(study: Study, settings: Settings) -> tuple[Endpoint, ...]:
    """The study's endpoints, with the scenario's fraction and cut-off where it sets them; none without a rule."""
    response, found = study.roles.response, []
    if response is not None:
        if settings.responder_fraction is not None:
            response = replace(response, fraction=settings.responder_fraction)
        found.append(Endpoint("response", response))
    remission = study.roles.remission
    if remission is not None:
        if settings.remission_cutoff is not None:
            remission = replace(remission, cutoff=settings.remission_cutoff)
        found.append(Endpoint("remission", remission))
    return tuple(found)


def endpoint_status(study: Study, endpoint: Endpoint) -> pd.DataFrame:
    """One row a patient: ``id, group, met`` at the rule's visit, and ``time, event`` for time to the endpoint.

    ``met`` is missing for a patient without a value at the visit. ``time`` is the day of the first visit, up to the
    rule's, at which the endpoint holds; without an event it is the day of the last visit attended up to the rule's.
    Patients without a baseline value are left out, and so are, from response, those with a baseline of zero: nothing
    can fall by a fraction of zero.
    """
    long = outcome_long(study, endpoint.rule.outcome, raw=True)
    first = long[long["visit"] == study.baseline].set_index("id")["value"]
    if isinstance(endpoint.rule, ResponseRule):
        first = first[first > 0]
    long = long[long["id"].isin(first.index)]
    horizon = next(v.day for v in study.roles.visits if v.name == endpoint.rule.visit)
    after = long[(long["day"] > 0) & (long["day"] <= horizon)]
    after = after.assign(met=endpoint.met(after["value"], after["id"].map(first)))
    hits = after[after["met"]].groupby("id")["day"].min()
    last = after.groupby("id")["day"].max()
    at_visit = after[after["visit"] == endpoint.rule.visit].set_index("id")["met"]
    patients = long.drop_duplicates("id").set_index("id")[["group"]]
    time = hits.reindex(patients.index).fillna(last.reindex(patients.index))
    return patients.assign(
        met=at_visit.reindex(patients.index).astype("boolean"),
        time=time,
        event=patients.index.isin(hits.index),
    ).reset_index()


def response_rates(study: Study, settings: Settings) -> pd.DataFrame:
    """Counts and percentages of each endpoint by group, and the tests of their difference.

    Rows ``response`` and ``remission``: ``count`` and ``percent`` a group; ``chi_square`` without and with Yates'
    continuity correction; ``odds_ratio`` with Fisher's exact p. ``n`` counts the patients assessed at the visit.

    With more than two groups: ``chi_square`` and ``fisher_freeman_halton`` (its value is the exact p) of all of them,
    and the tests above for every pair, p adjusted by Bonferroni over the pairs.
    """
    rows: list[dict] = []
    for endpoint in endpoints(study, settings):
        status = endpoint_status(study, endpoint).dropna(subset=["met"])
        cells = {"outcome": endpoint.rule.outcome, "visit": endpoint.rule.visit}
        for group in study.roles.compared:
            met = status.loc[status["group"] == group, "met"]
            rows.append(row(endpoint.name, "count", met.sum(), group=group, n=len(met), **cells))
            rows.append(
                row(endpoint.name, "percent", 100 * met.mean(), group=group, n=len(met), **cells)
                if len(met)
                else row(endpoint.name, "percent", float("nan"), group=group, n=0, method="nobody assessed", **cells)
            )
        rows += _overall_rates(endpoint.name, study, status, cells) if several(study) else []
        rows += of_pairs(study, lambda pair, e=endpoint, s=status, c=cells: _pair_of_rates(e.name, pair, s, c))
    return to_frame(rows)


def _pair_of_rates(name: str, pair: Pair, status: pd.DataFrame, cells: dict) -> Iterator[dict]:
    yield from _rate_tests(name, _counted(pair, status), {**cells, "contrast": named(pair)})


def _counted(groups: Sequence[str], status: pd.DataFrame) -> np.ndarray:
    """Met and not met, one line a group."""
    met = status["met"].astype(bool)
    return np.array([[sum(met & (status["group"] == g)), sum(~met & (status["group"] == g))] for g in groups])


def _overall_rates(name: str, study: Study, status: pd.DataFrame, cells: dict) -> Iterator[dict]:
    """Chi-square and the exact test of all compared groups."""
    table = _counted(study.roles.compared, status)
    cells = {**cells, "contrast": overall(study), "n": int(table.sum())}
    try:
        test, exact = chi_square(table), fisher_exact(table)
    except ModelError as error:
        yield row(name, "chi_square", float("nan"), method=f"not computed: {error}", **cells)
        return
    yield row(name, "chi_square", test.statistic, df1=test.df, p=test.p, method=test.method, **cells)
    yield row(name, "fisher_freeman_halton", exact.p, p=exact.p, method=exact.method, **cells)


def _rate_tests(name: str, table: np.ndarray, cells: dict) -> Iterator[dict]:
    n = int(table.sum())
    try:
        for corrected in (False, True):
            test = chi_square(table, correction=corrected)
            statistic = "chi_square_yates" if corrected else "chi_square"
            yield row(name, statistic, test.statistic, df1=test.df, p=test.p, n=n, method=test.method, **cells)
        exact = fisher_exact(table)
        yield row(name, "odds_ratio", exact.odds_ratio, p=exact.p, n=n, method=exact.method, **cells)
    except ModelError as error:
        yield row(name, "chi_square", float("nan"), n=n, method=f"not computed: {error}", **cells)


def time_to_endpoint(study: Study, settings: Settings) -> pd.DataFrame:
    """Time to each endpoint, as a t-test and as survival data.

    Rows ``time_to_response`` and ``time_to_remission``: ``t`` with non-events coded as the day of the rule's visit
    (everybody counts) and ``t_events_only`` (only those who reached the endpoint); ``log_rank``; ``restricted_mean``
    a group and ``restricted_mean_difference`` up to the rule's visit. Times are days since baseline.

    With more than two groups: ``F`` and ``F_events_only`` (one-way analysis of variance) in place of t, and
    ``log_rank``, of all of them; then the tests above for every pair, p adjusted by Bonferroni over the pairs.
    """
    rows: list[dict] = []
    for endpoint in endpoints(study, settings):
        status = endpoint_status(study, endpoint).dropna(subset=["time"])
        horizon = next(v.day for v in study.roles.visits if v.name == endpoint.rule.visit)
        cells = {"outcome": endpoint.rule.outcome, "visit": endpoint.rule.visit}
        name = f"time_to_{endpoint.name}"
        follow_up = FollowUp(settings, name, status, horizon, cells)
        rows += follow_up.overall_times(study) if several(study) else []
        rows += of_pairs(study, follow_up.pair_of_times)
        rows += follow_up.by_group(study.roles.compared)
        rows += [follow_up.log_rank(study.roles.compared, overall(study))] if several(study) else []
        rows += of_pairs(study, follow_up.pair_of_curves)
    return to_frame(rows)


def survival_curves(study: Study, settings: Settings) -> pd.DataFrame:
    """Kaplan–Meier curves for drawing: ``endpoint, group, time, at_risk, survival, ci_low, ci_high``."""
    frames = []
    for endpoint in endpoints(study, settings):
        status = endpoint_status(study, endpoint).dropna(subset=["time"])
        for group in study.roles.compared:
            members = status[status["group"] == group]
            if members.empty:
                continue
            curve = kaplan_meier(members["time"], members["event"], alpha=settings.alpha)
            frames.append(curve.assign(endpoint=endpoint.name, group=group))
    columns = ["endpoint", "group", "time", "at_risk", "survival", "ci_low", "ci_high"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def endpoint_words(study: Study, settings: Settings, with_visit: bool = True) -> dict[str, str]:
    """Each endpoint's rule in words, for captions and text; without its visit where it is applied at several."""
    return {
        e.name: e.in_words(
            outcome(study, e.rule.outcome).label, study.visit_label(e.rule.visit).lower() if with_visit else ""
        )
        for e in endpoints(study, settings)
    }
