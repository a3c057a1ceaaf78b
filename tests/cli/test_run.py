"""One notebook through papermill, with this environment's kernel."""

from __future__ import annotations

import json
import sys

import pytest

pytestmark = pytest.mark.pipeline


@pytest.fixture
def run_one(tree):
    def run(body, **options):
        tree.write_notebook("01_cohort", body)
        done = tree.run("run", "notebooks/01_cohort.ipynb", "--study", "data/pbc", **options)
        tree.write_notebook("01_cohort")
        return done

    return run


def executed(tree):
    path = tree.root / "build/pbc/published/notebooks/01_cohort.ipynb"
    return json.loads(path.read_text(encoding="utf-8"))


def test_parameters_arrive_and_the_kernel_is_this_interpreter(tree, run_one, monkeypatch, tmp_path):
    # A kernel called python3 in a home directory that must not be taken.
    spec = tmp_path / "share" / "kernels" / "python3"
    spec.mkdir(parents=True)
    broken = {"argv": ["/bin/false"], "display_name": "x", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(broken), encoding="utf-8")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "share"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
    done = run_one("import os, sys\nprint(sys.executable, study, scenario, output, seed, os.getcwd(), sep='|')")
    assert done.returncode == 0, done.stderr
    (printed,) = [o["text"] for cell in executed(tree)["cells"] for o in cell.get("outputs", [])]
    interpreter, *rest = "".join(printed).strip().split("|")
    assert interpreter == sys.executable
    assert rest == ["data/pbc", "published", "build/pbc/published", "20210823", str(tree.root / "notebooks")]


def test_an_executed_copy_replaces_the_old_one_whole(tree, run_one):
    assert run_one("answer = 1").returncode == 0
    before = executed(tree)
    assert run_one("raise SystemError('no')").returncode == 1
    assert executed(tree) == before
    assert not list((tree.root / "build").rglob("*.part"))


def test_a_dead_kernel_is_said_in_a_line(run_one):
    done = run_one("import os\nos._exit(3)")
    assert done.returncode == 1
    assert "its kernel ended" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_parameter_the_notebook_lacks_is_refused_before_anything_runs(tree):
    path = tree.root / "notebooks" / "01_cohort.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("covariance: str", "covariances: str"), encoding="utf-8")
    done = tree.run("run", "notebooks/01_cohort.ipynb", "--study", "data/pbc")
    path.write_text(text, encoding="utf-8")
    assert done.returncode == 2
    assert "covariance: the notebook has no such parameter; did you mean covariances?" in done.stderr
    assert "started" not in done.stdout


def test_a_missing_notebook_is_refused(tree):
    done = tree.run("run", "notebooks/06_none.ipynb", "--study", "data/pbc")
    assert done.returncode == 2
    assert "there is no such notebook" in done.stderr
