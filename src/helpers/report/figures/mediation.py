"""The mediation path: scatter of its changes, and the path diagram."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
from scipy import stats

from helpers.analysis.results import pick
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit
from helpers.report.figures.common import SMALL, finish, group_looks, initial, level, quiet
from helpers.report.format import interval, number, p_equals, p_value
from helpers.report.style import DOUBLE, FAINT, INK, MM, drawing, new_figure

PATHS = {"path_a": ("x", "m"), "path_b": ("m", "y"), "direct": ("x", "y"), "total": ("x", "y")}


def titles(run: Run) -> dict[str, str]:
    """The names of x, m and y a reader sees."""
    role = run.study.roles.mediation
    return {
        "x": run.study.field("analytes", role.x).title,
        "m": run.study.field("outcomes", role.m).title,
        "y": run.study.field("outcomes", role.y).title,
    }


def change_scatter(run: Run, frame: pd.DataFrame, rows: pd.DataFrame) -> FigureExhibit:
    """The scatter plots ``fig-change-scatter``: the two clinical changes of the path against the analyte's.

    ``frame`` is that of :func:`helpers.analysis.change.mediation_frame`, ``rows`` of
    :func:`helpers.analysis.change.mediation`.
    """
    with drawing():
        figure = new_figure(DOUBLE, 74 * MM)
        for axes, (letter, path) in zip(figure.subplots(1, 2), (("m", "path_a"), ("y", "total")), strict=True):
            _scatter(axes, run, frame, letter, pick(rows, statistic=path))
        return finish(run, figure, "fig-change-scatter", _scatter_caption(run, frame), _scatter_alt(run, frame, rows))


def _scatter(axes: Axes, run: Run, frame: pd.DataFrame, letter: str, row: pd.DataFrame) -> None:
    style, names = group_looks(run)[run.study.roles.mediation.group], titles(run)
    x, y = frame["x"].to_numpy(float), frame[letter].to_numpy(float)
    at, middle, half = regression_band(x, y, run.settings.alpha)
    if len(at):
        axes.fill_between(at, middle - half, middle + half, color=style["color"], alpha=0.15, linewidth=0)
        axes.plot(at, middle, color=style["color"], linewidth=1.3)
    axes.scatter(
        x, y, s=14, marker=style["marker"], facecolor="white", edgecolor=style["color"], linewidth=0.8, zorder=3
    )
    axes.set_xlabel(f"Reduction in {names['x']}{_scale(run)}")
    axes.set_ylabel(f"Reduction in {names[letter]}{_unit(run, letter)}")
    axes.set_title(_slope_text(run, row), fontsize=7)
    quiet(axes, "both")


def regression_band(x: np.ndarray, y: np.ndarray, alpha: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Least-squares line over the range of x and half the width of the interval of its mean; empty below three points."""
    if len(x) < 3 or np.ptp(x) == 0:
        return np.array([]), np.array([]), np.array([])
    slope, intercept = np.polyfit(x, y, 1)
    spread = np.sqrt(((y - intercept - slope * x) ** 2).sum() / (len(x) - 2))
    at = np.linspace(x.min(), x.max(), 60)
    leverage = 1 / len(x) + (at - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()
    return at, intercept + slope * at, stats.t.ppf(1 - alpha / 2, len(x) - 2) * spread * np.sqrt(leverage)


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
    found = row.iloc[0]
    low = interval(found["ci_low"], found["ci_high"])
    return f"slope {number(found['value'])} ({level(run)} CI {low}), p {p_equals(found['p'])}"


def _place(run: Run) -> str:
    role = run.study.roles.mediation
    return f"{run.study.group_label(role.group)} group, {initial(run.study.visit_label(role.visit))}"


def _scatter_caption(run: Run, frame: pd.DataFrame) -> str:
    names = titles(run)
    return f"""**Clinical change against change in {names["x"]}** ({_place(run)}, n = {len(frame)}). Reductions since
    baseline, baseline − visit, so that positive means a fall. Line: least squares; band: {level(run)} confidence interval
    of the line."""


def _scatter_alt(run: Run, frame: pd.DataFrame, rows: pd.DataFrame) -> str:
    names, parts = titles(run), []
    for letter, path in (("m", "path_a"), ("y", "total")):
        row = pick(rows, statistic=path).dropna(subset=["value"])
        if row.empty:
            parts.append(f"no slope of {names[letter]} could be estimated.")
            continue
        word = "larger" if row["value"].iloc[0] > 0 else "smaller"
        parts.append(
            f"a larger fall in {names['x']} goes with a {word} fall in {names[letter]} ({_slope_text(run, row)})."
        )
    return f"Two scatter plots of {len(frame)} participants ({_place(run)}): {parts[0]} In the second, {parts[1]}"


def path_diagram(run: Run, rows: pd.DataFrame) -> FigureExhibit:
    """The path diagram ``fig-mediation``: boxes, arrows with coefficients, the indirect effect beneath.

    ``rows`` are those of :func:`helpers.analysis.change.mediation`.
    """
    rows = pick(rows, analysis="mediation")
    with drawing():
        figure = new_figure(0.86 * DOUBLE, 82 * MM)
        axes = figure.add_subplot()
        axes.set(xlim=(0, 150), ylim=(0, 78))
        axes.axis("off")
        _diagram(axes, run, rows)
        return finish(run, figure, "fig-mediation", _path_caption(run, rows), _path_alt(run, rows))


def _diagram(axes: Axes, run: Run, rows: pd.DataFrame) -> None:
    places, names = {"x": (24, 34), "m": (75, 68), "y": (126, 34)}, titles(run)
    for letter, (x, y) in places.items():
        box = FancyBboxPatch((x - 22, y - 6.5), 44, 13, boxstyle="round,pad=0,rounding_size=1.2", edgecolor=INK,
                             facecolor="white", linewidth=1.0)  # fmt: skip
        axes.add_patch(box)
        axes.text(x, y + 1.8, names[letter], ha="center", va="center", fontsize=8, fontweight="bold")
        axes.text(x, y - 3, "reduction since baseline", ha="center", va="center", fontsize=SMALL, color=FAINT)
    _arrow(axes, (30, 40.5), (53, 64), _drawn_solid(run, rows, "path_a"))
    _arrow(axes, (97, 64), (120, 40.5), _drawn_solid(run, rows, "path_b"))
    _arrow(axes, (46, 34), (104, 34), _drawn_solid(run, rows, "direct"))
    axes.text(37, 55, _path_text(run, rows, "path_a", "a"), ha="right", va="center", fontsize=7, linespacing=1.4)
    axes.text(113, 55, _path_text(run, rows, "path_b", "b"), ha="left", va="center", fontsize=7, linespacing=1.4)
    axes.text(
        75, 36, _path_text(run, rows, "direct", "direct c′"), ha="center", va="bottom", fontsize=7, linespacing=1.4
    )
    axes.text(75, 32, _path_text(run, rows, "total", "total c"), ha="center", va="top", fontsize=7, linespacing=1.4)
    axes.text(75, 10, _indirect_text(run, rows), ha="center", va="center", fontsize=7.5, linespacing=1.5)


def _row(rows: pd.DataFrame, statistic: str) -> pd.Series | None:
    found = pick(rows, statistic=statistic).dropna(subset=["value"])
    return None if found.empty else found.iloc[0]


def _drawn_solid(run: Run, rows: pd.DataFrame, statistic: str) -> bool:
    row = _row(rows, statistic)
    return row is not None and row["p"] < run.settings.alpha


def _arrow(axes: Axes, start, end, solid: bool) -> None:
    how = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.1, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 9}
    axes.annotate("", end, start, arrowprops={**how, "linestyle": "-" if solid else (0, (4, 2))})


def _path_text(run: Run, rows: pd.DataFrame, statistic: str, name: str) -> str:
    row = _row(rows, statistic)
    if row is None:
        return f"{name}: not estimated"
    low = interval(row["ci_low"], row["ci_high"])
    return f"{name} = {number(row['value'])}, p {p_equals(row['p'])}\n{level(run)} CI {low}"


def _indirect_text(run: Run, rows: pd.DataFrame) -> str:
    row, sobel = _row(rows, "indirect"), _row(rows, "indirect_sobel")
    if row is None:
        return "Indirect effect: not estimated"
    text = f"Indirect effect a × b = {number(row['value'])}, {level(run)} bootstrap CI {interval(row['ci_low'], row['ci_high'])}"
    return text if sobel is None else f"{text}\nSobel z = {number(sobel['value'])}, p {p_equals(sobel['p'])}"


def _path_caption(run: Run, rows: pd.DataFrame) -> str:
    names, n = titles(run), rows["n"].dropna()
    size = f", n = {number(n.iloc[0], 0)}" if len(n) else ""
    row = _row(rows, "indirect")
    draws = f" ({row['method'].removeprefix('bootstrap, ')}, percentiles)" if row is not None else ""
    note = run.study.roles.mediation.note
    return f"""**Mediation: {names["x"]} → {names["m"]} → {names["y"]}** ({_place(run)}{size}). Unstandardised coefficients
    between reductions since baseline, with {level(run)} confidence intervals; b and c′ are from the model with both
    predictors. The interval of the indirect effect is from the bootstrap{draws}. Dashed: p ≥ {run.settings.alpha:g}.
    Both changes are measured over the same interval, so the order of cause and effect is assumed, not shown. {note}"""


def _path_alt(run: Run, rows: pd.DataFrame) -> str:
    names, row = titles(run), _row(rows, "indirect")
    text = f"Path diagram in the {_place(run)}: {names['x']} to {names['m']} to {names['y']}."
    if row is None:
        return f"{text} The effects could not be estimated."
    low = interval(row["ci_low"], row["ci_high"])
    effects = [
        f"{word} {number(found['value'])} (p {p_value(found['p'])})"
        for name, word in (("total", "total"), ("direct", "direct"))
        if (found := _row(rows, name)) is not None
    ]
    zero = "excludes" if row["ci_low"] > 0 or row["ci_high"] < 0 else "includes"
    return f"""{text} Effects: {", ".join(effects)}, indirect {number(row["value"])}, whose bootstrap interval ({low}) {zero}
    zero."""
