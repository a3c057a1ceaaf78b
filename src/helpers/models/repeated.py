"""Linear models of a response measured at several visits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from . import marginal
from .design import Design, build_design
from .errors import ConstantError, DuplicateVisitError, ModelError, TooFewError, one_of
from .marginal import Df, LinearFit, Names
from .mixed import MixedEstimate, estimate
from .multiplicity import Adjustment

Covariance = Literal["compound_symmetry", "random_slope"]
Method = Literal["reml", "ml"]


@dataclass(frozen=True)
class RepeatedFit:
    """A fitted repeated-measures model; how it went is in `converged` and `message`.

    `deviance` is -2 log-likelihood of `method`; `coefficients` a Series by column of the sum-coded design; `vcov`
    their covariance, a frame; `covariance` the name of the structure fitted, which differs from `requested` after a
    fall-back; `visit_covariance` the model's covariance of the visits, a frame; `fitted` and `residuals` (population
    level, X b and y - X b) Series on the index of the analysed rows; `normalised_residuals` the same whitened, so of
    unit variance and uncorrelated if the model holds.
    """

    deviance: float
    coefficients: pd.Series
    vcov: pd.DataFrame
    converged: bool
    message: str
    covariance: str
    requested: str
    method: str
    n_subjects: int
    n_rows: int
    residuals: pd.Series
    fitted: pd.Series
    normalised_residuals: pd.Series
    visit_covariance: pd.DataFrame
    residual_variance: float
    random_covariance: np.ndarray
    design: Design

    @property
    def linear(self) -> LinearFit:
        """The fit as `helpers.models.marginal` sees it."""
        return LinearFit(self.design, self.coefficients.to_numpy(), self.vcov.to_numpy())

    def tests(self, df: Df = "asymptotic") -> pd.DataFrame:
        """Type III tests: `term, df1, df2, F, p`; under "asymptotic" df2 is infinite and F Wald's chi-square / df1."""
        return marginal.type_iii(self.linear, df)

    def means(self, over: Names, by: Names | None = None, df: Df = "asymptotic", alpha: float = 0.05) -> pd.DataFrame:
        """Estimated marginal means: levels, then `mean, se, df, ci_low, ci_high`; covariates at their mean."""
        return marginal.marginal_means(self.linear, over, by, df, alpha)

    def contrasts(
        self,
        over: Names,
        by: Names | None = None,
        adjust: Adjustment = "bonferroni",
        df: Df = "asymptotic",
        alpha: float = 0.05,
        reference: object = None,
    ) -> pd.DataFrame:
        """Pairs of levels of `over` in each cell of `by`, or each level minus `reference`: `marginal.contrasts`."""
        return marginal.contrasts(self.linear, over, by, adjust, df, alpha, reference)


def fit_repeated(
    data: pd.DataFrame,
    formula: str,
    *,
    subject: str,
    visit: str,
    covariance: Covariance = "compound_symmetry",
    method: Method = "reml",
    time: str | None = None,
) -> RepeatedFit:
    """Fit a linear mixed model to long data, one row a subject and visit, by REML or ML.

    `compound_symmetry`: Var(y) = g² + s², Cov within a subject g² (random intercept, so g² >= 0).
    `random_slope`: intercept and slope over the numeric column `time` vary by subject; when that covariance comes out
    singular, compound symmetry is fitted instead and `covariance` and `message` say so.
    Rows without a response are left out, the others are all used (valid under missing at random). Factors are
    sum-coded; `visit` is a factor when the formula names it. Levels keep the order of a categorical column.

    Raises the classes of `helpers.models.errors`: unknown or incomplete variables, two rows of one subject and visit,
    one-level factors, a rank-deficient design, a constant or perfectly fitted response. A search that fails, or ends
    with a variance of zero, raises nothing: `converged` is False and `message` says why.

    Source: Laird and Ware (1982), Biometrics 38, 963; see `helpers.models.mixed`.

    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> long = pd.DataFrame({"id": np.repeat(range(20), 3), "visit": ["a", "b", "c"] * 20})
    >>> long["group"] = np.where(long["id"] < 10, "x", "y")
    >>> long["score"] = rng.normal(0, 2, 20)[long["id"]] + rng.normal(0, 1, 60) + (long["visit"] == "c")
    >>> fit = fit_repeated(long, "score ~ group * visit", subject="id", visit="visit")
    >>> fit.converged, fit.n_subjects, fit.n_rows
    (True, 20, 60)
    >>> fit.tests()["term"].tolist()
    ['group', 'visit', 'group:visit']
    >>> fit.contrasts("visit", by="group", reference="a")["contrast"].tolist()
    ['b - a', 'c - a', 'b - a', 'c - a']
    """
    one_of("covariance", covariance, get_args(Covariance))
    one_of("method", method, get_args(Method))
    if (covariance == "random_slope") != (time is not None):
        raise ModelError("random_slope needs `time`, the numeric column of the slope; the other structures take none.")
    design = build_design(data, formula, factors=[visit], also=[subject, visit, *([time] if time else [])])
    _no_duplicates(design.data, subject, visit)
    _enough_rows(design)
    subjects = pd.factorize(design.data[subject])[0]
    used, z, found = _fit_or_fall_back(design, subjects, time, method == "reml")
    return _result(design, subjects, visit, z, found, used, covariance, method)


def _fit_or_fall_back(design: Design, subjects: np.ndarray, time: str | None, reml: bool):
    """Name of the structure fitted, its random design and its estimate."""
    reason = ""
    if time is not None:
        z = _random_design(design, time)
        found = estimate(design.y, design.x, z, subjects, reml)
        if not found.singular:
            return "random_slope", z, found
        reason = f"random_slope was {found.message}; compound_symmetry fitted instead: "
    z = _random_design(design, None)
    found = estimate(design.y, design.x, z, subjects, reml)
    return "compound_symmetry", z, replace(found, message=reason + found.message)


def _no_duplicates(rows: pd.DataFrame, subject: str, visit: str) -> None:
    twice = rows.loc[rows.duplicated([subject, visit]), [subject, visit]].drop_duplicates()
    if len(twice):
        named = [f"{one} at {when}" for one, when in twice.itertuples(index=False)]
        shown = ", ".join(named[:5]) + (", ..." if len(named) > 5 else "")
        raise DuplicateVisitError(f"More than one row for a {subject} and {visit}: {shown}. Keep one of them.", named)


def _enough_rows(design: Design) -> None:
    rows, columns = design.x.shape
    if rows <= columns:
        raise TooFewError(f"{rows} rows for {columns} coefficients leave no residual variance to estimate.")
    residual = design.y - design.x @ np.linalg.lstsq(design.x, design.y)[0]
    if np.linalg.norm(residual) < 1e-10 * np.linalg.norm(design.y - design.y.mean()):
        raise ConstantError("The design fits the response exactly, so no variance is left to estimate.")


def _random_design(design: Design, time: str | None) -> np.ndarray:
    """Intercepts, and times brought to a range of 1 so that the search is equally easy in days or in years."""
    ones = np.ones(len(design.y))
    if time is None:
        return ones[:, None]
    times = design.data[time].to_numpy(float)
    if np.ptp(times) == 0:
        raise ConstantError(f"{time} is constant, so no slope over it can vary.", [time])
    return np.column_stack([ones, (times - times.min()) / np.ptp(times)])


def _visit_covariance(design: Design, visit: str, z: np.ndarray, found: MixedEstimate) -> pd.DataFrame:
    """Z G Zᵀ + s² I at the visits, each at its mean position in time."""
    positions = pd.DataFrame(z).groupby(design.data[visit].to_numpy(), observed=True).mean()
    rows = positions.to_numpy()
    matrix = rows @ found.random_covariance @ rows.T + found.residual_variance * np.eye(len(rows))
    return pd.DataFrame(matrix, index=positions.index, columns=positions.index)


def _result(design, subjects, visit, z, found: MixedEstimate, used: str, requested: str, method: str) -> RepeatedFit:
    names, index = list(design.names), design.data.index
    fitted = design.x @ found.coefficients
    return RepeatedFit(
        deviance=found.deviance,
        coefficients=pd.Series(found.coefficients, names),
        vcov=pd.DataFrame(found.vcov, names, names),
        converged=found.converged,
        message=found.message,
        covariance=used,
        requested=requested,
        method=method,
        n_subjects=int(subjects.max()) + 1,
        n_rows=len(design.y),
        residuals=pd.Series(design.y - fitted, index),
        fitted=pd.Series(fitted, index),
        normalised_residuals=pd.Series(found.normalised, index),
        visit_covariance=_visit_covariance(design, visit, z, found),
        residual_variance=found.residual_variance,
        random_covariance=found.random_covariance,
        design=design,
    )
