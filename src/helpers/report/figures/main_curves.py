"""The specification curves of all main claims beside each other."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from helpers.report.curves import Curve
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import SMALL, finish
from helpers.report.figures.specification_curve import draw_curve, legend_entries
from helpers.report.format import SPACE, ci_name, count_of, percent_of
from helpers.report.style import DOUBLE, MM, drawing, new_figure
from helpers.report.words import NOTHING

BINS = 60  # places along the axis of a small panel, where there are more than twice as many specifications
COLUMNS, HEIGHT = 3, 33 * MM


def main_curves(run, curves: Mapping[str, Curve]) -> FigureExhibit | TextExhibit:
    """The figure ``fig-curves``: one small panel a main claim."""
    if not curves:
        return NOTHING
    rows, alpha = -(-len(curves) // COLUMNS), next(iter(curves.values())).alpha
    with drawing():
        figure = new_figure(DOUBLE, rows * HEIGHT + 10 * MM)
        panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
        for axes, curve in zip(panels, curves.values(), strict=False):
            draw_curve(axes, curve, curve.bins(BINS), size=1.8)
            axes.set_ylabel(curve.quantity.replace(" (smaller above)", ""), fontsize=SMALL)
            axes.tick_params(labelsize=SMALL)
            axes.set_title(
                textwrap.fill(f"{curve.statement}: {percent_of(curve.share, 0)}{SPACE}%", 38, break_on_hyphens=False),
                fontsize=SMALL,
            )
        for axes in panels[len(curves) :]:
            axes.axis("off")
        figure.legend(handles=legend_entries(alpha, True, " figure"), loc="outside upper left", ncols=5,
                      borderaxespad=0.2, handletextpad=0.4, columnspacing=1.2)  # fmt: skip
        caption = f"""**The main claims under every specification.** Each panel has the estimates of one claim in order
        of size (bars, {ci_name(alpha)}), or, where specifications measure on several scales, their *p*
        values, smallest on the left (n{SPACE}={SPACE}{min(len(c.frame) for c in curves.values())} to
        {max(len(c.frame) for c in curves.values())} specifications; more than {2 * BINS} share places, which show their
        median). In the title, in how many per cent of them the claim stands."""
        return finish(run, figure, "fig-curves", caption, _alt(curves))


def _alt(curves: Mapping[str, Curve]) -> str:
    each = "; ".join(f"{curve.statement}, {percent_of(curve.share, 0)} %" for curve in curves.values())
    return f"Specification curves of {count_of(len(curves), 'claim')}, with the share in which each stands: {each}."
