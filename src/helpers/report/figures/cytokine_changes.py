"""Change of every analyte since baseline: a forest plot."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, NullFormatter

from helpers.analysis.longitudinal_cytokines import ALL_VISITS
from helpers.analysis.results import pick
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import (
    absent,
    adjustment_word,
    analyte_title,
    error_marks,
    finish,
    group_looks,
    handles,
    initial,
    level,
    most_telling,
    quiet,
    shown_of,
    span,
    top_legend,
)
from helpers.report.format import MINUS, SPACE, listed, number
from helpers.report.style import DOUBLE, FAINT, MM, drawing, new_figure
from helpers.report.words import with_visits_of_analytes

# Labels of the percentage axis, coarse to fine; the first set of which enough fit is used.
PERCENT = ((-90, -50, 0, 100, 400, 900), (-75, -50, -25, 0, 25, 50, 100), (-40, -20, 0, 20, 40), (-20, -10, 0, 10, 20),
           (-10, -5, 0, 5, 10), (-4, -2, 0, 2, 4))  # fmt: skip


@with_visits_of_analytes
def cytokine_changes(run: Run, rows: pd.DataFrame) -> FigureExhibit | TextExhibit:
    """The forest plot ``fig-cytokine-changes``: change from baseline by analyte, group and visit.

    ``rows`` hold those of :func:`helpers.analysis.longitudinal_cytokines.analyte_models`.
    """
    rows = pick(rows, analysis=ALL_VISITS, statistic="change")
    visits = [visit for visit in run.study.roles.analytes.visits if visit != run.study.baseline]
    analytes = most_telling(rows, run.study.roles.analytes.columns)
    with drawing():
        # A row holds every group's mark, apart from its neighbours.
        row = 6.2 * max(1.0, len(run.study.roles.compared) / 3)
        figure = new_figure(DOUBLE, (34 + row * len(analytes)) * MM)
        panels = figure.subplots(1, len(visits), sharex=True, sharey=True, squeeze=False)[0]
        for axes, visit in zip(panels, visits, strict=True):
            _panel(axes, run, pick(rows, visit=visit), analytes)
            axes.set_title(run.study.visit_label(visit))
        _axes_in_words(figure, panels, run, rows)
        top_legend(figure, handles(run, run.study.roles.compared, line=False))
        return finish(run, figure, "fig-cytokine-changes", _caption(run, rows), _alt(run, rows, visits))


def _panel(axes: Axes, run: Run, rows: pd.DataFrame, analytes) -> None:
    compared = run.study.roles.compared
    axes.axvline(0, color=FAINT, linewidth=0.8, zorder=1)
    for place, (group, style) in enumerate(group_looks(run, compared).items()):
        mine = pick(rows, group=group).drop_duplicates("analyte").set_index("analyte").reindex(list(analytes))
        aside = (place - (len(compared) - 1) / 2) * min(0.34, 0.7 / len(compared))
        for y, row in enumerate(mine.itertuples()):
            clear = row.p_adjusted < run.settings.alpha
            error_marks(axes, row.value, y + aside, row.ci_low, row.ci_high, {**style, "linestyle": ""}, filled=clear,
                        horizontal=True)  # fmt: skip
    axes.set_yticks(range(len(analytes)), [analyte_title(run, a) for a in analytes])
    axes.set_ylim(len(analytes) - 0.4, -0.6)
    for y in range(0, len(analytes), 2):
        axes.axhspan(y - 0.5, y + 0.5, color="#f5f5f5", zorder=-2, linewidth=0)
    quiet(axes, "x")
    axes.tick_params(axis="y", length=0)


def _axes_in_words(figure, panels, run: Run, rows: pd.DataFrame) -> None:
    """The analysed scale below; above, the same as per cent of the baseline level where the scale is a logarithm."""
    logs = run.study.roles.analytes.transform == "log"
    ends = rows[["ci_low", "ci_high"]].to_numpy(float)
    low, high = np.nanmin(ends, initial=-0.05), np.nanmax(ends, initial=0.05)
    panels[0].set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))
    figure.supxlabel("Change from baseline" + (" (natural log of the ratio)" if logs else ""), fontsize=8)
    if not logs:
        return
    shown = _labels(low, high, gap=8 * (high - low) / (145 / len(panels)))
    for axes in panels:
        above = axes.secondary_xaxis("top", functions=(lambda x: x, lambda x: x))
        above.xaxis.set_major_locator(FixedLocator(np.log1p(shown / 100)))
        above.xaxis.set_minor_formatter(NullFormatter())
        above.set_xticks(np.log1p(shown / 100), [_signed(value) for value in shown])
        above.tick_params(length=2, labelsize=6.5)
        above.spines["top"].set_visible(False)


def _labels(low: float, high: float, gap: float) -> np.ndarray:
    """Percentages to label between two log ratios, at least ``gap`` apart (8 mm on paper) so that they do not touch."""
    kept: list[int] = [0]
    for labels in PERCENT:
        kept = [0]
        for value in sorted(labels, key=abs, reverse=True):
            x = np.log1p(value / 100)
            if low <= x <= high and all(abs(x - np.log1p(other / 100)) > gap for other in kept):
                kept.append(value)
        if len(kept) > 2:
            break
    return np.array(sorted(kept))


def _signed(value: float) -> str:
    return "0" if value == 0 else f"{'+' if value > 0 else MINUS}{abs(value):.0f}{SPACE}%"


def _caption(run: Run, rows: pd.DataFrame) -> str:
    logs, every = run.study.roles.analytes.transform == "log", run.study.roles.analytes.columns
    shown = most_telling(rows, every)
    percent = "; above, the same as per cent of the baseline level" if logs else ""
    gaps = [
        f"{analyte_title(run, a)} in {run.study.group_label(g)} at {initial(run.study.visit_label(v))}"
        for a, g, v in _missing(run, rows)
        if a in shown
    ]
    return f"""**Analytes: change from baseline.** Differences of model-based means, visit − baseline within each group,
    with {_joint(rows)}{level(run)} confidence intervals{percent}. Filled: p < {run.settings.alpha:g} after
    {adjustment_word(rows)} adjustment over the visits of the analyte; open: not. n = {span(rows["n"])} participants a
    model. {shown_of(shown, every)} {absent(gaps)}"""


def _joint(rows: pd.DataFrame) -> str:
    """Bonferroni widens the intervals with the p-values; other adjustments have no interval."""
    named = set(rows["adjustment"])
    return "Bonferroni-adjusted " if named and named <= {"bonferroni", "holm"} else ""


def _missing(run: Run, rows: pd.DataFrame) -> list[tuple[str, str, str]]:
    seen = rows.dropna(subset=["value"])
    found = set(zip(seen["analyte"], seen["group"], seen["visit"], strict=True))
    visits = [visit for visit in run.study.roles.analytes.visits if visit != run.study.baseline]
    every = [(a, g, v) for a in run.study.roles.analytes.columns for g in run.study.roles.compared for v in visits]
    return [key for key in every if key not in found]


def _alt(run: Run, rows: pd.DataFrame, visits: list[str]) -> str:
    parts = []
    for visit in visits:
        for group in run.study.roles.compared:
            clear = pick(rows, visit=visit, group=group)
            clear = clear[clear["p_adjusted"] < run.settings.alpha]
            falls = int((clear["value"] < 0).sum())
            parts.append(
                f"at {initial(run.study.visit_label(visit))} in {run.study.group_label(group)} {falls} fall and"
                f" {len(clear) - falls} rise"
            )
    text = (
        f"Forest plot of change from baseline. Of {len(run.study.roles.analytes.columns)} analytes, after adjustment, "
    )
    return f"{text}{listed(parts)}. {_largest(run, rows)}"


def _largest(run: Run, rows: pd.DataFrame) -> str:
    seen = rows.dropna(subset=["value"]).reset_index(drop=True)
    if seen.empty:
        return "No change could be estimated."
    top = seen.loc[seen["value"].abs().idxmax()]
    size = number(top["value"])
    if run.study.roles.analytes.transform == "log":
        size = f"{number(100 * np.expm1(top['value']), 0)}{SPACE}%"
    return f"""The largest estimate is {size} for {analyte_title(run, top["analyte"])} in
    {run.study.group_label(top["group"])} at {initial(run.study.visit_label(top["visit"]))}."""
