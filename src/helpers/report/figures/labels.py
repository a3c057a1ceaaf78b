"""Labels beside marks, none on top of another: the same drawing gets the same labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from helpers.report.style import FAINT

# Where a label may stand, near places first: sideways, then above and below, in points.
SIDES = tuple((x, y) for y in (0, 1, -1, 2, -2, 3, -3, 4, -4) for x in (1, -1))
NEAR, FAR = (4.0, 7.0), ((14.0, 10.0), (5.0, 10.0), (30.0, 10.0), (46.0, 10.0))
LINE = {"arrowstyle": "-", "linewidth": 0.4, "color": FAINT, "shrinkA": 0, "shrinkB": 2}
MARK = 3.0  # points from a mark's centre that labels keep clear of


def place_labels(figure: Figure, panels: Sequence[Axes], labels: Sequence[Sequence[Annotation]]) -> int:
    """Move each panel's labels to where they, and their lines, meet neither each other, nor a mark, nor the edge.

    The first label of a panel chooses first; one without a free place is removed.

    Returns
    -------
    int
        How many labels were removed.
    """
    every = [label for part in labels for label in part]
    for label in every:
        label.set_in_layout(False)
    figure.draw_without_rendering()
    return sum(_place(axes, list(part)) for axes, part in zip(panels, labels, strict=True) if part)


def _place(axes: Axes, labels: list[Annotation]) -> int:
    point = axes.figure.dpi / 72
    frame = axes.get_window_extent()
    taken, lost = [_around(spot, MARK * point) for spot in _marks(axes)], 0
    for label in labels:
        size = label.get_window_extent()
        mark = axes.transData.transform(label.xy)
        for shift, side in _shifts():
            end = mark + np.array(shift) * point
            box = _box(end, size.width, size.height, side)
            mine = [box, *(_line(mark, end, MARK * point) if _is_far(shift) else ())]
            if _inside(box, frame) and not any(one.overlaps(other) for one in mine for other in taken):
                taken += mine
                _move(axes, label, shift, side)
                break
        else:
            label.remove()
            lost += 1
    return lost


def _shifts() -> Iterator[tuple[tuple[float, float], int]]:
    """Distances from the mark, and on which side of it the text stands."""
    for (across, up), (x, y) in product((NEAR, *FAR), SIDES):
        yield (across * x, up * y), x


def _move(axes: Axes, label: Annotation, shift: tuple[float, float], side: int) -> None:
    """To its place; one that stands far from its mark gets a line to it."""
    label.set(position=shift, horizontalalignment="left" if side > 0 else "right")
    if _is_far(shift):
        axes.annotate("", label.xy, xytext=shift, textcoords="offset points", arrowprops=LINE).set_in_layout(False)


def _is_far(shift: tuple[float, float]) -> bool:
    """Whether a label needs a line to its mark."""
    return abs(shift[0]) > NEAR[0] or abs(shift[1]) > NEAR[1]


def _line(mark: np.ndarray, end: np.ndarray, clear: float) -> list[Bbox]:
    """Points along a line from the edge of a mark to its label, as small boxes."""
    length = float(np.hypot(*(end - mark)))
    steps = np.linspace(min(1.5 * clear / length, 1), 1, max(int(length / clear), 2))
    return [_around(mark + step * (end - mark), 0.2 * clear) for step in steps]


def _marks(axes: Axes) -> np.ndarray:
    """Where the marks of all scatters are, in pixels."""
    spots = [np.ma.filled(cloud.get_offsets(), np.nan) for cloud in axes.collections]
    found = np.concatenate([np.empty((0, 2)), *spots])
    return axes.transData.transform(found[np.isfinite(found).all(axis=1)])


def _around(spot: np.ndarray, far: float) -> Bbox:
    return Bbox([spot - far, spot + far])


def _box(anchor: np.ndarray, width: float, height: float, side: int) -> Bbox:
    x, y = anchor
    return Bbox.from_extents(x if side > 0 else x - width, y - height / 2, x + width if side > 0 else x, y + height / 2)


def _inside(box: Bbox, frame: Bbox) -> bool:
    return frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
