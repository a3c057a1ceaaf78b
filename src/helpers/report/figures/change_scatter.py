"""The changes of the mediation path against each other."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy import stats

from helpers.analysis.frames import group_size
from helpers.analysis.results import pick, rounded
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import finish, group_looks, level, quiet
from helpers.report.figures.path_diagram import estimate, place_of, titles
from helpers.report.format import number, p_equals
from helpers.report.style import DOUBLE, MM, drawing, new_figure
from helpers.report.words import not_applicable


def change_scatter(run: Run, frame: pd.DataFrame, rows: pd.DataFrame) -> FigureExhibit | TextExhibit:
    """The scatter plots ``fig-change-scatter``: the two clinical changes of the path against the analyte's.

    ``frame`` is that of :func:`helpers.analysis.change.mediation_frame`, ``rows`` of
    :func:`helpers.analysis.change.mediation`.
    """
    if run.study.roles.mediation is None:
        return not_applicable("its descriptor names no mediation path, so there are no changes to set side by side.")
    with drawing():
        figure = new_figure(DOUBLE, 74 * MM)
        for axes, (letter, path) in zip(figure.subplots(1, 2), (("m", "path_a"), ("y", "total")), strict=True):
            _scatter(axes, run, frame, letter, pick(rows, statistic=path))
        return finish(run, figure, "fig-change-scatter", _scatter_caption(run, frame), _scatter_alt(run, frame, rows))


def _scatter(axes: Axes, run: Run, frame: pd.DataFrame, letter: str, row: pd.DataFrame) -> None:
    style, names = group_looks(run)[run.study.roles.mediation.group], titles(run)
    x, y = rounded(frame["x"]), rounded(frame[letter])
    at, middle, half = map(rounded, regression_band(x, y, run.settings.alpha))
    if run.disclosure:
        low, high = run.disclosure.points.inner(x)
        inside = (at >= low) & (at <= high)
        at, middle, half = at[inside], middle[inside], half[inside]
        x, y = run.disclosure.points.bins(x, y)
    if len(at):
        axes.fill_between(at, middle - half, middle + half, color=style["color"], alpha=0.15, linewidth=0)
        axes.plot(at, middle, color=style["color"], linewidth=1.3)
    axes.scatter(
        x, y, s=14, marker=style["marker"], facecolor="white", edgecolor=style["color"], linewidth=0.8, zorder=3
    )
    axes.set_xlabel(_wrapped(f"Reduction in {names['x']}", _scale(run), 55))
    axes.set_ylabel(_wrapped(f"Reduction in {names[letter]}", _unit(run, letter), 45))
    axes.set_title(_slope_text(run, row), fontsize=7)
    quiet(axes, "both")


def regression_band(x: np.ndarray, y: np.ndarray, alpha: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Least-squares line over the range of x, and half the width of the interval of its mean.

    This is the interval of the model whose slope is printed; ``seaborn.regplot`` has a bootstrapped band only.
    Empty below three points, or when x does not vary.
    """
    if len(x) < 3 or np.ptp(x) == 0:
        return np.array([]), np.array([]), np.array([])
    slope, intercept = np.polyfit(x, y, 1)
    spread = np.sqrt(((y - intercept - slope * x) ** 2).sum() / (len(x) - 2))
    at = np.linspace(x.min(), x.max(), 60)
    leverage = 1 / len(x) + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()
    return at, intercept + slope * at, stats.t.ppf(1 - alpha / 2, len(x) - 2) * spread * np.sqrt(leverage)


def _wrapped(name: str, unit: str, most: int) -> str:
    """An axis label on one line, or the unit on a second one when it is longer than the axis.

    >>> _wrapped("Reduction in MADRS", " (points)", 45)
    'Reduction in MADRS (points)'
    """
    return name + (unit if len(name + unit) <= most else f"\n{unit.strip()}")


def _scale(run: Run) -> str:
    if run.study.roles.analytes.transform == "log":
        return " (natural log of the ratio)"
    unit = run.study.field("analytes", run.study.roles.mediation.x).unit
    return f" ({unit})" if unit else ""


def _unit(run: Run, letter: str) -> str:
    column = getattr(run.study.roles.mediation, letter)
    entry = next(o for o in run.study.roles.outcomes if o.column == column)
    if entry.transform == "log":
        return " (natural log of the ratio)"
    unit = run.study.field("outcomes", column).unit
    return f" ({unit})" if unit else ""


def _slope_text(run: Run, row: pd.DataFrame) -> str:
    if row.empty or row["value"].isna().all():
        return "slope not estimated"
    value, ci = estimate(run, row.iloc[0])
    return f"slope {value} ({ci}), {p_equals(row['p'].iloc[0])}"


def _scatter_caption(run: Run, frame: pd.DataFrame) -> str:
    names = titles(run)
    where = f"{place_of(run)}, n = {_size(run, frame)}"
    return f"""**Clinical change against change in {names["x"]}** ({where}). Reductions since
    baseline, baseline − visit, so that positive means a fall. Line: least squares; band: {level(run)} confidence
    interval of the line. {_marks(run)}"""


def _size(run: Run, frame: pd.DataFrame) -> str:
    """The number of participants, as far as it may be told."""
    if run.disclosure is None:
        return str(len(frame))
    return number(run.disclosure.count(len(frame), group_size(run.study, run.study.roles.mediation.group)), 0)


def _marks(run: Run) -> str:
    least = run.disclosure.threshold if run.disclosure else 0
    return f"Marks: means of at least {least} participants next to each other along the axis." if least else ""


def _scatter_alt(run: Run, frame: pd.DataFrame, rows: pd.DataFrame) -> str:
    names, parts = titles(run), []
    for letter, path in (("m", "path_a"), ("y", "total")):
        row = pick(rows, statistic=path).dropna(subset=["value"])
        if row.empty:
            parts.append(f"no slope of {names[letter]} could be estimated")
            continue
        word = "larger" if row["value"].iloc[0] > 0 else "smaller"
        text = f"a larger fall in {names['x']} goes with a {word} fall in {names[letter]}"
        parts.append(f"{text}, {_slope_text(run, row)}")
    what = "Two plots of means over bins of" if run.disclosure else "Two scatter plots of"
    start = f"{what} {_size(run, frame)} participants, {place_of(run)}."
    return f"{start} In the first, {parts[0]}. In the second, {parts[1]}."
