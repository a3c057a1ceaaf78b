"""What was planned and not measured."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from helpers.analysis.results import pick
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit
from helpers.report.figures.common import SMALL, analyte_title, finish, initial, readable_cells
from helpers.report.format import DASH, SPACE, count_of, listed, number
from helpers.report.style import DOUBLE, MM, drawing, new_figure

NOT_PLANNED = "#d9d9d9"
MOST_LINES = 60  # lines of the map; with more, the outcomes and the analytes that lack most
ACROSS = 3  # groups side by side


def missing_data(run: Run, rows: pd.DataFrame) -> FigureExhibit:
    """The heat map ``fig-missing``: per cent missing by variable, visit and group, counts in the cells.

    ``rows`` are those of :func:`helpers.analysis.cohort.missing_data`. The analytes share one row when they are
    missing together.
    """
    rows = pick(rows, analysis="missing").assign(percent=lambda r: 100 * r["value"] / r["n"])
    compared = run.study.roles.compared
    across = min(ACROSS, len(compared))
    deep = -(-len(compared) // across)
    lines = variables(run, rows, MOST_LINES // deep)
    highest = rows["percent"].max()
    top = max(20.0, 10 * np.ceil((0 if np.isnan(highest) else highest) / 10))
    with drawing():
        figure = new_figure(DOUBLE, (26 + 6.5 * len(lines)) * deep * MM)
        panels = figure.subplots(deep, across, sharey=True, squeeze=False).ravel()
        for axes in panels[len(compared) :]:
            axes.remove()
        panels = panels[: len(compared)]
        for axes, group in zip(panels, compared, strict=True):
            drawn = _panel(axes, run, pick(rows, group=group), lines, top)
            axes.set_title(
                f"{run.study.group_label(group)} (n = {number(rows.loc[rows['group'] == group, 'n'].max(), 0)})"
            )
        _colour_bar(figure, drawn, panels)
        dashes = " A dash on grey: planned, and the count withheld." if rows["value"].isna().any() else ""
        return finish(run, figure, "fig-missing", _caption(run, lines) + dashes, _alt(run, rows, lines))


def variables(run: Run, rows: pd.DataFrame, most: int = MOST_LINES) -> dict[str, pd.DataFrame]:
    """The lines of the heat map: name and rows of each variable, the analytes as one when they agree."""
    lines = {
        run.study.field("outcomes", o.column).title: pick(rows, outcome=o.column) for o in run.study.roles.outcomes
    }
    columns = run.study.roles.analytes.columns
    panel = rows[rows["analyte"].isin(columns)]
    if not panel.empty and (panel.groupby(["group", "visit"])["value"].nunique(dropna=False) == 1).all():
        return lines | {f"Blood sample ({count_of(len(columns), 'analyte')})": pick(panel, analyte=columns[0])}
    lost = panel.groupby("analyte")["value"].sum().reindex(list(columns)).fillna(0)
    most = set(lost.sort_values(ascending=False, kind="stable").index[: max(most - len(lines), 1)])
    return lines | {analyte_title(run, a): pick(panel, analyte=a) for a in columns if a in most}


def _panel(axes: Axes, run: Run, rows: pd.DataFrame, lines: dict[str, pd.DataFrame], top: float):
    visits = [visit.name for visit in run.study.roles.visits]
    cells = {name: rows[rows.index.isin(part.index)].set_index("visit").reindex(visits) for name, part in lines.items()}
    percent = np.array([part["percent"].to_numpy(float) for part in cells.values()])
    counts = np.array([[number(count, 0) for count in part["value"]] for part in cells.values()])
    sns.heatmap(percent, annot=counts, fmt="", annot_kws={"fontsize": 7}, cmap="Blues", vmin=0, vmax=top, linewidths=1,
                cbar=False, xticklabels=False, yticklabels=False, ax=axes)  # fmt: skip
    readable_cells(axes, percent)
    _mark_withheld(axes, cells)
    axes.set_facecolor(NOT_PLANNED)
    labels = [run.study.visit_label(name) for name in visits]
    axes.set_xticks(np.arange(len(visits)) + 0.5, labels, rotation=45, ha="right", rotation_mode="anchor")
    axes.set_yticks(np.arange(len(lines)) + 0.5, list(lines))
    axes.tick_params(length=0)
    return axes.collections[0]


def _mark_withheld(axes: Axes, cells: dict[str, pd.DataFrame]) -> None:
    """A dash in the cells that were planned and whose count is not shown."""
    for y, part in enumerate(cells.values()):
        for x in np.flatnonzero(part["value"].isna() & part["n"].notna()):
            axes.text(x + 0.5, y + 0.5, DASH, ha="center", va="center", fontsize=7)


def _colour_bar(figure: Figure, drawn, panels) -> None:
    bar = figure.colorbar(drawn, ax=list(panels), fraction=0.025, pad=0.01)
    bar.set_label("Missing (%)")
    bar.locator = MaxNLocator(4, integer=True)
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=2, labelsize=SMALL)


def _caption(run: Run, lines: dict) -> str:
    together = any(name.startswith("Blood sample (") for name in lines)
    panel = "All analytes of a sample are present or missing together and share one row. " if together else ""
    analytes = len(run.study.roles.analytes.columns)
    drawn = len(lines) - len(run.study.roles.outcomes)
    if not together and drawn < analytes:
        panel = f"Shown are the {drawn} of {analytes} analytes that lack most values. "
    return f"""**Missing data.** Number of planned values that are missing, by variable, visit and group; the shade is
    their percentage of the group. {panel}Grey: not planned at that visit."""


def _alt(run: Run, rows: pd.DataFrame, lines: dict) -> str:
    shown = pd.concat([part.assign(line=name) for name, part in lines.items()])
    totals = shown.groupby("group")[["value", "n"]].sum()
    whole = [
        f"{number(totals.loc[g, 'value'], 0)} of {number(totals.loc[g, 'n'], 0)} planned values in "
        f"{run.study.group_label(g)}"
        for g in run.study.roles.compared
        if g in totals.index
    ]
    text = f"Heat map of missing data; over the rows shown, {listed(whole)} are missing."
    if shown["value"].isna().any():
        return f"Heat map of missing data, {shown['value'].isna().sum()} of its counts withheld."
    worst = shown.sort_values("percent", ascending=False, kind="stable").iloc[0]
    if not worst["value"] > 0:
        return text + " Nothing planned is missing."
    return (
        f"{text} Most are missing for {worst['line']} at {initial(run.study.visit_label(worst['visit']))} in"
        f" {run.study.group_label(worst['group'])} ({number(worst['percent'], 0)}{SPACE}%)."
    )
