"""What a change runs again, what a failure leaves, and what a person is told: on a copy with small notebooks."""

from __future__ import annotations

import json
import os
import shutil
import time

import pytest

pytestmark = pytest.mark.pipeline

BOOK = ("book", "--study", "data/pbc", "--jobs", "2")


@pytest.fixture(scope="module")
def built(tree):
    done = tree.run(*BOOK)
    assert done.returncode == 0, done.stdout + done.stderr
    return tree


def page(tree, scenario="published"):
    return tree.root / "build" / "pbc" / scenario / "html" / "index.html"


def touch(path):
    later = time.time() + 1
    os.utime(path, (later, later))


def test_a_build_says_what_runs_and_ends_with_the_page_and_the_time(built):
    again = built.run(*BOOK)
    *_, last_but_one, last = again.stdout.splitlines()
    assert last_but_one == str(page(built))
    assert page(built).is_file()
    assert last.endswith(" s")
    assert "started" not in again.stdout


def test_nothing_changed_nothing_runs(built):
    assert built.planned() == set()


def test_touching_notebook_03_runs_it_the_ledger_and_the_book_only(built):
    touch(built.root / "notebooks" / "03_baseline_cytokines.ipynb")
    assert built.planned() == {"03_baseline_cytokines", "06_claims", "book"}
    done = built.run(*BOOK)
    started = [line.split()[0] for line in done.stdout.splitlines() if line.endswith("started")]
    assert started == ["03_baseline_cytokines", "06_claims", "book"]
    assert built.planned() == set()


def test_touching_notebook_04_runs_05_and_06_too(built):
    path = built.root / "notebooks" / "04_longitudinal_cytokines.ipynb"
    before = path.stat()
    touch(path)
    assert built.planned() == {"04_longitudinal_cytokines", "05_regression_mediation", "06_claims", "book"}
    os.utime(path, (before.st_atime, before.st_mtime))


def test_a_page_of_the_book_compiles_the_book_only(built):
    path = built.root / "book" / "references.md"
    before = path.stat()
    touch(path)
    assert built.planned() == {"book"}
    os.utime(path, (before.st_atime, before.st_mtime))


def test_a_table_replaced_by_an_older_file_is_noticed(built):
    path = built.root / "data" / "pbc" / "participants.csv"
    content, before = path.read_bytes(), path.stat()
    path.write_bytes(content.replace(b"female", b"male", 1))
    os.utime(path, (0, 0))
    assert built.planned() == {*built.names, "book"}
    path.write_bytes(content)
    os.utime(path, (before.st_atime, before.st_mtime))
    # The digests went back and forth, and are now younger than the results: a run for nothing, never a stale result.
    assert built.planned() == {*built.names, "book"}


def test_a_scenario_reruns_itself_alone(built):
    done = built.run(*BOOK)
    assert done.returncode == 0, done.stderr
    assert built.planned(scenario="recommended") == {*built.names, "book"}
    touch(built.root / "scenarios" / "recommended.yaml")
    assert built.planned() == set()


def test_a_failing_notebook_stops_its_dependants_and_keeps_the_last_book(built):
    before = page(built).resolve()
    body = "fine = 1\nraise ValueError('the fourth value is missing')"
    built.write_notebook("04_longitudinal_cytokines", body)
    touch(built.root / "notebooks" / "03_baseline_cytokines.ipynb")
    done = built.run(*BOOK)
    assert done.returncode == 1
    assert "04_longitudinal_cytokines: cell 3 (fine = 1)" in done.stderr
    assert "ValueError: the fourth value is missing" in done.stderr
    assert "not run, as it needs what failed: 05_regression_mediation, 06_claims" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert "03_baseline_cytokines  finished" in done.stdout
    assert "05_regression_mediation  started" not in done.stdout
    assert page(built).resolve() == before
    partial = built.root / "build/pbc/published/failed/04_longitudinal_cytokines.ipynb"
    assert str(partial.relative_to(built.root)) in done.stderr
    assert any(output["output_type"] == "error" for cell in _cells(partial) for output in cell.get("outputs", []))


def test_a_warning_in_a_cell_fails_the_build(built):
    built.write_notebook("04_longitudinal_cytokines", "import warnings\nwarnings.warn('odd data')")
    done = built.run(*BOOK)
    assert done.returncode == 1
    assert "cell 3 (import warnings): wrote to stderr" in done.stderr
    assert "odd data" in done.stderr


def test_once_repaired_only_what_failed_runs(built):
    built.write_notebook("04_longitudinal_cytokines")
    done = built.run(*BOOK)
    assert done.returncode == 0, done.stderr
    started = [line.split()[0] for line in done.stdout.splitlines() if line.endswith("started")]
    assert started == ["04_longitudinal_cytokines", "05_regression_mediation", "06_claims", "book"]
    assert not list((built.root / "build/pbc/published/failed").glob("*"))


def test_executed_copies_do_not_differ_between_runs(built):
    path = built.root / "build/pbc/published/notebooks/03_baseline_cytokines.ipynb"
    before, book = path.read_bytes(), page(built).resolve().parent.name
    touch(built.root / "notebooks" / "03_baseline_cytokines.ipynb")
    assert built.run(*BOOK).returncode == 0
    assert path.read_bytes() == before
    assert page(built).resolve().parent.name.split("-")[1] == book.split("-")[1]


def test_a_lost_book_is_compiled_again(built):
    (built.root / "build/pbc/published/html").unlink()
    done = built.run(*BOOK)
    assert done.returncode == 0, done.stderr
    assert "book  started" in done.stdout
    assert page(built).is_file()


def test_a_killed_build_leaves_no_lock_that_stops_the_next(built):
    locks = built.root / ".snakemake" / "locks"
    locks.mkdir(exist_ok=True)
    ours, others = locks / "0.output.lock", locks / "1.output.lock"
    ours.write_text("build/pbc/published/book.done\n", encoding="utf-8")
    others.write_text("build/other/published/book.done\n", encoding="utf-8")
    (built.root / "build/pbc/published/.lock").write_text("4000000\n", encoding="utf-8")
    done = built.run(*BOOK)
    assert done.returncode == 0, done.stderr
    assert not ours.exists()


def test_a_lock_that_is_not_ours_is_reported_with_the_way_out(built):
    lock = built.root / ".snakemake" / "locks" / "0.output.lock"
    lock.parent.mkdir(exist_ok=True)
    lock.write_text("build/pbc/published/book.done\n", encoding="utf-8")
    done = built.run(*BOOK)
    lock.unlink()
    assert done.returncode == 1
    assert "--unlock" in done.stderr


def _cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


@pytest.fixture
def with_ledger(built):
    """The study of the copy, naming a ledger that has one claim; as it was afterwards."""
    descriptor, ledger = built.root / "data/pbc/datapackage.json", built.root / "data/claims/paper.yaml"
    before = descriptor.read_text(encoding="utf-8")
    descriptor.write_text(json.dumps({**json.loads(before), "claims": "paper"}), encoding="utf-8")
    ledger.parent.mkdir(exist_ok=True)
    row = {"analysis": "flow", "statistic": "participants", "group": "placebo"}
    claim = {
        "id": "n",
        "kind": "count",
        "place": "Methods",
        "statement": "Patients",
        "printed": "154",
        "notebook": "01_cohort",
        "row": row,
    }
    ledger.write_text(json.dumps([{**claim, "notebook": "01_cohort", "row": row}]), encoding="utf-8")
    yield ledger
    descriptor.write_text(before, encoding="utf-8")
    shutil.rmtree(ledger.parent)


def test_a_changed_ledger_runs_the_chapters_that_show_it(built, with_ledger):
    done = built.run(*BOOK)
    assert done.returncode == 0, done.stderr
    assert built.planned() == set()
    touch(with_ledger)
    assert built.planned() == {*built.names, "book"}


def test_a_ledger_that_cannot_be_read_is_refused_before_anything_runs(built, with_ledger):
    with_ledger.write_text("- {id: n, printed: 154}", encoding="utf-8")
    done = built.run(*BOOK)
    assert done.returncode == 2
    assert "paper.yaml" in done.stderr
    assert "Traceback" not in done.stderr
    assert "started" not in done.stdout
