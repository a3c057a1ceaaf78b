"""Every check of the ledger as one mark, by section of the paper."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from helpers.claims import Verdict
from helpers.report.exhibit import FigureExhibit, TextExhibit
from helpers.report.figures.common import SMALL, finish
from helpers.report.format import SPACE, count_of
from helpers.report.ledger import LOOKS, by_section, no_ledger, tallied
from helpers.report.style import DOUBLE, FAINT, MM, drawing, new_figure

COLUMNS = 50  # marks a line
PITCH = 2.2 * MM  # from mark to mark
GAP = 0.6  # between sections, in lines


def claims_map(run, verdicts: Sequence[Verdict]) -> FigureExhibit | TextExhibit:
    """The figure ``fig-claims``: one mark a check, coloured and shaped by its verdict."""
    if missing := no_ledger(verdicts, run, "nothing to draw"):
        return missing
    parts = by_section(verdicts)
    lines = sum(-(-len(part) // COLUMNS) for part in parts.values()) + GAP * len(parts)
    with drawing():
        figure = new_figure(DOUBLE, lines * PITCH * 1.25 + 16 * MM)
        axes = figure.add_subplot()
        top = 0.0
        for name, part in parts.items():
            top = _section(axes, name, part, top)
        axes.set(xlim=(-0.8, COLUMNS - 0.2), ylim=(top - GAP + 0.2, -0.9))
        axes.axis("off")
        figure.legend(
            handles=_legend(verdicts), loc="outside upper left", ncols=3, borderaxespad=0.2, handletextpad=0.4
        )
        return finish(run, figure, "fig-claims", _caption(verdicts, parts), _alt(verdicts, parts))


def _section(axes: Axes, name: str, part: Sequence[Verdict], top: float) -> float:
    """Draw a section's marks from line ``top`` down, sorted by verdict; return where the next one starts."""
    order = list(LOOKS)
    marks = sorted(part, key=lambda item: order.index(item.verdict))
    for verdict in dict.fromkeys(item.verdict for item in marks):
        places = [place for place, item in enumerate(marks) if item.verdict == verdict]
        axes.plot([p % COLUMNS for p in places], [top + p // COLUMNS for p in places], **_mark(verdict))
    axes.annotate(name, (-1.4, top), ha="right", va="center", fontsize=7, annotation_clip=False)
    axes.annotate(f"{len(part)}", (COLUMNS + 0.2, top), va="center", fontsize=SMALL, color=FAINT, annotation_clip=False)
    return top + (len(marks) - 1) // COLUMNS + 1 + GAP


def _mark(verdict: str) -> dict:
    look = LOOKS[verdict]
    return {"linestyle": "", "marker": look.marker, "markersize": 3.6, "markeredgewidth": 0.9, "color": look.colour,
            "markerfacecolor": look.colour if look.filled else "white"}  # fmt: skip


def _legend(verdicts: Sequence[Verdict]) -> list[Line2D]:
    counted = [(name, sum(item.verdict == name for item in verdicts)) for name in LOOKS]
    return [Line2D([], [], label=f"{name} ({n})", **_mark(name)) for name, n in counted if n]


def _caption(verdicts: Sequence[Verdict], parts: dict) -> str:
    return f"""**The ledger by section of the paper.** One mark a check (n{SPACE}={SPACE}{len(verdicts)}, in
    {count_of(len(parts), "section")}), coloured and shaped by its verdict and sorted by it within a section; at the
    right the number of checks of the section."""


def _alt(verdicts: Sequence[Verdict], parts: dict) -> str:
    each = "; ".join(f"{name}: {tallied(part)}" for name, part in parts.items())
    return f"Map of {count_of(len(verdicts), 'check')} by section of the paper. {each}."
