"""How analytes go together: a heat map of rank correlations a group."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import BoundaryNorm
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from helpers.analysis.correlations import BASELINE, CHANGE, STATISTIC
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
    initial,
    small_title,
    span,
)
from helpers.report.format import count_of, listed, number
from helpers.report.style import DOUBLE, INK, MM, drawing, new_figure
from helpers.report.words import not_applicable, with_analytes

# Steps of a tenth: a reader tells them apart in the scale, and a colour is one path.
EDGES = np.linspace(-1, 1, 21)
COLOURS, NORM, EMPTY = colormaps["PuOr_r"].resampled(20), BoundaryNorm(EDGES, 20, clip=True), "#d9d9d9"
UNIT = Path.unit_rectangle()
# Millimetres: of a map's side at most, of a cell at most, and what the names beside it and its heading take.
SIDE, CELL, BESIDE, ABOVE = 58.0, 7.0, 20.0, 8.0
NAMES = {BASELINE: "fig-correlations-baseline", CHANGE: "fig-correlations-changes"}
Place = tuple[str, str]


@with_analytes
def correlations(run: Run, rows: pd.DataFrame, analysis: str = BASELINE) -> FigureExhibit | TextExhibit:
    """The heat maps ``fig-correlations-baseline`` or ``fig-correlations-changes``: one a group and visit.

    ``rows`` are those of :func:`helpers.analysis.correlations.baseline_correlations`, or of its ``change_correlations``
    with ``analysis`` set to theirs.
    """
    every = pick(rows, analysis=analysis, statistic=STATISTIC)
    rows = every[every["group"] != ""]
    if rows["value"].isna().all():
        return not_applicable("no two analytes have enough values in a group for a correlation.")
    analytes = _analytes(run, rows)
    places = list(dict.fromkeys(zip(rows["group"], rows["visit"], strict=True)))
    with drawing():
        side = min(SIDE, CELL * (len(analytes) - 1))
        columns = min(int(160 // (side + BESIDE)), 3, _a_line(places))
        figure = new_figure(DOUBLE, (8 + (side + BESIDE + ABOVE) * -(-len(places) // columns)) * MM)
        panels, columns = grid_of(figure, len(places), columns)
        for axes, (group, visit) in zip(panels, places, strict=True):
            _panel(axes, run, pick(rows, group=group, visit=visit), analytes)
            small_title(axes, _heading(run, analysis, (group, visit)), columns)
        scale = ScalarMappable(NORM, COLOURS)
        bar = figure.colorbar(scale, ax=panels, fraction=0.03, pad=0.015, shrink=0.6, aspect=30, ticks=EDGES[::5])
        bar.set_label("Spearman’s ρ")
        bar.ax.tick_params(length=2, labelsize=SMALL)
        return finish(run, figure, NAMES[analysis], _caption(run, analysis, every, rows), _alt(run, analysis, rows))


def _analytes(run: Run, rows: pd.DataFrame) -> list[str]:
    """Those that have pairs, in the panel's order."""
    named = set(rows["analyte"]) | set(rows["contrast"])
    return [name for name in run.study.roles.analytes.columns if name in named]


def _a_line(places: list[Place]) -> int:
    """Maps that stand beside each other: those of a group over its visits, or all groups at one visit."""
    visits = len({visit for _, visit in places})
    return visits if visits > 1 else len(places)


def _panel(axes: Axes, run: Run, rows: pd.DataFrame, analytes: list[str]) -> None:
    """The lower triangle: each pair once."""
    grid, clear = (_grid(rows, analytes, values) for values in (rows["value"], rows["p_adjusted"] < run.settings.alpha))
    titles = [analyte_title(run, name) for name in analytes]
    _cells(axes, np.isnan(grid) & np.tri(*grid.shape, dtype=bool), EMPTY)
    steps = NORM(np.ma.masked_invalid(grid)).filled(-1)
    for step in range(COLOURS.N):
        _cells(axes, steps == step, COLOURS(step))
    axes.set(xlim=(0, grid.shape[1]), ylim=(grid.shape[0], 0), aspect="equal")
    axes.spines[:].set_visible(False)
    down, across = np.nonzero(clear == 1)
    light = np.abs(grid[down, across]) > 0.7
    axes.scatter(across + 0.5, down + 0.5, s=4, c=np.where(light, "white", INK), linewidths=0, zorder=3)
    axes.set_xticks(np.arange(len(analytes) - 1) + 0.5, titles[:-1], rotation=90)
    axes.set_yticks(np.arange(len(analytes) - 1) + 0.5, titles[1:], rotation=0)
    axes.tick_params(length=0, labelsize=SMALL, pad=1)


def _cells(axes: Axes, which: np.ndarray, colour) -> None:
    """Squares of one colour as a single path, which keeps the drawing small."""
    squares = [UNIT.transformed(Affine2D().translate(x, y)) for y, x in zip(*np.nonzero(which), strict=True)]
    if squares:
        whole = Path.make_compound_path(*squares)
        axes.add_patch(PathPatch(whole, facecolor=colour, edgecolor="white", linewidth=0.4))


def _grid(rows: pd.DataFrame, analytes: list[str], values: pd.Series) -> np.ndarray:
    """Second analytes downwards, first ones across; without the empty first line and last column."""
    place = {name: number for number, name in enumerate(analytes)}
    grid = np.full((len(analytes), len(analytes)), np.nan)
    grid[rows["contrast"].map(place), rows["analyte"].map(place)] = values
    return grid[1:, :-1]


def _heading(run: Run, analysis: str, place: Place) -> str:
    group, visit = place
    label = run.study.group_label(group)
    return label if analysis == BASELINE else f"{label}, {initial(run.study.visit_label(visit))}"


def _caption(run: Run, analysis: str, every: pd.DataFrame, rows: pd.DataFrame) -> str:
    what = "of the levels at baseline" if analysis == BASELINE else "of the changes since baseline"
    title = "Correlations of the analytes at baseline" if analysis == BASELINE else "Correlations of the changes"
    gaps = [_pair(run, analysis, row) for row in rows[rows["value"].isna()].itertuples()]
    return f"""**{title}.** Spearman’s rank correlations {what}, each group by itself (observed samples,
    n = {span(rows["n"])} a pair). Dots: p < {run.settings.alpha:g} after {adjustment_word(rows)} adjustment over the
    pairs of the map; two maps in which different pairs have dots need not differ. {_kept(run, every, rows)}
    {absent(gaps).replace("blank", "grey")}"""


def _kept(run: Run, every: pd.DataFrame, rows: pd.DataFrame) -> str:
    """A caption's sentence on the analytes whose pairs were not computed."""
    many, kept = len(run.study.roles.analytes.columns), len(_analytes(run, rows))
    if len(every) == len(rows):
        return ""
    return f"Computed for the {kept} of {many} analytes with the smallest p."


def _pair(run: Run, analysis: str, row) -> str:
    names = listed([analyte_title(run, row.analyte), analyte_title(run, row.contrast)])
    return f"{names} in {_heading(run, analysis, (row.group, row.visit))}"


def _alt(run: Run, analysis: str, rows: pd.DataFrame) -> str:
    parts = []
    for (group, visit), mine in rows.groupby(["group", "visit"], sort=False):
        seen = mine.dropna(subset=["value"])
        where = _heading(run, analysis, (group, visit))
        if seen.empty:
            parts.append(f"{where}: none could be estimated.")
            continue
        top = seen.loc[seen["value"].abs().idxmax()]
        clear = int((seen["p_adjusted"] < run.settings.alpha).sum())
        pair = listed([analyte_title(run, top["analyte"]), analyte_title(run, top["contrast"])])
        parts.append(
            f"{where}: {clear} of {len(seen)} clear after adjustment, median {number(seen['value'].median())}, the"
            f" strongest {number(top['value'])} between {pair}."
        )
    return f"{count_of(len(parts), 'heat map')} of rank correlations between analytes. {' '.join(parts)}"
