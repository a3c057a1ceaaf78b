"""The slopes and paths of a mediation as functions of three correlations and three standard deviations.

For x → m → y of n patients, with r_xm, r_xy, r_my and the standard deviations:
    slope of m on x: r_xm s_m / s_x; total: r_xy s_y / s_x; direct: (r_xy - r_xm r_my) / (1 - r_xm²) s_y / s_x;
    indirect = total - direct; the direct effect's t has n - 3 df, with R² = r_xy² + (r_my - r_xm r_xy)² / (1 - r_xm²).
A reading says which of them have a printed interval. Given m and y, what is left to choose is r_xm, r_xy and s_x.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from .sums import Floats

Interval = tuple[float, float]


@dataclass(frozen=True)
class Correlations:
    """Correlations and standard deviations; fields may be arrays that broadcast together."""

    xm: Floats
    xy: Floats
    my: Floats
    s_x: Floats
    s_m: Floats
    s_y: Floats
    n: int


def p_of_r(r: Floats, n: int) -> Floats:
    """Two-sided p of a correlation of n pairs."""
    return 2 * stats.t.sf(np.abs(r) * np.sqrt((n - 2) / (1 - r**2)), n - 2)


def statistics(c: Correlations) -> dict[str, Floats]:
    """The statistics that the paper prints, by the name of its claim, slopes of m on x both ways.

    >>> c = Correlations(0.5, 0.5, 0.25, 1.0, 1.0, 2.0, 33)
    >>> {name: round(float(value), 3) for name, value in statistics(c).items()}["direct-effect"]
    1.0
    """
    rest = 1 - c.xm**2
    direct = (c.xy - c.xm * c.my) / rest
    explained = c.xy**2 + (c.my - c.xm * c.xy) ** 2 / rest
    t = direct * np.sqrt((c.n - 3) * rest / np.maximum(1 - explained, 1e-9))
    total = c.xy * c.s_y / c.s_x
    return {
        "beta": c.xm + 0 * total,
        "slope": c.xm * c.s_m / c.s_x,
        "vas-p": p_of_r(c.xm, c.n) + 0 * total,
        "madrs-beta": c.xy + 0 * total,
        "direct-effect": direct * c.s_y / c.s_x,
        "indirect-effect": total - direct * c.s_y / c.s_x,
        "direct-p": 2 * stats.t.sf(np.abs(t), c.n - 3) + 0 * total,
    }


def slack(c: Correlations, wanted: Mapping[str, Interval]) -> Floats:
    """How far inside all intervals, in half widths: 1 in the middle of each, below 0 outside of one."""
    found = statistics(c)
    inside = [1 - np.abs(found[name] - (low + high) / 2) / ((high - low) / 2) for name, (low, high) in wanted.items()]
    return np.minimum.reduce(np.broadcast_arrays(*inside))


def wanted_mediator(wanted: Mapping[str, Interval], s_y: float, n: int) -> Correlations:
    """A point in the middle of what is wanted: its r_my, and s_m where the slope is wanted, are what m must have.

    Direct and indirect effect are set to the middle of their intervals, which gives s_x and r_my; the middle of the
    slope's gives s_m. What is left, r_xm and r_xy, is taken from a grid.
    """
    direct, indirect = _middle(wanted["direct-effect"]), _middle(wanted["indirect-effect"])
    xy = np.linspace(*wanted["madrs-beta"], 41)[:, None]
    xm = np.linspace(*wanted.get("beta", (0.2, 0.7)), 2001)[None, :]
    s_x = xy * s_y / (direct + indirect)
    my = (xy - xy * direct / (direct + indirect) * (1 - xm**2)) / xm
    s_m = _middle(wanted["slope"]) * s_x / xm if "slope" in wanted else np.ones((1, 1))
    return _best(Correlations(xm, xy, my, s_x, s_m, np.float64(s_y), n), wanted)


def predictor(wanted: Mapping[str, Interval], my: float, s_m: float, s_y: float, n: int) -> Correlations:
    """The point with most slack for given m and y; see :func:`slack` for whether it has any.

    With k = direct / total, the direct effect makes r_xm a root of k r_xy r_xm² - r_my r_xm + r_xy (1 - k) = 0.
    """
    ends = wanted["madrs-beta"], wanted["direct-effect"], wanted["indirect-effect"]
    xy, direct, indirect, sign = np.meshgrid(*(np.linspace(*end, 11) for end in ends), [-1.0, 1.0], indexing="ij")
    c = xy * direct / (direct + indirect)
    root = my**2 - 4 * c * (xy - c)
    xm = np.where(root >= 0, (my + sign * np.sqrt(np.maximum(root, 0))) / (2 * c), 0.999)
    s_x = xy * s_y / (direct + indirect)
    return _best(Correlations(np.clip(xm, -0.999, 0.999), xy, np.float64(my), s_x, np.float64(s_m), np.float64(s_y), n),
                 wanted)  # fmt: skip


def _best(grid: Correlations, wanted: Mapping[str, Interval]) -> Correlations:
    """The point of a grid with most slack."""
    value = np.round(slack(grid, wanted), 9)
    place = np.unravel_index(np.argmax(value), value.shape)
    names = ("xm", "xy", "my", "s_x", "s_m", "s_y")
    return Correlations(*(np.broadcast_to(getattr(grid, name), value.shape)[place] for name in names), grid.n)


def _middle(interval: Interval) -> float:
    return (interval[0] + interval[1]) / 2
