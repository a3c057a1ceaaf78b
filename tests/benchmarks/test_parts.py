"""Each comparison would see an answer that a reader would call another one."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import in_r
from benchmarks.compare import AbsentError
from benchmarks.parts import analytes, book, bootstrap, fits, scaling

# What a reader would call another answer: a share of it, and something added.
ANOTHER = {"deviance": (0, 0.01), "F": (0.02, 0), "df2": (0.03, 0), "paths": (0.001, 0), "interval": (0, 1.0),
           "standard error": (0.5, 0)}  # fmt: skip


def comparisons(part, folder, monkeypatch) -> dict:
    """Ours and the tolerances of each comparison of a part, nobody timed."""
    found = {}

    def keep(title, about, ours, others, tolerances, *repeats):
        found[title] = ours, others, tolerances

    monkeypatch.setattr(part, "compare", keep)
    if part is fits:
        monkeypatch.setattr(part, "BATCH", 12)
    part.run(folder)
    return found


@pytest.mark.parametrize("part", [fits, bootstrap, analytes], ids=lambda part: part.__name__.rpartition(".")[2])
def test_another_answer_is_refused_and_ours_is_not(part, tmp_path, monkeypatch):
    for title, (ours, _, tolerances) in comparisons(part, tmp_path, monkeypatch).items():
        answers = ours.answers()
        assert set(answers) == set(tolerances), title
        for name, allowed in tolerances.items():
            mine = np.asarray(answers[name], float)
            share, added = ANOTHER[name.removesuffix(" of the first")]
            assert allowed.excess(mine, mine) == 0
            assert allowed.excess(mine, mine * (1 + share) + added) > 1, f"{title}: {name}"


@pytest.mark.parametrize("part", [fits, analytes], ids=lambda part: part.__name__.rpartition(".")[2])
def test_statsmodels_and_one_by_one_give_our_results(part, tmp_path, monkeypatch):
    """The contenders that need no R; with it, `make bench` itself compares the rest."""
    seen = 0
    for title, (ours, others, tolerances) in comparisons(part, tmp_path, monkeypatch).items():
        for other in (one for one in others if one.name.startswith(("statsmodels", "helpers"))):
            mine, theirs = ours.answers(), other.answers()
            shared = set(mine) & set(theirs)
            assert {"deviance", "F"} <= shared
            assert all(tolerances[name].excess(mine[name], theirs[name]) <= 1 for name in shared), title
            seen += 1
    assert seen


def test_a_program_that_is_not_there_is_absent(tmp_path, monkeypatch):
    monkeypatch.setattr(in_r.shutil, "which", lambda name: None)
    with pytest.raises(AbsentError, match="no Rscript"):
        in_r.in_r("R", "models.R", "gls", tmp_path / "none.csv").answers()


def test_one_other_line_of_the_notebooks_tables_is_refused():
    ours = {"a.csv": ["head", "1", "2"], "b.csv": ["head"]}
    allowed = book.SAME["results tables"]
    for theirs in (
        {**ours, "a.csv": ["head", "1", "3"]},
        {"a.csv": ours["a.csv"]},
        {**ours, "a.csv": ["head", "1"]},
        {},
    ):
        assert allowed.excess([0.0], [book.lines_that_differ(ours, theirs)]) > 1
    assert allowed.excess([0.0], [book.lines_that_differ(ours, dict(ours))]) == 0


def test_rows_that_depend_on_the_workers_are_wrong():
    run = {"specifications": 100, "workers": 1, "seconds": 2.0, "peak": 2**20, "rows": 5, "digest": "a"}
    assert not scaling.table([run, run | {"workers": 2}]).wrong
    assert "100" in scaling.table([run, run | {"workers": 2, "digest": "b"}]).wrong[0]


def test_sizes_that_were_not_tried_say_so(tmp_path, monkeypatch):
    run = {"workers": 1, "seconds": 2.0, "peak": 2**20, "rows": 5, "digest": "a"}
    monkeypatch.setattr(scaling, "ROOT", tmp_path)
    monkeypatch.setattr(scaling, "without_multiple_imputation", lambda path: path)
    monkeypatch.setattr(
        scaling, "_measured", lambda study, grid, size, workers: {**run, "specifications": size, "workers": workers}
    )
    (found,) = scaling.run(tmp_path, largest=1000)
    assert [row[2] for row in found.rows] == ["2.00 s"] * 4 + ["not run"] * 2
