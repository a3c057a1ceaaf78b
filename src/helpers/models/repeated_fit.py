"""A fitted repeated-measures model: what was estimated, and the tests, means and contrasts that follow."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import get_args

import numpy as np
import pandas as pd
from scipy.linalg import pinvh, solve_triangular

from . import marginal
from .design import Design
from .errors import OptionError, one_of
from .inference import Df, Inference, Information, Sensitivity, Wald
from .kenward_roger import KenwardRoger, adjusted_root
from .marginal import Names
from .multiplicity import Adjustment
from .satterthwaite import Satterthwaite
from .search import Optimum
from .structures import Structure


@dataclass(frozen=True, eq=False)
class RepeatedFit:
    """A fitted repeated-measures model; how it went is in `converged` and `message`.

    `deviance` is -2 log-likelihood of `method`, constants included; `coefficients` a Series by column of the sum-coded
    design; `vcov` their covariance, a frame; `covariance` that of the visits, a frame (visits, visits); `structure`
    the name of the structure fitted, `requested` that asked for; `parameters` its natural parameters, a Series in
    units of the response (and of time: a random intercept is that at time 0); `steps` those of the search; `fitted`
    and `residuals` (population level, X b and y - X b) Series on the index of the analysed rows;
    `normalised_residuals` the same whitened, so of unit variance and uncorrelated if the model holds.

    >>> from helpers.models import fit_repeated
    >>> long = pd.DataFrame({"id": list("aabbccdd"), "visit": [0, 1] * 4, "y": [3.0, 1, 5, 2, 6, 5, 4, 1]})
    >>> fit = fit_repeated(long, "y ~ visit", subject="id", visit="visit")
    >>> fit.tests(df="kenward-roger").round(3).values.tolist()  # the paired t-test, squared
    [['visit', 1, 3.0, 22.091, 0.018]]
    >>> fit.means("visit")[["mean", "df"]].round(3).values.tolist()
    [[4.5, 3.0], [2.25, 3.0]]
    >>> fit.contrasts("visit")[["contrast", "estimate"]].values.tolist()
    [['0 - 1', 2.25]]
    """

    deviance: float
    coefficients: pd.Series
    vcov: pd.DataFrame
    covariance: pd.DataFrame
    structure: str
    requested: str
    parameters: pd.Series
    converged: bool
    message: str
    steps: int
    method: str
    n_subjects: int
    n_rows: int
    residuals: pd.Series
    fitted: pd.Series
    normalised_residuals: pd.Series
    design: Design = field(repr=False)
    search: FittedCovariance = field(repr=False)

    @property
    def aic(self) -> float:
        """deviance + 2 q; q the covariance parameters, and with ML the coefficients too (as SPSS and SAS)."""
        return self.deviance + 2 * self._counted

    @property
    def bic(self) -> float:
        """deviance + q log n; n the subjects, as SAS (SPSS takes the rows, with REML less the coefficients)."""
        return self.deviance + self._counted * float(np.log(self.n_subjects))

    @property
    def _counted(self) -> int:
        return len(self.parameters) + (len(self.coefficients) if self.method == "ml" else 0)

    def inference(self, df: Df = "satterthwaite", information: Information = "observed") -> Inference:
        """The coefficients with standard errors and degrees of freedom by the method `df`.

        `satterthwaite`, `kenward-roger` (REML only; adjusts the standard errors too), `residual` (rows less columns)
        or `asymptotic` (infinite). The first two need the `information` on the covariance parameters: `observed`, the
        Hessian of the log-likelihood at hand, or `expected`, its mean. They differ on incomplete data, where only
        the observed one is valid under missing at random (Kenward and Molenberghs 1998, Stat Sci 13, 236); so it is
        the default. SAS, mmrm and lmerTest take it as well; pbkrtest takes the expected one.
        """
        one_of("df", df, get_args(Df))
        one_of("information", information, get_args(Information))
        b, vcov = self.coefficients.to_numpy(), self.vcov.to_numpy()
        if df == "residual":
            return Wald(self.design, b, vcov, float(self.n_rows - len(b)))
        if df == "asymptotic":
            return Wald(self.design, b, vcov, float("inf"))
        if df == "satterthwaite":
            return Satterthwaite(self.design, b, vcov, self.search.sensitivity(information))
        if self.method == "ml":
            raise OptionError("Kenward-Roger's adjustment is defined for REML; fit with method='reml'.", [df])
        return KenwardRoger(self.design, b, self.search.adjusted(information), self.search.sensitivity(information))

    def tests(self, df: Df = "satterthwaite", information: Information = "observed") -> pd.DataFrame:
        """Type III tests: `term, df1, df2, F, p`; with "asymptotic" df2 is infinite and F Wald's chi-square / df1."""
        return marginal.type_iii(self.inference(df, information))

    def means(
        self,
        over: Names,
        by: Names | None = None,
        df: Df = "satterthwaite",
        information: Information = "observed",
        alpha: float = 0.05,
    ) -> pd.DataFrame:
        """Estimated marginal means: levels, then `mean, se, df, ci_low, ci_high`; covariates at their mean."""
        return marginal.marginal_means(self.inference(df, information), over, by, alpha)

    def contrasts(
        self,
        over: Names,
        by: Names | None = None,
        adjust: Adjustment = "bonferroni",
        df: Df = "satterthwaite",
        information: Information = "observed",
        alpha: float = 0.05,
        reference: object = None,
    ) -> pd.DataFrame:
        """Pairs of levels of `over` in each cell of `by`, or each level minus `reference`: `marginal.contrasts`."""
        return marginal.contrasts(self.inference(df, information), over, by, adjust, alpha, reference)


@dataclass(frozen=True, eq=False)
class FittedCovariance:
    """The structure where the search left it, and what the degrees of freedom need of the likelihood there.

    At a boundary (a singular covariance of random effects) the likelihood has no slope in the natural parameters; the
    tangents of the search are used there, so that what cannot vary does not count.
    """

    structure: Structure
    optimum: Optimum
    boundary: bool

    @cached_property
    def root(self) -> np.ndarray:
        """(k, k) with root rootᵀ the covariance of the coefficients of the design."""
        problem = self.optimum.point.problem
        return problem.scale * solve_triangular(problem.layout.triangle, self.optimum.point.root)

    @cached_property
    def tangent(self) -> np.ndarray:
        """∂Σ (p, visits, visits) in the parameters in which the degrees of freedom are computed."""
        at = self.optimum.state
        return self.structure.tangent(at) if self.boundary else self.structure.natural_tangent(at)

    @cached_property
    def _bent(self) -> np.ndarray | None:
        return None if self.boundary else self.structure.natural_curvature(self.optimum.state)

    @cached_property
    def slopes(self) -> np.ndarray:
        """∂vcov/∂θ = root slopes rootᵀ, (p, k, k)."""
        return self.optimum.point.precision_slopes(self.tangent)

    def sensitivity(self, information: Information) -> Sensitivity:
        """For the degrees of freedom; `spread` is the inverse of the information on -2 log L / 2."""
        return Sensitivity(self.root, self.slopes, self._spread[information])

    @cached_property
    def _spread(self) -> dict[str, np.ndarray]:
        point = self.optimum.point
        expected = pinvh(point.expected(self.tangent) / 2)
        hessian = point.hessian(self.tangent)
        if self.boundary:
            hessian = hessian + self.structure.bend(self.optimum.state, point.slope)
        elif self._bent is not None:
            hessian = hessian + np.tensordot(self._bent, point.slope, 2)
        sizes = np.linalg.eigvalsh(hessian)
        definite = sizes[0] > len(sizes) * np.finfo(float).eps * sizes[-1]
        # Where the search did not end at a minimum there is no observed information to invert; the fit says so.
        return {"expected": expected, "observed": np.linalg.inv(hessian / 2) if definite else expected}

    def adjusted(self, information: Information) -> np.ndarray:
        """Kenward and Roger's covariance of the coefficients, (k, k)."""
        spread = self._spread[information]
        inner = adjusted_root(self.optimum.point, self.tangent, self._bent, self.slopes, spread)
        return self.root @ inner @ self.root.T
