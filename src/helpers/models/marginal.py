"""Type III tests, marginal means and pairwise contrasts of any fitted linear model.

Every result is a linear function L b of the coefficients b, with covariance L V Lᵀ; only the rows of L differ. How many
degrees of freedom it has is a matter of the `Inference` given.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from .arrays import check_alpha, interval, two_sided
from .design import Design
from .errors import OptionError, UnknownColumnError, UnknownLevelError
from .inference import Inference, term_rows
from .multiplicity import Adjustment, adjust

Names = str | Sequence[str]


def type_iii(fit: Inference) -> pd.DataFrame:
    """Test of each term given all others: F = (L b)ᵀ (L V Lᵀ)⁻¹ (L b) / df1, L the rows of `inference.term_rows`.

    With sum-coded factors this is the type III test. Rows `term, df1, df2, F, p`; df2 infinite means that df1 F is
    referred to the chi-square distribution.

    >>> from .design import build_design
    >>> from .inference import Wald
    >>> design = build_design(pd.DataFrame({"y": [1.0, 2, 3, 5], "g": list("aabb")}), "y ~ g")
    >>> type_iii(Wald(design, np.array([2.75, -1.25]), 0.3125 * np.eye(2), 2.0)).round(3).values.tolist()
    [['g', 1, 2.0, 5.0, 0.155]]
    """
    rows = []
    for term in fit.design.terms:
        hypothesis = term_rows(fit.design, term)
        df1 = len(hypothesis)
        f, df2 = fit.joint(hypothesis)
        p = stats.chi2.sf(df1 * f, df1) if np.isinf(df2) else stats.f.sf(f, df1, df2)
        rows.append((term, df1, df2, f, float(p)))
    return pd.DataFrame(rows, columns=["term", "df1", "df2", "F", "p"])


def marginal_means(fit: Inference, over: Names, by: Names | None = None, alpha: float = 0.05) -> pd.DataFrame:
    """Estimated marginal means of the levels of `over`, in each cell of `by`.

    Numeric variables are held at their mean over the analysed rows; factors named in neither are averaged with equal
    weights (SPSS EMMEANS, R emmeans). Columns: the factors, then `mean, se, df, ci_low, ci_high`. Raises
    `UnknownColumnError` for a name that is not a factor of the model.

    >>> from .design import build_design
    >>> from .inference import Wald
    >>> design = build_design(pd.DataFrame({"y": [1.0, 2, 3, 5], "g": list("aabb")}), "y ~ g")
    >>> fit = Wald(design, np.array([2.75, -1.25]), 0.3125 * np.eye(2), 2.0)
    >>> marginal_means(fit, "g")["mean"].tolist()
    [1.5, 4.0]
    """
    check_alpha(alpha)
    cells, rows = mean_rows(fit.design, [*_listed(by), *_listed(over)])
    mean, se, df = rows @ fit.coefficients, standard_errors(rows, fit.vcov), fit.row_df(rows)
    low, high = interval(mean, se, df, alpha)
    order = [*_listed(over), *_listed(by)]
    return cells[order].assign(mean=mean, se=se, df=df, ci_low=low, ci_high=high)


def contrasts(
    fit: Inference,
    over: Names,
    by: Names | None = None,
    adjustment: Adjustment = "bonferroni",
    alpha: float = 0.05,
    reference: object = None,
) -> pd.DataFrame:
    """Differences between levels of `over` within each cell of `by`: all pairs, or each level minus `reference`.

    Adjusted over the comparisons of one cell. The intervals of `bonferroni` and `holm` use alpha / comparisons; those
    of the other adjustments are unadjusted, since no interval belongs to a false discovery rate. Columns: those of
    `by`, then `contrast, level, versus, estimate, se, df, t, p, p_adjusted, ci_low, ci_high`. Raises
    `UnknownColumnError`, and `UnknownLevelError` for a `reference` that is not a level.

    >>> from .design import build_design
    >>> from .inference import Wald
    >>> design = build_design(pd.DataFrame({"y": [1.0, 2, 3, 5], "g": list("aabb")}), "y ~ g")
    >>> fit = Wald(design, np.array([2.75, -1.25]), 0.3125 * np.eye(2), 2.0)
    >>> contrasts(fit, "g").round(3)[["contrast", "estimate", "se"]].values.tolist()
    [['a - b', -2.5, 1.118]]
    """
    check_alpha(alpha)
    within, over = _listed(by), _listed(over)
    cells, rows = mean_rows(fit.design, [*within, *over])
    labels = cells[over].astype(str).agg(", ".join, axis=1).to_list()
    size = len(rows) // int(np.prod([len(fit.design.factors[name]) for name in within], dtype=int))
    pairs = _pairs(labels[:size], None if reference is None else str(reference), ", ".join(over))
    first, second = (
        np.concatenate([np.array(i) + k for k in range(0, len(rows), size)]) for i in zip(*pairs, strict=True)
    )
    difference = rows[first] - rows[second]
    estimate, se = difference @ fit.coefficients, standard_errors(difference, fit.vcov)
    named = {
        "contrast": [f"{labels[i]} - {labels[j]}" for i, j in zip(first, second, strict=True)],
        "level": [labels[i] for i in first],
        "versus": [labels[j] for j in second],
    }
    where = cells[within].iloc[first].reset_index(drop=True).assign(**named)
    return where.join(_compared(estimate, se, fit.row_df(difference), len(pairs), adjustment, alpha))


def contrast_of_contrasts(
    fit: Inference, between: tuple[str, object, object], within: tuple[str, object], alpha: float = 0.05
) -> pd.DataFrame:
    """Difference of two levels of one factor in the difference of each level of another from its reference.

    Of means m: (m[first, level] - m[first, reference]) - (m[second, level] - m[second, reference]), as groups differ
    in their changes from baseline. `between` is (factor, first, second), `within` (factor, reference). Columns: `level,
    estimate, se, df, t, p, ci_low, ci_high`, unadjusted. Raises as `contrasts`.

    >>> from .design import build_design
    >>> from .inference import Wald
    >>> frame = pd.DataFrame({"y": [1.0, 2, 3, 8], "g": list("aabb"), "v": list("stst")})
    >>> design = build_design(frame, "y ~ g * v")
    >>> fit = Wald(design, np.linalg.solve(design.x, frame["y"]), np.eye(4), 8.0)
    >>> contrast_of_contrasts(fit, ("g", "b", "a"), ("v", "s"))[["level", "estimate", "df"]].values.tolist()
    [['t', 4.0, 8.0]]
    """
    check_alpha(alpha)
    (factor, first, second), (other, reference) = between, within
    cells, rows = mean_rows(fit.design, [factor, other])
    places = {pair: place for place, pair in enumerate(cells[[factor, other]].astype(str).itertuples(False, None))}
    levels = list(dict.fromkeys(cells[other].astype(str)))
    for name, level in ((factor, first), (factor, second), (other, reference)):
        if str(level) not in set(cells[name].astype(str)):
            raise UnknownLevelError(f"{level!r} is not a level of {name}.", [level])
    later = [level for level in levels if level != str(reference)]

    def change(group: object) -> np.ndarray:
        base = rows[places[str(group), str(reference)]]
        return np.array([rows[places[str(group), level]] - base for level in later])

    difference = change(first) - change(second)
    estimate, se, df = difference @ fit.coefficients, standard_errors(difference, fit.vcov), fit.row_df(difference)
    low, high = interval(estimate, se, df, alpha)
    t = estimate / se
    columns = {"estimate": estimate, "se": se, "df": df, "t": t, "p": two_sided(t, df), "ci_low": low, "ci_high": high}
    return pd.DataFrame({"level": later, **columns})


def mean_rows(design: Design, names: Sequence[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Cells of the named factors and, for each, the row of L that gives its marginal mean.

    >>> from .design import build_design
    >>> frame = pd.DataFrame({"y": [1.0, 2, 3, 5], "g": list("aabb")})
    >>> mean_rows(build_design(frame, "y ~ g"), ["g"])[1].tolist()
    [[1.0, 1.0], [1.0, -1.0]]
    """
    unknown = [name for name in names if name not in design.factors]
    if unknown:
        raise UnknownColumnError(
            f"{', '.join(unknown)}: not a factor of the model; there are {', '.join(design.factors) or 'none'}.",
            unknown,
        )
    if len(set(names)) < len(names):
        raise OptionError("A factor is named twice; `by` must differ from the factor compared.", names)
    return design.mean_rows(names)


def standard_errors(rows: np.ndarray, vcov: np.ndarray) -> np.ndarray:
    """√ of the diagonal of L V Lᵀ, without the rest of it.

    >>> standard_errors(np.eye(2), np.diag([4.0, 9.0])).tolist()
    [2.0, 3.0]
    """
    return np.sqrt(np.einsum("ij,jk,ik->i", rows, vcov, rows))


def _listed(names: Names | None) -> list[str]:
    return [] if names is None else [names] if isinstance(names, str) else list(names)


def _pairs(labels: list[str], reference: str | None, over: str) -> list[tuple[int, int]]:
    """Positions compared: all pairs in order, or each level against the reference."""
    if reference is None:
        return list(combinations(range(len(labels)), 2))
    if reference not in labels:
        raise UnknownLevelError(f"{reference!r} is not a level of {over}; there are {', '.join(labels)}.", [reference])
    base = labels.index(reference)
    return [(i, base) for i in range(len(labels)) if i != base]


def _compared(estimate, se, df, family: int, adjustment: Adjustment, alpha: float) -> pd.DataFrame:
    """Comparisons in families of consecutive ones, with adjusted p-values and intervals."""
    t = estimate / se
    p = two_sided(t, df)
    adjusted = np.concatenate([adjust(part, adjustment) for part in p.reshape(-1, family)])
    low, high = interval(estimate, se, df, alpha / (family if adjustment in ("bonferroni", "holm") else 1))
    columns = {"estimate": estimate, "se": se, "df": df, "t": t, "p": p, "p_adjusted": adjusted}
    return pd.DataFrame({**columns, "ci_low": low, "ci_high": high})
