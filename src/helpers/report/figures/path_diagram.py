"""The mediation path as a diagram, and the names and numbers of its parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from helpers.analysis.results import pick
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import SMALL, finish, initial, level
from helpers.report.format import interval, number, p_equals
from helpers.report.style import DOUBLE, FAINT, INK, MM, drawing, new_figure
from helpers.report.words import not_applicable


def titles(run: Run) -> dict[str, str]:
    """The names of x, m and y a reader sees."""
    role = run.study.roles.mediation
    return {
        "x": run.study.field("analytes", role.x).title,
        "m": run.study.field("outcomes", role.m).title,
        "y": run.study.field("outcomes", role.y).title,
    }


def place_of(run: Run) -> str:
    role = run.study.roles.mediation
    return f"{run.study.group_label(role.group)} group, {initial(run.study.visit_label(role.visit))}"


def decimals_for(*values: float) -> int:
    """Decimals that show an estimate and its interval to a sensible length, whatever the unit.

    >>> decimals_for(1.58, 0.86, 2.30), decimals_for(-936.9, -1923.6, 49.9), decimals_for(0.00012, -0.0002, 0.0004)
    (2, 0, 5)
    """
    size = np.nanmax(np.abs(values), initial=0)
    if not np.isfinite(size) or size == 0:
        return 2
    return int(np.clip(1 - np.floor(np.log10(size)), 2, 9)) if size < 100 else 1 if size < 1000 else 0


def estimate(run: Run, row: pd.Series, kind: str = "CI") -> tuple[str, str]:
    """An estimate and its interval as text, to the same number of decimals."""
    ends = row["ci_low"], row["ci_high"]
    decimals = decimals_for(row["value"], *ends)
    return number(row["value"], decimals), f"{level(run)} {kind} {interval(*ends, decimals)}"


def path_diagram(run: Run, rows: pd.DataFrame) -> FigureExhibit | TextExhibit:
    """The path diagram ``fig-mediation``: boxes, arrows with coefficients, the indirect effect beneath.

    ``rows`` are those of :func:`helpers.analysis.change.mediation`.
    """
    if run.study.roles.mediation is None:
        return not_applicable("its descriptor names no mediation path, so there is no diagram.")
    rows = pick(rows, analysis="mediation")
    with drawing():
        figure = new_figure(DOUBLE, 92 * MM)
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
    value, ci = estimate(run, row)
    return f"{name} = {value}, {p_equals(row['p'])}\n{ci}"


def _indirect_text(run: Run, rows: pd.DataFrame) -> str:
    row, sobel = _row(rows, "indirect"), _row(rows, "indirect_sobel")
    if row is None:
        return "Indirect effect: not estimated"
    value, ci = estimate(run, row, "bootstrap CI")
    text = f"Indirect effect a × b = {value}, {ci}"
    return text if sobel is None else f"{text}\nSobel z = {number(sobel['value'])}, {p_equals(sobel['p'])}"


def _path_caption(run: Run, rows: pd.DataFrame) -> str:
    names, n = titles(run), rows["n"].dropna()
    size = f", n = {number(n.iloc[0], 0)}" if len(n) else ""
    row = _row(rows, "indirect")
    draws = f" ({row['method'].removeprefix('bootstrap, ')}, percentiles)" if row is not None else ""
    order = "All changes are measured over the same interval, so the order of cause and effect is assumed, not shown."
    note = run.study.roles.mediation.note or order
    return f"""**Mediation: {names["x"]} → {names["m"]} → {names["y"]}** ({place_of(run)}{size}). Unstandardised
    coefficients between reductions since baseline, with {level(run)} confidence intervals; b and c′ are from the model
    with both predictors. The interval of the indirect effect is from the bootstrap{draws}. Dashed arrows:
    p ≥ {run.settings.alpha:g}. {note}"""


def _path_alt(run: Run, rows: pd.DataFrame) -> str:
    names, row = titles(run), _row(rows, "indirect")
    text = f"Path diagram in the {place_of(run)}: {names['x']} to {names['m']} to {names['y']}."
    if row is None:
        return f"{text} The effects could not be estimated."
    value, ci = estimate(run, row, "bootstrap interval")
    effects = [
        f"{name} {estimate(run, found)[0]} ({p_equals(found['p'])})"
        for name in ("total", "direct")
        if (found := _row(rows, name)) is not None
    ]
    zero = "excludes" if row["ci_low"] > 0 or row["ci_high"] < 0 else "includes"
    return f"{text} Effects: {', '.join(effects)}, indirect {value} ({ci}, which {zero} zero)."
