"""Frames as they come: any design, scale and gap, small enough for hundreds of fits."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import strategies as st

# Far beyond units (pg against kg is 1e15), up to where squares still are numbers.
SCALES = [1e-140, 1e-30, 1e-3, 1.0, 7.0, 1e3, 1e30, 1e140]
SUBJECTS, VISITS, GROUPS = [12, 8, 20, 5, 3, 2], [3, 2, 4, 5, 3, 1], [2, 3, 2, 2, 1]
GOOD = [12, 9, 15], [3, 2, 4], [2, 3]
KINDS = [*["normal"] * 6, "ties", "ties", "exact", "constant", "one visit flat", "any"]
VALUES = st.one_of(st.integers(-3, 3).map(float), st.floats(-100, 100, width=32), st.floats(-1e6, 1e6))


@st.composite
def long_frames(draw, good=False):
    """Repeated measures: ``id, visit, group, age, score``; cells may be empty, rows missing, values tied or constant.

    `good` ones can mostly be fitted.
    """
    # Hypothesis likes what is small: one visit or group, which is refused at once, is one of many here.
    n, v, g = (draw(st.sampled_from(sizes)) for sizes in (GOOD if good else (SUBJECTS, VISITS, GROUPS)))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kind = draw(st.sampled_from(["normal", "normal", "normal", "ties"] if good else KINDS))
    values = {
        "normal": lambda: random.normal(size=(n, v)) + random.normal(size=(n, 1)),
        "ties": lambda: random.integers(0, 4, (n, v)).astype(float),
        "exact": lambda: np.tile(np.arange(v, dtype=float), (n, 1)),
        "constant": lambda: np.ones((n, v)),
        "one visit flat": lambda: np.where(np.arange(v) == 0, 4.0, random.normal(size=(n, v))),
        "any": lambda: np.array(draw(st.lists(VALUES, min_size=n * v, max_size=n * v))).reshape(n, v),
    }[kind]()
    frame = pd.DataFrame({"id": np.repeat(range(n), v), "visit": np.tile([f"v{i}" for i in range(v)], n)})
    group = np.arange(n) % g if good or draw(st.integers(0, 3)) else random.integers(0, g, n)
    frame["group"] = np.array(["ache", "none", "well"])[group][frame["id"]]
    frame["age"] = (random.integers(20, 60, n) if good or draw(st.integers(0, 5)) else np.full(n, 40))[frame["id"]]
    frame["score"] = values.ravel()
    lost = random.random(n * v) < draw(st.sampled_from([0, 0, 0.1] if good else [0, 0, 0.1, 0.4, 0.9]))
    cell = (frame["visit"] == "v0") & (frame["group"] == "ache") & (not good and draw(st.integers(0, 5)) == 1)
    return frame.assign(score=frame["score"].mask(lost | cell))


@st.composite
def wide_frames(draw, rows=(1, 25), columns=(1, 6), gaps=True):
    """Numbers in columns ``a, b, …``: collinear, constant, tied, empty, with gaps, n = p, each in its own unit."""
    n, p = draw(st.integers(*rows)), draw(st.integers(*columns))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    values = random.normal(size=(n, p)) + random.normal(size=(n, 1))
    plain = values.copy()
    for column in range(p):
        kind = draw(st.sampled_from(["normal"] * 6 + ["ties", "constant", "copy", "empty", "two values"]))
        if kind == "ties":
            values[:, column] = random.integers(0, 3, n)
        elif kind == "constant":
            values[:, column] = 0.1
        elif kind == "copy":
            values[:, column] = 3 * plain[:, 0] - 1
        elif kind == "two values":
            values[:, column] = random.integers(0, 2, n)
        elif kind == "empty" and gaps:
            values[:, column] = np.nan
        values[:, column] *= draw(st.sampled_from(SCALES))
    if gaps:
        values[random.random((n, p)) < draw(st.sampled_from([0, 0.05, 0.3, 0.8]))] = np.nan
    return pd.DataFrame(values, columns=list("abcdef")[:p])
