"""Correlations of the joint model: from normal scores of incomplete data, shrunk where the data say little."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

LARGEST = 0.98


def normal_scores(column: pd.Series) -> np.ndarray:
    """Normal scores, the mean over ties; missing stays missing.

    Rank r of n becomes Φ⁻¹(r/(n+1)), tied values the mean of theirs: what is expected of the normal variable behind a
    category.

    >>> normal_scores(pd.Series([3.0, 1.0, None, 2.0])).round(2).tolist()
    [0.67, -0.67, nan, 0.0]
    """
    ranks = column.rank(method="first")
    scores = pd.Series(ndtri(ranks / (ranks.count() + 1)), index=column.index)
    return scores.groupby(column).transform("mean").to_numpy(dtype=float)


def pairwise(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Correlations of the normal variables behind the scores, and the pairs each rests on.

    The scores of a variable with ties vary less than the normal variable behind it, by v < 1. With the covariance c of
    the scores, ``c / (vᵢ vⱼ)`` undoes the attenuation to the first order; v is that of the scores over that of scores
    without ties. Pairs seen together fewer than four times have correlation 0.

    Parameters
    ----------
    scores : ndarray, shape (n, p)
        Columns centred over what is observed.
    """
    seen = np.isfinite(scores)
    filled = np.where(seen, scores, 0.0)
    pairs = seen.T.astype(float) @ seen
    cross, squares = filled.T @ filled, (filled**2).T @ seen
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = cross / np.sqrt(squares * squares.T)
        spread = np.sqrt(np.clip(np.diag(squares) / np.diag(pairs) / _full(np.diag(pairs)), 0, 1))
        latent = raw / np.outer(spread, spread)
    usable = np.isfinite(latent) & (pairs >= 4)
    latent = np.where(usable, np.clip(latent, -LARGEST, LARGEST), 0.0)
    np.fill_diagonal(latent, 1.0)
    return latent, np.where(usable, pairs, 0.0)


def _full(counts: np.ndarray) -> np.ndarray:
    """Mean square of the normal scores of n values without ties."""
    known = {
        n: np.mean(ndtri(np.arange(1, n + 1) / (n + 1)) ** 2) if n > 1 else np.nan for n in set(counts.astype(int))
    }
    return np.array([known[int(n)] for n in counts])


def shrunk(found: np.ndarray, pairs: np.ndarray, target: np.ndarray, blocks: np.ndarray) -> np.ndarray:
    """Correlations drawn towards a target, block by block as far as their errors are to blame for the difference.

    ``λ = Σ (1 − r²)²/(n − 1) / Σ (r − t)²``, at most 1, over the pairs of a block: the estimate of Schäfer & Strimmer
    (2005, Stat Appl Genet Mol Biol 4:32) with one intensity for each pair of variables, whose visits are the block.

    Parameters
    ----------
    found, pairs, target : ndarray, shape (p, p)
        Correlations, the observations behind each (0: none, the target stays), and what they are drawn to.
    blocks : ndarray of int, shape (p, p)
        Number of each pair's block.
    """
    used = pairs > 1
    error = np.where(used, (1 - found**2) ** 2 / np.maximum(pairs - 1, 1), 0.0)
    apart = np.where(used, (found - target) ** 2, 0.0)
    size = blocks.max() + 1
    above = np.bincount(blocks.ravel(), error.ravel(), size)
    below = np.bincount(blocks.ravel(), apart.ravel(), size)
    weight = np.minimum(np.divide(above, below, out=np.ones(size), where=below > 0), 1.0)[blocks]
    drawn = np.where(used, weight * target + (1 - weight) * found, target)
    np.fill_diagonal(drawn, 1.0)
    return drawn


def blocks_of(variables: Sequence) -> np.ndarray:
    """Number of the block of each pair of columns: pairs of the same two variables share one.

    >>> blocks_of(["a", "a", "b"]).tolist()
    [[0, 0, 1], [0, 0, 1], [1, 1, 3]]
    """
    codes = pd.factorize(pd.Series(list(variables), dtype=object))[0]
    low, high = np.minimum.outer(codes, codes), np.maximum.outer(codes, codes)
    return low * (codes.max() + 1) + high if len(codes) else np.zeros((0, 0), dtype=int)


def same_variable_target(found: np.ndarray, pairs: np.ndarray, blocks: np.ndarray, variables: Sequence) -> np.ndarray:
    """Between visits of one variable their mean correlation, between variables 0."""
    codes = pd.factorize(pd.Series(list(variables), dtype=object))[0]
    same = (codes[:, None] == codes) & ~np.eye(len(codes), dtype=bool)
    usable = same & (pairs > 0)
    size = blocks.max() + 1
    counts = np.bincount(blocks[usable], minlength=size)
    means = np.bincount(blocks[usable], found[usable], size) / np.maximum(counts, 1)
    return np.where(same, means[blocks], 0.0) + np.eye(len(codes))


def root(correlation: np.ndarray) -> np.ndarray:
    """A matrix whose product with its transpose is the nearest usable correlation matrix.

    Eigenvalues below 1e-6 are raised to it, and the diagonal brought back to 1.
    """
    values, vectors = np.linalg.eigh((correlation + correlation.T) / 2)
    half = vectors * np.sqrt(np.maximum(values, 1e-6))
    return half / np.sqrt((half**2).sum(axis=1, keepdims=True))
