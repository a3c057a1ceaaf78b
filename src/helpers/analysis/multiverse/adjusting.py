"""Corrections for multiple comparisons, applied to rows whose unadjusted p is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.models import adjust

COMPARISONS = ("change", "mean_difference")
# What one outcome's comparisons have in common.
ALL = ("analysis", "outcome", "analyte", "statistic")


def with_posthoc(rows: pd.DataFrame, posthoc: str, by: Sequence[str] = ALL) -> pd.DataFrame:
    """Comparisons with p adjusted as a specification says.

    `bonferroni` leaves what the analysis gave: over the pairs that one test compares, as SPSS does. `bonferroni_all`
    and `holm_all` take all comparisons that agree in ``by``, so over groups and visits too. `none` adjusts nothing.
    """
    if posthoc == "bonferroni":
        return rows
    rows = rows.copy()
    these = rows["statistic"].isin(COMPARISONS)
    method = {"bonferroni_all": "bonferroni", "holm_all": "holm", "none": "none"}[posthoc]
    for _, family in rows[these].groupby(list(by)):
        rows.loc[family.index, "p_adjusted"] = np.asarray(adjust(family["p"], method), dtype=float)
        rows.loc[family.index, "adjustment"] = method
    return rows


def with_p_adjusted(rows: pd.DataFrame, method: str, by: Sequence[str], statistic: str) -> pd.DataFrame:
    """Rows of a statistic whose p itself is adjusted, within what agrees in ``by``: for claims on unadjusted p."""
    rows = rows.copy()
    for _, family in rows[rows["statistic"] == statistic].groupby(list(by)):
        rows.loc[family.index, "p"] = np.asarray(adjust(family["p"], method), dtype=float)
    return rows
