"""What happens to files between two builds is noticed by the second, and mended."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from .bench import COMMAND, OLD, Bench, FaultTree, explains

pytestmark = pytest.mark.pipeline
BETWEEN = "between builds"


def results(tree: FaultTree, name: str):
    return tree.build / "results" / f"{name}.csv"


def with_old_time(path, content: bytes) -> None:
    """Change a file behind the back of who goes by times."""
    before = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_two_builds_at_once(copies):
    bench = copies("01_cohort")
    first = bench.tree.start(**bench.tree.stopping("01_cohort")).reached()
    second = bench.tree.book()
    ok = explains(second, "another build of this study and scenario is under way; wait for it")
    assert bench.found() == OLD
    assert not second.named("started")
    broken = first.kill()
    bench.finish(("two builds at once", "notebook"), "the second refused, exit status 1; the first goes on", broken, ok)


def test_a_results_file_cut_short(copies):
    bench = copies()
    path = results(bench.tree, "03_baseline_cytokines")
    with_old_time(path, path.read_bytes()[:40])
    again = bench.finish(("a results file cut short", BETWEEN), "")
    assert "results/03_baseline_cytokines.csv" in again.out
    assert again.named("started") == ["03_baseline_cytokines", "06_claims", "book"]


def test_a_results_file_edited_by_hand(copies):
    bench = copies()
    path = results(bench.tree, "04_longitudinal_cytokines")
    path.write_bytes(path.read_bytes() + b"by_hand,,,,,,count,1,,,,,,,,,,\n")
    again = bench.finish(("a results file edited by hand", BETWEEN), "")
    assert "results/04_longitudinal_cytokines.csv" in again.out


def test_the_book_edited_by_hand(good, tmp_path):
    tree = good.tree.copy(tmp_path / "a copy")
    page = tree.build / "html" / "index.html"
    page.write_text("something else", encoding="utf-8")
    again = tree.book()
    assert again.named("started") == ["book"]
    assert "its pages are not as they were left" in again.out
    Bench(tree, good.old, good.old).judge(("the book edited by hand", BETWEEN), "noticed", again, None)


def test_power_lost(copies):
    """Files that were renamed into place before their contents were on the disk are empty; locks stay."""
    bench = copies()
    tree = bench.tree
    for path in (results(tree, "02_efficacy"), tree.build / "notebooks" / "08_design.ipynb",
                 tree.build / "notes" / "07_robustness.json", tree.build / "current.txt"):  # fmt: skip
        path.write_bytes(b"")
    (tree.build / ".lock").write_text("4000000\n", encoding="utf-8")
    locks = tree.root / ".snakemake" / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    (locks / "0.output.lock").write_text("build/pbc/published/book.done\n", encoding="utf-8")
    again = bench.finish(("power lost: empty files and stale locks", BETWEEN), "")
    assert {"02_efficacy", "08_design", "07_robustness"} <= set(again.named("started"))


def test_caches_and_records_deleted(copies):
    bench = copies("04_longitudinal_cytokines", "01_cohort")
    broken = bench.tree.start(**bench.tree.stopping("01_cohort")).reached().kill()
    for name in (".cache", ".snakemake"):
        shutil.rmtree(bench.tree.root / name)
    bench.finish(("caches and records deleted", "after a killed build"), "", broken)


def in_the_future(tree: FaultTree) -> None:
    """Everything that was built has a time that the clock, set back, has not come to."""
    later = time.time() + 86_400
    for path in (tree.root / "build").rglob("*"):
        if path.is_file() and not path.is_symlink():
            os.utime(path, (later, later))


def test_a_notebook_edited_after_the_clock_was_set_back(copies):
    bench = copies()
    in_the_future(bench.tree)
    path = bench.tree.root / "notebooks" / "03_baseline_cytokines.ipynb"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    again = bench.finish(("clock set back, then a notebook edited", BETWEEN), "")
    assert again.named("started") == ["03_baseline_cytokines", "06_claims", "book"]


def test_a_build_after_the_clock_was_set_back(good, tmp_path):
    tree = good.tree.copy(tmp_path / "a copy")
    in_the_future(tree)
    first, second = tree.book(), tree.book()
    assert first.status == 0
    assert not second.named("started")
    Bench(tree, good.old, good.old).judge(("clock set back, then built again", BETWEEN), OLD, second, None)


def test_paths_with_spaces_and_other_letters(good, tmp_path):
    tree = good.tree.copy(tmp_path / "Prüfung № 1")
    study = tmp_path / "пациенты 2 (é)"
    shutil.copytree(tree.root / "data" / "pbc", study)
    done = tree.book("--study", str(study), LC_ALL="C", LANG="C")
    assert done.status == 0, done.out + done.err + done.log
    assert Path(done.out.splitlines()[-2]).is_file()
    assert COMMAND[2] not in done.out
    again = tree.book("--study", str(study), LC_ALL="C", LANG="C")
    case = ("spaces and other letters in every path, under the C locale", "whole build")
    Bench(tree, good.old, good.old).judge(case, "a book, whole", again, None)
