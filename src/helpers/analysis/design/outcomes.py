"""Clinical outcomes of simulated cohorts: the mixed model, response and remission, the time to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import stats

from helpers.analysis.design.attendance import Attendance, attendance_of, variants
from helpers.analysis.design.population import Population
from helpers.analysis.design.repeated import METHODS, Frame, contrast_tallies, f_tallies, nulls_of, truths_of
from helpers.analysis.design.tally import rejections, tallied
from helpers.analysis.frames import outcome, outcome_long
from helpers.analysis.mixed import structure_options
from helpers.analysis.response import Endpoint, endpoints
from helpers.analysis.settings import Settings
from helpers.models import fit_repeated
from helpers.models.marginal import mean_rows
from helpers.study import Study

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Outcome:
    """One outcome of a study: what its population is taken to be, and the tests of cohorts from it."""

    study: Study
    settings: Settings
    column: str

    @property
    def visits(self) -> Sequence[str]:
        """Visits at which it is measured."""
        return outcome(self.study, self.column).visits

    @cached_property
    def _long(self):
        return outcome_long(self.study, self.column)

    @cached_property
    def attendance(self) -> Attendance:
        """Who came when."""
        return attendance_of(self._long, self.study.roles.compared, self.visits)

    @cached_property
    def population(self) -> Population:
        """Means by group and visit and the covariance of the visits: REML, unstructured where the data carry it."""
        fit = fit_repeated(self._long, "value ~ group * visit", "id", "visit", **structure_options("auto"))
        cells, rows = mean_rows(fit.design, ["group", "visit"])
        at = rows @ fit.inference("residual").coefficients
        means = dict(zip(cells.astype(str).itertuples(index=False, name=None), at, strict=True))
        groups = self.study.roles.compared
        table = np.array([[means[group, visit] for visit in self.visits] for group in groups])
        return Population(tuple(groups), table, np.asarray(fit.covariance, dtype=float), (1.0,) * len(groups))

    def truth(self, name: str) -> Population:
        """The population of that name, see :func:`helpers.analysis.design.attendance.variants`."""
        return self.population.with_means(variants(self.population.means)[name])

    def models(self, truth: str, n: int, missing: float, rng: np.random.Generator, cohorts: int) -> list[dict]:
        """Tallies of the mixed model: F of each term; differences at each visit and changes, with their intervals."""
        people, alpha = self.truth(truth), self.settings.alpha
        seen = self.attendance.draw(rng, people.sizes(n), missing)
        frame = Frame(people.groups(n), people.names, self.visits, seen)
        values = people.draw(rng, n, cohorts)
        nulls, true = nulls_of(people.means), truths_of(people.means, people.names, self.visits)
        rows = []
        for method in METHODS:
            fit = frame.fit(values, method)
            rows += [*f_tallies(frame, fit, method, nulls, alpha), *contrast_tallies(frame, fit, method, true, alpha)]
        return rows

    def endpoints(self, truth: str, n: int, rng: np.random.Generator, cohorts: int) -> list[dict]:
        """Tallies of the endpoints that rest on this outcome: tests of their rates, and of the times to them."""
        people = self.truth(truth)
        values = np.round(people.draw(rng, n, cohorts), outcome(self.study, self.column).decimals)
        first = people.groups(n) == 0
        null = truth == "equal"
        rows = []
        for endpoint in endpoints(self.study, self.settings):
            if endpoint.rule.outcome == self.column:
                rows += self._endpoint(endpoint, values, first, null)
        return rows

    def _endpoint(self, endpoint: Endpoint, values: Array, first: Array, null: bool) -> list[dict]:
        """Two groups; participants without a value above 0 at baseline, who could not respond, do not occur."""
        days = {visit.name: visit.day for visit in self.study.roles.visits}
        horizon = days[endpoint.rule.visit]
        after = [place for place, visit in enumerate(self.visits) if 0 < days[visit] <= horizon]
        when = np.array([days[self.visits[place]] for place in after], dtype=float)
        met = endpoint.met(values[:, :, after], values[:, :, :1])
        at_end = met[:, :, after.index(list(self.visits).index(endpoint.rule.visit))]
        event = met.any(axis=2)
        time = np.where(event, when[met.argmax(axis=2)], horizon)
        alpha, name = self.settings.alpha, endpoint.name
        found = {
            (f"{name}, chi-square", "published"): rates_p(at_end, first),
            (f"{name}, chi-square with Yates’ correction", "alternative"): rates_p(at_end, first, correction=0.5),
            (f"time to {name}, t", "published"): times_p(time, event, first),
            (f"time to {name}, t among events", "alternative"): times_p(time, event, first, events_only=True),
            (f"time to {name}, log-rank", "alternative"): log_rank_p(time, event, first, when),
        }
        return [tallied(method, test, rejections(p, alpha), null) for (test, method), p in found.items()]


def rates_p(met: Array, first: Array, correction: float = 0.0) -> Array:
    """p (B,) of Pearson's chi-square of met (B, N) by group, with Yates' correction at 0.5; nan where all met or none.

    As `helpers.models.chi_square`: the correction is at most |observed - expected|.

    >>> met = np.array([[True] * 9 + [False] + [True] * 4 + [False] * 6])
    >>> rates_p(met, np.arange(20) < 10).round(4).tolist()
    [0.0191]
    """
    a, c = met[:, first].sum(axis=1), met[:, ~first].sum(axis=1)
    n1, n2 = first.sum(), (~first).sum()
    all_met = (a + c).astype(float)
    expected = n1 * all_met / (n1 + n2)
    away = np.abs(a - expected)
    away = away - np.minimum(correction, away)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = n1 * n2 * all_met * (n1 + n2 - all_met) / (n1 + n2) ** 3
        return np.where(variance > 0, stats.chi2.sf(away**2 / variance, 1), np.nan)


def times_p(time: Array, event: Array, first: Array, events_only: bool = False) -> Array:
    """p (B,) of Student's t of times (B, N) by group; missing where a group has fewer than two, or nothing varies."""
    used = event if events_only else np.ones_like(event)
    n, mean, square = [], [], []
    for members in (first, ~first):
        own, weight = time[:, members], used[:, members]
        count = weight.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            centre = (own * weight).sum(axis=1) / count
        n.append(count)
        mean.append(centre)
        square.append((weight * (own - centre[:, None]) ** 2).sum(axis=1))
    df = n[0] + n[1] - 2
    with np.errstate(divide="ignore", invalid="ignore"):
        se = np.sqrt(sum(square) / df * (1 / n[0] + 1 / n[1]))
        p = 2 * stats.t.sf(np.abs(mean[0] - mean[1]) / se, df)
    return np.where((np.minimum(*n) > 1) & (se > 0), p, np.nan)


def log_rank_p(time: Array, event: Array, first: Array, when: Array) -> Array:
    """p (B,) of the log-rank test of two groups, with times at a few days ``when``; missing where nobody has the event.

    χ² = (Σ (d₁ - e₁))² / Σ v, e₁ = d r₁ / r and v = d (r₁/r) (1 - r₁/r) (r - d) / (r - 1) over the days
    (Kalbfleisch and Prentice 2002, ch. 1).
    """
    away, variance = np.zeros(len(time)), np.zeros(len(time))
    for day in when:
        at_risk, now = time >= day, event & (time == day)
        r, r1 = at_risk.sum(axis=1), at_risk[:, first].sum(axis=1)
        d, d1 = now.sum(axis=1), now[:, first].sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(r > 0, r1 / r, 0.0)
            away += d1 - d * share
            variance += np.where(r > 1, d * share * (1 - share) * (r - d) / (r - 1), 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(variance > 0, stats.chi2.sf(away**2 / variance, 1), np.nan)
