"""What the tests of a balanced table need of it: whole sums, and how they change when a cell does.

Y is patients × visits, whole numbers, two groups of n patients each, all of the first group's rows first; T visits.
Every test below is a function of the cell sums A (2 × T), of sums of squares, and, with covariates that do not change
over the visits, of the patients' totals S = Y 1 by two quadratic forms: u = q'S and W = S'R S, where R projects on what
group and covariates leave and q is the unit vector of what the group adds to the covariates.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Design:
    """Who is in which group, and the projections of the group test.

    Attributes
    ----------
    group : array of int
        0 for the first group, 1 for the second, one a patient.
    q : array
        Unit vector of the group given the covariates, one entry a patient.
    R : array
        Projection on what group and covariates leave, patients × patients.
    df : int
        Patients - 2 - covariates.
    """

    group: Ints
    q: Floats
    R: Floats
    df: int

    @property
    def n(self) -> int:
        """Patients in each group."""
        return len(self.group) // 2


def make_design(group: Ints, covariates: Floats | None = None) -> Design:
    """The design of two groups of equal size, with covariates (patients × covariates) or none.

    >>> make_design(np.array([0, 0, 1, 1])).q.tolist()
    [0.5, 0.5, -0.5, -0.5]
    """
    size = len(group)
    others = np.ones((size, 1)) if covariates is None else np.column_stack([np.ones(size), covariates])
    basis = np.linalg.qr(others)[0]
    left = np.eye(size) - basis @ basis.T
    q = left @ np.where(group == 0, 1.0, -1.0)
    q /= np.sqrt(q @ q)
    return Design(group, q, left - np.outer(q, q), size - others.shape[1] - 1)


@dataclass(frozen=True, eq=False)
class Fall:
    """A fall between two visits in the first group, beside a fixed fall of another scale (``other``, one a patient)."""

    start: int
    end: int
    other: Floats


@dataclass(frozen=True, eq=False)
class Sums:
    """The sums of one table, or of many: every field may have leading dimensions, one entry a candidate.

    ``cells`` (… × 2 × T), ``raw`` (… × T) sums of squares a visit, ``totals`` ΣS², ``u``, ``w``, and of a
    :class:`Fall` the sums Σf² and Σf·other in the first group.
    """

    cells: Ints
    raw: Ints
    totals: Ints
    u: Floats
    w: Floats
    fall_squares: Floats
    fall_products: Floats


def sums_of(table: Ints, design: Design, fall: Fall | None = None) -> Sums:
    """The sums of a table."""
    first = design.group == 0
    totals = table.sum(axis=1)
    f = table[first, fall.start] - table[first, fall.end] if fall else np.zeros(0)
    return Sums(
        cells=np.stack([table[first].sum(axis=0), table[~first].sum(axis=0)]),
        raw=(table**2).sum(axis=0),
        totals=(totals**2).sum(),
        u=design.q @ totals,
        w=totals @ design.R @ totals,
        fall_squares=np.float64(f @ f),
        fall_products=np.float64(f @ fall.other) if fall else np.float64(0.0),
    )


@dataclass(frozen=True, eq=False)
class Steps:
    """Candidates: each adds ``by`` (+1 or -1) to one cell."""

    patient: Ints
    visit: Ints
    by: Ints


def stepped(table: Ints, design: Design, steps: Steps, fall: Fall | None = None) -> Sums:
    """The sums after each of the steps, one entry a step; those of ``sums_of`` after the change, for less."""
    now = sums_of(table, design, fall)
    i, v, by = steps.patient, steps.visit, steps.by
    totals, k = table.sum(axis=1), np.arange(len(i))
    cells = np.repeat(now.cells[None], len(i), axis=0)
    cells[k, design.group[i], v] += by
    raw = np.repeat(now.raw[None], len(i), axis=0)
    raw[k, v] += 2 * by * table[i, v] + 1
    squares, products = _fall_steps(table, design, steps, fall)
    return Sums(
        cells,
        raw,
        now.totals + 2 * by * totals[i] + 1,
        now.u + by * design.q[i],
        now.w + 2 * by * (design.R @ totals)[i] + design.R[i, i],
        now.fall_squares + squares,
        now.fall_products + products,
    )


def _fall_steps(table: Ints, design: Design, steps: Steps, fall: Fall | None) -> tuple[Floats, Floats]:
    """How Σf² and Σf·other change."""
    i, v = steps.patient, steps.visit
    if fall is None:
        return np.zeros(len(i)), np.zeros(len(i))
    e = steps.by * ((v == fall.start).astype(int) - (v == fall.end).astype(int)) * (design.group[i] == 0)
    f = table[:, fall.start] - table[:, fall.end]
    other = np.concatenate([fall.other, np.zeros(len(table) - len(fall.other))])
    return (2 * e * f[i] + e * e).astype(float), e * other[i]


def swapped(table: Ints, design: Design, up: Steps, down: Steps, fall: Fall | None = None) -> Sums:
    """The sums after pairs of steps: the cell of ``up`` + 1 and that of ``down`` - 1, same group and visit.

    Cell sums stay. The two patients differ, so that only W has a cross term, -2 R_ij.
    """
    now = sums_of(table, design, fall)
    totals, rest = table.sum(axis=1), design.R @ table.sum(axis=1)
    i, j, v = up.patient, down.patient, up.visit
    raw = np.repeat(now.raw[None], len(i), axis=0)
    raw[np.arange(len(i)), v] += 2 * (table[i, v] - table[j, v]) + 2
    up_squares, up_products = _fall_steps(table, design, up, fall)
    down_squares, down_products = _fall_steps(table, design, down, fall)
    return replace(
        now,
        cells=now.cells[None],
        raw=raw,
        totals=now.totals + 2 * (totals[i] - totals[j]) + 2,
        u=now.u + design.q[i] - design.q[j],
        w=now.w + 2 * (rest[i] - rest[j]) + design.R[i, i] + design.R[j, j] - 2 * design.R[i, j],
        fall_squares=now.fall_squares + up_squares + down_squares,
        fall_products=now.fall_products + up_products + down_products,
    )
