"""Repeated-measures models of many responses on one layout: fits, type III tests and contrasts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from scipy import stats

from ..arrays import interval, two_sided
from ..design import Design
from ..errors import ConstantError, one_of
from ..inference import term_rows
from ..layout import Layout
from .degrees import BatchedInference
from .likelihood import BatchedEvaluation, evaluate_batched
from .moments import Array, Moments, gather, residual_spread
from .search import BatchedOptimum, optimise_batched
from .structures import BatchedStructure, Covariance, batched_structure

Df = Literal["satterthwaite", "kenward-roger", "residual", "asymptotic"]
_PERFECT = 1e-12  # spread of what least squares leaves, relative to the response, that is rounding
_CHUNK = 2.0e6  # numbers that the widest array of one part may hold: small enough for a processor's cache


@dataclass(frozen=True)
class BatchedTests:
    """F tests of one hypothesis: `f`, `df2`, `p` (B,); nan where Kenward and Roger's F does not exist."""

    f: Array
    df1: int
    df2: Array
    p: Array


@dataclass(frozen=True)
class BatchedContrasts:
    """Linear functions of the coefficients: `estimate`, `se`, `df`, `p` (B, m), unadjusted."""

    estimate: Array
    se: Array
    df: Array
    p: Array

    def interval(self, alpha: float = 0.05) -> tuple[Array, Array]:
        """Ends of the confidence intervals (B, m)."""
        return interval(self.estimate, self.se, self.df, alpha)


@dataclass(frozen=True)
class BatchedFit:
    """Fits of B responses, in parts small enough for memory to stay flat; `converged` (B,) says which can be used."""

    parts: tuple[_Part, ...]

    @property
    def converged(self) -> Array:
        """Where the search ended at a minimum with a Σ that is not singular, (B,)."""
        return np.concatenate([part.optimum.converged for part in self.parts])

    @property
    def steps(self) -> Array:
        """Steps of each search, (B,)."""
        return np.concatenate([part.optimum.steps for part in self.parts])

    @property
    def deviance(self) -> Array:
        """-2 log REML (B,), constants included."""
        return np.concatenate([part.point.deviance for part in self.parts])

    @property
    def covariance(self) -> Array:
        """Σ of the visits (B, visits, visits), in units of the response."""
        return np.concatenate([part.covariance for part in self.parts])

    @property
    def coefficients(self) -> Array:
        """Of the design's columns, (B, k)."""
        return np.concatenate([part.coefficients for part in self.parts])

    def test(self, rows: Array, df: Df = "satterthwaite") -> BatchedTests:
        """F of all rows of L (q, k) together."""
        found = [part.inference(df).joint(part.turned(rows)) for part in self.parts]
        f, df2 = (np.concatenate(values) for values in zip(*found, strict=True))
        df1 = len(rows)
        finite = np.isfinite(df2)
        p = np.where(finite, stats.f.sf(f, df1, np.where(finite, df2, 1.0)), stats.chi2.sf(df1 * f, df1))
        return BatchedTests(f, df1, df2, np.where(np.isnan(df2), np.nan, p))

    def tests(self, design: Design, terms: Iterable[str], df: Df = "satterthwaite") -> dict[str, BatchedTests]:
        """Type III tests of terms of the design."""
        return {term: self.test(term_rows(design, term), df) for term in terms}

    def contrasts(self, rows: Array, df: Df = "satterthwaite") -> BatchedContrasts:
        """Estimates of each row of L (m, k)."""
        found = [part.contrasts(rows, df) for part in self.parts]
        estimate, se, nu = (np.concatenate(values) for values in zip(*found, strict=True))
        return BatchedContrasts(estimate, se, nu, two_sided(estimate / se, nu))


def fit_batched(
    layout: Layout, y: Array, covariance: Covariance = "unstructured", x: Array | None = None
) -> BatchedFit:
    """REML fits of responses y (n, B) on the rows of a layout, each as `fit_repeated` would fit it alone.

    `x` (B, n, k) gives each response a design of its own in place of the layout's, for covariates that belong to the
    response. A response whose search fails or ends at a singular Σ raises nothing: `converged` is False there.

    Raises `OptionError` for another structure, `ConstantError` for responses that the design fits perfectly, which have
    nothing left to estimate Σ from (their positions in `names`).

    >>> import pandas as pd
    >>> from helpers.models.repeated_data import prepare
    >>> long = pd.DataFrame({"id": list("aabbccdd"), "visit": [0, 1] * 4, "y": [3.0, 1, 5, 2, 6, 5, 4, 1]})
    >>> data = prepare(long, "y ~ visit", "id", "visit")
    >>> fit = fit_batched(data.layout, np.column_stack([data.responses, 2 * data.responses]))
    >>> found = fit.tests(data.design, ["visit"], "kenward-roger")["visit"]
    >>> found.f.round(3).tolist(), found.df2.round(6).tolist()
    ([22.091, 22.091], [3.0, 3.0])
    """
    structure = batched_structure(covariance, layout.seen.shape[1])
    _refuse_perfect(layout, y, x)
    k, visits = layout.basis.shape[1], layout.seen.shape[1]
    parameters = structure.tangent(structure.start(np.eye(visits)[None])).shape[1]
    widest = max(parameters * (visits**2 + k**2), parameters**2, 0 if x is None else visits**2 * k**2)
    step = max(1, int(_CHUNK // widest))
    parts = []
    for first in range(0, y.shape[1], step):
        these = slice(first, first + step)
        moments = gather(layout, y[:, these], None if x is None else x[these])
        optimum = optimise_batched(moments, structure)
        parts.append(_Part(moments, structure, optimum))
    return BatchedFit(tuple(parts))


def _refuse_perfect(layout: Layout, y: Array, x: Array | None) -> None:
    left, total = residual_spread(layout, y, x), np.abs(y).max(axis=0)
    perfect = [int(place) for place in np.flatnonzero(~(left > _PERFECT * total))]
    if perfect:
        raise ConstantError(f"the design fits responses {perfect} perfectly; nothing is left to vary.", perfect)


@dataclass(frozen=True)
class _Part:
    """The fits of some of the responses."""

    moments: Moments
    structure: BatchedStructure
    optimum: BatchedOptimum

    @cached_property
    def point(self) -> BatchedEvaluation:
        return evaluate_batched(self.moments, self.structure.sigma(self.optimum.state))

    @property
    def covariance(self) -> Array:
        return self.moments.scale[:, None, None] ** 2 * self.structure.sigma(self.optimum.state)

    @property
    def _in_basis(self) -> Array:
        return self.moments.least_squares + self.moments.scale[:, None] * self.point.shift

    @property
    def coefficients(self) -> Array:
        found = np.linalg.solve(self.moments.triangle, self._in_basis[:, :, None])
        return found[:, :, 0]

    def turned(self, rows: Array) -> Array:
        """Rows of L for the coefficients in the basis: L triangle⁻¹, (B or 1, m, k)."""
        return np.linalg.solve(self.moments.triangle.swapaxes(1, 2), rows.T).swapaxes(1, 2)

    def inference(self, df: Df) -> BatchedInference:
        one_of("df", df, get_args(Df))
        root = self.moments.scale[:, None, None] * self.point.root
        if df in ("residual", "asymptotic"):
            left = float(self.moments.rows - self.moments.columns) if df == "residual" else np.inf
            return BatchedInference(self._in_basis, root, root, None, None, left, False)
        _, slopes, spread = self._sensitivity
        half = root @ self._adjusted if df == "kenward-roger" else root
        return BatchedInference(self._in_basis, root, half, slopes, spread, np.nan, df == "kenward-roger")

    def contrasts(self, rows: Array, df: Df) -> tuple[Array, Array, Array]:
        known, turned = self.inference(df), self.turned(rows)
        estimate = (turned @ known.coefficients[:, :, None])[:, :, 0]
        return estimate, np.sqrt(((turned @ known.half) ** 2).sum(axis=2)), known.row_df(turned)

    @cached_property
    def _sensitivity(self) -> tuple[Array, Array, Array]:
        """Directions of Σ, the slopes of the precision along them, and the covariance of the parameters' estimate."""
        tangent = self.structure.tangent(self.optimum.state)
        slopes = self.point.precision_slopes(tangent)
        hessian = self.point.hessian(tangent, slopes)
        definite = np.linalg.eigvalsh(hessian)[:, 0] > 0
        if not definite.all():
            # Where the search did not end at a minimum there is no observed information, as in `repeated_fit`.
            hessian = np.where(definite[:, None, None], hessian, self.point.expected(tangent, slopes))
        return tangent, slopes, np.linalg.inv(hessian / 2)

    @cached_property
    def _adjusted(self) -> Array:
        """(B, k, k) with product by its transpose Kenward and Roger's adjusted covariance in the basis of `root`."""
        tangent, slopes, spread = self._sensitivity
        adjusted = self.point.adjusted_root(tangent, slopes, spread)
        sizes, vectors = np.linalg.eigh(adjusted)
        return vectors * np.sqrt(np.maximum(sizes, 0.0))[:, None]
