"""How sure a linear function of fitted coefficients is: standard errors, denominator degrees of freedom, F.

A fit offers itself to `helpers.models.marginal` as one of these: coefficients, their covariance, the degrees of freedom
of a single row L, and the F of several rows together. `Wald` serves least squares and asymptotic tests; the two that
estimate degrees of freedom are in `satterthwaite` and `kenward_roger`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from .design import Design

Array = np.ndarray
Df = Literal["satterthwaite", "kenward-roger", "residual", "asymptotic"]
Information = Literal["observed", "expected"]


class Inference(Protocol):
    """Coefficients (k,) of `design`, their covariance vcov (k, k), and the degrees of freedom of what is tested."""

    @property
    def design(self) -> Design: ...
    @property
    def coefficients(self) -> Array: ...
    @property
    def vcov(self) -> Array: ...

    def row_df(self, rows: Array) -> Array:
        """Degrees of freedom (m,) of the t of each row of L (m, k)."""

    def joint(self, rows: Array) -> tuple[float, float]:
        """F and its denominator degrees of freedom for all rows of L (q, k) together."""


@dataclass(frozen=True)
class Wald:
    """The same degrees of freedom for everything: infinite, or those of the residual."""

    design: Design
    coefficients: Array
    vcov: Array
    df: float

    def row_df(self, rows: Array) -> Array:
        """`df`, for each row."""
        return np.full(len(rows), self.df)

    def joint(self, rows: Array) -> tuple[float, float]:
        """(L b)ᵀ (L V Lᵀ)⁻¹ (L b) / q on `df`."""
        return quadratic(rows @ self.coefficients, rows @ self.vcov @ rows.T), self.df


@dataclass(frozen=True)
class Sensitivity:
    """How the covariance of the coefficients depends on the covariance parameters θ.

    vcov = root rootᵀ (k, k); ∂vcov/∂θᵢ = root slopesᵢ rootᵀ, slopes (p, k, k); `spread` (p, p) the covariance of θ's
    estimate, the inverse of its information.
    """

    root: Array
    slopes: Array
    spread: Array


def quadratic(estimate: Array, covariance: Array) -> float:
    """F of q estimates: eᵀ C⁻¹ e / q.

    >>> quadratic(np.array([1.0, 2.0]), np.diag([1.0, 4.0]))
    1.0
    """
    return float(estimate @ np.linalg.solve(covariance, estimate)) / len(estimate)


def term_rows(design: Design, term: str) -> Array:
    """Rows of L (q, k) of a term's type III test: for a factor "level i - last level", i = 1 ... q.

    For an interaction the Kronecker product of its factors' rows; for a numeric variable its coefficient. F does not
    depend on the choice of rows, but Satterthwaite's degrees of freedom of several rows do; these are the rows SAS
    prints with E3 and those to which SPSS reduces its own.

    >>> import pandas as pd
    >>> from .design import build_design
    >>> frame = pd.DataFrame({"y": [1.0, 2, 3, 5, 4, 6], "g": list("aabbcc")})
    >>> term_rows(build_design(frame, "y ~ g"), "g").tolist()
    [[0.0, 2.0, 1.0], [0.0, 1.0, 2.0]]
    """
    columns = design.terms[term]
    block = np.ones((1, 1))
    for part in design.names[columns[0]].split(":"):
        levels = design.factors.get(part.partition("[")[0])
        if levels is not None:
            # Sum coding: the last level is minus the sum of the others, so i - last is 2 bᵢ + the others. The first
            # factor of an interaction varies fastest over the columns.
            block = np.kron(np.eye(len(levels) - 1) + 1, block)
    if len(block) != len(columns):
        # A factor not crossed with its margins is coded by all its levels: its columns are the comparisons.
        block = np.eye(len(columns))
    rows = np.zeros((len(columns), len(design.names)))
    rows[:, columns] = block
    return rows
