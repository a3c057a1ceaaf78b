"""Populations that cohorts are drawn from: normal, one mean a group, one covariance within groups."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Population:
    """Values of a participant of group g are N(means[g], covariance).

    Attributes
    ----------
    names : tuple of str
        Of the groups.
    means : array (groups, p)
    covariance : array (p, p)
        Within groups.
    shares : tuple of float
        Size of each group over that of the first.
    """

    names: tuple[str, ...]
    means: Array
    covariance: Array
    shares: tuple[float, ...]

    def sizes(self, n: int) -> tuple[int, ...]:
        """Participants of each group where the first has n.

        >>> Population(("a", "b"), np.zeros((2, 1)), np.eye(1), (1.0, 1.82)).sizes(33)
        (33, 60)
        """
        return tuple(round(n * share) for share in self.shares)

    def groups(self, n: int) -> Array:
        """Position of each participant's group."""
        return np.repeat(np.arange(len(self.names)), self.sizes(n))

    def draw(self, rng: np.random.Generator, n: int, cohorts: int) -> Array:
        """Cohorts (cohorts, participants, p), group after group.

        >>> people = Population(("a", "b"), np.array([[0.0], [9.0]]), np.eye(1), (1.0, 1.0))
        >>> people.draw(np.random.default_rng(1), 500, 2)[0, 500:].mean().round()
        np.float64(9.0)
        """
        root = np.linalg.cholesky(self.covariance)
        group = self.groups(n)
        return self.means[group] + rng.standard_normal((cohorts, len(group), len(root))) @ root.T

    def with_means(self, means: Array) -> Population:
        """The same with other means."""
        return replace(self, means=np.asarray(means, dtype=float))


def pooled_covariance(values: Array, group: Array) -> Array:
    """Covariance (p, p) within groups of values (n, p) without gaps, on n - groups.

    >>> pooled_covariance(np.array([[1.0], [3.0], [11.0], [13.0]]), np.array([0, 0, 1, 1])).tolist()
    [[2.0]]
    """
    left = residuals(values, group)
    return left.T @ left / (len(values) - len(np.unique(group)))


def shrunk_covariance(values: Array, group: Array) -> Array:
    """Covariance within groups, its correlations shrunk towards none by Ledoit and Wolf's share.

    Where variables are nearly as many as participants, the plain estimate is singular or close to it and puts far too
    much of the variance on few directions. Ledoit and Wolf (2004), J Multivariate Analysis 88:365, by scikit-learn.
    """
    from sklearn.covariance import ledoit_wolf

    left = residuals(values, group)
    scale = np.sqrt((left**2).sum(axis=0) / (len(values) - len(np.unique(group))))
    shrunk, _ = ledoit_wolf(left / scale, assume_centered=True)
    spread = np.sqrt(np.diag(shrunk))
    return shrunk / np.outer(spread, spread) * np.outer(scale, scale)


def residuals(values: Array, group: Array) -> Array:
    """Values (n, p) less the mean of their group."""
    left = values.astype(float).copy()
    for name in np.unique(group):
        left[group == name] -= left[group == name].mean(axis=0)
    return left
