"""`make design` from the command line: a small plan to the end, the same bytes again, and what is refused."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from helpers.analysis.design.files import FILES
from helpers.analysis.places import project_root
from helpers.cli import main
from helpers.cli.design import folder_of, simulate
from helpers.cli.layout import Place

ROOT = project_root()
PLAN = """
n: [15]
missing: [0]
block: 20
most: 60
resamples: 100
precision: {level: 0.03, power: 0.06}
"""


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "design.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture
def study(tmp_path):
    """The bundled cohort by another name, so that its own results stay."""
    path = tmp_path / "study"
    path.symlink_to(ROOT / "data" / "synthetic")
    yield path
    shutil.rmtree(place(path).path("..").resolve(), ignore_errors=True)


def place(study) -> Place:
    return Place(ROOT, str(study), "published")


def test_a_small_plan_runs_to_its_end_and_again_to_the_same_bytes(study, plan, capsys):
    command = ["design", "--study", str(study), "--plan", str(plan), "--jobs", "2"]
    assert main(command) == 0
    folder = folder_of(place(study), str(plan))
    files = {name: (folder.path / name).read_bytes() for name in (*FILES, "results.parquet")}
    said = capsys.readouterr().out
    assert "populations and sizes" in said
    assert "less precise than asked" in said  # 60 cohorts at most do not reach every precision
    rates = duckdb.sql(f"SELECT * FROM '{folder.path / 'summary.parquet'}'").df()
    assert set(rates["family"]) == {"outcomes", "endpoints", "baseline", "course", "falls", "mediation", "coupled"}
    assert rates["rate"].between(0, 1).all()
    assert (rates["lost"] < 0.5).all()
    true = rates[rates["test"] == "difference, baseline"].groupby(["subject", "truth"])["true"].first()
    assert true["madrs", "equal"] == 0
    assert true["madrs", "half"] == pytest.approx(true["madrs", "fitted"] / 2) != 0
    assert rates.loc[rates["test"] == "interaction", "true"].isna().all()
    ended = rates[rates["family"] == "mediation"].groupby("truth")["used"].max()
    assert ended.between(40, 60).all()

    # An interruption leaves some parts; what comes after them is the same.
    parts = sorted(folder.parts.glob("*.parquet"))
    for path in parts[::2]:
        path.unlink()
    assert main(command) == 0
    assert {name: (folder.path / name).read_bytes() for name in files} == files


def test_more_precision_computes_only_what_is_new(study, plan):
    folder = folder_of(place(study), str(plan))
    plan.write_text(PLAN.replace("most: 60", "most: 40"), encoding="utf-8")
    simulate(folder, jobs=2, profile="", seconds=60)
    before = {path: path.stat().st_mtime_ns for path in folder.parts.iterdir()}
    plan.write_text(PLAN, encoding="utf-8")
    simulate(folder, jobs=2, profile="", seconds=60)
    assert before.items() < {path: path.stat().st_mtime_ns for path in folder.parts.iterdir()}.items()


def test_a_wrong_plan_ends_with_status_2_and_writes_nothing(study, plan, capsys):
    plan.write_text(PLAN + "blocks: 3\n", encoding="utf-8")
    assert main(["design", "--study", str(study), "--plan", str(plan)]) == 2
    assert "did you mean block" in capsys.readouterr().err
    assert not folder_of(place(study), str(plan)).path.exists()
