"""A build that is asked to end tidies up, says so, and is gone on with by the next."""

from __future__ import annotations

import signal

import pytest

from .bench import explains

pytestmark = pytest.mark.pipeline
STAGES = {"notebook": "01_cohort", "pages compiled": "compile"}


@pytest.mark.parametrize("stage", STAGES)
def test_asked_to_end(copies, stage):
    bench = copies("04_longitudinal_cytokines", "01_cohort")
    broken = bench.tree.start(**bench.tree.stopping(STAGES[stage])).reached().kill(signal.SIGTERM, alone=True)
    ok = explains(broken, "stopped; what was complete is kept", status=128 + signal.SIGTERM)
    bench.finish(("asked to end (SIGTERM)", stage), "exit status 143, said so", broken, ok)


@pytest.mark.parametrize("stage", STAGES)
def test_ctrl_c(copies, stage):
    bench = copies("04_longitudinal_cytokines", "01_cohort")
    # The terminal sends it to every process of the group.
    broken = bench.tree.start(**bench.tree.stopping(STAGES[stage])).reached().kill(signal.SIGINT)
    ok = explains(broken, "interrupted; what was complete is kept", status=128 + signal.SIGINT)
    bench.finish(("Ctrl-C", stage), "exit status 130, said so", broken, ok)
