"""IL-6 over the visits such that its falls go with those of VAS and MADRS as printed.

The falls are whatever was drawn, less what they share with the clinical falls by chance, plus exactly what is wanted.
Day 26 lacks samples, which the analysis completes by expectation-maximisation; with one visit missing alone, that is
the least-squares prediction from the other visits and the group among those who have it (Anderson 1957, J Am Stat Assoc
52, 200), so the completed falls can be foreseen here without the analysis's code.
"""

from __future__ import annotations

import numpy as np

from .moves import SearchError
from .paths import p_of_r
from .sums import Floats
from .wanted import Interval


def with_correlations(drawn: Floats, others: list[Floats], wanted: list[float], spread: float) -> Floats:
    """The drawn values moved so that their correlations with ``others`` and their SD are exactly as wanted.

    The mean stays. Raises :class:`SearchError` when no values have such correlations.

    >>> x = with_correlations(np.array([1.0, 2, 4, 3]), [np.array([1.0, 2, 3, 5])], [0.5], 2.0)
    >>> round(float(np.corrcoef(x, [1, 2, 3, 5])[0, 1]), 6), round(float(x.std(ddof=1)), 6)
    (0.5, 2.0)
    """
    basis = np.column_stack([_unit(other) for other in others])
    weights = np.linalg.solve(basis.T @ basis, np.array(wanted))
    explained = weights @ np.array(wanted)
    if explained >= 1:
        raise SearchError("no falls have such correlations")
    centred = drawn - drawn.mean()
    left = _unit(centred - basis @ np.linalg.lstsq(basis, centred, rcond=None)[0])
    direction = basis @ weights + np.sqrt(1 - explained) * left
    return drawn.mean() + spread * np.sqrt(len(drawn) - 1) * direction


def _unit(values: Floats) -> Floats:
    centred = values - values.mean()
    return centred / np.sqrt(centred @ centred)


def completed(logs: Floats, group: np.ndarray, taken: np.ndarray) -> Floats:
    """Patients' log levels (patients × samples), the last ones that are missing as the analysis will complete them."""
    known = np.column_stack([np.ones(len(logs)), logs[:, 0], logs[:, 1], group])
    slopes = np.linalg.lstsq(known[taken], logs[taken, 2], rcond=None)[0]
    return np.column_stack([logs[:, :2], np.where(taken, logs[:, 2], known @ slopes)])


def last_levels(
    logs: Floats, group: np.ndarray, taken: np.ndarray, fall: Floats, r: float, spread: float | None
) -> Floats:
    """Log levels with the last fall in the first group correlated with ``fall`` by ``r``, once completed.

    With ``spread`` the completed fall also has that SD; without, the one drawn. Raises :class:`SearchError` when the
    completed values do not come to what is wanted.
    """
    first, own = group == 0, taken[group == 0]
    drawn = logs[first, 0] - logs[first, 2]
    aim_r, aim_s = r, spread or float(drawn[own].std(ddof=1))
    wanted_s = aim_s
    for _ in range(200):
        moved = logs.copy()
        moved[np.flatnonzero(first)[own], 2] = logs[first, 0][own] - with_correlations(
            drawn[own], [fall[own]], [aim_r], aim_s
        )
        after = completed(moved, group, taken)[first]
        x = after[:, 0] - after[:, 2]
        got_r, got_s = float(np.corrcoef(x, fall)[0, 1]), float(x.std(ddof=1))
        if abs(got_r - r) < 1e-7 and (spread is None or abs(got_s - wanted_s) < 1e-7):
            return moved
        aim_r, aim_s = aim_r + (r - got_r), aim_s * (wanted_s / got_s if spread else 1.0)
    raise SearchError("the completed falls at the last sample do not come to the printed slope")


def correlation_with_p(p: Interval, n: int) -> float:
    """The correlation of n pairs whose p is in the middle of an interval.

    >>> round(correlation_with_p((0.0145, 0.0155), 33), 2)
    0.42
    """
    grid = np.linspace(0.01, 0.95, 9401)
    return float(grid[np.argmin(np.abs(p_of_r(grid, n) - sum(p) / 2))])
