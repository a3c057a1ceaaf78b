"""Tests of the indirect effect side by side: where it exists, and where one path or both are absent."""

from __future__ import annotations

import numpy as np
from matplotlib.lines import Line2D

from helpers.analysis.design.kept import Simulated
from helpers.report.design_words import METHODS, TRUTHS
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import GRID, SMALL, finish, quiet
from helpers.report.format import SPACE
from helpers.report.style import COLOURS, DOUBLE, FAINT, MM, drawing, new_figure
from helpers.report.words import NOTHING

LOOKS = {
    "sobel": {"color": COLOURS[0], "marker": "s", "linestyle": "--"},
    "aroian": {"color": COLOURS[5], "marker": "v", "linestyle": ":"},
    "percentile": {"color": COLOURS[1], "marker": "o", "linestyle": "-"},
    "bias_corrected": {"color": COLOURS[3], "marker": "^", "linestyle": "-."},
    "bca": {"color": COLOURS[4], "marker": "D", "linestyle": (0, (5, 1))},
}
POPULATIONS = ("fitted", "no a", "no b", "neither")


def indirect(run, simulated: Simulated) -> FigureExhibit | TextExhibit:
    """The figure ``fig-indirect``: one panel a population, one line a test."""
    found = simulated.of("mediation", test="indirect effect")
    if found.empty:
        return NOTHING
    with drawing():
        figure = new_figure(DOUBLE, 70 * MM)
        panels = figure.subplots(1, len(POPULATIONS), sharex=True)
        said = []
        for axes, truth in zip(panels, POPULATIONS, strict=True):
            for method, style in LOOKS.items():
                line = found[(found["truth"] == truth) & (found["method"] == method)].sort_values("n")
                axes.errorbar(line["n"], 100 * line["rate"], yerr=200 * line["rate_se"], markersize=3, linewidth=1,
                              elinewidth=0.7, **style)  # fmt: skip
                ends = " to ".join(f"{100 * rate:.1f}" for rate in line["rate"].iloc[[0, -1]])
                said.append(f"{TRUTHS[truth]}, {METHODS[method]}: {ends} %.")
            axes.set_xscale("log")
            ticks = np.unique(found["n"])
            axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks], fontsize=SMALL, rotation=90)
            axes.minorticks_off()
            axes.set_ylim(0, 103 if truth == "fitted" else 11)
            if truth != "fitted":
                axes.axhline(100 * run.settings.alpha, color=FAINT, linewidth=0.8, linestyle=":", zorder=0)
            axes.set_title(TRUTHS[truth], fontsize=7)
            axes.grid(axis="y", color=GRID, linewidth=0.5)
            quiet(axes)
        panels[0].set_ylabel("Rejections, %")
        figure.supxlabel("Participants (logarithmic)", fontsize=8)
        entries = [
            Line2D([], [], markersize=4, linewidth=1.2, label=METHODS[name], **look) for name, look in LOOKS.items()
        ]
        figure.legend(handles=entries, loc="outside upper left", ncols=5, borderaxespad=0.2, columnspacing=1.0)
        caption = f"""**Tests of the indirect effect.** Left, paths as in the study: power. Right, one path or both
        are absent, so that there is no indirect effect: dotted, the nominal level
        α{SPACE}={SPACE}{run.settings.alpha:g}. Bars, two Monte-Carlo standard errors."""
        return finish(run, figure, "fig-indirect", caption, f"Curves by n, from least to most. {' '.join(said)}")
