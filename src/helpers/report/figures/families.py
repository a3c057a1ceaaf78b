"""What adjusting for many analytes costs and saves."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from helpers.analysis.design.kept import Simulated
from helpers.report.design_words import ADJUSTMENTS
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import GRID, SMALL, finish, quiet
from helpers.report.style import COLOURS, DOUBLE, FAINT, MM, drawing, new_figure
from helpers.report.words import NOTHING

THIN = {"markersize": 3, "linewidth": 1, "elinewidth": 0.7}
LOOKS = {
    "none": {"color": COLOURS[0], "marker": "s", "linestyle": "--"},
    "fdr_bh": {"color": COLOURS[1], "marker": "o", "linestyle": "-"},
    "bonferroni": {"color": COLOURS[3], "marker": "^", "linestyle": "-."},
}
FAMILIES = {"baseline": ("groups", "At baseline"), "course": ("interaction", "Over time, group × time")}
SHOWN = (
    ("equal", "any false", "Nothing differs: any rejection, %"),
    ("some", "false share", "Some differ: false among rejected, %"),
    ("some", "power", "Some differ: found of them, %"),
)


def families(run, simulated: Simulated) -> FigureExhibit | TextExhibit:
    """The figure ``fig-families``: rows the two families of analytes, columns what may go wrong and right."""
    known = [name for name in FAMILIES if len(simulated.of(name))]
    if not known:
        return NOTHING
    with drawing():
        figure = new_figure(DOUBLE, (len(known) * 42 + 12) * MM)
        panels = figure.subplots(len(known), len(SHOWN), squeeze=False, sharex=True, sharey="col")
        said = []
        for row, family in enumerate(known):
            for column, (truth, what, title) in enumerate(SHOWN):
                axes = panels[row, column]
                said += _panel(axes, simulated, family, truth, what, run.settings.alpha)
                if row == 0:
                    axes.set_title(title, fontsize=7)
            panels[row, 0].set_ylabel(FAMILIES[family][1], fontsize=7)
        for axes in panels[-1]:  # after all are drawn: a column shares its axis
            axes.set_ylim(bottom=0)
        figure.supxlabel("Participants a group (logarithmic)", fontsize=8)
        entries = [
            Line2D([], [], markersize=4, linewidth=1.2, label=ADJUSTMENTS[a], **look) for a, look in LOOKS.items()
        ]
        figure.legend(handles=entries, loc="outside upper left", ncols=3, borderaxespad=0.2)
        many = len(run.study.roles.analytes.columns)
        caption = f"""**Families of {many} tests, adjusted and not.** Left, how often a family in which nothing
        differs has any rejection; in the middle, where only the analytes found in the study differ, the mean share of
        rejections that are false (the false discovery rate), and right the mean share of those analytes that are
        found. Dotted, α; bars, two Monte-Carlo standard errors."""
        return finish(run, figure, "fig-families", caption, f"Curves by size of the groups. {' '.join(said)}")


def _panel(axes: Axes, simulated: Simulated, family: str, truth: str, what: str, alpha: float) -> list[str]:
    test = f"{FAMILIES[family][0]}: {what}"
    said = []
    for adjustment, style in LOOKS.items():
        line = simulated.of(family, truth=truth, method="published", test=test, adjustment=adjustment, missing=0.0)
        line = line.sort_values("n")
        axes.errorbar(line["n"], 100 * line["rate"], yerr=200 * line["rate_se"], **THIN, **style)
        if len(line):
            said.append(
                f"{FAMILIES[family][1]}, {what}, {ADJUSTMENTS[adjustment]}: {100 * line['rate'].iloc[0]:.0f} to "
                f"{100 * line['rate'].iloc[-1]:.0f} %."
            )
    axes.set_xscale("log")
    ticks = np.unique(simulated.of(family)["n"])
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks], fontsize=SMALL)
    axes.minorticks_off()
    if what != "power":
        axes.axhline(100 * alpha, color=FAINT, linewidth=0.8, linestyle=":", zorder=0)
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    quiet(axes)
    return said
