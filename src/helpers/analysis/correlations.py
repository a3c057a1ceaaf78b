"""How analytes go together: rank correlations within each group, at baseline and of the changes since."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from helpers.analysis.baseline_cytokines import baseline_samples
from helpers.analysis.change import analyte_changes
from helpers.analysis.frames import groups
from helpers.analysis.results import row, to_frame, with_smallest_p
from helpers.analysis.settings import Settings
from helpers.models import adjust, rank_correlations
from helpers.study import Study

BASELINE, CHANGE = "analyte_correlation", "analyte_change_correlation"
STATISTIC = "spearman"
# Pairs grow with the square of the analytes: of more, those with the smallest p are correlated.
MOST_ANALYTES = 25
TIED = 10  # decimals: equal ratios share a rank, though the differences of their logarithms differ in the last digits


def baseline_correlations(study: Study, settings: Settings, tests: pd.DataFrame) -> pd.DataFrame:
    """Rows ``analyte_correlation``: ``spearman`` of every two analytes at baseline within each group.

    ``contrast`` is the second analyte of a pair. Values below a limit of detection share one rank, whatever number
    stands for them, and ranks are the same on every scale. p is adjusted over the pairs of the group by the scenario's
    method. ``tests`` are rows with p by analyte, which say whose pairs are computed where analytes are many.
    """
    samples, kept = baseline_samples(study), _kept(study, tests)
    rows = _left_out(study, BASELINE, kept)
    for group in groups(study):
        values = samples.loc[samples["group"] == group, kept]
        rows += _rows(BASELINE, values, settings, group=group, visit=study.baseline)
    return to_frame(rows)


def change_correlations(study: Study, settings: Settings, tests: pd.DataFrame) -> pd.DataFrame:
    """Rows ``analyte_change_correlation``: the same of the changes since baseline, by compared group and visit.

    Of the observed samples alone: a completed value is what the other values predict, and goes with them by making.
    """
    kept = _kept(study, tests)
    rows = _left_out(study, CHANGE, kept) if len(study.roles.analytes.visits) > 1 else []
    visits = [visit for visit in study.roles.analytes.visits if visit != study.baseline]
    for group in study.roles.compared:
        for visit in visits:
            values = analyte_changes(study, None, group, visit)[kept].round(TIED)
            rows += _rows(CHANGE, values, settings, group=group, visit=visit)
    return to_frame(rows)


def _kept(study: Study, tests: pd.DataFrame) -> list[str]:
    """The analytes whose pairs are computed."""
    return list(with_smallest_p(tests, study.roles.analytes.columns, MOST_ANALYTES))


def _left_out(study: Study, analysis: str, kept: list[str]) -> list[dict]:
    many = len(study.roles.analytes.columns)
    if len(kept) == many:
        return []
    why = f"not computed: the pairs beyond those of the {len(kept)} of {many} analytes with the smallest p"
    return [row(analysis, STATISTIC, float("nan"), contrast="other pairs", method=why)]


def _rows(analysis: str, values: pd.DataFrame, settings: Settings, **cells) -> Iterator[dict]:
    found = rank_correlations(values, settings.alpha)
    adjusted = np.asarray(adjust(found["p"], settings.adjustment), dtype=float)
    for pair, p_adjusted in zip(found.itertuples(), adjusted, strict=True):
        same = {"analyte": pair.first, "contrast": pair.second, "n": pair.n, **cells}
        if pair.reason:
            yield row(analysis, STATISTIC, float("nan"), method=f"not computed: {pair.reason}", **same)
            continue
        yield row(analysis, STATISTIC, pair.r, df1=1, df2=pair.df, ci_low=pair.ci_low, ci_high=pair.ci_high, p=pair.p,
                  p_adjusted=p_adjusted, adjustment=settings.adjustment, method="Spearman", **same)  # fmt: skip
