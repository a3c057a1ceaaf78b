"""What is asked for wrongly is refused in one message: exit status 2, nothing run, nothing written."""

from __future__ import annotations

import shutil

import pytest

from helpers.cli import main


@pytest.mark.parametrize("command", ["book", "check"])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--study", "data/none"), "there is no such folder"),
        (("--study", "data"), "datapackage.json"),
        (("--study", "data/pbc", "--scenario", "publshed"), "did you mean published?"),
    ],
)
def test_a_wrong_study_or_scenario(tree, command, options, expected):
    done = tree.run(command, *options)
    assert done.returncode == 2
    assert expected in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tree.root / "build").exists()


def test_a_scenario_with_unknown_and_ill_typed_values(tree):
    path = tree.root / "scenarios" / "mine.yaml"
    path.write_text("alhpa: 0.01\nseed: x\n", encoding="utf-8")
    done = tree.run("book", "--study", "data/pbc", "--scenario", "mine")
    path.unlink()
    assert done.returncode == 2
    assert "alhpa: no such parameter; did you mean alpha?" in done.stderr
    assert "seed: found 'x'" in done.stderr
    assert not (tree.root / "build").exists()


def test_a_damaged_table_is_named_before_anything_runs(tree):
    path = tree.root / "data" / "pbc" / "participants.csv"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"female", b"femal", 1))
    done = tree.run("book", "--study", "data/pbc")
    path.write_bytes(content)
    assert done.returncode == 2
    assert "participants.csv" in done.stderr
    assert "expected one of female, male" in done.stderr
    # What was found is there to read; nothing else was made.
    made = [path for path in (tree.root / "build").rglob("*") if path.is_file()]
    assert {path.name for path in made} == {"check.html", "check.json"}
    shutil.rmtree(tree.root / "build")


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_the_number_of_jobs_is_a_whole_number(capsys, jobs):
    with pytest.raises(SystemExit) as error:
        main(["book", "--jobs", jobs])
    assert error.value.code == 2
    assert "expected a whole number, 1 or more" in capsys.readouterr().err


def test_help_lists_the_commands(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    assert all(command in text for command in ("book", "check", "run", "compile", "synthetic", "pbc"))
