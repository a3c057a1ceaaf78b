"""Independent computations that several tests of the analyses share, from the files and plain numpy."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.optimize import minimize


def sum_coded(levels: list[str], values) -> np.ndarray:
    """Columns of deviation coding: one a level but the last, which is -1 in all of them."""
    place = {level: index for index, level in enumerate(levels)}
    table = np.vstack([np.eye(len(levels) - 1), -np.ones(len(levels) - 1)])
    return table[[place[value] for value in values]]


@dataclass
class MixedOracle:
    """group × visit with one covariance of all visits, its design written out column by column, subject by subject.

    REML is searched by scipy, Satterthwaite's degrees of freedom are numerical derivatives of it; statsmodels fits the
    random slope, which has no degrees of freedom here.
    """

    frame: pd.DataFrame
    groups: list[str]
    visits: list[str]
    covariates: list[str]
    transform: str = "none"
    slope: bool = False

    def __post_init__(self):
        frame = self.frame = self.frame.dropna(subset=["value", *self.covariates])
        self.y = (np.log(frame["value"]) if self.transform == "log" else frame["value"].astype(float)).to_numpy()
        self.x = self.design(frame["group"], frame["visit"], frame[self.covariates].to_numpy(float))
        self.subjects = list(frame.reset_index(drop=True).groupby("id").indices.values())
        self._fit_slope() if self.slope else self._fit_compound_symmetry()

    def _fit_slope(self):
        from statsmodels.regression.mixed_linear_model import MixedLM

        z = np.column_stack([np.ones(len(self.y)), self.frame["day"] / 13.0])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit = MixedLM(self.y, self.x, self.frame["id"].to_numpy(), z).fit(method="bfgs", gtol=1e-8)
        # Its own covariance of the coefficients comes from the observed Hessian, which differs with missing visits.
        cov = np.asarray(fit.cov_re)
        self.beta, self.vcov, _ = self._solve(lambda rows: z[rows] @ cov @ z[rows].T + fit.scale * np.eye(len(rows)))
        self.deviance = -2 * fit.llf

    def _fit_compound_symmetry(self):
        """Search over log s² and the ratio c / s², which may be negative."""
        most = max(map(len, self.subjects))
        start = [np.log(np.var(self.y) / 2), 1.0]
        bounds = [(None, None), (-1 / most + 1e-6, None)]
        found = minimize(
            lambda t: self._reml(np.exp(t[0]), t[1] * np.exp(t[0])), start, method="L-BFGS-B", bounds=bounds,
            options={"ftol": 1e-15, "gtol": 1e-7},
        )  # fmt: skip
        self.theta = np.array([np.exp(found.x[0]), found.x[1] * np.exp(found.x[0])])
        self.beta, self.vcov, self.deviance = self._solve(self._compound(*self.theta))
        steps = 1e-3 * np.full(2, self.theta[0])
        self._spread = 2 * np.linalg.inv(_hessian(lambda t: self._reml(*t), self.theta, steps))
        self._vcovs = [
            [self._solve(self._compound(*(self.theta + sign * np.eye(2)[i] * steps)))[1] for sign in (1, -1)]
            for i in range(2)
        ]
        self._steps = steps

    @staticmethod
    def _compound(variance, covariance):
        return lambda rows: variance * np.eye(len(rows)) + covariance

    def _reml(self, variance, covariance) -> float:
        return self._solve(self._compound(variance, covariance))[2]

    def _solve(self, sigma):
        """Coefficients, (Xᵀ V⁻¹ X)⁻¹ and REML's -2 log-likelihood, one subject after the other."""
        k = self.x.shape[1]
        information, score, quadratic, log_det = np.zeros((k, k)), np.zeros(k), 0.0, 0.0
        for rows in self.subjects:
            v = sigma(rows)
            weight = np.linalg.inv(v)
            information += self.x[rows].T @ weight @ self.x[rows]
            score += self.x[rows].T @ weight @ self.y[rows]
            quadratic += self.y[rows] @ weight @ self.y[rows]
            log_det += np.linalg.slogdet(v)[1]
        vcov = np.linalg.inv(information)
        beta = vcov @ score
        fixed = (len(self.y) - k) * np.log(2 * np.pi) + np.linalg.slogdet(information)[1]
        return beta, vcov, fixed + log_det + quadratic - beta @ score

    def df(self, row: np.ndarray) -> float:
        """Satterthwaite's degrees of freedom of one row."""
        variance = row @ self.vcov @ row
        ends = np.array([[row @ v @ row for v in pair] for pair in self._vcovs])
        slope = (ends[:, 0] - ends[:, 1]) / (2 * self._steps)
        return 2 * variance**2 / (slope @ self._spread @ slope)

    def design(self, group, visit, covariates) -> np.ndarray:
        g, v = sum_coded(self.groups, group), sum_coded(self.visits, visit)
        both = np.column_stack([g[:, [i]] * v for i in range(g.shape[1])])
        self.terms = {"group": slice(1, 2), "time": slice(2, 2 + v.shape[1])}
        self.terms["interaction"] = slice(2 + v.shape[1], 2 + 2 * v.shape[1])
        for place, name in enumerate(self.covariates):
            start = 2 + 2 * v.shape[1] + place
            self.terms[name] = slice(start, start + 1)
        return np.column_stack([np.ones(len(g)), g, v, both, covariates])

    def f_test(self, term: str) -> tuple[float, float, int, float]:
        """F, p, and both degrees of freedom; those of the denominator from the rows level − last level."""
        part, variance = self.beta[self.terms[term]], self.vcov[self.terms[term], self.terms[term]]
        q = len(part)
        value = part @ np.linalg.solve(variance, part) / q
        if self.slope:
            return value, stats.chi2.sf(q * value, q), q, np.inf
        rows = np.zeros((q, len(self.beta)))
        rows[:, self.terms[term]] = np.eye(q) if term in self.covariates else np.eye(q) + 1
        turned = np.linalg.eigh(rows @ self.vcov @ rows.T)[1].T @ rows
        nu = np.array([self.df(row) for row in turned])
        e = (nu / (nu - 2)).sum()
        df = nu[0] if q == 1 else 2 * e / (e - q)
        return value, stats.f.sf(value, q, df), q, df

    def cell(self, group: str, visit: str) -> np.ndarray:
        """The design row of a group and visit, covariates at their mean over the rows analysed."""
        means = self.frame[self.covariates].to_numpy(float).mean(axis=0, keepdims=True)
        return self.design([group], [visit], means)[0]

    def contrast(self, row: np.ndarray, alpha: float = 0.05) -> tuple[float, float, float, float]:
        """Estimate, interval and p."""
        value, se, df = row @ self.beta, np.sqrt(row @ self.vcov @ row), self.df(row)
        half = stats.t.ppf(1 - alpha / 2, df) * se
        return value, value - half, value + half, 2 * stats.t.sf(abs(value / se), df)

    def cells(self):
        return product(self.groups, self.visits)


def _hessian(function, at: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Second differences."""
    moves = np.diag(steps)
    return np.array(
        [
            [
                (function(at + a + b) - function(at + a - b) - function(at - a + b) + function(at - a - b))
                / (4 * a.sum() * b.sum())
                for b in moves
            ]
            for a in moves
        ]
    )


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
