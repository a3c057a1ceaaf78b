"""`verify` on a checkout with small notebooks: what is the same is said to be, what differs is named and kept."""

from __future__ import annotations

import os

import pytest

from helpers.cli.verify.elsewhere import as_far_away, older_processor

pytestmark = pytest.mark.pipeline

VERIFY = ("verify", "--study", "data/pbc", "--alone")
# Each differs between the builds: the time, the place, the order of a set of words, a setting of the machine.
CHANGING = """\
import os, time
from pathlib import Path
Path(output := str(Path.cwd().parent / output), "tables").mkdir(parents=True, exist_ok=True)
Path(output, "tables", "moment.csv").write_text(str(time.time_ns()))
print(Path.cwd())"""


def test_the_same_bytes_are_said_to_be_the_same_and_nothing_is_left(tree):
    done = tree.run(*VERIFY)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the two builds are the same" in done.stdout
    said = next(line for line in done.stdout.splitlines() if line.endswith("the two builds are the same"))
    assert int(said.split(" ")[0]) > 50
    assert "MANIFEST.sha256 does not have this run" in done.stdout
    assert "01_cohort  started" in done.stdout
    assert not (tree.root / "build" / "verify").exists()


def test_what_differs_is_named_and_both_builds_are_kept(tree):
    tree.write_notebook("03_baseline_cytokines", CHANGING)
    done = tree.run(*VERIFY, "--write")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    lines = done.stdout.splitlines()
    assert "  tables/moment.csv" in lines
    assert "  notebooks/03_baseline_cytokines.ipynb" in lines
    assert "  html/notebooks/03_baseline_cytokines.html" in lines
    assert not [line for line in lines if "04_" in line and line.endswith((".csv", ".ipynb", ".html"))]
    assert (tree.root / "build" / "verify" / "first" / "build" / "pbc" / "published" / "html" / "index.html").is_file()
    assert not (tree.root / "MANIFEST.sha256").exists()


def test_a_build_that_fails_is_named_with_its_reason(tree):
    tree.write_notebook("03_baseline_cytokines", "raise ValueError('the reason')")
    done = tree.run(*VERIFY)
    assert done.returncode == 1
    assert "first: book failed" in done.stderr
    assert "the reason" in done.stderr


def test_the_other_machine_differs_in_what_a_result_must_not_hang_on(tmp_path):
    far = as_far_away(tmp_path)
    for name in ("HOME", "USER", "LANG", "LC_ALL", "TZ", "PYTHONHASHSEED", "OPENBLAS_NUM_THREADS"):
        assert far.variables[name] != os.environ.get(name, ""), name
    assert (far.cores, far.jobs, far.umask) == (1, 1, 0o077)
    assert not far.name.isascii()
    assert " " in far.name
    assert far.variables | older_processor() == far.variables
