"""Change of every analyte against how sure it is: a volcano plot a group and visit."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from helpers.analysis.longitudinal_cytokines import ALL_VISITS
from helpers.analysis.results import pick
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import (
    SMALL,
    absent,
    adjustment_word,
    analyte_title,
    finish,
    grid_of,
    group_looks,
    initial,
    leave_room,
    quiet,
    small_title,
    span,
)
from helpers.report.figures.labels import place_labels
from helpers.report.format import count_of, number, some_of
from helpers.report.style import DOUBLE, FAINT, INK, MM, drawing, new_figure
from helpers.report.words import with_visits_of_analytes

LEAST_P = 1e-300  # the logarithm of a p that is printed as zero
MOST_LABELS = 20  # in a panel
Place = tuple[str, str]


@with_visits_of_analytes
def volcano(run: Run, rows: pd.DataFrame) -> FigureExhibit | TextExhibit:
    """The volcano plots ``fig-cytokine-volcano``: change from baseline against −log10 p, a panel a group and visit.

    ``rows`` hold those of :func:`helpers.analysis.longitudinal_cytokines.analyte_models`.
    """
    rows = pick(rows, analysis=ALL_VISITS, statistic="change").reset_index(drop=True)
    rows = rows.assign(height=-np.log10(rows["p_adjusted"].clip(lower=LEAST_P)) + 0.0)
    visits = [visit for visit in run.study.roles.analytes.visits if visit != run.study.baseline]
    places = [(group, visit) for group in run.study.roles.compared for visit in visits]
    with drawing():
        columns = len(visits) if len(visits) in (2, 3) else 2
        lines = -(-len(places) // min(columns, len(places)))
        figure = new_figure(DOUBLE, (12 + 58 * lines) * MM)
        panels, columns = grid_of(figure, len(places), columns)
        for axes, (group, visit) in zip(panels, places, strict=True):
            axes.sharex(panels[0])
            axes.sharey(panels[0])
            _panel(axes, run, pick(rows, group=group, visit=visit), group)
            small_title(axes, _where(run, group, visit), columns)
        _axes_in_words(figure, panels, run, rows)
        labelled = [_name(axes, run, pick(rows, group=g, visit=v)) for axes, (g, v) in zip(panels, places, strict=True)]
        leave_room(run, figure)
        unnamed = place_labels(figure, panels, labelled)
        return finish(
            run, figure, "fig-cytokine-volcano", _caption(run, rows, places, unnamed), _alt(run, rows, places)
        )


def _panel(axes: Axes, run: Run, rows: pd.DataFrame, group: str) -> None:
    axes.axvline(0, color=FAINT, linewidth=0.8, zorder=1)
    axes.axhline(-np.log10(run.settings.alpha), color=FAINT, linewidth=0.8, linestyle="--", zorder=1)
    style, clear = group_looks(run)[group], rows["p_adjusted"] < run.settings.alpha
    look = {"marker": style["marker"], "s": 16, "linewidths": 0.8, "edgecolors": style["color"], "zorder": 3}
    axes.scatter(rows["value"][clear], rows["height"][clear], facecolors=style["color"], **look)
    axes.scatter(rows["value"][~clear], rows["height"][~clear], facecolors="white", **look)
    quiet(axes, "both")


def _axes_in_words(figure, panels: list[Axes], run: Run, rows: pd.DataFrame) -> None:
    """Zero in the middle, and room above for labels."""
    seen = rows[["value", "height"]].dropna().abs()
    widest, highest = max([0.1, *seen["value"]]), max([-np.log10(run.settings.alpha), *seen["height"]])
    panels[0].set(xlim=(-1.25 * widest, 1.25 * widest), ylim=(-0.05 * highest, 1.15 * highest))
    logs = run.study.roles.analytes.transform == "log"
    figure.supxlabel("Change from baseline" + (" (natural log of the ratio)" if logs else ""), fontsize=8)
    figure.supylabel("−log₁₀ adjusted p", fontsize=8)


def _name(axes: Axes, run: Run, rows: pd.DataFrame) -> list:
    """Labels of the analytes past the line, smallest p first, still on their marks."""
    clear = rows[rows["p_adjusted"] < run.settings.alpha].sort_values("height", ascending=False, kind="stable")
    look = {"fontsize": SMALL, "color": INK, "textcoords": "offset points", "va": "center", "zorder": 4}
    look |= {"path_effects": [withStroke(linewidth=1.6, foreground="white")]}  # lines behind do not strike it through
    return [
        axes.annotate(analyte_title(run, row.analyte), (row.value, row.height), xytext=(0, 0), **look)
        for row in clear.head(MOST_LABELS).itertuples()
    ]


def _where(run: Run, group: str, visit: str) -> str:
    return f"{run.study.group_label(group)}, {initial(run.study.visit_label(visit))}"


def _caption(run: Run, rows: pd.DataFrame, places: list[Place], unnamed: int) -> str:
    seen = rows.dropna(subset=["value", "p_adjusted"])
    found = set(zip(seen["analyte"], seen["group"], seen["visit"], strict=True))
    gaps = [
        f"{analyte_title(run, analyte)} in {_where(run, group, visit)}"
        for analyte in run.study.roles.analytes.columns
        for group, visit in places
        if (analyte, group, visit) not in found
    ]
    alpha = f"{run.settings.alpha:g}"
    return f"""**Analytes: change from baseline and its p.** Differences of model-based means, visit − baseline within
    each group, against −log₁₀ p after {adjustment_word(rows)} adjustment over the visits of the analyte, not over the
    analytes. Dashed: p = {alpha}; filled and named: p < {alpha}; open: not. n = {span(rows["n"])} participants a
    model. {_nameless(run, rows, places, unnamed)} {absent(gaps)}"""


def _nameless(run: Run, rows: pd.DataFrame, places: list[Place], unnamed: int) -> str:
    """A caption's sentence on the marks past the line that have no name; nothing when all have."""
    clear = rows[rows["p_adjusted"] < run.settings.alpha]
    counts = clear.groupby(["group", "visit"]).size()
    lost = unnamed + int((counts - MOST_LABELS).clip(lower=0).sum())
    many = "mark past the line has" if lost == 1 else "marks past the line have"
    return f"{lost} {many} no name for want of room; the tables have all." if lost else ""


def _alt(run: Run, rows: pd.DataFrame, places: list[Place]) -> str:
    parts = []
    for group, visit in places:
        mine = pick(rows, group=group, visit=visit).dropna(subset=["value", "p_adjusted"])
        clear = mine[mine["p_adjusted"] < run.settings.alpha].sort_values("p_adjusted", kind="stable")
        where = _where(run, group, visit)
        if mine.empty:
            parts.append(f"{where}: none could be estimated.")
            continue
        if clear.empty:
            parts.append(f"{where}: none of {len(mine)} analytes past the line.")
            continue
        falls = number((clear["value"] < 0).sum(), 0)
        names = some_of([analyte_title(run, name) for name in clear["analyte"]], 8)
        parts.append(f"{where}: {len(clear)} of {len(mine)} past the line, {falls} of them falls; {names}.")
    return f"{count_of(len(places), 'volcano plot')} of change from baseline against p. {' '.join(parts)}"
