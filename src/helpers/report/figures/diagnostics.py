"""How well models fit: residuals against fitted values, and normal Q–Q plots."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import SMALL, finish, quiet, small_title, span
from helpers.report.format import count_of, listed, number
from helpers.report.style import COLOURS, DOUBLE, FAINT, MM, drawing, new_figure
from helpers.report.words import not_applicable

DOTS = {"marker": "o", "color": COLOURS[1], "markersize": 1.8, "alpha": 0.35, "linestyle": "", "markeredgewidth": 0}
MOST_DOTS = 180  # points drawn one by one


def diagnostics(run: Run, fits: Mapping[str, tuple[np.ndarray, np.ndarray]], name: str) -> FigureExhibit | TextExhibit:
    """The figure ``fig-diagnostics-<name>``: for each model, residuals against fitted values and a normal Q–Q plot.

    Parameters
    ----------
    fits : mapping of str to pair of arrays
        By the model's label: fitted values and residuals. Without any, a sentence that says so is returned.
    name : str
        What the models are of, for the exhibit's name: ``outcomes``.
    """
    if not fits:
        return not_applicable("no model was fitted, so there are no residuals to show.")
    with drawing():
        figure, places = _layout(len(fits))
        for (label, (fitted, residuals)), (above, below, first) in zip(fits.items(), places, strict=True):
            fitted, residuals = np.asarray(fitted, float), np.asarray(residuals, float)
            each = _values_each(run, name, label)
            _residual_panel(above, run, fitted, residuals, each, first)
            _normal_panel(below, run, residuals, each, first)
            small_title(above, label, min(5, len(fits)))
        return finish(run, figure, f"fig-diagnostics-{name}", _caption(run, fits), _alt(run, fits))


def _layout(many: int) -> tuple[Figure, list[tuple[Axes, Axes, bool]]]:
    """A pair of panels a model, one above the other in rows of five models; side by side for a single model."""
    columns, blocks = min(5, many), -(-many // 5)
    if many == 1:
        figure = new_figure(DOUBLE, 62 * MM)
        pairs = [(figure.add_subplot(1, 2, 1), figure.add_subplot(1, 2, 2), True)]
    else:
        figure = new_figure(DOUBLE, (8 + (76 if blocks == 1 else 58) * blocks) * MM)
        starts = [(2 * columns * (i // columns) + i % columns + 1, i % columns == 0) for i in range(many)]
        spot = (2 * blocks, columns)
        pairs = [(figure.add_subplot(*spot, n), figure.add_subplot(*spot, n + columns), first) for n, first in starts]
    figure.set_dpi(300)  # of the clouds that become pictures
    return figure, pairs


def _values_each(run: Run, name: str, label: str) -> int:
    """How many residuals one participant gives a model at most."""
    visits = {item.label: len(item.visits) for item in run.study.roles.outcomes}
    analytes = run.study.roles.analytes
    pooled = {"outcomes": visits.get(label, len(run.study.roles.visits)), "baseline": len(analytes.columns)}
    return pooled.get(name, len(analytes.columns) * len(analytes.visits))


def _dots(axes: Axes, run: Run, x: np.ndarray, y: np.ndarray, each: int, bars: bool = False) -> None:
    """A cloud of points; a large one is a picture inside the drawing, which keeps the file small.

    Where no participant may be seen, means over bins of enough of them, with bars of one standard deviation.
    """
    if run.disclosure is None:
        axes.plot(x, y, **DOTS, rasterized=len(x) > MOST_DOTS, zorder=2)
        return
    x, y, squares = run.disclosure.points.bins(x, y, y**2, people=each)
    spread = np.sqrt(np.maximum(squares - y**2, 0)) if bars else None
    axes.errorbar(x, y, yerr=spread, fmt="o", color=COLOURS[1], markersize=3, linewidth=0.8, zorder=2)


def _residual_panel(axes: Axes, run: Run, fitted: np.ndarray, residuals: np.ndarray, each: int, first: bool) -> None:
    _dots(axes, run, fitted, residuals, each, bars=True)
    axes.axhline(0, color=FAINT, linewidth=0.8)
    axes.set_xlabel("Fitted value", fontsize=7)
    axes.set_ylabel("Normalised residual" if first else "", fontsize=7)
    _dress(axes)


def _normal_panel(axes: Axes, run: Run, residuals: np.ndarray, each: int, first: bool) -> None:
    ordered, quantiles = normal_quantiles(residuals)
    _dots(axes, run, quantiles, ordered, each)
    axes.axline((0, 0), slope=1, color=FAINT, linewidth=0.8)
    axes.set_xlabel("Normal quantile", fontsize=7)
    axes.set_ylabel("Standardised residual" if first else "", fontsize=7)
    _dress(axes)


def normal_quantiles(residuals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Residuals standardised and in order, and the normal quantiles expected of them (Blom's plotting positions).

    >>> [part.round(2).tolist() for part in normal_quantiles(np.array([3.0, 1.0, 2.0]))]
    [[-1.0, 0.0, 1.0], [-0.87, 0.0, 0.87]]
    """
    seen = np.sort(residuals[np.isfinite(residuals)])
    if len(seen) < 3 or seen[0] == seen[-1]:
        return np.array([]), np.array([])
    place = (np.arange(1, len(seen) + 1) - 0.375) / (len(seen) + 0.25)
    return (seen - seen.mean()) / seen.std(ddof=1), stats.norm.ppf(place)


def _dress(axes: Axes) -> None:
    quiet(axes, "both")
    axes.tick_params(labelsize=SMALL)


def _caption(run: Run, fits: Mapping) -> str:
    sizes = span([np.isfinite(np.asarray(residuals, float)).sum() for _, residuals in fits.values()])
    many = (
        f" (n = {sizes} residuals a model)"
        if run.disclosure is None
        else "; marks: means over bins of participants, bars: one standard deviation"
    )
    return f"""**Model diagnostics: {listed(list(fits))}.** Residuals in units of the model’s own spread
    against fitted values, and their normal Q–Q plots, with the line of equality{many}."""


def _alt(run: Run, fits: Mapping) -> str:
    parts = []
    for label, (_, residuals) in fits.items():
        seen = np.asarray(residuals, float)
        ordered, quantiles = normal_quantiles(seen)
        if not len(ordered):
            parts.append(f"{label}: too few residuals.")
            continue
        match = np.corrcoef(ordered, quantiles)[0, 1]
        far = f", {count_of((np.abs(ordered) > 3).sum(), 'residual')} beyond three standard deviations"
        shape = f"{label}: skewness {number(stats.skew(ordered))}, Q–Q correlation {number(match, 3)}"
        parts.append(f"{shape}{far if run.disclosure is None else ''}.")
    return "Residual and Q–Q plots. " + " ".join(parts)
