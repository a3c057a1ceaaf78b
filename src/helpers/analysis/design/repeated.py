"""The repeated-measures model group × visit of many simulated cohorts, by several methods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from helpers.analysis.design.tally import rejections, tallied
from helpers.analysis.mixed import TERMS
from helpers.models.batched import BatchedFit, fit_batched
from helpers.models.marginal import mean_rows
from helpers.models.repeated_data import RepeatedData, prepare

Array = np.ndarray


@dataclass(frozen=True)
class Method:
    """A covariance structure of the visits, and how degrees of freedom are found."""

    name: str
    covariance: str
    df: str


# The paper's; the most general, with the better small-sample test; and visits as if they were of other people, which is
# what SPSS assumes for REPEATED unless told otherwise.
PUBLISHED = Method("published", "compound_symmetry", "satterthwaite")
UNSTRUCTURED = Method("unstructured", "unstructured", "kenward-roger")
INDEPENDENT = Method("independent", "diagonal", "satterthwaite")
METHODS = (PUBLISHED, UNSTRUCTURED, INDEPENDENT)


@dataclass(frozen=True, eq=False)
class Frame:
    """Participants and the visits they came to; every cohort of a block has the same.

    Attributes
    ----------
    group : array (N,)
        Position of each participant's group.
    groups, visits : sequence of str
    seen : array of bool (N, V)
    """

    group: Array
    groups: Sequence[str]
    visits: Sequence[str]
    seen: Array

    @cached_property
    def data(self) -> RepeatedData:
        """The model's design on the rows that are there."""
        who, when = np.nonzero(self.seen)
        long = pd.DataFrame(
            {
                "id": who,
                "group": pd.Categorical.from_codes(self.group[who], list(self.groups)),
                "visit": pd.Categorical.from_codes(when, list(self.visits), ordered=True),
                "value": np.random.default_rng(0).standard_normal(len(who)),  # any that no design fits
            }
        )
        return prepare(long, "value ~ group * visit", "id", "visit")

    def rows(self, values: Array) -> Array:
        """Values (B, N, V) as the responses (rows, B) of a batched fit."""
        return values[:, self.seen].T

    def fit(self, values: Array, method: Method) -> BatchedFit:
        """Fits of values (B, N, V)."""
        return fit_batched(self.data.layout, self.rows(values), method.covariance)

    @cached_property
    def _means(self) -> dict[tuple[str, str], Array]:
        cells, rows = mean_rows(self.data.design, ["group", "visit"])
        return dict(zip(cells[["group", "visit"]].astype(str).itertuples(index=False, name=None), rows, strict=True))

    def differences(self) -> tuple[list[str], Array]:
        """First group less second at each visit: names and rows of L."""
        first, second = self.groups[:2]
        return list(self.visits), np.array([self._means[first, v] - self._means[second, v] for v in self.visits])

    def changes(self) -> tuple[list[tuple[str, str]], Array]:
        """Each later visit less the first, in each group."""
        names = [(group, visit) for group in self.groups for visit in self.visits[1:]]
        return names, np.array([self._means[g, v] - self._means[g, self.visits[0]] for g, v in names])


def truths_of(means: Array, groups: Sequence[str], visits: Sequence[str]) -> dict[str, float]:
    """The parameters that contrasts of a :class:`Frame` estimate, from means (groups, visits).

    >>> truths_of(np.array([[5.0, 2.0], [4.0, 4.0]]), ("a", "b"), ("v0", "v1"))["difference, v1"]
    -2.0
    """
    found = {f"difference, {visit}": means[0, v] - means[1, v] for v, visit in enumerate(visits)}
    for g, group in enumerate(groups):
        found |= {f"change, {group}, {visit}": means[g, v] - means[g, 0] for v, visit in enumerate(visits) if v}
    return {name: float(value) for name, value in found.items()}


def nulls_of(means: Array) -> dict[str, bool]:
    """Which hypotheses of the type III tests hold for means (groups, visits).

    >>> nulls_of(np.array([[5.0, 2.0], [4.0, 1.0]]))
    {'group': False, 'time': False, 'interaction': True}
    """
    apart = means - means.mean(axis=0) - means.mean(axis=1, keepdims=True) + means.mean()
    return {
        "group": bool(np.allclose(means.mean(axis=1), means.mean())),
        "time": bool(np.allclose(means.mean(axis=0), means.mean())),
        "interaction": bool(np.allclose(apart, 0)),
    }


def f_tallies(frame: Frame, fit: BatchedFit, method: Method, nulls: dict[str, bool], alpha: float) -> Iterator[dict]:
    """Type III tests of each term."""
    for term, found in fit.tests(frame.data.design, frame.data.design.terms, method.df).items():
        name = TERMS.get(term, term)
        yield tallied(method.name, name, rejections(found.p, alpha, fit.converged), nulls[name])


def contrast_tallies(
    frame: Frame, fit: BatchedFit, method: Method, truths: dict[str, float], alpha: float
) -> Iterator[dict]:
    """Differences between two groups at each visit, and changes within groups: rejections, bias, coverage."""
    visits, rows = frame.differences()
    within, more = frame.changes()
    names = [f"difference, {v}" for v in visits] + [f"change, {group}, {visit}" for group, visit in within]
    rows = np.vstack([rows, more])
    found = fit.contrasts(rows, method.df)
    low, high = found.interval(alpha)
    for place, name in enumerate(names):
        true = truths[name]
        yield tallied(
            method.name, name, rejections(found.p[:, place], alpha, fit.converged), bool(np.isclose(true, 0)),
            true=true, estimate=found.estimate[:, place], ends=(low[:, place], high[:, place]),
        )  # fmt: skip
