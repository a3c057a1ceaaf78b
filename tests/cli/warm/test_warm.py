"""A job forked from the warm process is as one that was started: its own process, output, errors and end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from helpers.cli.environment import job_environment
from helpers.cli.warm import talk
from helpers.cli.warm.start import warm

pytestmark = [
    pytest.mark.pipeline,
    pytest.mark.skipif(not talk.possible(), reason="jobs are forked where the system has named sockets: on Linux"),
]

COPY = "build/pbc/published/notebooks/01_cohort.ipynb"
COMMAND = ("run", "notebooks/01_cohort.ipynb", "--study", "data/pbc")


@pytest.fixture
def warmed(tree, monkeypatch):
    with warm(tree.root) as found:
        for name, value in found.items():
            monkeypatch.setenv(name, value)
        yield tree


def run(tree, body, *command):
    tree.write_notebook("01_cohort", body)
    return tree.run(*(command or COMMAND))


def printed(tree):
    cells = json.loads((tree.root / COPY).read_text(encoding="utf-8"))["cells"]
    return "".join(output["text"] for cell in cells for output in cell.get("outputs", [])).split()


def gone(process: int, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        status = Path(f"/proc/{process}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.1)
    return False


def test_the_stack_loads_whole_and_leaves_one_thread_and_no_drawing(tmp_path):
    code = (
        "import os, sys\nfrom helpers.cli.warm.stack import load\nprint(load(), len(os.listdir('/proc/self/task')))\n"
        "from matplotlib import pyplot\nprint(pyplot.get_fignums())"
    )
    environment = job_environment(tmp_path) | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[] 1", "[]"]
    assert done.stderr == ""


def said(done: subprocess.CompletedProcess) -> list[str]:
    """Lines of errors but for one: a kernel is interrupted before it is shut down, and may have the time to say so."""
    return [line for line in done.stderr.splitlines() if "KeyboardInterrupt caught in kernel" not in line]


def test_the_executed_copy_and_what_is_said_are_those_of_a_started_run(tree, warmed, monkeypatch):
    body = "import sys, os\nprint(sys.executable, study, seed, os.getcwd(), __name__, sys.path)"
    forked = run(warmed, body)
    copy = (tree.root / COPY).read_bytes()
    monkeypatch.delenv(talk.VARIABLE)
    started = run(tree, body)
    assert forked.returncode == started.returncode == 0
    assert said(forked) == said(started)
    without_seconds = [[line.split(" in ")[0] for line in done.stdout.splitlines()] for done in (forked, started)]
    assert without_seconds[0] == without_seconds[1]
    assert (tree.root / COPY).read_bytes() == copy


def test_each_notebook_has_a_process_a_namespace_and_random_numbers_of_its_own(warmed):
    body = (
        "import builtins, os, random, numpy\nfrom matplotlib import pyplot\n"
        "print(os.getpid(), random.random(), numpy.random.random(), getattr(builtins, 'left', 0), "
        "'kept' in globals(), len(pyplot.get_fignums()), pyplot.rcParams['font.size'])\n"
        "builtins.left, kept = 1, 1\npyplot.figure()\npyplot.rcParams['font.size'] = 30"
    )
    seen = []
    for _ in range(2):
        done = run(warmed, body.replace("pyplot.figure()", "_ = pyplot.figure()"))
        assert done.returncode == 0, done.stderr
        seen.append(printed(warmed)[:7])
    first, second = seen
    assert all(one != other for one, other in zip(first[:3], second[:3], strict=True))
    assert first[3:] == second[3:] == ["0", "False", "0", "10.0"]


def test_a_failing_cell_is_named(warmed):
    done = run(warmed, "fine = 1\nraise ValueError('the fourth value is missing')")
    assert done.returncode == 1
    assert "01_cohort: cell 3 (fine = 1)\n  ValueError: the fourth value is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_dead_kernel_is_said_in_a_line_and_the_next_notebook_runs(warmed):
    done = run(warmed, "import os\nos._exit(3)")
    assert done.returncode == 1
    assert "its kernel ended" in done.stderr
    assert "Traceback" not in done.stderr
    assert run(warmed, "answer = 1").returncode == 0


def test_what_cannot_be_done_as_asked_ends_with_2(warmed):
    done = run(warmed, "answer = 1", "run", "notebooks/06_none.ipynb", "--study", "data/pbc")
    assert done.returncode == 2
    assert "there is no such notebook" in done.stderr


def test_without_the_process_the_job_runs_all_the_same(tree, monkeypatch):
    monkeypatch.setenv(talk.VARIABLE, "helpers-nobody-listens")
    done = run(tree, "print('here')")
    assert done.returncode == 0, done.stderr
    assert printed(tree) == ["here"]


def start_and_wait_for_kernel(tree):
    """A job whose notebook waits; the job's process, and its kernel's number."""
    told = tree.root / "kernel.txt"
    told.unlink(missing_ok=True)
    body = f"import os, time, pathlib\npathlib.Path({str(told)!r}).write_text(str(os.getpid()))\ntime.sleep(60)"
    tree.write_notebook("01_cohort", body)
    environment = {**os.environ, "PYTHONPATH": str(tree.root / "src")}
    command = [sys.executable, "-m", "helpers.cli", *COMMAND]
    job = subprocess.Popen(command, cwd=tree.root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    end = time.monotonic() + 60
    while not (told.is_file() and told.read_text()) and time.monotonic() < end:
        time.sleep(0.1)
    return job, int(told.read_text())


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_job_that_is_ended_takes_its_kernel_with_it(warmed, how):
    job, kernel = start_and_wait_for_kernel(warmed)
    job.send_signal(how)
    job.communicate(timeout=60)
    assert gone(kernel)


def test_when_the_build_ends_no_kernel_is_left(tree, monkeypatch):
    with warm(tree.root) as found:
        for name, value in found.items():
            monkeypatch.setenv(name, value)
        job, kernel = start_and_wait_for_kernel(tree)
    assert gone(kernel)
    job.communicate(timeout=60)
    assert job.returncode not in (0, None)
