"""Power of the main tests by the size of the groups."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from helpers.analysis.design.kept import Simulated
from helpers.analysis.frames import group_size
from helpers.report.design_words import TRUTHS, questions
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import GRID, SMALL, finish, quiet
from helpers.report.format import SPACE
from helpers.report.style import COLOURS, DOUBLE, FAINT, MM, drawing, new_figure
from helpers.report.words import NOTHING

THIN = {"markersize": 3, "linewidth": 1, "elinewidth": 0.7}
LOOKS = {
    "fitted": {"color": COLOURS[1], "marker": "o", "linestyle": "-"},
    "half": {"color": COLOURS[0], "marker": "s", "linestyle": "--"},
    "some": {"color": COLOURS[3], "marker": "^", "linestyle": "-."},
}
COLUMNS, HEIGHT = 4, 40 * MM
ENOUGH = 0.8


def power(run, simulated: Simulated) -> FigureExhibit | TextExhibit:
    """The figure ``fig-power``: one panel a main test, one line a population."""
    asked = [question for question in questions(run.study) if len(question.rates(simulated))]
    if not asked:
        return NOTHING
    rows = -(-len(asked) // COLUMNS)
    with drawing():
        figure = new_figure(DOUBLE, rows * HEIGHT + 12 * MM)
        panels = figure.subplots(rows, COLUMNS, squeeze=False, sharex=True, sharey=True).ravel()
        said, shown = [], set()
        for axes, question in zip(panels, asked, strict=False):
            said.append(f"{question.title}: {_panel(run, axes, simulated, question, shown)}")
        for axes in panels[len(asked) :]:
            axes.axis("off")
        figure.supxlabel("Participants a group (logarithmic)", fontsize=8)
        figure.supylabel("Power, %", fontsize=8)
        entries = [
            Line2D([], [], markersize=4, linewidth=1.2, label=TRUTHS[truth], **look)
            for truth, look in LOOKS.items()
            if truth in shown
        ]
        figure.legend(handles=entries, loc="outside upper left", ncols=3, borderaxespad=0.2)
        n = group_size(run.study, run.study.roles.compared[0])
        caption = f"""**Power by the size of the groups.** Populations have the means and associations of the study,
        half of its differences between groups, or only those differences that were found significant. For families of
        tests power is the mean share of the false hypotheses that are rejected. Bars, two Monte-Carlo standard
        errors; dotted, this study’s size (n{SPACE}={SPACE}{n} in the first group) and {100 * ENOUGH:.0f}{SPACE}%
        power."""
        return finish(run, figure, "fig-power", caption, f"Power curves. {' '.join(said)}")


def _panel(run, axes: Axes, simulated: Simulated, question, shown: set[str]) -> str:
    found = question.rates(simulated)
    parts = []
    for truth, style in LOOKS.items():
        line = found[found["truth"] == truth].sort_values("n")
        if line.empty:
            continue
        shown.add(truth)
        axes.errorbar(line["n"], 100 * line["rate"], yerr=200 * line["rate_se"], **THIN, **style)
        ends = line.iloc[[0, -1]]
        at = " to ".join(f"{100 * row.rate:.0f} % at {row.n}" for row in ends.itertuples())
        parts.append(f"{TRUTHS[truth]}, {at}")
    axes.set_title(question.title, fontsize=7)
    _axis(run, axes, found["n"])
    return "; ".join(parts) + "."


def _axis(run, axes: Axes, sizes) -> None:
    axes.set_xscale("log")
    ticks = np.unique(sizes)
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks], fontsize=SMALL, rotation=90)
    axes.minorticks_off()
    axes.set_ylim(-3, 103)
    n = group_size(run.study, run.study.roles.compared[0])
    axes.axvline(n, color=FAINT, linewidth=0.8, linestyle=":", zorder=0)
    axes.axhline(100 * ENOUGH, color=FAINT, linewidth=0.8, linestyle=":", zorder=0)
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    quiet(axes)
