"""REML of many responses at once, from their moments: -2 log L and its derivatives in the entries of Σ.

The formulae are those of `helpers.models.likelihood`, with sums over subjects taken beforehand: for a direction T of Σ
and U = W T W, Σ Xᵀ U X is U times the moments. The first axis of every array is the response.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .moments import Array, Moments, PatternMoments


@dataclass(frozen=True)
class BatchedEvaluation:
    """At Σ of each response: `deviance` (B,) -2 log REML, `weights` a pattern (B, visits, visits), `shift` (B, k),
    `root` (B, k, k) with A⁻¹ = root rootᵀ."""

    moments: Moments
    deviance: Array
    weights: tuple[Array, ...]
    shift: Array
    root: Array

    @cached_property
    def _explained(self) -> list[Array]:
        """Σ over a pattern's subjects of W X A⁻¹ Xᵀ W."""
        inverse = (self.root @ self.root.swapaxes(1, 2)).reshape(len(self.shift), -1)
        return [w @ _contract(p.xx, inverse, w.shape) @ w for p, w in self._parts()]

    @cached_property
    def _outer(self) -> list[Array]:
        """Σ over a pattern's subjects of W r rᵀ W + W X A⁻¹ Xᵀ W."""
        twice = (self.shift[:, :, None] * self.shift[:, None, :]).reshape(len(self.shift), -1)
        found = []
        for (p, w), explained in zip(self._parts(), self._explained, strict=True):
            mixed = (p.xy @ self.shift[:, :, None]).reshape(w.shape)
            residual = p.yy - mixed - mixed.swapaxes(1, 2) + _contract(p.xx, twice, w.shape)
            found.append(w @ residual @ w + explained)
        return found

    @cached_property
    def slope(self) -> Array:
        """∂(-2 log L)/∂Σ, (B, visits, visits)."""
        return sum(p.count * w - o for (p, w), o in zip(self._parts(), self._outer, strict=True))

    def precision_slopes(self, tangent: Array) -> Array:
        """rootᵀ Xᵀ W ∂Σ W X root for each direction of tangent (B or 1, p, visits, visits): (B, p, k, k)."""
        k = self.root.shape[1]
        total = sum(_flat(_both(w, tangent)) @ p.xx for p, w in self._parts())
        total = total.reshape(*total.shape[:2], k, k)
        found = self.root.swapaxes(1, 2)[:, None] @ total @ self.root[:, None]
        return (found + found.swapaxes(2, 3)) / 2

    def hessian(self, tangent: Array, slopes: Array) -> Array:
        """∂²(-2 log L) (B, p, p) along tangent, Σ taken as linear; `slopes` those of `precision_slopes`."""
        found, c = 0.0, 0.0
        for (p, w), outer in zip(self._parts(), self._outer, strict=True):
            found = found + _traces(w, 2 * outer - p.count * w, tangent)
            left = p.xx.reshape(len(p.xx), -1, self.root.shape[1]) @ self.shift[:, :, None]
            residual = p.xy - left.reshape(p.xy.shape)
            c = c + _flat(_both(w, tangent)) @ residual
        c = c @ self.root
        return found - 2 * c @ c.swapaxes(1, 2) - _shared(slopes)

    def expected(self, tangent: Array, slopes: Array) -> Array:
        """Expectation of the Hessian of -2 log L, (B, p, p)."""
        found = _shared(slopes)
        for (p, w), explained in zip(self._parts(), self._explained, strict=True):
            found = found + _traces(w, p.count * w - 2 * explained, tangent)
        return found

    def adjusted_root(self, tangent: Array, slopes: Array, spread: Array) -> Array:
        """Kenward and Roger's covariance in the basis of `root`, (B, k, k), as `kenward_roger.adjusted_root`.

        For structures that are linear in their parameters.
        """
        size, p, visits = len(self.shift), tangent.shape[1], tangent.shape[2]
        flat = np.broadcast_to(tangent, (size, p, visits, visits)).reshape(size, p, -1)
        pairs = (flat.swapaxes(1, 2) @ spread @ flat).reshape(size, *(visits,) * 4)
        k = self.root.shape[1]
        total = 0.0
        for part, w in self._parts():
            # Entry (a, d) is Σ over b, c of pairs[a, b, c, d] w[b, c].
            inner = np.einsum("sabcd,sbc->sad", pairs, w, optimize=True)
            total = total + _contract_left(part.xx, (w @ inner @ w).reshape(size, -1)).reshape(size, k, k)
        q = self.root.swapaxes(1, 2) @ total @ self.root
        weighted = (spread @ slopes.reshape(size, p, -1)).reshape(slopes.shape)
        # Σ over j of (Σᵢ S_ij Pᵢ) Pⱼ, as one product.
        r = weighted.transpose(0, 2, 1, 3).reshape(size, k, p * k) @ slopes.reshape(size, p * k, k)
        found = q - r
        return np.eye(k) + found + found.swapaxes(1, 2)

    def _parts(self) -> list[tuple[PatternMoments, Array]]:
        return list(zip(self.moments.patterns, self.weights, strict=True))


def evaluate_batched(moments: Moments, sigma: Array) -> BatchedEvaluation:
    """-2 log REML at Σ (B, visits, visits), infinite where Σ is not positive definite.

    >>> from ..layout import lay_out
    >>> from .moments import gather
    >>> layout = lay_out(np.ones((4, 1)), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2)
    >>> moments = gather(layout, np.array([[1.0], [3], [5], [7]]))
    >>> evaluate_batched(moments, np.eye(2)[None]).deviance.round(4).tolist()
    [15.7282]
    """
    size, k = moments.size, moments.columns
    bad = np.zeros(size, dtype=bool)
    deviance, weights = moments.constant + 0.0, []
    precision, right = np.zeros((size, k * k)), np.zeros((size, k))
    for part in moments.patterns:
        both = part.seen[:, None] * part.seen
        low, wrong = _cholesky(sigma * both + np.diag(1 - part.seen))
        bad |= wrong
        inverse = np.linalg.inv(low)
        weight = (inverse.swapaxes(1, 2) @ inverse) * both
        flat = weight.reshape(size, -1)
        precision += _contract_left(part.xx, flat)
        right += (flat[:, None] @ part.xy)[:, 0]
        deviance = deviance + 2 * part.count * np.log(np.diagonal(low, axis1=1, axis2=2)).sum(axis=1)
        deviance = deviance + (flat * part.yy.reshape(size, -1)).sum(axis=1)
        weights.append(weight)
    low, wrong = _cholesky(precision.reshape(size, k, k))
    bad |= wrong
    root = np.linalg.inv(low).swapaxes(1, 2)
    shift = (root @ (root.swapaxes(1, 2) @ right[:, :, None]))[:, :, 0]
    deviance = deviance - (right * shift).sum(axis=1) + 2 * np.log(np.diagonal(low, axis1=1, axis2=2)).sum(axis=1)
    deviance = np.where(bad | ~np.isfinite(deviance), np.inf, deviance)
    return BatchedEvaluation(moments, deviance, tuple(weights), shift, root)


def _cholesky(matrices: Array) -> tuple[Array, Array]:
    """Factors, and which have none: there the identity's stands in."""
    try:
        return np.linalg.cholesky(matrices), np.zeros(len(matrices), dtype=bool)
    except np.linalg.LinAlgError:
        sizes = np.linalg.eigvalsh(matrices)
        wrong = ~(sizes[:, 0] > 1e-14 * np.abs(sizes[:, -1]))
        safe = np.where(wrong[:, None, None], np.eye(matrices.shape[1]), matrices)
        return np.linalg.cholesky(safe), wrong


def _both(w: Array, tangent: Array) -> Array:
    """W T W for each direction, (B, p, visits, visits)."""
    return w[:, None] @ tangent @ w[:, None]


def _flat(values: Array) -> Array:
    return values.reshape(*values.shape[:2], -1)


def _contract(xx: Array, inner: Array, shape: tuple[int, ...]) -> Array:
    """Σ over k, l of xx[a b, k l] inner[k l], as (B, visits, visits); one product where the design is shared."""
    found = inner @ xx[0].T if len(xx) == 1 else (xx @ inner[:, :, None])[:, :, 0]
    return found.reshape(shape)


def _contract_left(xx: Array, outer: Array) -> Array:
    """Σ over a, b of outer[a b] xx[a b, k l], (B, k²)."""
    return outer @ xx[0] if len(xx) == 1 else (outer[:, None] @ xx)[:, 0]


def _traces(left: Array, right: Array, tangent: Array) -> Array:
    """tr(∂ᵢ left ∂ⱼ right), (B, p, p)."""
    turned = (left[:, None] @ tangent @ right[:, None]).swapaxes(2, 3)
    found = _flat(np.broadcast_to(tangent, turned.shape)) @ _flat(turned).swapaxes(1, 2)
    return (found + found.swapaxes(1, 2)) / 2


def _shared(slopes: Array) -> Array:
    flat = _flat(slopes)
    return flat @ flat.swapaxes(1, 2)
