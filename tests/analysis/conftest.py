"""Independent computations that several tests of the analyses share, from the files and plain numpy."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats


def sum_coded(levels: list[str], values) -> np.ndarray:
    """Columns of deviation coding: one a level but the last, which is -1 in all of them."""
    place = {level: index for index, level in enumerate(levels)}
    table = np.vstack([np.eye(len(levels) - 1), -np.ones(len(levels) - 1)])
    return table[[place[value] for value in values]]


@dataclass
class MixedOracle:
    """group × visit with a random intercept, its design written out column by column, fitted by statsmodels."""

    frame: pd.DataFrame
    groups: list[str]
    visits: list[str]
    covariates: list[str]
    transform: str = "none"
    slope: bool = False

    def __post_init__(self):
        from statsmodels.regression.mixed_linear_model import MixedLM

        frame = self.frame = self.frame.dropna(subset=["value", *self.covariates])
        y = np.log(frame["value"]) if self.transform == "log" else frame["value"].astype(float)
        x = self.design(frame["group"], frame["visit"], frame[self.covariates].to_numpy(float))
        days = frame["day"] / 13.0
        random = np.column_stack([np.ones(len(frame)), days]) if self.slope else None
        with warnings.catch_warnings():
            # MixedLM warns where a variance is estimated at zero, which one of the outcomes has.
            warnings.simplefilter("ignore")
            self.fit = MixedLM(y.to_numpy(), x, frame["id"].to_numpy(), random).fit(method="bfgs", gtol=1e-8)
        self.beta, self.vcov = self._generalised_least_squares(y.to_numpy(), x, random)

    def _generalised_least_squares(self, y, x, random):
        """Coefficients and (Xᵀ V⁻¹ X)⁻¹, one subject after the other, at the variances that MixedLM found.

        Its own covariance of the coefficients comes from the observed Hessian, which differs when visits are missing.
        """
        random = np.ones((len(y), 1)) if random is None else random
        information, score = np.zeros((x.shape[1],) * 2), np.zeros(x.shape[1])
        for rows in self.frame.reset_index(drop=True).groupby("id").indices.values():
            z = random[rows]
            weight = np.linalg.inv(z @ np.atleast_2d(self.fit.cov_re) @ z.T + self.fit.scale * np.eye(len(rows)))
            information += x[rows].T @ weight @ x[rows]
            score += x[rows].T @ weight @ y[rows]
        vcov = np.linalg.inv(information)
        return vcov @ score, vcov

    def design(self, group, visit, covariates) -> np.ndarray:
        g, v = sum_coded(self.groups, group), sum_coded(self.visits, visit)
        both = np.column_stack([g[:, [i]] * v for i in range(g.shape[1])])
        self.terms = {"group": slice(1, 2), "time": slice(2, 2 + v.shape[1])}
        self.terms["interaction"] = slice(2 + v.shape[1], 2 + 2 * v.shape[1])
        for place, name in enumerate(self.covariates):
            start = 2 + 2 * v.shape[1] + place
            self.terms[name] = slice(start, start + 1)
        return np.column_stack([np.ones(len(g)), g, v, both, covariates])

    def f_test(self, term: str) -> tuple[float, float, int]:
        """Wald's chi-square over its degrees of freedom, p, and these degrees of freedom."""
        part = self.beta[self.terms[term]]
        df = len(part)
        value = part @ np.linalg.solve(self.vcov[self.terms[term], self.terms[term]], part)
        return value / df, stats.chi2.sf(value, df), df

    def cell(self, group: str, visit: str) -> np.ndarray:
        """The design row of a group and visit, covariates at their mean over the rows analysed."""
        means = self.frame[self.covariates].to_numpy(float).mean(axis=0, keepdims=True)
        return self.design([group], [visit], means)[0]

    def contrast(self, row: np.ndarray, alpha: float = 0.05) -> tuple[float, float, float, float]:
        """Estimate, interval and p."""
        value, se = row @ self.beta, np.sqrt(row @ self.vcov @ row)
        half = stats.norm.ppf(1 - alpha / 2) * se
        return value, value - half, value + half, 2 * stats.norm.sf(abs(value / se))

    def cells(self):
        return product(self.groups, self.visits)


def by_column(source, column: str) -> MixedOracle:
    """The model of a clinical outcome, from the study's files, with the candidates that differ at baseline."""
    item = next(o for o in source.roles["outcomes"] if o["column"] == column)
    days = {v["name"]: v["day"] for v in source.roles["visits"]}
    frame = source.outcomes.rename(columns={column: "value"})[["id", "visit", "value"]]
    frame = frame[frame["visit"].isin(item["visits"])].merge(source.participants, on="id")
    frame = frame.assign(day=frame["visit"].map(days))
    chosen = ["education", "bmi"] if "bmi" in frame else ["age"]
    groups = source.roles["group"]["compared"]
    frame = frame[frame["group"].isin(groups)]
    return MixedOracle(frame, groups, item["visits"], chosen, item.get("transform", "none"))


@pytest.fixture(scope="session")
def mixed_oracle():
    return MixedOracle


@pytest.fixture(scope="session")
def outcome_oracle(raw):
    """The independent fit of an outcome, made once."""
    made: dict = {}

    def fit(name: str, column: str) -> MixedOracle:
        if (name, column) not in made:
            made[name, column] = by_column(raw[name], column)
        return made[name, column]

    return fit


def log_levels(source, *, visit: str | None = None) -> pd.DataFrame:
    """Analytes on the log scale beside the participants' columns."""
    names = source.roles["analytes"]["columns"]
    table = source.analytes.assign(**{name: np.log(source.analytes[name]) for name in names})
    table = table if visit is None else table[table["visit"] == visit]
    return table[["id", "visit", *names]].merge(source.participants, on="id")


@pytest.fixture(scope="session")
def levels():
    return log_levels
