"""The sum of the examples, said at the end; a night with too few of them fails."""

from __future__ import annotations

import pytest

from .examples import PLANNED, PROFILE, RAN

NIGHTLY = 10_000


def pytest_terminal_summary(terminalreporter):
    # Under pytest-xdist the examples run in workers, whose counts are not here.
    if sum(RAN.values()):
        terminalreporter.write_line(f"{sum(RAN.values()):,} of {sum(PLANNED.values()):,} examples ran ({PROFILE})")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """Only a run of the whole folder has to reach the number."""
    tried = [name for name, ran in RAN.items() if ran]
    if PROFILE == "nightly" and len(tried) == len(PLANNED) and sum(RAN.values()) < NIGHTLY:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
