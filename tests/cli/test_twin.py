"""``make twin``: the folder that may leave, the comparison that may not, and what is refused."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="module")
def done(tree):
    return tree.run("twin", "--study", "data/pbc", "--seed", "3")


def test_the_twin_lies_where_git_ignores_it_and_the_comparison_in_build(tree, done):
    assert done.returncode == 0, done.stderr
    twin = tree.root / "data" / "own" / "pbc-twin"
    assert {path.name for path in twin.iterdir()} == {
        "analytes.csv", "datapackage.json", "laboratory.csv", "participants.csv", "privacy.json", "privacy.md",
    }  # fmt: skip
    compared = (tree.root / "build" / "pbc" / "twin" / "fidelity.csv").read_text(encoding="utf-8")
    assert compared.startswith("table,column,level,group,statistic,study,twin\n")
    assert "should stay with the study" in done.stdout


def test_the_twin_passes_the_check(tree, done):
    checked = tree.run("check", "--study", "data/own/pbc-twin")
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--study", "data/pbc", "--to", "notebooks"), "holds other files"),
        (("--study", "data/pbc", "--to", "data/pbc"), "in the study's own folder"),
        (("--study", "data/pbc", "--to", "data/pbc/twin"), "in the study's own folder"),
        (("--study", "data/none"), "there is no such folder"),
        (("--study", "data/pbc", "--seed", "x"), "expected a whole number"),
    ],
)
def test_what_is_refused_writes_nothing(tree, options, expected):
    before = sorted(path.name for path in (tree.root / "data" / "pbc").iterdir())
    refused = tree.run("twin", *options)
    assert refused.returncode == 2
    assert expected in refused.stderr
    assert "Traceback" not in refused.stderr
    assert sorted(path.name for path in (tree.root / "data" / "pbc").iterdir()) == before
