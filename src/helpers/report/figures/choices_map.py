"""In how many per cent of the specifications each main claim stands, by the value of each choice."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import seaborn as sns

from helpers.report.curves import Curve
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import SMALL, finish, readable_cells
from helpers.report.format import SPACE, count_of, percent_of
from helpers.report.multiverse_words import CHOICES, choice_name
from helpers.report.style import DOUBLE, FAINT, MM, drawing, new_figure
from helpers.report.words import NOTHING


def choices_map(run, curves: Mapping[str, Curve]) -> FigureExhibit | TextExhibit:
    """The figure ``fig-choices``: rows the values of the choices, columns the main claims."""
    if not curves:
        return NOTHING
    standing = [curve.standing() for curve in curves.values()]
    rows = [
        (choice, value) for choice in CHOICES for value in dict.fromkeys(v for s in standing for v in s.get(choice, ()))
    ]
    cells = np.array([[100 * s.get(choice, {}).get(value, np.nan) for s in standing] for choice, value in rows])
    with drawing():
        figure = new_figure(DOUBLE, (len(rows) * 3.4 + 46) * MM)
        axes = figure.add_subplot()
        texts = np.vectorize(lambda cell: "" if np.isnan(cell) else percent_of(cell / 100, 0))(cells)
        kind = {"fontsize": SMALL, "va": "center_baseline"}
        bar = {"fraction": 0.025, "pad": 0.015, "label": "Stands in, % of the specifications"}
        sns.heatmap(cells, annot=texts, fmt="", annot_kws=kind, cmap="cividis", vmin=0, vmax=100, linewidths=0.6,
                    xticklabels=False, yticklabels=False, ax=axes, cbar_kws=bar, rasterized=True)  # fmt: skip
        readable_cells(axes, cells)
        axes.collections[0].colorbar.ax.tick_params(length=2, labelsize=SMALL)
        axes.set_yticks(np.arange(len(rows)) + 0.5, [value for _, value in rows], fontsize=SMALL)
        statements = [curve.statement for curve in curves.values()]
        axes.set_xticks(np.arange(len(curves)) + 0.5, statements, rotation=40, ha="right", rotation_mode="anchor",
                        fontsize=SMALL)  # fmt: skip
        axes.tick_params(length=0)
        _choice_names(axes, rows)
        n = [len(curve.frame) for curve in curves.values()]
        caption = f"""**How the main claims depend on each choice.** In a cell, in how many per cent of the
        specifications with that choice the claim stands (n{SPACE}={SPACE}{min(n)} to {max(n)} specifications a claim).
        Empty: the choice has no bearing on the claim, or one value alone."""
        return finish(run, figure, "fig-choices", caption, _alt(curves))


def _choice_names(axes, rows: list) -> None:
    starts = [place for place, (choice, _) in enumerate(rows) if place == 0 or rows[place - 1][0] != choice]
    for place in starts:
        axes.annotate(choice_name(rows[place][0]), (0, place + 0.5), xycoords=("axes fraction", "data"),
                      xytext=(-190, 0), textcoords="offset points", va="center", fontsize=SMALL, color=FAINT,
                      annotation_clip=False)  # fmt: skip
        if place:
            axes.axhline(place, color="white", linewidth=2.5)


def _alt(curves: Mapping[str, Curve]) -> str:
    parts = []
    for curve in curves.values():
        spread = {choice: max(v.values()) - min(v.values()) for choice, v in curve.standing().items()}
        most = max(spread, key=spread.get, default="")
        if most and spread[most]:
            parts.append(f"{curve.statement}: {choice_name(most)}, {100 * spread[most]:.0f} points")
    return f"Map of {count_of(len(curves), 'claim')} by choice. Moved most by: {'; '.join(parts) or 'none'}."
