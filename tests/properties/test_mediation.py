"""Mediation in any cohort: an answer or our reason, in any unit and order of rows."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from helpers.models import ModelError, mediate

from .examples import examples, reasoned
from .frames import wide_frames

COLUMNS = ["a", "b", "c"]


def mediated(frame, covariates=(), **options):
    return mediate(frame, *COLUMNS, covariates=covariates, bootstrap=150, **options)


def answered(frame):
    """An answer that is none of rounding: where two columns fit the third exactly, all tests but those of a are."""
    whole = frame.dropna()
    assume(len(whole) > 4 and (whole.std() > 0).all())
    assume(np.linalg.matrix_rank((whole - whole.mean()) / whole.std(), tol=1e-6) == whole.shape[1])
    try:
        return mediated(frame)
    except ModelError:
        assume(False)


@examples(30, frame=wide_frames(rows=(1, 25), columns=(3, 5)), seed=st.integers(0, 99))
def test_an_answer_or_a_reason(frame, seed):
    try:
        found = mediated(frame, list(frame.columns[3:]), seed=seed)
    except ModelError as error:
        reasoned(error)
        return
    parts = asdict(found)
    if "no BCa interval" in found.method:
        del parts["bca"], parts["acceleration"]
    for name, part in parts.items():
        numbers = [part] if isinstance(part, float) else list(part.values()) if isinstance(part, dict) else []
        assert not np.isnan(numbers).any(), name
    # An effect that is nothing but rounding agrees with nothing: what counts is its standard error.
    total = pytest.approx(found.total.estimate, rel=1e-6, abs=1e-12 * found.total.se)
    assert found.indirect.estimate + found.direct.estimate == total
    for path in (found.a, found.b, found.direct, found.total):
        assert 0 <= path.p <= 1
        assert path.ci_low <= path.estimate <= path.ci_high


@examples(
    15, frame=wide_frames(rows=(8, 25), columns=(3, 3)), powers=st.tuples(*[st.sampled_from([-200, -7, 0, 150])] * 3)
)
def test_units(frame, powers):
    assume((frame.max() > 0).all())
    frame = frame / frame.abs().max()
    one = answered(frame)
    units = [2.0**power for power in powers]
    other = mediated(frame * units)
    a, b = units[1] / units[0], units[2] / units[1]
    for before, after, unit in (
        (one.a, other.a, a), (one.b, other.b, b), (one.indirect, other.indirect, a * b),
        (one.direct, other.direct, a * b), (one.total, other.total, a * b),
    ):  # fmt: skip
        assert after.estimate == pytest.approx(before.estimate * unit, rel=1e-7, abs=1e-9 * before.se * unit)
        assert [after.se / unit, after.statistic, after.p] == pytest.approx(
            [before.se, before.statistic, before.p], rel=1e-6, abs=1e-12
        )
    assert other.bias_corrected.low == pytest.approx(one.bias_corrected.low * a * b, rel=1e-6)
    assert other.bca.high == pytest.approx(one.bca.high * a * b, rel=1e-6, nan_ok=True)


@examples(10, frame=wide_frames(rows=(8, 25), columns=(3, 3)), seed=st.integers(0, 99))
def test_order_of_rows(frame, seed):
    """Resamples are of rows in their order; all that does not come from them stays."""
    assume((frame.abs().max() > 0).all())
    frame = frame / frame.abs().max()  # far units have a test of their own; here they would make rounding large
    one, other = answered(frame), answered(frame.sample(frac=1, random_state=seed))
    for name in ("a", "b", "direct", "total", "sobel", "aroian"):
        before, after = (list(asdict(getattr(found, name)).values()) for found in (one, other))
        assert after == pytest.approx(before, rel=1e-6, abs=1e-12)
    assert other.acceleration == pytest.approx(one.acceleration, rel=1e-6, abs=1e-9, nan_ok=True)
