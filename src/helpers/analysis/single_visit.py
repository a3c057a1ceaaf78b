"""Groups at a single visit, where nothing is repeated: analysis of covariance in the rows of the repeated models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.analysis.results import row
from helpers.analysis.settings import Settings
from helpers.models import ModelError, adjusted_means, adjusted_pairs, ancova


def single_visit_rows(
    analysis: str, cells: Mapping[str, str], covariates: Sequence[str], frame: pd.DataFrame, settings: Settings
) -> list[dict]:
    """``value ~ group + covariates`` by least squares: what a model of visits comes to when there is one.

    Parameters
    ----------
    frame : DataFrame
        ``group, visit, value`` and the covariates, one row a participant, all of one visit.

    Returns
    -------
    list of dict
        ``converged``, ``F`` of the group and of each covariate, ``marginal_mean`` a group, and ``mean_difference`` a
        pair of groups (Bonferroni over the pairs); one ``converged`` row with value 0 and the reason when it cannot be
        fitted.
    """
    right, visit = "~ " + " + ".join(["group", *covariates]), str(frame["visit"].iloc[0])
    common = {**cells, "n": frame["id"].nunique()}
    try:
        tests = ancova(frame, "value", right)
        means = adjusted_means(frame, "value", right, "group", alpha=settings.alpha)
        pairs = adjusted_pairs(frame, "value", right, "group", adjust="bonferroni", alpha=settings.alpha)
    except ModelError as error:
        return [row(analysis, "converged", 0, **common, method=f"not fitted: {error}")]
    method = "least squares, one visit"
    rows = [row(analysis, "converged", 1, **common, method=method)]
    for test in tests.itertuples():
        rows.append(row(analysis, "F", test.F, contrast=test.term, df1=test.df1, df2=test.df2, p=test.p, method=method,
                        **common))  # fmt: skip
    for mean in means.itertuples():
        rows.append(row(analysis, "marginal_mean", mean.mean, group=str(mean.group), visit=visit, df2=mean.df,
                        ci_low=mean.ci_low, ci_high=mean.ci_high, method=method, **common))  # fmt: skip
    for pair in pairs.itertuples():
        rows.append(row(analysis, "mean_difference", pair.estimate, contrast=pair.contrast, visit=visit, df1=1,
                        df2=pair.df, ci_low=pair.ci_low, ci_high=pair.ci_high, p=pair.p, p_adjusted=pair.p_adjusted,
                        adjustment="bonferroni", method=method, **common))  # fmt: skip
    return rows
