"""A notebook that fails, in whatever way, is named with its cell; the rest is done and stays done."""

from __future__ import annotations

import pytest

from .bench import explains

pytestmark = pytest.mark.pipeline
CELL = "01_cohort: cell 3 (fault = "
NO_MEMORY = """\
import resource
most = resource.getrlimit(resource.RLIMIT_AS)[1]
resource.setrlimit(resource.RLIMIT_AS, (1 << 32, most))
bytearray(1 << 33)"""
FAULTS = {
    "a cell raises an error": ("raise ValueError('the fourth value is missing')", "ValueError: the fourth value"),
    "a kernel killed, as when memory runs out": ("import os\nos.kill(os.getpid(), 9)", "runs out of memory"),
    "memory refused to a kernel": (NO_MEMORY, "MemoryError"),
    "a kernel hangs": ("while True:\n    pass", "longer than 3 seconds"),
    "a cell shows ten megabytes": ("print('x' * 10_000_000)", "characters"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_cell_is_named(copies, fault):
    code, reason = FAULTS[fault]
    bench = copies("04_longitudinal_cytokines", "01_cohort")
    broken = bench.tree.book("--limit", "3" if "hangs" in fault else "100", FAULT_01_cohort=code)
    cell = CELL.partition(": ")[2] if "shows" in fault else CELL
    ok = explains(broken, "01_cohort: ", cell, reason, "not run, as it needs what failed: 02_efficacy, 06_claims",
                  "the last good book is kept")  # fmt: skip
    bench.finish((fault, "notebook"), "exit status 1, cell and cause named", broken, ok)


def test_pages_that_do_not_compile(copies):
    bench = copies("04_longitudinal_cytokines")
    broken = bench.tree.book(FAULT_compile="sys.exit('intro.md:3: WARNING: no such label')")
    ok = explains(broken, "book: it did not compile without a warning", "intro.md:3: WARNING: no such label")
    bench.finish(("the pages do not compile", "pages compiled"), "exit status 1, line named", broken, ok)
