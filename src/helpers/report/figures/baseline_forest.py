"""How far apart the groups are in each analyte at baseline: a forest plot of adjusted differences."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from helpers.analysis.baseline_cytokines import usable_covariates
from helpers.analysis.frames import groups
from helpers.analysis.results import pick
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import (
    SMALL,
    absent,
    analyte_title,
    error_marks,
    finish,
    grid_of,
    initial,
    level,
    most_telling,
    quiet,
    shown_of,
    small_title,
    span,
)
from helpers.report.format import listed, number
from helpers.report.style import DOUBLE, FAINT, INK, MM, drawing, new_figure
from helpers.report.words import not_applicable, with_analytes

COLUMNS = 3  # panels in a row
ADJUSTED = "Bonferroni-adjusted over the pairs of the analyte, not over the analytes"
Pair = tuple[str, str]


@with_analytes
def baseline_forest(run: Run, rows: pd.DataFrame) -> FigureExhibit | TextExhibit:
    """The forest plot ``fig-baseline-differences``: the groups' adjusted differences by analyte, one panel a pair.

    ``rows`` are those of :func:`helpers.analysis.baseline_cytokines.univariate_tests`.
    """
    rows = pick(rows, analysis="ancova")
    if len(groups(run.study)) < 2:
        return not_applicable("it has one group, so there is no difference to show.")
    analytes = most_telling(pick(rows, statistic="F"), run.study.roles.analytes.columns)
    differences, pairs = pick(rows, statistic="mean_difference"), _pairs(run)
    with drawing():
        lines = -(-len(pairs) // COLUMNS)
        figure = new_figure(DOUBLE, (12 + (22 + 4.2 * len(analytes)) * lines) * MM)
        panels, columns = grid_of(figure, len(pairs), COLUMNS)
        for place, (axes, pair) in enumerate(zip(panels, pairs, strict=True)):
            mine = pick(differences, contrast=" - ".join(pair))
            _panel(axes, run, mine.drop_duplicates("analyte").set_index("analyte").reindex(list(analytes)))
            _dress(axes, run, pair, analytes if place % columns == 0 else ())
        _share_axis(panels, differences[differences["analyte"].isin(analytes)])
        _name_axis(figure, run)
        caption = _caption(run, rows, differences, analytes)
        return finish(run, figure, "fig-baseline-differences", caption, _alt(run, differences, pairs))


def _pairs(run: Run) -> list[Pair]:
    """Every two groups as the rows name them: the earlier group minus the later one."""
    order = groups(run.study)
    return [(first, second) for place, first in enumerate(order) for second in order[place + 1 :]]


def _panel(axes: Axes, run: Run, rows: pd.DataFrame) -> None:
    axes.axvline(0, color=FAINT, linewidth=0.8, zorder=1)
    for y, row in enumerate(rows.itertuples()):
        clear = row.p_adjusted < run.settings.alpha
        error_marks(axes, row.value, y, row.ci_low, row.ci_high, {"color": INK, "marker": "D"}, filled=clear,
                    horizontal=True)  # fmt: skip
    for y in range(0, len(rows), 2):
        axes.axhspan(y - 0.5, y + 0.5, color="#f5f5f5", zorder=-2, linewidth=0)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    quiet(axes, "x")


def _dress(axes: Axes, run: Run, pair: Pair, named: tuple[str, ...]) -> None:
    first, second = (run.study.group_label(group) for group in pair)
    small_title(axes, f"{first} − {second}", COLUMNS, pad=12)
    axes.set_yticks(range(len(named)), [analyte_title(run, name) for name in named])
    axes.tick_params(axis="y", length=0)
    for x, side, text in ((0.0, "left", "← lower"), (1.0, "right", "higher →")):
        axes.annotate(text, (x, 1), xycoords="axes fraction", xytext=(0, 2), textcoords="offset points", ha=side,
                      fontsize=SMALL, color=FAINT)  # fmt: skip


def _share_axis(panels: list[Axes], rows: pd.DataFrame) -> None:
    ends = rows[["ci_low", "ci_high"]].to_numpy(float)
    low, high = np.nanmin(ends, initial=-0.1), np.nanmax(ends, initial=0.1)
    for axes in panels:
        axes.set_xlim(low - 0.04 * (high - low), high + 0.04 * (high - low))


def _name_axis(figure: Figure, run: Run) -> None:
    logs = run.study.roles.analytes.transform == "log"
    figure.supxlabel("Adjusted difference" + (" (natural log of the ratio)" if logs else ""), fontsize=8)


def _caption(run: Run, rows: pd.DataFrame, differences: pd.DataFrame, analytes: tuple[str, ...]) -> str:
    names = [initial(run.study.field("participants", c).title) for c in usable_covariates(run.study)]
    held = f"at the average of {listed(names)}" if names else "without covariates"
    every = run.study.roles.analytes.columns
    lost = set(analytes) - set(differences.dropna(subset=["value"])["analyte"])
    gaps = [analyte_title(run, name) for name in analytes if name in lost]
    many = len(_pairs(run))
    wide, over = ("Bonferroni-adjusted ", ADJUSTED) if many > 1 else ("", "one comparison an analyte")
    return f"""**Differences between the groups at baseline.** Differences of adjusted means, first group − second,
    {held}, with {wide}{level(run)} confidence intervals (analysis of covariance; n = {span(rows["n"])} participants an
    analyte). Filled: p < {run.settings.alpha:g}, {over}; open: not. {shown_of(analytes, every)} {absent(gaps)}"""


def _alt(run: Run, rows: pd.DataFrame, pairs: list[Pair]) -> str:
    text, seen = "Forest plot of adjusted differences at baseline.", rows.dropna(subset=["value"])
    if seen.empty:
        return (
            f"{text} None could be estimated between {listed([run.study.group_label(g) for g in groups(run.study)])}."
        )
    parts = []
    for pair in pairs:
        mine = pick(seen, contrast=" - ".join(pair))
        clear, (first, second) = mine[mine["p_adjusted"] < run.settings.alpha], map(run.study.group_label, pair)
        higher = int((clear["value"] > 0).sum())
        where = f", {higher} of them higher in {first}" if len(clear) else ""
        parts.append(f"{first} against {second}: {len(clear)} of {len(mine)} analytes differ after adjustment{where}.")
    top = seen.loc[seen["value"].abs().idxmax()]
    return f"{text} {' '.join(parts)} The largest difference is {number(top['value'])}, for {_of(run, top)}."


def _of(run: Run, row: pd.Series) -> str:
    first, second = (run.study.group_label(group) for group in row["contrast"].split(" - "))
    return f"{analyte_title(run, row['analyte'])}, {first} minus {second}"
