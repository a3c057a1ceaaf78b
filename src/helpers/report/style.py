"""One look for every figure: journal widths, small type, colours that colour-blind readers can tell apart."""

from __future__ import annotations

from contextlib import contextmanager

import matplotlib as mpl
from matplotlib.figure import Figure

MM = 1 / 25.4
SINGLE, DOUBLE = 85 * MM, 174 * MM
PRINT_DPI = 600  # of a picture of points; what journals ask of lines and letters
INK, FAINT = "#222222", "#6b6b6b"
# Okabe & Ito's palette; the marker and line style are the second cue.
COLOURS = ("#D55E00", "#0072B2", "#5f5f5f", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
LINES = ("-", "--", ":", "-.", (0, (1, 1)), (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)))

RC = {
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7,
    "figure.titlesize": 9,
    "font.family": "DejaVu Sans",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.hashsalt": "helpers",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
}


@contextmanager
def drawing():
    """Draw with the project's settings, whatever the session's are."""
    with mpl.rc_context({**mpl.rcParamsDefault, **RC, "backend": mpl.rcParams["backend"]}):
        yield


def new_figure(width: float = DOUBLE, height: float = 80 * MM) -> Figure:
    """An empty figure of the given size (inches), outside pyplot, so that nothing is shown twice or kept open.

    Raises
    ------
    ValueError
        The width is neither that of one column of a journal nor that of two.
    """
    if width not in (SINGLE, DOUBLE):
        raise ValueError(f"a figure is {SINGLE / MM:.0f} or {DOUBLE / MM:.0f} mm wide, not {width / MM:.0f}")
    return Figure(figsize=(width, height), layout="constrained")


def look(position: int) -> dict:
    """Colour, marker and line style of the group at ``position``; 56 groups differ in one of them at least."""
    place = position % len(MARKERS)
    return {"color": COLOURS[position % len(COLOURS)], "marker": MARKERS[place], "linestyle": LINES[place]}


def stamp(figure: Figure, notice: str) -> None:
    """Say on the figure's face that its data are synthetic; nothing for real data."""
    if notice:
        figure.text(0.995, 0.995, notice, ha="right", va="top", fontsize=6.5, color=FAINT, style="italic")
