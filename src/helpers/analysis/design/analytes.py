"""Analytes of simulated cohorts: groups at baseline, and the course over the visits, each a family of tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from helpers.analysis.baseline_cytokines import baseline_samples, univariate_tests
from helpers.analysis.design.attendance import Attendance, attendance_of, variants
from helpers.analysis.design.population import Population, pooled_covariance, shrunk_covariance
from helpers.analysis.design.repeated import (
    METHODS,
    PUBLISHED,
    Frame,
    Method,
    nulls_of,
)
from helpers.analysis.design.tally import rejections, tallied
from helpers.analysis.frames import analyte_long, group_size, groups
from helpers.analysis.longitudinal_cytokines import analyte_models
from helpers.analysis.missing_samples import completed_samples
from helpers.analysis.mixed import TERMS
from helpers.analysis.results import pick
from helpers.analysis.settings import Settings
from helpers.models import adjust
from helpers.models.batched.em import complete_batched
from helpers.study import Study

Array = np.ndarray
ADJUSTMENTS = ("none", "fdr_bh", "bonferroni")


@dataclass(frozen=True, eq=False)
class Baseline:
    """All analytes at baseline in all groups: analysis of variance of each, p adjusted over the analytes.

    Without covariates: what they would explain is left in the residual variance of neither truth nor model.
    """

    study: Study
    settings: Settings

    @cached_property
    def population(self) -> Population:
        """Means of each group and the covariance of the analytes within groups; sizes as in the study."""
        names, analytes = groups(self.study), list(self.study.roles.analytes.columns)
        samples = baseline_samples(self.study).dropna(subset=analytes)
        values, group = samples[analytes].to_numpy(float), samples["group"].astype(str).to_numpy()
        means = np.array([values[group == name].mean(axis=0) for name in names])
        sizes = [group_size(self.study, name) for name in names]
        return Population(tuple(names), means, pooled_covariance(values, group), tuple(s / sizes[0] for s in sizes))

    @cached_property
    def found(self) -> Array:
        """Which analytes differ between groups in the study, p adjusted (analytes,)."""
        rows = pick(univariate_tests(self.study, self.settings), statistic="F", contrast="group").set_index("analyte")
        return (rows["p_adjusted"].reindex(self.study.roles.analytes.columns) < self.settings.alpha).to_numpy()

    def truth(self, name: str) -> Population:
        """``fitted``, ``half``, ``equal``; or ``some``: only the analytes found to differ do."""
        means = self.population.means
        known = variants(means[:, None])
        chosen = np.where(self.found, means, known["equal"][:, 0]) if name == "some" else known[name][:, 0]
        return self.population.with_means(chosen)

    def tests(self, truth: str, n: int, rng: np.random.Generator, cohorts: int) -> list[dict]:
        """Tallies of each analyte's F and pairs of groups, and of the families of tests."""
        people, alpha = self.truth(truth), self.settings.alpha
        group, values = people.groups(n), people.draw(rng, n, cohorts)
        parts = [values[:, group == place] for place in range(len(people.names))]
        p = stats.f_oneway(*parts, axis=1).pvalue
        null = np.ptp(people.means, axis=0) < 1e-12
        names = self.study.roles.analytes.columns
        return [*family_tallies("published", "groups", names, p, null, alpha), *self._pairs(people, parts, alpha)]

    def _pairs(self, people: Population, parts: list[Array], alpha: float) -> Iterator[dict]:
        """Pairs of groups with the pooled variance of all, p by Bonferroni over the pairs of an analyte."""
        n = np.array([part.shape[1] for part in parts])
        df = n.sum() - len(n)
        means = [part.mean(axis=1) for part in parts]
        pooled = sum(((part - mean[:, None]) ** 2).sum(axis=1) for part, mean in zip(parts, means, strict=True)) / df
        pairs = list(combinations(range(len(parts)), 2))
        for i, j in pairs:
            estimate, se = means[i] - means[j], np.sqrt(pooled * (1 / n[i] + 1 / n[j]))
            p = np.minimum(1.0, len(pairs) * 2 * stats.t.sf(np.abs(estimate / se), df))
            half = stats.t.isf(alpha / len(pairs) / 2, df) * se
            for place, analyte in enumerate(self.study.roles.analytes.columns):
                true = float(people.means[i, place] - people.means[j, place])
                yield tallied(
                    "published", f"{people.names[i]} - {people.names[j]}, {analyte}", rejections(p[:, place], alpha),
                    bool(np.isclose(true, 0)), "bonferroni", true, estimate[:, place],
                    (estimate[:, place] - half[:, place], estimate[:, place] + half[:, place]),
                )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Course:
    """All analytes over the visits in the compared groups: a mixed model each, p adjusted over the analytes."""

    study: Study
    settings: Settings

    @cached_property
    def _samples(self) -> pd.DataFrame:
        """The study's samples, completed by EM."""
        return completed_samples(self.study)[0]

    @cached_property
    def attendance(self) -> Attendance:
        """Who gave a sample when."""
        visits = self.study.roles.analytes.visits
        long = analyte_long(self.study).dropna(subset=list(self.study.roles.analytes.columns), how="all")
        return attendance_of(long, self.study.roles.compared, visits)

    @cached_property
    def population(self) -> Population:
        """Means (groups, visits × analytes) and their covariance within groups, both of the completed samples."""
        visits, analytes = self.study.roles.analytes.visits, list(self.study.roles.analytes.columns)
        long = analyte_long(self.study, self._samples)
        long = long.assign(visit=long["visit"].astype(str))
        wide = long.pivot(index="id", columns="visit", values=analytes).swaplevel(axis=1)
        wide = wide[[(visit, analyte) for visit in visits for analyte in analytes]].dropna()
        group = long.drop_duplicates("id").set_index("id")["group"].astype(str).reindex(wide.index).to_numpy()
        values, names = wide.to_numpy(float), self.study.roles.compared
        means = np.array([values[group == name].mean(axis=0) for name in names])
        return Population(tuple(names), means, shrunk_covariance(values, group), (1.0,) * len(names))

    @cached_property
    def found(self) -> Array:
        """Which analytes' courses differ between groups in the study, p adjusted (analytes,)."""
        rows = analyte_models(self.study, self.settings, self._samples, sensitivity=False)
        rows = pick(rows, analysis="cytokine_all_visits", statistic="F", contrast="interaction").set_index("analyte")
        return (rows["p_adjusted"].reindex(self.study.roles.analytes.columns) < self.settings.alpha).to_numpy()

    def truth(self, name: str) -> Population:
        """``fitted``, ``equal``, ``flat`` …; or ``some``: only the analytes found to differ in their course do."""
        visits, many = len(self.study.roles.analytes.visits), len(self.study.roles.analytes.columns)
        means = self.population.means.reshape(-1, visits, many)
        known = variants(means)
        chosen = np.where(self.found, means, known["equal"]) if name == "some" else known[name]
        return self.population.with_means(chosen.reshape(len(means), -1))

    def models(self, truth: str, n: int, missing: float, rng: np.random.Generator, cohorts: int) -> list[dict]:
        """Tallies of the models of completed samples as published, and of observed samples by each method."""
        visits, analytes = self.study.roles.analytes.visits, self.study.roles.analytes.columns
        people = self.truth(truth)
        seen = self.attendance.draw(rng, people.sizes(n), missing)
        group = people.groups(n)
        drawn = people.draw(rng, n, cohorts).reshape(cohorts, len(group), len(visits), len(analytes))
        values = drawn.transpose(0, 3, 1, 2).reshape(-1, len(group), len(visits))
        means = people.means.reshape(-1, len(visits), len(analytes))
        filled, complete = _completed(values, seen, group)
        rows = [
            *self._tallies(Frame(group, people.names, visits, np.ones_like(seen)), filled, PUBLISHED, means, complete)
        ]
        frame, everything = Frame(group, people.names, visits, seen), np.ones(len(values), dtype=bool)
        for method in (replace(PUBLISHED, name="observed"), *METHODS[1:]):
            rows += self._tallies(frame, values, method, means, everything)
        return rows

    def _tallies(self, frame: Frame, values: Array, method: Method, means: Array, usable: Array) -> Iterator[dict]:
        """Values (cohorts × analytes, N, V): interaction and time as families, changes of all analytes together."""
        analytes, alpha = self.study.roles.analytes.columns, self.settings.alpha
        fit = frame.fit(values, method)
        nulls = [nulls_of(means[:, :, place]) for place in range(len(analytes))]
        for term, found in fit.tests(frame.data.design, frame.data.design.terms, method.df).items():
            name = TERMS[term]
            p = np.where(fit.converged & usable, found.p, np.nan).reshape(-1, len(analytes))
            null = np.array([one[name] for one in nulls])
            yield from family_tallies(method.name, name, analytes, p, null, alpha)
        yield from self._changes(frame, fit, method, means, fit.converged & usable)

    def _changes(self, frame: Frame, fit, method: Method, means: Array, usable: Array) -> Iterator[dict]:
        """Changes from baseline in each group, over all analytes: each with its own true value."""
        names, rows = frame.changes()
        found, alpha = fit.contrasts(rows, method.df), self.settings.alpha
        low, high = found.interval(alpha)
        many = len(self.study.roles.analytes.columns)
        for place, (group, visit) in enumerate(names):
            g, v = frame.groups.index(group), list(frame.visits).index(visit)
            true = np.tile(means[g, v] - means[g, 0], len(found.p) // many)
            away = found.estimate[:, place] - true
            yield tallied(
                method.name, f"change, {group}, {visit}", rejections(found.p[:, place], alpha, usable),
                bool(np.allclose(true, 0)), true=0.0, estimate=away, ends=(low[:, place] - true, high[:, place] - true),
            )  # fmt: skip


def _completed(values: Array, seen: Array, group: Array) -> tuple[Array, Array]:
    """Values (B, N, V) whose gaps EM has filled, with the groups' indicators as in the analysis; and where it ended."""
    if seen.all():
        return values, np.ones(len(values), dtype=bool)
    indicators = (group[:, None] == np.arange(group.max())).astype(float)
    known = np.broadcast_to(indicators, (len(values), *indicators.shape))
    completed, converged = complete_batched(np.concatenate([np.where(seen, values, np.nan), known], axis=2))
    return completed[:, :, : values.shape[2]], converged


def family_tallies(method: str, test: str, names, p: Array, null: Array, alpha: float) -> Iterator[dict]:
    """Tallies of a family of tests, p (B, tests): of each test, and of what the family does as a whole.

    Of the whole family, for each adjustment: ``any false`` (a true hypothesis is rejected: the family-wise error),
    ``false share`` (rejected ones that are true, 0 where nothing is rejected: the mean is the false discovery rate) and
    ``power`` (share of the false hypotheses that are rejected).
    """
    usable = np.isfinite(p).all(axis=1)
    for adjustment in ADJUSTMENTS:
        adjusted = np.where(
            usable[:, None], np.apply_along_axis(adjust, 1, np.nan_to_num(p, nan=1.0), adjustment), np.nan
        )
        rejected = rejections(adjusted, alpha)
        for place, name in enumerate(names):
            yield tallied(method, f"{test}, {name}", rejected[:, place], bool(null[place]), adjustment)
        every = np.maximum(rejected.sum(axis=1), 1)
        if null.any():
            yield tallied(method, f"{test}: any false", _where(rejected[:, null].any(axis=1), usable), True, adjustment)
            share = rejected[:, null].sum(axis=1) / every
            yield tallied(method, f"{test}: false share", _where(share, usable), True, adjustment)
        if not null.all():
            yield tallied(method, f"{test}: power", _where(rejected[:, ~null].mean(axis=1), usable), False, adjustment)


def _where(values: Array, usable: Array) -> Array:
    return np.where(usable, values.astype(float), np.nan)
