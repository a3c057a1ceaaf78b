"""Clinical outcomes over the visits, by group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from helpers.analysis.frames import outcome, outcome_long
from helpers.analysis.pairs import several
from helpers.analysis.results import pick
from helpers.analysis.run import Run
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import (
    absent,
    at_visits,
    count_rows,
    dodge,
    error_marks,
    finish,
    grid_of,
    group_looks,
    groups_differ,
    handles,
    initial,
    level,
    quiet,
    top_legend,
    visit_axis,
)
from helpers.report.format import listed, number
from helpers.report.style import DOUBLE, INK, MM, drawing, new_figure
from helpers.report.words import not_applicable
from helpers.study.descriptor import Outcome

MOST_LINES = 200  # participants; with more, single courses are a haze


def trajectories(run: Run, rows: pd.DataFrame, outcomes: Sequence[str], name: str) -> FigureExhibit | TextExhibit:
    """One panel an outcome: model-based means with their interval, observed means, single courses behind them.

    Without any outcome a sentence says that none is left to draw.

    Parameters
    ----------
    rows : DataFrame
        Results of :func:`helpers.analysis.efficacy.outcome_models` and
        :func:`helpers.analysis.efficacy.describe_outcomes`.
    outcomes : sequence of str
        Columns of the outcomes table, in the order of the panels.
    name : str
        The exhibit's name, ``fig-madrs-vas``.
    """
    if not outcomes:
        return not_applicable("every outcome has the same visits, so that one figure shows them all.")
    entries = [outcome(run.study, column) for column in outcomes]
    lines = -(-len(entries) // min(len(entries), 3))
    with drawing():
        figure = new_figure(DOUBLE, (8 + 78 * lines) * MM)
        panels, columns = grid_of(figure, len(entries), 3)
        for axes, entry in zip(panels, entries, strict=True):
            _panel(axes, run, rows[rows["outcome"] == entry.column], entry, 136 * MM / columns)
        top_legend(figure, handles(run, run.study.roles.compared))
        return finish(run, figure, name, _caption(run, rows, entries), _alt(run, rows, entries))


def _panel(axes: Axes, run: Run, rows: pd.DataFrame, entry: Outcome, width: float) -> None:
    compared = run.study.roles.compared
    observed = pick(rows, analysis="observed", statistic="mean")
    pad = 4 + 8.5 * len(compared)
    places = visit_axis(axes, run, entry.visits, width, pad)
    if _drawn(run, entry):
        _courses(axes, run, entry, places)
    for position, (group, style) in enumerate(group_looks(run, compared).items()):
        x = dodge(places, position, len(compared), width)
        seen = _shown(entry, at_visits(pick(observed, group=group), entry.visits))
        axes.plot(x, seen, marker=style["marker"], linestyle="", color=style["color"], markersize=6.5,
                  markerfacecolor="none", markeredgewidth=0.7, zorder=3)  # fmt: skip
        means = pick(rows, analysis="mixed_model", statistic="marginal_mean", group=group)
        values = [_shown(entry, at_visits(means, entry.visits, c)) for c in ("value", "ci_low", "ci_high")]
        error_marks(axes, x, *values, style, zorder=4)
    count_rows(axes, run, {g: _counts(pick(observed, group=g), places) for g in compared})
    _stars(axes, pick(rows, analysis="mixed_model", statistic="mean_difference"), places, run.settings.alpha)
    _level_axis(axes, run, entry)


def _drawn(run: Run, entry: Outcome) -> bool:
    """Whether single courses are drawn: not when they are too many to see, nor when nobody may be seen."""
    many = len(outcome_long(run.study, entry.column)["id"].unique())
    return run.disclosure is None and many <= MOST_LINES


def _shown(entry: Outcome, values: np.ndarray) -> np.ndarray:
    """From the modelled scale to the one a reader knows."""
    return np.exp(values) if entry.transform == "log" else values


def _courses(axes: Axes, run: Run, entry: Outcome, places: dict[str, float]) -> None:
    long = outcome_long(run.study, entry.column, raw=True)
    long = long.assign(x=long["visit"].astype(str).map(places).astype(float))
    palette = {group: style["color"] for group, style in group_looks(run, run.study.roles.compared).items()}
    faint = {"linewidth": 0.5, "alpha": 0.13, "zorder": 1, "legend": False}
    sns.lineplot(long, x="x", y="value", hue="group", palette=palette, units="id", estimator=None, ax=axes, **faint)
    axes.set_xlabel("")


def _counts(rows: pd.DataFrame, places: dict[str, float]) -> dict[float, float]:
    return dict(zip(places.values(), at_visits(rows, list(places), "n"), strict=True))


def _stars(axes: Axes, rows: pd.DataFrame, places: dict[str, float], alpha: float) -> None:
    for visit in rows.loc[rows["p_adjusted"] < alpha, "visit"].unique():
        axes.annotate("*", (places[visit], 1), xycoords=("data", "axes fraction"), xytext=(0, -1), fontsize=10,
                      textcoords="offset points", ha="center", va="center", color=INK)  # fmt: skip


def _level_axis(axes: Axes, run: Run, entry: Outcome) -> None:
    field = run.study.field("outcomes", entry.column)
    axes.set_title(field.title, pad=9)
    if entry.transform == "log":
        axes.set_yscale("log")
        ticks = log_ticks(*axes.get_ylim())
        axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.yaxis.set_minor_locator(NullLocator())
    axes.set_ylabel(f"{field.unit or field.title}, log scale" if entry.transform == "log" else field.unit or "score")
    quiet(axes)


def log_ticks(low: float, high: float) -> list[float]:
    """Round numbers to label on a logarithmic axis: 1-2-5 over a decade or more, even steps below that.

    >>> [float(tick) for tick in log_ticks(980, 2100)]
    [1000.0, 1200.0, 1400.0, 1600.0, 1800.0, 2000.0]
    """
    wide = high / low > 10
    every = (LogLocator(subs=(1, 2, 5)) if wide else MaxNLocator(6, steps=[1, 2, 5, 10])).tick_values(low, high)
    return [float(tick) for tick in every if low <= tick <= high]


def _caption(run: Run, rows: pd.DataFrame, entries: list[Outcome]) -> str:
    names = listed([run.study.field("outcomes", entry.column).title for entry in entries])
    geometric = any(entry.transform == "log" for entry in entries)
    log = " On log scales, means are geometric." if geometric else ""
    thin = "; thin lines, single participants" if _drawn(run, entries[0]) else ""
    return f"""**{names} over the visits.** Filled marks: means estimated by the mixed model, with {level(run)}
    confidence intervals; open marks: observed means{thin}. Under the axis: number of participants observed.
    Asterisk: {groups_differ(run)}).{log}
    {absent(_gaps(run, rows, entries))}"""


def _gaps(run: Run, rows: pd.DataFrame, entries: list[Outcome]) -> list[str]:
    means = pick(rows, analysis="mixed_model", statistic="marginal_mean").dropna(subset=["value"])
    seen = set(zip(means["outcome"], means["group"], means["visit"], strict=True))
    return [
        f"{entry.label} in {run.study.group_label(group)} at {initial(run.study.visit_label(visit))}"
        for entry in entries
        for group in run.study.roles.compared
        for visit in entry.visits
        if (entry.column, group, visit) not in seen
    ]


def _alt(run: Run, rows: pd.DataFrame, entries: list[Outcome]) -> str:
    return " ".join(_course(run, rows[rows["outcome"] == entry.column], entry) for entry in entries)


def _course(run: Run, rows: pd.DataFrame, entry: Outcome) -> str:
    """The estimated mean at the first and the last visit by group, and where the groups differ."""
    means, ends = pick(rows, analysis="mixed_model", statistic="marginal_mean"), (entry.visits[0], entry.visits[-1])
    parts = []
    for group in run.study.roles.compared:
        first, last = _shown(entry, at_visits(pick(means, group=group), ends))
        if np.isfinite([first, last]).all():
            decimals = 0 if max(first, last) >= 100 else min(2, entry.decimals + 1)
            word = "falls" if last < first else "rises"
            ends_text = f"from {number(first, decimals)} to {number(last, decimals)}"
            parts.append(f"{word} {ends_text} in {run.study.group_label(group)}")
    title = run.study.field("outcomes", entry.column).title
    if not parts:
        return f"{title}: no estimate for {listed([run.study.group_label(g) for g in run.study.roles.compared])}."
    pairs = pick(rows, analysis="mixed_model", statistic="mean_difference")
    low = pairs.loc[pairs["p_adjusted"] < run.settings.alpha, "visit"].unique()
    where = listed([initial(run.study.visit_label(v)) for v in low]) if len(low) else "no visit"
    who = "two of the groups" if several(run.study) else "the groups"
    days = f"from {initial(run.study.visit_label(ends[0]))} to {initial(run.study.visit_label(ends[1]))}"
    return f"{title}: the estimated mean {listed(parts)} {days}; {who} differ at {where}."
