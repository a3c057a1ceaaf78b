"""How often tests reject what is true: by method, at small, at this study's and at large size."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from helpers.analysis.design.kept import Simulated
from helpers.analysis.frames import main_outcome, outcome
from helpers.report.design_words import METHODS, to_its_level
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import GRID, SMALL, finish, quiet
from helpers.report.format import SPACE
from helpers.report.style import COLOURS, DOUBLE, FAINT, MM, drawing, new_figure
from helpers.report.words import NOTHING

LOOKS = {
    "published": {"color": COLOURS[1], "marker": "o"},
    "observed": {"color": COLOURS[6], "marker": "D"},
    "unstructured": {"color": COLOURS[3], "marker": "^"},
    "independent": {"color": COLOURS[0], "marker": "s"},
}
LEAST = 0.001  # smaller rates stand at the left edge
TESTS = (("group", "equal", "group"), ("time", "flat", "time"), ("interaction", "equal", "group × time"))


def levels(run, simulated: Simulated) -> FigureExhibit | TextExhibit:
    """The figure ``fig-levels``: one panel a size, one line a test, one mark a method."""
    rates = level_rates(run, simulated)
    if rates.empty:
        return NOTHING
    sizes = chosen_sizes(rates["n"])
    lines = list(dict.fromkeys(rates["line"]))
    with drawing():
        figure = new_figure(DOUBLE, (len(lines) * 6.5 + 28) * MM)
        panels = figure.subplots(1, len(sizes), sharex=True, sharey=True, squeeze=False)[0]
        for axes, n in zip(panels, sizes, strict=True):
            _panel(run, axes, rates[rates["n"] == n], lines)
            axes.set_title(f"{n} a group", fontsize=8)
        panels[0].set_yticks(range(len(lines)), lines)
        figure.supxlabel("Rejections of a true hypothesis, % (logarithmic)", fontsize=8)
        entries = [
            Line2D([], [], linestyle="", markersize=4, label=METHODS[name], **look)
            for name, look in LOOKS.items()
            if name in set(rates["method"])
        ]
        figure.legend(handles=entries, loc="outside upper left", ncols=2, borderaxespad=0.2, handletextpad=0.3)
        alpha = run.settings.alpha
        caption = f"""**How often tests of the mixed models reject what is true.** The course is the same in all
        groups (for tests of group and of group × time), or nothing changes (for time); of the analytes the mean over
        all of them. Dashed, the nominal level α{SPACE}={SPACE}{alpha:g}; bars, two Monte-Carlo standard errors; rates
        below {100 * LEAST:g}{SPACE}% stand at the left edge."""
        return finish(run, figure, "fig-levels", caption, _alt(rates, alpha))


def level_rates(run, simulated: Simulated) -> pd.DataFrame:
    """Rates of rejection of true hypotheses: ``line`` (what is tested), ``method``, ``n``, ``rate``, ``rate_se``."""
    parts = []
    for family, subject, label in _models(run):
        for test, truth, words in TESTS:
            found = simulated.of(family, subject=subject, truth=truth, adjustment="none", missing=0.0)
            if found.empty:
                continue
            own = found[found["null"] & ((found["test"] == test) | found["test"].str.startswith(f"{test}, "))]
            mean = own.groupby(["method", "n"], sort=False)[["rate", "rate_se"]].mean().reset_index()
            parts.append(mean.assign(line=f"{label}, {words}"))
    return (
        pd.concat(parts, ignore_index=True)
        if parts
        else pd.DataFrame(columns=["line", "method", "n", "rate", "rate_se"])
    )


def chosen_sizes(sizes: pd.Series) -> list[int]:
    """The smallest, one in the middle and the largest.

    >>> chosen_sizes(pd.Series([15, 20, 33, 50, 100, 200, 15]))
    [15, 33, 200]
    """
    known = sorted(set(sizes))
    return sorted({int(known[place]) for place in (0, (len(known) - 1) // 2, -1)})


def _models(run) -> list[tuple[str, str, str]]:
    found = []
    if run.study.roles.outcomes:
        name = main_outcome(run.study)
        found.append(("outcomes", name, outcome(run.study, name).label))
    return [*found, ("course", "", "Analytes")]


def _panel(run, axes: Axes, rates: pd.DataFrame, lines: list[str]) -> None:
    methods = [name for name in LOOKS if name in set(rates["method"])]
    for place, method in enumerate(methods):
        own = rates[rates["method"] == method]
        y = np.array([lines.index(line) for line in own["line"]]) + (place - (len(methods) - 1) / 2) * 0.17
        axes.errorbar(100 * own["rate"].clip(lower=LEAST), y, xerr=200 * own["rate_se"], linestyle="", markersize=4,
                      elinewidth=0.8, **LOOKS[method])  # fmt: skip
    axes.axvline(100 * run.settings.alpha, color=FAINT, linewidth=0.9, linestyle="--", zorder=0)
    axes.set_xscale("log")
    ticks = [0.1, 0.5, 2, 5, 10, 25, 50, 100]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks], fontsize=SMALL)
    axes.set_xlim(0.08, 110)
    axes.minorticks_off()
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=GRID, linewidth=0.5)
    quiet(axes)


def _alt(rates: pd.DataFrame, alpha: float) -> str:
    n = chosen_sizes(rates["n"])[len(chosen_sizes(rates["n"])) // 2]
    parts = [
        f"{row.line}, {METHODS[row.method]}: {100 * row.rate:.1f} % ({to_its_level(row.rate, alpha)})"
        for row in rates[rates["n"] == n].itertuples()
    ]
    return f"Rates of rejection of true hypotheses. At {n} a group: {'; '.join(parts)}."
