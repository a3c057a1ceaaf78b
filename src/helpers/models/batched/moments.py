"""Sums over the subjects of products of design and responses: all that REML needs of the data.

Subjects enter the likelihood through Σ xₐ xᵦᵀ, Σ xₐ yᵦ and Σ yₐ yᵦ over those of one missingness pattern, a and b
visits. Formed once, they make each step of a search as long for 200 subjects as for 30.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.linalg import qr

from ..layout import Layout

Array = np.ndarray


@dataclass(frozen=True)
class PatternMoments:
    """Sums over the `count` subjects who were seen at the visits `seen` (visits,), 1 or 0.

    `xx` (B or 1, visits², k²), entry (a b, k l) Σ x[a, k] x[b, l]; `xy` (B, visits², k) Σ x[a, k] y[b];
    `yy` (B, visits, visits) Σ y[a] y[b]. Unseen visits are zero.
    """

    count: float
    seen: Array
    xx: Array
    xy: Array
    yy: Array


@dataclass(frozen=True)
class Moments:
    """One design, or one a response, and B responses, in the orthonormal basis of the design.

    `triangle` (B or 1, k, k) with X = basis triangle; `least_squares` (B, k) and `scale` (B,) as in `layout.Problem`:
    the responses are what least squares leaves, over its spread. `rows` and `visits` count.
    """

    patterns: tuple[PatternMoments, ...]
    triangle: Array
    least_squares: Array
    scale: Array
    rows: int
    visits: int

    @property
    def columns(self) -> int:
        """k, the columns of the design."""
        return self.triangle.shape[-1]

    @property
    def size(self) -> int:
        """B, the responses."""
        return len(self.scale)

    @property
    def constant(self) -> Array:
        """What -2 log REML has besides the terms in Σ, (B,); as `layout.Problem.constant`."""
        fixed = (self.rows - self.columns) * (np.log(2 * np.pi) + 2 * np.log(self.scale))
        return fixed + 2 * np.log(np.abs(np.diagonal(self.triangle, axis1=1, axis2=2))).sum(axis=1)

    def take(self, which: Array) -> Moments:
        """Those of some of the responses."""

        def of(values: Array) -> Array:
            return values if len(values) == 1 and self.size > 1 else values[which]

        parts = tuple(PatternMoments(p.count, p.seen, of(p.xx), p.xy[which], p.yy[which]) for p in self.patterns)
        own = of(self.triangle)
        return Moments(parts, own, self.least_squares[which], self.scale[which], self.rows, self.visits)


def gather(layout: Layout, y: Array, x: Array | None = None) -> Moments:
    """Moments of responses y (n, B) on a layout, whose design x (B, n, k) replaces where each response has its own.

    >>> from ..layout import lay_out
    >>> layout = lay_out(np.ones((4, 1)), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2)
    >>> moments = gather(layout, np.array([[1.0], [3], [5], [7]]))
    >>> moments.patterns[0].xx.round(3).ravel().tolist(), moments.patterns[0].yy.round(3).ravel().tolist()
    ([0.5, 0.5, 0.5, 0.5], [2.0, 1.2, 1.2, 2.0])
    """
    basis, triangle = _factors(layout, x)
    start, left = _least_squares(basis, y)
    scale = np.sqrt((left**2).mean(axis=1))
    spread_y = _spread(layout, (left / scale[:, None])[:, :, None])[..., 0]
    spread_x = _spread(layout, basis)
    parts = []
    for number, seen in enumerate(layout.seen):
        members = np.flatnonzero(layout.pattern == number)
        parts.append(_sums(seen, spread_x[:, members], spread_y[:, members]))
    return Moments(tuple(parts), triangle, start, scale, len(y), layout.seen.shape[1])


def residual_spread(layout: Layout, y: Array, x: Array | None = None) -> Array:
    """Root mean square (B,) of what least squares leaves of y (n, B); x as in `gather`.

    >>> from ..layout import lay_out
    >>> layout = lay_out(np.ones((4, 1)), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2)
    >>> residual_spread(layout, np.array([[1.0, 2], [3, 2], [5, 2], [7, 2]])).round(3).tolist()
    [2.236, 0.0]
    """
    _, left = _least_squares(_factors(layout, x)[0], y)
    return np.sqrt((left**2).mean(axis=1))


def _factors(layout: Layout, x: Array | None) -> tuple[Array, Array]:
    """Orthonormal basis (B or 1, n, k) and triangle (B or 1, k, k) of the design."""
    return (layout.basis[None], layout.triangle[None]) if x is None else qr(x)


def _least_squares(basis: Array, y: Array) -> tuple[Array, Array]:
    """Coefficients in the basis (B, k) and what they leave (B, n)."""
    start = (basis.swapaxes(1, 2) @ y.T[:, :, None])[:, :, 0]
    return start, y.T - (basis @ start[:, :, None])[:, :, 0]


def _spread(layout: Layout, values: Array) -> Array:
    """Values by row (B, n, m) as (B, subjects, visits, m)."""
    out = np.zeros((len(values), len(layout.pattern), layout.seen.shape[1], values.shape[2]))
    out[:, layout.subject, layout.visit] = values
    return out


def _sums(seen: Array, x: Array, y: Array) -> PatternMoments:
    """x (B or 1, members, visits, k), y (B, members, visits)."""
    designs, members, visits, k = x.shape
    flat = x.reshape(designs, members, visits * k)
    xx = (flat.swapaxes(1, 2) @ flat).reshape(designs, visits, k, visits, k)
    xx = xx.transpose(0, 1, 3, 2, 4).reshape(designs, visits**2, k**2)
    xy = (flat.swapaxes(1, 2) @ y).reshape(len(y), visits, k, visits)
    xy = xy.transpose(0, 1, 3, 2).reshape(len(y), visits**2, k)
    return PatternMoments(float(members), seen, np.ascontiguousarray(xx), xy, y.swapaxes(1, 2) @ y)
