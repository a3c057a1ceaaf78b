"""How many examples a property is tried on: in `make test` few, the same each time; in `make nightly` many new ones."""

from __future__ import annotations

import functools
import os
import warnings
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings

PROFILES = {"ordinary": 1, "nightly": 20}
PROFILE = os.environ.get("PROPERTIES", "ordinary")
if PROFILE not in PROFILES:
    raise SystemExit(f"PROPERTIES is {PROFILE!r}; expected {' or '.join(PROFILES)}")
PLANNED: dict[str, int] = {}  # examples asked for, by test; those that assume() rejects are not among them
RAN: dict[str, int] = {}  # examples that went through


def examples(count: int, /, **strategies) -> Callable:
    """Try a test on `count` examples drawn from `strategies`, in `make nightly` on twenty times as many.

    A warning fails the example: a number that overflowed or a matrix that was nearly singular is no answer.
    """

    def decorate(test: Callable) -> Callable:
        name = f"{test.__module__}.{test.__qualname__}"
        PLANNED[name], RAN[name] = count * PROFILES[PROFILE], 0

        @functools.wraps(test)
        def counted(*args, **drawn):
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                test(*args, **drawn)
            RAN[name] += 1

        chosen = settings(
            max_examples=PLANNED[name],
            deadline=None,
            derandomize=PROFILE == "ordinary",
            # Nothing is kept between ordinary runs: each is the same. What a night found stays until it is mended.
            **({"database": None} if PROFILE == "ordinary" else {}),
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
        )
        return chosen(given(**strategies)(counted))

    return decorate


def reasoned(error: Exception) -> None:
    """A refusal has to say why."""
    assert str(error).strip()
