"""How large F can be when every standardised difference is bounded, against the within-person correlation."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.claims.audit import bounds
from helpers.claims.audit.finding import text as printed
from helpers.report.exhibit import FigureExhibit, TextExhibit, figure_exhibit
from helpers.report.figures.common import SMALL, one_line, quiet
from helpers.report.format import SPACE, number
from helpers.report.ledger import PRINTED_ONLY, audited
from helpers.report.style import COLOURS, DOUBLE, FAINT, INK, MM, drawing, new_figure
from helpers.report.words import not_applicable

STEP = 0.001
RHO = np.arange(0, 0.951, STEP)
TERMS = {"group": "Group", "interaction": "Group × time"}
BEYOND = {"group": (0.6, 0.75), "interaction": (0.12, 0.9)}  # where the region that is not possible is named
HEIGHT = 2.7  # of the vertical axis, in printed F's


def attainable_f(run) -> FigureExhibit | TextExhibit:
    """The figure ``fig-bounds``: the region of possible F for both tests of MADRS, the printed F as a line."""
    if not audited(run):
        return not_applicable("the bounds are about printed figures of the study that this compendium was made for.")
    frame = bounds(RHO)
    with drawing():
        figure = new_figure(DOUBLE, 72 * MM)
        for place, (term, label) in enumerate(TERMS.items(), start=1):
            _panel(figure.add_subplot(1, 2, place), frame, term, label)
        return figure_exhibit(figure, "fig-bounds", one_line(_caption(frame)), one_line(_alt(frame)))


def reach(frame: pd.DataFrame, term: str) -> tuple[float, float]:
    """The smallest and largest correlation at which the printed F of a term is possible; missing where there is none.

    >>> [f"{rho:.3f}" for rho in reach(bounds(RHO), "group")]
    ['0.000', '0.215']
    """
    possible = frame.loc[frame[f"{term}_f"] >= frame[f"printed_{term}_f"], "rho"]
    return (possible.min(), possible.max()) if len(possible) else (np.nan, np.nan)


def both_possible(frame: pd.DataFrame) -> bool:
    """Whether some correlation allows both printed F's."""
    return bool((frame["interaction_f_given_group"] >= frame["printed_interaction_f"]).any())


def _panel(axes: Axes, frame: pd.DataFrame, term: str, label: str) -> None:
    rho, most = frame["rho"], frame[f"{term}_f"]
    f, apart = (frame[name].iloc[0] for name in (f"printed_{term}_f", f"diagonal_{term}_f"))
    top = HEIGHT * f
    axes.fill_between(rho, 0, most.clip(upper=top), color=COLOURS[1], alpha=0.22, linewidth=0)
    axes.plot(rho, most.where(most <= top), color=COLOURS[1], linewidth=1.2)
    axes.axhline(f, color=INK, linewidth=1)
    axes.axhline(apart, color=COLOURS[0], linewidth=1, linestyle="--")
    low, high = reach(frame, term)
    if np.isfinite(low):
        axes.plot([low, high], [f, f], color=COLOURS[1], linewidth=3.2, solid_capstyle="butt", zorder=3)
    axes.set(xlim=(rho.min(), rho.max()), ylim=(0, top), xlabel="Within-person correlation of two visits", ylabel="F")
    axes.set_title(f"{label}, MADRS")
    beside = {"xycoords": ("axes fraction", "data"), "textcoords": "offset points", "xytext": (0, 1.5), "ha": "right",
              "va": "bottom", "fontsize": SMALL}  # fmt: skip
    axes.annotate(f"printed {number(f, 3)}", (0.98, f), **beside)
    axes.annotate("at most, diagonal covariance", (0.98, apart), color=COLOURS[0], **beside)
    axes.annotate("possible", (0.12, 0.06), xycoords="axes fraction", fontsize=7, color=COLOURS[1])
    axes.annotate("not possible", BEYOND[term], xycoords="axes fraction", fontsize=7, color=FAINT)
    quiet(axes)


def _caption(frame: pd.DataFrame) -> str:
    conclusion = (
        "Some correlation allows both printed F."
        if both_possible(frame)
        else "No correlation allows both printed F at once."
    )
    d, n = printed("madrs-d-third"), f"n{SPACE}={SPACE}{printed('n-pain')}"
    return f"""**How large F can be.** Largest F of group and of group × time for MADRS that any data can have when no
    visit’s standardised difference exceeds the printed {d} ({n} a group,
    no covariates, compound symmetry), against the correlation of two visits of a person; shaded: possible. Horizontal
    line: the printed F, thick where it is possible. Dashed: the largest F under a diagonal covariance, which has no
    correlation. {conclusion} Covariates in the models, or a larger difference at another visit, lift the bound.
    {PRINTED_ONLY}"""


def _alt(frame: pd.DataFrame) -> str:
    parts = []
    for term, label in TERMS.items():
        low, high = reach(frame, term)
        f, apart = (frame[name].iloc[0] for name in (f"printed_{term}_f", f"diagonal_{term}_f"))
        where = f"correlations from {number(low, 3)} to {number(high, 3)}" if np.isfinite(low) else "no correlation"
        side = "above" if f > apart else "below"
        parts.append(
            f"{label}: the printed F of {number(f, 3)} is possible at {where}, and lies {side} the largest F under a "
            f"diagonal covariance, {number(apart)}"
        )
    both = "some correlation allows" if both_possible(frame) else "no correlation allows"
    return (
        f"Two panels of the largest possible F against the within-person correlation. {'. '.join(parts)}; {both} both."
    )
