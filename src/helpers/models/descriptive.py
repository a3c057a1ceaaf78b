"""Comparisons of a baseline table: t, analysis of variance, chi-square, Fisher, standardised differences."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import gammaln, logsumexp

from .arrays import at_least, check_alpha, present
from .errors import ConstantError, ModelError

_ENUMERATED = 1e6  # tables listed one by one at most


@dataclass(frozen=True)
class TTest:
    """Difference of two means; `estimate` is mean of x minus mean of y."""

    estimate: float
    se: float
    df: float
    statistic: float
    p: float
    ci_low: float
    ci_high: float
    n: int
    method: str


@dataclass(frozen=True)
class VarianceAnalysis:
    """Equality of the means of several samples."""

    statistic: float
    df1: int
    df2: int
    p: float
    n: int
    method: str


@dataclass(frozen=True)
class ChiSquareTest:
    """Independence of rows and columns; `smallest_expected` below 5 is the usual warning sign."""

    statistic: float
    df: int
    p: float
    n: int
    method: str
    smallest_expected: float


@dataclass(frozen=True)
class FisherTest:
    """Exact test of a table; `odds_ratio` is the sample one, ad / bc, and missing unless the table is 2 x 2."""

    odds_ratio: float
    p: float
    n: int
    method: str


def student_t(x: ArrayLike, y: ArrayLike, alpha: float = 0.05) -> TTest:
    """Student's t-test of two independent samples with pooled variance; missing values are dropped.

    t = (x̄ - ȳ) / (s √(1/nₓ + 1/n_y)), s² = ((nₓ-1) sₓ² + (n_y-1) s_y²) / (nₓ + n_y - 2), df = nₓ + n_y - 2.
    The interval of the difference has level 1 - alpha. Raises `TooFewError` for a sample below two values,
    `ConstantError` when neither sample varies. Computed by `scipy.stats.ttest_ind`.

    >>> result = student_t([5, 6, 7, 8], [1, 2, 3, 4])
    >>> result.estimate, round(result.statistic, 3), result.df, round(result.p, 4)
    (4.0, 4.382, 6.0, 0.0047)
    """
    check_alpha(alpha)
    x, y = present(x), present(y)
    at_least(min(len(x), len(y)), 2, "values in the smaller sample")
    if np.ptp(x) == 0 and np.ptp(y) == 0:
        raise ConstantError("Neither sample varies, so Student's t is not defined.")
    with warnings.catch_warnings():
        # Nearly identical values lose digits; scipy says so on the way to a result that stands.
        warnings.filterwarnings("ignore", "Precision loss occurred", RuntimeWarning)
        result = stats.ttest_ind(x, y, equal_var=True)
    low, high = result.confidence_interval(1 - alpha)
    estimate = float(x.mean() - y.mean())
    df = len(x) + len(y) - 2
    pooled = ((len(x) - 1) * x.var(ddof=1) + (len(y) - 1) * y.var(ddof=1)) / df
    se = float(np.sqrt(pooled * (1 / len(x) + 1 / len(y))))
    return TTest(
        estimate=estimate,
        se=se,
        df=float(df),
        statistic=float(result.statistic),
        p=float(result.pvalue),
        ci_low=float(low),
        ci_high=float(high),
        n=len(x) + len(y),
        method="Student t-test, pooled variance",
    )


def analysis_of_variance(samples: Sequence[ArrayLike]) -> VarianceAnalysis:
    """One-way analysis of variance of k independent samples; missing values are dropped, empty samples left out.

    F = (Σ nᵢ (x̄ᵢ - x̄)² / (k-1)) / (Σ (nᵢ-1) sᵢ² / (n-k)), on k-1 and n-k degrees of freedom. Raises `TooFewError`
    with fewer than two samples or no degree of freedom left, `ConstantError` when no sample varies. Computed by
    `scipy.stats.f_oneway`.

    >>> result = analysis_of_variance([[5, 6, 7, 8], [1, 2, 3, 4], [2, 3, 4, 9]])
    >>> round(result.statistic, 3), result.df1, result.df2, round(result.p, 4)
    (3.692, 2, 9, 0.0675)
    """
    values = [sample for sample in map(present, samples) if len(sample)]
    n = sum(map(len, values))
    at_least(len(values), 2, "samples with a value")
    at_least(n - len(values), 1, "degrees of freedom within the samples")
    if all(np.ptp(sample) == 0 for sample in values):
        raise ConstantError("No sample varies, so F is not defined.")
    result = stats.f_oneway(*values)
    method = "one-way analysis of variance"
    return VarianceAnalysis(float(result.statistic), len(values) - 1, n - len(values), float(result.pvalue), n, method)


def _counts(table: ArrayLike | pd.DataFrame) -> np.ndarray:
    """A table of non-negative counts without its empty rows and columns."""
    counts = np.asarray(table, dtype=float)
    if counts.ndim != 2 or (counts < 0).any() or not np.isfinite(counts).all():
        raise ModelError("A contingency table holds non-negative counts in rows and columns.")
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        raise ConstantError("The table has a single non-empty row or column, so there is nothing to compare.")
    return counts


def chi_square(table: ArrayLike | pd.DataFrame, correction: bool = False) -> ChiSquareTest:
    """Pearson's chi-square test of a table of counts (r x c); empty rows and columns are left out.

    χ² = Σ (O - E)² / E with E = row total x column total / n and df = (r-1)(c-1). `correction` subtracts Yates'
    half from |O - E|, for 2 x 2 tables only, as SPSS and R do. Raises `ModelError` for negative or missing counts,
    `ConstantError` when one non-empty row or column is left.

    >>> result = chi_square([[24, 9], [16, 17]])
    >>> round(result.statistic, 3), result.df, round(result.p, 3), result.n
    (4.062, 1, 0.044, 66)
    """
    counts = _counts(table)
    yates = correction and counts.shape == (2, 2)
    result = stats.chi2_contingency(counts, correction=yates)
    return ChiSquareTest(
        statistic=float(result.statistic),
        df=int(result.dof),
        p=float(result.pvalue),
        n=int(counts.sum()),
        method="Pearson chi-square with Yates' correction" if yates else "Pearson chi-square",
        smallest_expected=float(result.expected_freq.min()),
    )


def fisher_exact(table: ArrayLike | pd.DataFrame) -> FisherTest:
    """Fisher's exact two-sided test: the probability, margins fixed, of tables no likelier than the observed one.

    2 x 2 tables by scipy. Larger ones (Freeman and Halton 1951) with two rows or two columns are enumerated; those
    still larger are judged by 99,999 tables drawn with a fixed seed, and `method` says so. Raises as `chi_square`.

    >>> result = fisher_exact([[24, 9], [16, 17]])
    >>> round(result.odds_ratio, 3), round(result.p, 4)
    (2.833, 0.0769)
    """
    counts = _counts(table).astype(int)
    tall = counts if counts.shape[1] == 2 else counts.T
    n, ratio = int(counts.sum()), float("nan")
    if counts.shape == (2, 2):
        result = stats.fisher_exact(counts)
        return FisherTest(float(result.statistic), float(result.pvalue), n, "Fisher's exact test")
    if tall.shape[1] == 2 and np.prod(tall[:-1].sum(axis=1) + 1.0) <= _ENUMERATED:
        return FisherTest(ratio, _enumerate(tall), n, "Fisher-Freeman-Halton exact test")
    drawn = stats.MonteCarloMethod(n_resamples=99_999, rng=np.random.default_rng(0))
    result = stats.fisher_exact(counts, method=drawn)
    return FisherTest(ratio, float(result.pvalue), n, "Fisher-Freeman-Halton test, 99,999 tables drawn")


def _enumerate(table: np.ndarray) -> float:
    """Total probability of the (r, 2) tables with these margins that are no likelier than this one."""
    rows, first = table.sum(axis=1), table[:, 0].sum()
    head = np.indices(rows[:-1] + 1).reshape(len(rows) - 1, -1)
    last = first - head.sum(axis=0)
    kept = (last >= 0) & (last <= rows[-1])
    cells = np.vstack([head[:, kept], last[kept]])

    def log_ways(counts: np.ndarray) -> np.ndarray:
        total = rows.reshape(-1, *[1] * (counts.ndim - 1))
        return (gammaln(total + 1) - gammaln(counts + 1) - gammaln(total - counts + 1)).sum(axis=0)

    ways = log_ways(cells)
    # R's tolerance for tables as likely as the observed one but for rounding.
    no_likelier = ways <= log_ways(table[:, 0]) + np.log1p(1e-7)
    return float(min(1.0, np.exp(logsumexp(ways[no_likelier]) - logsumexp(ways))))


def standardised_difference(x: ArrayLike, y: ArrayLike) -> float:
    """(x̄ - ȳ) / √((sₓ² + s_y²) / 2), the balance measure of Austin (2009); missing values are dropped.

    Unlike a p-value it does not grow with n. Raises `TooFewError` below two values, `ConstantError` when neither
    sample varies.

    >>> round(standardised_difference([5, 6, 7, 8], [1, 2, 3, 4]), 3)
    3.098
    """
    x, y = present(x), present(y)
    at_least(min(len(x), len(y)), 2, "values in the smaller sample")
    spread = np.sqrt((x.var(ddof=1) + y.var(ddof=1)) / 2)
    if spread == 0:
        raise ConstantError("Neither sample varies, so the standardised difference is not defined.")
    return float((x.mean() - y.mean()) / spread)


def standardised_difference_categorical(x: ArrayLike, y: ArrayLike) -> float:
    """Multinomial standardised difference of two samples of labels (Yang and Dalton 2012, SAS Global Forum 335).

    d = √((p - q)ᵀ S⁻¹ (p - q)), p and q the proportions of all levels but one, S the mean of the two multinomial
    covariance matrices (diagonal p(1-p), off-diagonal -p_k p_l). Never negative; infinite when a level belongs wholly
    to one sample and not at all to the other; 0 when there is one level. Raises `TooFewError` for an empty sample.

    >>> round(standardised_difference_categorical(["f"] * 6 + ["m"] * 4, ["f"] * 4 + ["m"] * 6), 4)
    0.4082
    """
    x, y = pd.Series(np.asarray(x)).dropna(), pd.Series(np.asarray(y)).dropna()
    at_least(min(len(x), len(y)), 1, "labels in the smaller sample")
    levels = sorted(set(x) | set(y), key=str)[:-1]
    p, q = (np.array([(sample == level).mean() for level in levels]) for sample in (x, y))
    if np.array_equal(p, q):
        return 0.0
    spread = sum(np.diag(v) - np.outer(v, v) for v in (p, q)) / 2
    inverse = np.linalg.pinv(spread, hermitian=True)
    # A difference in a direction in which neither sample varies is infinitely many standard deviations.
    if not np.allclose(spread @ inverse @ (p - q), p - q):
        return float("inf")
    return float(np.sqrt((p - q) @ inverse @ (p - q)))
