"""Clinical change against analyte change: a heat map of standardised slopes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.transforms import ScaledTranslation

from helpers.analysis.results import pick
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import (
    SMALL,
    absent,
    adjustment_word,
    analyte_title,
    finish,
    initial,
    most_telling,
    readable_cells,
    shown_of,
    span,
)
from helpers.report.format import count_of, listed, number
from helpers.report.style import DOUBLE, FAINT, MM, drawing, new_figure
from helpers.report.words import not_applicable

NOT_FITTED = "#d9d9d9"
CELL = {"fontsize": SMALL, "va": "center_baseline"}
MOST_COLUMNS = 16  # with numbers in the cells
Column = tuple[str, str, str]


def change_heatmap(run: Run, rows: pd.DataFrame) -> FigureExhibit | TextExhibit:
    """The heat map ``fig-change-regressions``: analytes × (outcome, group, visit), colour the standardised slope.

    ``rows`` are those of :func:`helpers.analysis.change.change_regressions`.
    """
    rows = pick(rows, analysis="change_regression", statistic="beta")
    if rows.empty:
        return not_applicable("its descriptor names no outcome whose change is regressed on the analytes.")
    every, rows = rows, _of_outcomes_shown(rows)
    columns = list(dict.fromkeys(zip(rows["outcome"], rows["group"], rows["visit"], strict=True)))
    analytes = list(most_telling(rows, run.study.roles.analytes.columns))
    slopes, p, adjusted = (_grid(rows, analytes, columns, name) for name in ("value", "p", "p_adjusted"))
    edge = max(0.2, np.ceil(10 * np.nanmax(np.abs(slopes), initial=0)) / 10)
    with drawing():
        figure = new_figure(DOUBLE, (46 + 5.2 * len(analytes)) * MM)
        axes = figure.add_subplot()
        sns.heatmap(slopes, annot=_texts(run, slopes, p, adjusted), fmt="", annot_kws=CELL, cmap="PuOr_r", vmin=-edge,
                    vmax=edge, linewidths=1, xticklabels=False, yticklabels=False,
                    cbar_kws={"fraction": 0.03, "pad": 0.015, "label": "Standardised slope β"}, ax=axes)  # fmt: skip
        readable_cells(axes, slopes)
        axes.set_facecolor(NOT_FITTED)
        axes.set_yticks(np.arange(len(analytes)) + 0.5, [analyte_title(run, a) for a in analytes])
        axes.collections[0].colorbar.ax.tick_params(length=2, labelsize=SMALL)
        _headings(axes, run, columns)
        return finish(
            run,
            figure,
            "fig-change-regressions",
            _caption(run, rows, every),
            _alt(run, rows[rows["analyte"].isin(analytes)]),
        )


def _of_outcomes_shown(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of all outcomes, or of those with the smallest p, as many as have columns that can be read."""
    columns = rows.drop_duplicates(["outcome", "group", "visit"]).groupby("outcome", sort=False).size()
    smallest = rows.groupby("outcome", sort=False)["p"].min().fillna(2.0)
    width = columns[smallest.sort_values(kind="stable").index].cumsum()
    kept = set(width.index[(width <= MOST_COLUMNS) | (width == width.iloc[0])])
    return rows if width.iloc[-1] <= MOST_COLUMNS else rows[rows["outcome"].isin(kept)]


def _grid(rows: pd.DataFrame, analytes: list[str], columns: list[Column], name: str) -> np.ndarray:
    wide = rows.pivot(index="analyte", columns=["outcome", "group", "visit"], values=name)
    return wide.reindex(index=analytes, columns=pd.MultiIndex.from_tuples(columns)).to_numpy(float)


def _texts(run: Run, slopes: np.ndarray, p: np.ndarray, adjusted: np.ndarray) -> np.ndarray:
    """What stands in the cells: the slope and its mark, set apart where the cells are wide."""
    gap = " " if slopes.shape[1] <= 8 else ""
    marks = np.where(adjusted < run.settings.alpha, f"{gap}★", np.where(p < run.settings.alpha, f"{gap}•", ""))
    if slopes.shape[1] > MOST_COLUMNS:  # no room for numbers
        return marks
    return np.char.add(np.vectorize(number, otypes=[str])(slopes), marks)


def _headings(axes: Axes, run: Run, columns: list[Column]) -> None:
    """Visits under the map; above it, the group and over that the outcome."""
    labels = [run.study.visit_label(visit) for _, _, visit in columns]
    slant = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if len(columns) > 7 else {}
    axes.set_xticks(np.arange(len(columns)) + 0.5, labels, **slant)
    axes.tick_params(length=0)
    for (_, group), (start, end) in _runs([c[:2] for c in columns]).items():
        _heading(axes, start, end, run.study.group_label(group), 5, "normal")
    for (name,), (start, end) in _runs([c[:1] for c in columns]).items():
        _heading(axes, start, end, f"Change in {run.study.field('outcomes', name).title}", 19, "bold")


def _runs(keys: list[tuple]) -> dict[tuple, tuple[int, int]]:
    """Where each key starts and ends among neighbouring columns."""
    found: dict[tuple, tuple[int, int]] = {}
    for place, key in enumerate(keys):
        found[key] = (found.get(key, (place, 0))[0], place + 1)
    return found


def _heading(axes: Axes, start: int, end: int, text: str, up: float, weight: str) -> None:
    where = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points", "annotation_clip": False}
    axes.annotate(
        text, ((start + end) / 2, 1), xytext=(0, up), ha="center", va="bottom", fontsize=7, fontweight=weight, **where
    )
    line = Line2D([start + 0.06, end - 0.06], [1, 1], color=FAINT, linewidth=0.7, clip_on=False)
    line.set_transform(axes.get_xaxis_transform() + ScaledTranslation(0, (up - 1.5) / 72, axes.figure.dpi_scale_trans))
    axes.add_artist(line)


def _outcomes_of(run: Run, rows: pd.DataFrame, every: pd.DataFrame) -> str:
    """A caption's sentence on the outcomes that are left out; nothing when none is."""
    shown, many = rows["outcome"].unique(), every["outcome"].nunique()
    if len(shown) == many:
        return ""
    titles = listed([run.study.field("outcomes", name).title for name in shown])
    return f" Of {many} outcomes the map shows those with the smallest p, {titles}; the tables have all."


def _caption(run: Run, rows: pd.DataFrame, everything: pd.DataFrame) -> str:
    scale = " of the log level" if run.study.roles.analytes.transform == "log" else ""
    every = run.study.roles.analytes.columns
    shown = most_telling(rows, every)
    gaps = [_where(run, row) for row in rows[rows["value"].isna()].itertuples() if row.analyte in shown]
    return f"""**Regression of clinical change on analyte change.** Standardised slope β of the reduction in the outcome
    on the reduction{scale} of the analyte since baseline, by group and visit (n = {span(rows["n"])} a regression).
    • p < {run.settings.alpha:g} unadjusted only; ★ p < {run.settings.alpha:g} after {adjustment_word(rows)} adjustment
    over the analytes of the column. {shown_of(shown, every)}{_outcomes_of(run, rows, everything)}
    {absent(gaps).replace("left blank", "grey")}"""


def _where(run: Run, row) -> str:
    title = run.study.field("outcomes", row.outcome).title
    visit = initial(run.study.visit_label(row.visit))
    return f"{title} on {analyte_title(run, row.analyte)} in {run.study.group_label(row.group)} at {visit}"


def _alt(run: Run, rows: pd.DataFrame) -> str:
    seen, alpha = rows.dropna(subset=["value"]).reset_index(drop=True), run.settings.alpha
    labels = " and ".join(run.study.group_label(g) for g in dict.fromkeys(rows["group"]))
    text = f"Heat map of {count_of(len(seen), 'standardised slope')} in {labels}:"
    if seen.empty:
        return f"{text} none could be estimated."
    low, clear = int((seen["p"] < alpha).sum()), int((seen["p_adjusted"] < alpha).sum())
    top = seen.loc[seen["value"].abs().idxmax()]
    return f"""{text} {low} with p below {alpha:g}, {clear} after adjustment. The largest is {number(top["value"])} for
    {_where(run, top)}."""
