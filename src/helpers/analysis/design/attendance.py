"""Which visits simulated participants come to: as those of the study did, or with more gaps at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Attendance:
    """The study's participants by visit: ``seen`` (participants, visits) of each group, in the groups' order."""

    seen: tuple[Array, ...]

    def draw(self, rng: np.random.Generator, sizes: Sequence[int], missing: float = 0.0) -> Array:
        """Visits (participants, visits) of a cohort: those of participants of the study, drawn with replacement.

        With ``missing``, each visit but the first is then lost with that probability, whatever its value would be.

        >>> whole = Attendance((np.ones((3, 2), dtype=bool),))
        >>> whole.draw(np.random.default_rng(1), [400]).all()
        np.True_
        >>> whole.draw(np.random.default_rng(1), [400], 0.3)[:, 1].mean().round(1)
        np.float64(0.7)
        """
        drawn = np.vstack(
            [
                s if s.all() and len(s) == n else s[rng.integers(0, len(s), n)]
                for s, n in zip(self.seen, sizes, strict=True)
            ]
        )
        if missing:
            kept = rng.random(drawn.shape) >= missing
            kept[:, 0] = True
            drawn = drawn & kept
        return drawn


def attendance_of(long: pd.DataFrame, groups: Sequence[str], visits: Sequence[str]) -> Attendance:
    """The visits in a long frame ``id, group, visit`` with one row a participant and visit.

    >>> long = pd.DataFrame({"id": [1, 1, 2], "group": ["a"] * 3, "visit": ["v", "w", "v"]})
    >>> attendance_of(long, ["a"], ["v", "w"]).seen[0].tolist()
    [[True, True], [True, False]]
    """
    came = long.assign(visit=long["visit"].astype(str), one=True)
    wide = came.pivot(index="id", columns="visit", values="one").reindex(columns=list(visits)).notna()
    group = long.drop_duplicates("id").set_index("id")["group"].astype(str).reindex(wide.index)
    return Attendance(tuple(wide[(group == name).to_numpy()].to_numpy() for name in groups))


def variants(means: Array) -> Mapping[str, Array]:
    """Means (groups, visits, …) of populations in which something is known to be true or false.

    ``fitted`` as given; ``half`` with half of every difference between groups; ``equal`` the same course in all groups;
    ``flat`` no change in any group.

    >>> {name: found.tolist() for name, found in variants(np.array([[4.0, 2.0], [2.0, 2.0]])).items()}
    {'fitted': [[4.0, 2.0], [2.0, 2.0]], 'half': [[3.5, 2.0], [2.5, 2.0]], 'equal': [[3.0, 2.0], [3.0, 2.0]], \
'flat': [[3.0, 3.0], [2.0, 2.0]]}
    """
    course = means.mean(axis=0, keepdims=True)
    return {
        "fitted": means,
        "half": course + (means - course) / 2,
        "equal": np.broadcast_to(course, means.shape),
        "flat": np.broadcast_to(means.mean(axis=1, keepdims=True), means.shape),
    }
