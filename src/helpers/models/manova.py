"""Linear models of one or several outcomes measured once: MANOVA, ANCOVA, adjusted means and pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.multivariate.manova import MANOVA
from statsmodels.multivariate.multivariate_ols import multivariate_stats
from statsmodels.regression.linear_model import OLS

from . import marginal
from .design import Design, aliased, build_design
from .errors import ModelError, RankDeficientError, TooFewError
from .inference import Wald
from .marginal import Names
from .multiplicity import Adjustment

_STATISTICS = {
    "pillai": "Pillai's trace",
    "wilks": "Wilks' lambda",
    "hotelling": "Hotelling-Lawley trace",
    "roy": "Roy's greatest root",
}


def manova(data: pd.DataFrame, outcomes: Sequence[str], formula: str) -> pd.DataFrame:
    """Type III multivariate tests of each term of "~ ..." on several outcomes together.

    With H and E the hypothesis and error cross-products: pillai tr H(H+E)⁻¹, wilks |E| / |H+E|, hotelling tr HE⁻¹, roy
    the largest root of HE⁻¹. The F approximations are Pillai's, Rao's, Pillai's and the upper bound, as SPSS GLM and
    R's car print them. (statsmodels refers hotelling to McKeon's F; that one is replaced.) Rows with any outcome
    missing are left out. One row a term and statistic: `term, statistic, value, F, df1, df2, p, n`.

    Raises as `build_design`, `TooFewError` when the residual df are fewer than the outcomes (or as many, and a term has
    several columns), `RankDeficientError` for outcomes that follow from the others, `ModelError` for a single outcome.

    >>> frame = pd.DataFrame({"a": [1, 2, 4, 3, 6, 5.0], "b": [2, 1, 3, 5, 4, 7.0], "g": list("xxxyyy")})
    >>> manova(frame, ["a", "b"], "~ g").loc[0, ["value", "F", "df1", "df2"]].astype(float).round(4).tolist()
    [0.7474, 4.4393, 2.0, 3.0]
    """
    outcomes = list(outcomes)
    if len(outcomes) < 2:
        raise ModelError("A MANOVA needs at least two outcomes; use `ancova` for one.", outcomes)
    design = build_design(data, formula, outcomes)
    rows, columns = design.x.shape
    roots = min(len(outcomes), max(len(where) for where in design.terms.values()))
    # With fewer E has no inverse; with as many the trace's F has no residual df once it is of several roots.
    if rows - columns < len(outcomes) + (roots > 1):
        raise TooFewError(f"{rows} complete rows for {columns} columns and {len(outcomes)} outcomes are too few.")
    _distinct(design, outcomes)
    # The statistics do not depend on the units of outcomes or columns; unit spreads keep the algebra accurate.
    model = MANOVA(_unit(design.y), _unit(design.x))
    parts = [
        _table(term, _tested(model, np.eye(columns)[where], len(outcomes)), len(where), design, len(outcomes))
        for term, where in design.terms.items()
    ]
    return pd.concat(parts, ignore_index=True).assign(n=rows)


def _distinct(design: Design, outcomes: list[str]) -> None:
    """Refuse outcomes whose residuals are combinations of one another: E would have no inverse."""
    residuals = design.y - design.x @ _solved(design.x, design.y)
    surplus = [outcomes[i] for i in aliased(residuals)]
    if surplus:
        raise RankDeficientError(f"Given the model, {', '.join(surplus)} follow from the other outcomes.", surplus)


def _tested(model: MANOVA, rows: np.ndarray, outcomes: int) -> pd.DataFrame:
    try:
        # McKeon's F, which is replaced, divides by zero where the residual df are three more than the outcomes.
        with np.errstate(divide="ignore"):
            return model.mv_test([("term", rows)]).results["term"]["stat"]
    except ValueError:
        # statsmodels looks for the largest of no roots when a term explains nothing at all; the roots are zero then.
        free = model.exog.shape[0] - model.exog.shape[1]
        return multivariate_stats(np.zeros(1), outcomes, len(rows), free, tolerance=-1)


def _unit(values: np.ndarray) -> np.ndarray:
    """Columns divided by their standard deviation; the intercept, which has none, as it is."""
    spread = values.std(axis=0)
    return values / np.where(spread > 0, spread, 1)


def _table(term: str, statistics: pd.DataFrame, q: int, design: Design, p: int) -> pd.DataFrame:
    frame = statistics.loc[list(_STATISTICS.values())].astype(float)
    frame.insert(0, "statistic", list(_STATISTICS))
    frame.insert(0, "term", term)
    frame.columns = ["term", "statistic", "value", "df1", "df2", "F", "p"]
    frame.loc["Hotelling-Lawley trace", ["F", "df1", "df2", "p"]] = _hotelling(
        frame.loc["Hotelling-Lawley trace", "value"], p, q, design.x.shape[0] - design.x.shape[1]
    )
    return frame[["term", "statistic", "value", "F", "df1", "df2", "p"]]


def _hotelling(value: float, p: int, q: int, df: int) -> tuple[float, float, float, float]:
    """Pillai's F of the Hotelling-Lawley trace: 2(sn+1) U / (s² (2m+s+1)) on s(2m+s+1) and 2(sn+1) df.

    s = min(p, q), m = (|p-q| - 1) / 2, n = (df - p - 1) / 2 for p outcomes, q hypothesis and df residual df.

    >>> [round(v, 4) for v in _hotelling(0.5, 1, 2, 20)]
    [5.0, 2.0, 20.0, 0.0173]
    """
    s, m, n = min(p, q), (abs(p - q) - 1) / 2, (df - p - 1) / 2
    df1, df2 = s * (2 * m + s + 1), 2 * (s * n + 1)
    f = df2 * value / (s * df1)
    return f, df1, df2, float(stats.f.sf(f, df1, df2))


def ancova(data: pd.DataFrame, outcome: str, formula: str) -> pd.DataFrame:
    """Type III F tests of each term of "~ ..." on one outcome, by ordinary least squares.

    Partial η² = SS / (SS + SS error) = df1 F / (df1 F + df2). Rows without the outcome are left out.
    Columns `term, df1, df2, F, p, partial_eta2`. Raises as `build_design`.

    >>> frame = pd.DataFrame({"y": [1, 2, 3, 4, 6, 8.0], "g": list("aaabbb"), "x": [1, 2, 3, 1, 2, 4]})
    >>> ancova(frame, "y", "~ g + x").round(3).to_dict("list")["F"]
    [142.244, 72.0]
    """
    table = marginal.type_iii(_least_squares(data, outcome, formula))
    explained = table["df1"] * table["F"]
    return table.assign(partial_eta2=explained / (explained + table["df2"]))


def ancova_residuals(data: pd.DataFrame, outcome: str, formula: str) -> tuple[np.ndarray, np.ndarray]:
    """Fitted values and residuals of the analysis of covariance that `ancova` tests, in the data's order.

    ŷ = X(XᵀX)⁻¹Xᵀy and y − ŷ, rows with the outcome missing left out. Raises as `build_design`.

    >>> frame = pd.DataFrame({"y": [1.0, 3, 2, 4], "g": list("aabb")})
    >>> [part.round(9).tolist() for part in ancova_residuals(frame, "y", "~ g")]
    [[2.0, 2.0, 3.0, 3.0], [-1.0, 1.0, -1.0, 1.0]]
    """
    design = build_design(data, formula, [outcome])
    y = design.y.reshape(-1)
    fitted = design.x @ _solved(design.x, y)
    return fitted, y - fitted


def adjusted_means(
    data: pd.DataFrame, outcome: str, formula: str, factor: Names, by: Names | None = None, alpha: float = 0.05
) -> pd.DataFrame:
    """Means of the outcome at each level of `factor`, covariates at their mean over the analysed rows.

    Columns: the levels, then `mean, se, df, ci_low, ci_high`; t on the residual df.

    >>> frame = pd.DataFrame({"y": [1, 2, 3, 4, 6, 8.0], "g": list("aaabbb"), "x": [1, 2, 3, 1, 2, 4]})
    >>> adjusted_means(frame, "y", "~ g + x", "g")["mean"].round(3).tolist()
    [2.2, 5.8]
    """
    return marginal.marginal_means(_least_squares(data, outcome, formula), factor, by, alpha)


def adjusted_pairs(
    data: pd.DataFrame,
    outcome: str,
    formula: str,
    factor: Names,
    by: Names | None = None,
    adjust: Adjustment = "bonferroni",
    alpha: float = 0.05,
    reference: object = None,
) -> pd.DataFrame:
    """Differences of adjusted means between all pairs of levels of `factor`, or each level minus `reference`.

    Columns `contrast, level, versus, estimate, se, df, t, p, p_adjusted, ci_low, ci_high`; see `marginal.contrasts`.

    >>> frame = pd.DataFrame({"y": [1, 2, 3, 4, 6, 8.0], "g": list("aaabbb"), "x": [1, 2, 3, 1, 2, 4]})
    >>> adjusted_pairs(frame, "y", "~ g + x", "g").round(3)[["contrast", "estimate", "se", "df"]].values.tolist()
    [['a - b', -3.6, 0.302, 3.0]]
    """
    return marginal.contrasts(_least_squares(data, outcome, formula), factor, by, adjust, alpha, reference)


def _least_squares(data: pd.DataFrame, outcome: str, formula: str) -> Wald:
    design = build_design(data, formula, [outcome])
    rows, columns = design.x.shape
    if rows <= columns:
        raise TooFewError(f"{rows} rows for {columns} coefficients leave no residual variance to estimate.")
    size = np.linalg.norm(design.x, axis=0)
    fit = OLS(design.y, design.x / size).fit()
    params = np.asarray(fit.params) / size
    with np.errstate(over="ignore"):
        covariance = np.asarray(fit.cov_params()) / np.outer(size, size)
    if not np.isfinite(covariance).all():
        raise ModelError(
            f"{outcome} and {formula} are in units too far apart for a variance to be a number.", [outcome]
        )
    return Wald(design, params, covariance, float(rows - columns))


def _solved(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Least-squares coefficients. Columns of length 1, here and above: one in a much smaller unit would count as 0."""
    size = np.linalg.norm(x, axis=0)
    return (np.linalg.lstsq(x / size, y)[0].T / size).T
