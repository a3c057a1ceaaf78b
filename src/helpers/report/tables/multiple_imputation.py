"""The table that sets multiple imputation beside the completed and the observed samples."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from helpers.analysis.longitudinal_cytokines import ALL_VISITS, SENSITIVITY
from helpers.analysis.multiple_imputation import ANALYSIS
from helpers.report.exhibit import TableExhibit, TextExhibit, table_exhibit
from helpers.report.format import number
from helpers.report.words import face, with_visits_of_analytes


@with_visits_of_analytes
def changes(run, rows: pd.DataFrame) -> TableExhibit | TextExhibit:
    """Changes from baseline under three treatments of missing samples: how many pass, and how wide intervals are."""
    found = rows[rows["statistic"] == "change"]
    pooled = found[found["analysis"] == ANALYSIS].dropna(subset=["value"])
    if pooled.empty:
        reason = found.loc[found["analysis"] == ANALYSIS, "method"]
        return TextExhibit(f"Multiple imputation was {reason.iloc[0] if len(reason) else 'not computed.'}")
    here, other = ALL_VISITS, ALL_VISITS + SENSITIVITY
    completed, observed = (here, other) if run.settings.imputation == "em" else (other, here)
    versions = {"Completed by EM": completed, "Observed only": observed, "Multiple imputation": ANALYSIS}
    lines = [_line(label, found[found["analysis"] == name], run.settings.alpha) for label, name in versions.items()]
    heads = ["Samples", "Changes", "p below the level", "after Bonferroni", "Median standard error"]
    fmi = rows.loc[(rows["analysis"] == ANALYSIS) & (rows["statistic"] == "fmi"), "value"]
    note = (
        f"All analytes, groups and follow-up visits; level {run.settings.alpha:g}. Multiple imputation: "
        f"{pooled['method'].iloc[0]}, pooled by Rubin’s rules; fraction of missing information {number(fmi.median())} "
        f"in the median, {number(fmi.max())} at most."
    )
    caption = f"Changes from baseline under three treatments of missing samples.{face(run)}"
    return table_exhibit(pd.DataFrame(lines, columns=heads), "tab-multiple-imputation", caption, "lrrrr", note)


def _line(label: str, part: pd.DataFrame, alpha: float) -> list[str]:
    part = part.dropna(subset=["value"])
    # From the two-sided p rather than the interval, whose level differs between the versions.
    error = (part["value"] / _t(part)).abs().median()
    passing = [f"{(part[column] < alpha).sum()}" for column in ("p", "p_adjusted")]
    return [label, f"{len(part)}", *passing, number(error, 3)]


def _t(part: pd.DataFrame) -> pd.Series:
    df = part["df2"].fillna(float("inf"))
    return pd.Series(stats.t.isf(part["p"] / 2, df), part.index)
