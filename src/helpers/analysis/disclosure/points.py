"""What stands in a figure for single people: means of bins, quantiles, curves with coarse steps.

Each mark stands for at least ``threshold`` people; no mark is one person's value. Sources: the Handbook on Statistical
Disclosure Control for Outputs (SDAP 2019), sections on graphs, percentiles and survival curves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST_BINS = 20
ENDS, QUARTER = (0.05, 0.1), 0.25  # shares of the values beyond the ends of a drawn range, the widest first


@dataclass(frozen=True)
class Points:
    """Summaries in place of points.

    Attributes
    ----------
    threshold : int
        The fewest people that a mark stands for.
    """

    threshold: int

    def bins(self, x, *others, people: int = 1) -> tuple[np.ndarray, ...]:
        """Means of x and of what belongs to it, over bins of equal size along x.

        Parameters
        ----------
        x, others : array-like, (n,)
            Values; those that are not finite are left out together.
        people : int
            How many values one person gives at most, so that a bin holds ``threshold`` people.

        Examples
        --------
        >>> [part.tolist() for part in Points(2).bins([1, 2, 3, 4, 5], [0, 2, 2, 4, 6])]
        [[2.0, 4.5], [1.3333333333333333, 5.0]]
        """
        columns = np.array([np.asarray(values, dtype=float) for values in (x, *others)])
        columns = columns[:, np.isfinite(columns).all(axis=0)]
        columns = columns[:, np.argsort(columns[0], kind="stable")]
        many = min(columns.shape[1] // (self.threshold * people), MOST_BINS)
        if not many:
            return tuple(np.array([]) for _ in columns)
        return tuple(np.array([part.mean() for part in np.array_split(line, many)]) for line in columns)

    def inner(self, values) -> tuple[float, float]:
        """The range to draw over: the outermost percentiles that the threshold allows, from the 5th and 95th inward.

        Missing when there are too few values for quartiles.

        >>> Points(5).inner(range(101))
        (5.0, 95.0)
        """
        seen = np.asarray(values, dtype=float)
        seen = seen[np.isfinite(seen)]
        for share in (*ENDS, QUARTER):
            if share * len(seen) >= self.threshold:
                low, high = np.quantile(seen, [share, 1 - share])
                return float(low), float(high)
        return np.nan, np.nan

    def box(self, values) -> dict[str, float]:
        """Quartiles and whiskers for a box without outliers; empty when there are too few values.

        Whiskers end at the 5th and 95th percentile, or the 10th and 90th; at the quartiles when n allows neither.

        >>> {key: float(value) for key, value in Points(5).box(range(101)).items()}
        {'whislo': 5.0, 'q1': 25.0, 'med': 50.0, 'q3': 75.0, 'whishi': 95.0}
        """
        seen = np.asarray(values, dtype=float)
        seen = seen[np.isfinite(seen)]
        if len(seen) < 4 * self.threshold:
            return {}
        low, high = self.inner(seen)
        q1, median, q3 = np.quantile(seen, [0.25, 0.5, 0.75])
        return {"whislo": low, "q1": q1, "med": median, "q3": q3, "whishi": high}

    def steps(self, curve: pd.DataFrame, days: Sequence[float]) -> pd.DataFrame:
        """A survival curve read on planned days, whose every step stands for at least ``threshold`` people.

        Events are gathered until they are enough and shown on the next planned day; a curve does not fall further
        once fewer are at risk.

        Parameters
        ----------
        curve : DataFrame
            ``time, at_risk, survival, ci_low, ci_high`` of one group.
        days : sequence of float
            Days of the protocol, which are nobody's.

        Examples
        --------
        >>> full = {"time": [0, 1, 2, 3], "at_risk": [10, 10, 8, 3], "survival": [1, 0.8, 0.3, 0.2]}
        >>> curve = pd.DataFrame({**full, "ci_low": 0.0, "ci_high": 1.0})
        >>> Points(5).steps(curve, [0, 2, 3])[["time", "survival"]].to_numpy().tolist()
        [[0.0, 1.0], [2.0, 0.3], [3.0, 0.3]]
        """
        curve = curve.sort_values("time", ignore_index=True)
        before = curve["survival"].shift(fill_value=1.0)
        events = (curve["at_risk"] * (1 - curve["survival"] / before.where(before > 0, 1))).round().cumsum()
        lines, shown, counted = [], 0, 0.0
        for day in sorted(days):
            place = max(int((curve["time"] <= day).sum()) - 1, 0)
            if events[place] - counted >= self.threshold and curve.loc[place, "at_risk"] >= self.threshold:
                shown, counted = place, events[place]
            later = curve.loc[curve["time"] >= day, "at_risk"]
            risk = float(later.iloc[0]) if len(later) else 0.0
            lines.append({**curve.loc[shown, ["survival", "ci_low", "ci_high"]], "time": float(day), "at_risk": risk})
        made = pd.DataFrame(lines)
        return made.assign(at_risk=self.at_risk(made["at_risk"].to_numpy()))

    def at_risk(self, numbers: np.ndarray) -> np.ndarray:
        """Numbers at risk in steps of at least ``threshold``: lowered only when enough have left, never small.

        >>> Points(5).at_risk(np.array([33, 31, 27, 3])).tolist()
        [33.0, 33.0, 27.0, nan]
        """
        shown, level = [], np.inf
        for n in numbers:
            level = n if level - n >= self.threshold else level
            shown.append(np.nan if 0 < level < self.threshold else level)
        return np.array(shown)
