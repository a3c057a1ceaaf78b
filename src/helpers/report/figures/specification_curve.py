"""One claim under every specification: the estimate or p in order of size, and below which choices stand where."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from helpers.analysis.robustness.kept import kind_of
from helpers.report.curves import Curve
from helpers.report.exhibit import FigureExhibit
from helpers.report.figures.common import GRID, SMALL, finish
from helpers.report.format import SPACE, ci_name, count_of, number, p_value, percent_of
from helpers.report.multiverse_words import choice_name
from helpers.report.style import COLOURS, DOUBLE, FAINT, INK, MM, drawing, new_figure

BINS = 150  # places along the axis; where there are more than twice as many specifications, neighbours share one
LINE = 3.1 * MM  # of the lower panel
UPPER = 32 * MM
STANDS, FALLS = COLOURS[1], COLOURS[0]
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MARK = {"linestyle": "", "markersize": 3.4, "markeredgewidth": 0.8}


def specification_curve(run, curve: Curve) -> FigureExhibit:
    """The figure ``fig-curve-<kind of family>`` of one main claim."""
    bins, many = curve.bins(BINS), sum(len(c.cat.categories) for _, c in curve.chosen.items())
    lower_height = many * LINE + 2.0 * MM * curve.chosen.shape[1] + 7 * MM
    with drawing():
        figure = new_figure(DOUBLE, UPPER + lower_height + 8 * MM)
        upper, lower = figure.subplots(2, 1, height_ratios=[UPPER, lower_height], sharex=True)
        draw_curve(upper, curve, bins)
        upper.set_ylabel(curve.quantity)
        _choices(lower, curve, bins)
        entries = legend_entries(
            curve.alpha, curve.as_p, f": {curve.claim.printed}" if curve.printed is not None else ""
        )
        figure.legend(handles=entries, loc="outside upper left", ncols=5, borderaxespad=0.2, handletextpad=0.4,
                      columnspacing=1.2)  # fmt: skip
        name = f"fig-curve-{kind_of(curve.frame['family'].iloc[0])}"
        return finish(run, figure, name, _caption(curve), _alt(curve))


def draw_curve(axes: Axes, curve: Curve, bins: np.ndarray, size: float = 2.4) -> None:
    """What each specification gives, in order, with its interval, the printed figure and the paper's own way."""
    frame = curve.frame
    middle = frame.groupby(bins).agg(y=("drawn", "median"), low=("ci_low", "median"), high=("ci_high", "median"),
                                     stands=("stands", "mean"))  # fmt: skip
    if not curve.as_p:
        _intervals(axes, middle.dropna(subset=["low", "high"]))
    for stands, colour in ((True, STANDS), (False, FALLS)):
        part = middle[(middle["stands"] >= 0.5) == stands]
        axes.plot(part.index, part["y"], linestyle="", marker="o" if stands else "s", markersize=size, color=colour,
                  markeredgewidth=0.7, zorder=3, markerfacecolor=colour if stands else "white")  # fmt: skip
    if curve.as_p:
        axes.set_yscale("log")
        axes.yaxis.set_major_formatter(_power)  # a raised exponent would be smaller than the smallest type
        axes.minorticks_off()
        axes.invert_yaxis()
        axes.axhline(curve.alpha, color=FAINT, linewidth=0.8, linestyle="--")
    elif frame["ci_low"].notna().any():
        axes.axhline(0, color=FAINT, linewidth=0.8)
    if curve.printed is not None:
        axes.axhline(curve.printed, color=INK, linewidth=0.9, linestyle=":")
    own = np.flatnonzero(frame["position"] == 0)
    axes.plot(bins[own], frame["drawn"].iloc[own], marker="D", markersize=5, color=INK, markerfacecolor="none",
              linestyle="", zorder=4)  # fmt: skip
    axes.tick_params(axis="x", length=0, labelbottom=False)


def _intervals(axes: Axes, middle: pd.DataFrame) -> None:
    """Bars from low to high as one line with gaps, a fifth of the bytes of as many lines."""
    gap = np.full(len(middle), np.nan)
    x, y = np.c_[middle.index, middle.index, gap], np.c_[middle["low"], middle["high"], gap]
    axes.plot(x.ravel(), y.ravel(), color=GRID, linewidth=1.2, solid_capstyle="butt", zorder=1)


def _power(value: float, _place: int = 0) -> str:
    """A power of ten with the exponent in letters of their own, of full size.

    >>> _power(1.0), _power(0.01), _power(1e-6)
    ('1', '0.01', '10⁻⁶')
    """
    exponent = round(np.log10(value))
    return f"{value:g}" if exponent > -3 else f"10{f'{exponent:d}'.translate(RAISED)}"


def legend_entries(alpha: float, as_p: bool, printed: str) -> list[Line2D]:
    """What the marks and lines of a curve mean."""
    made = [
        Line2D([], [], marker="o", color=STANDS, label="the claim stands", **MARK),
        Line2D([], [], marker="s", color=FALLS, markerfacecolor="white", label="it does not", **MARK),
        Line2D([], [], marker="D", color=INK, markerfacecolor="none", label="the paper’s choices", **MARK),
    ]
    if as_p:
        made.append(Line2D([], [], color=FAINT, linestyle="--", linewidth=0.8, label=f"α = {alpha:g}"))
    if printed:
        made.append(Line2D([], [], color=INK, linestyle=":", linewidth=0.9, label=f"printed{printed}"))
    return made


def _choices(axes: Axes, curve: Curve, bins: np.ndarray) -> None:
    """Rows of cells, one a value: dark where the specifications of a place made the choice."""
    sizes, standing = np.bincount(bins), curve.standing()
    place, steps = 0.0, []
    for choice, column in curve.chosen.items():
        _aside(axes, choice_name(choice), -132, "left", 0, place, INK)
        for value in column.cat.categories:
            share = np.bincount(bins[(column == value).to_numpy()], minlength=len(sizes)) / sizes
            steps.append((place, share))
            _aside(axes, value, -5, "right", 0, place)
            _aside(axes, percent_of(standing[choice][value], 0), 18, "right", 1, place)
            place += 1
        place += 0.6
    _aside(axes, "stands, %", 30, "right", 1, -1.2)
    edges = np.array([[at - 0.42, at + 0.42] for at, _ in steps]).ravel()
    # One image of cells and white lines between them: far smaller than an image a row.
    cells = np.zeros((2 * len(steps) - 1, len(sizes)))
    cells[::2] = [share for _, share in steps]
    axes.pcolormesh(np.arange(len(sizes) + 1) - 0.5, edges, cells, cmap="Greys", vmin=0, vmax=1, rasterized=True)
    axes.set(xlim=(-1, len(sizes)), ylim=(place - 1.0, -1.8), yticks=[], xticks=[])
    axes.spines[:].set_visible(False)
    axes.set_xlabel("Specifications, in the order above")


def _aside(axes: Axes, text: str, offset: float, align: str, x: float, y: float, colour: str = FAINT) -> None:
    axes.annotate(text, (x, y), xycoords=("axes fraction", "data"), xytext=(offset, 0), textcoords="offset points",
                  ha=align, va="center", fontsize=SMALL, color=colour, annotation_clip=False)  # fmt: skip


def _caption(curve: Curve) -> str:
    n = len(curve.frame)
    intervals = not curve.as_p and curve.frame["ci_low"].notna().any()
    what = "its *p*, on a logarithmic axis, smallest on the left" if curve.as_p else "its estimate, in order of size"
    bars = f"; bars, {ci_name(curve.alpha)}, where there is one" if intervals else ""
    shared = (
        f" Neighbours share one of {BINS} places, which shows their median; the darker a cell, the more of them made "
        "the choice."
        if n > 2 * BINS
        else " A dark cell: the specification made the choice."
    )
    return f"""**{curve.statement}: every specification.** Above, {what}{bars} (n{SPACE}={SPACE}{number(n, 0)}
    specifications; the claim stands in {percent_of(curve.share)}{SPACE}% of them). Below, which choice each made,
    and at the right in how many per cent of the specifications with that choice the claim stands.{shared}"""


def _alt(curve: Curve) -> str:
    said = f"Specification curve of {count_of(len(curve.frame), 'specification')}: {curve.statement}. "
    said += f"The claim stands in {percent_of(curve.share)} % of them"
    p = curve.frame["judged"].dropna()
    said += f"; p from {p_value(p.min())} to {p_value(p.max())}. " if len(p) else ". "
    own = curve.frame.loc[curve.frame["position"] == 0, "stands"]
    if len(own):
        said += f"Under the paper’s choices it {'stands' if own.iloc[0] else 'does not stand'}. "
    standing = {choice: pd.Series(values) for choice, values in curve.standing().items()}
    if standing and 0 < curve.share < 1:
        most = max(standing, key=lambda choice: np.ptp(standing[choice]))
        low, high = standing[most].idxmin(), standing[most].idxmax()
        said += (
            f"Most depends on: {choice_name(most)}, from {percent_of(standing[most][low], 0)} % ({low}) to "
            f"{percent_of(standing[most][high], 0)} % ({high})."
        )
    return said
