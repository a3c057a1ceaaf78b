"""What no commit may hold is found, by the hook and by `make lint`; what is here holds none of it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from helpers.cli import hygiene

ROOT = Path(__file__).parents[2]
CODE = {"cell_type": "code", "source": "1", "metadata": {}, "outputs": [], "execution_count": None}
NOTEBOOKS = {
    "an output": ({**CODE, "outputs": [{"output_type": "stream", "text": "P001"}]}, {}),
    "a count": ({**CODE, "execution_count": 1}, {}),
    "times": ({**CODE, "metadata": {"execution": {"iopub.status.busy": "2021"}}}, {}),
    "a picture": ({"cell_type": "markdown", "source": "", "metadata": {}, "attachments": {"x.png": {}}}, {}),
    "widgets": (CODE, {"widgets": {"state": {"P001": 1}}}),
}


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone of its own with one tracked file."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    monkeypatch.setattr(hygiene, "project_root", lambda: tmp_path)

    def add(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        subprocess.run(["git", "add", "-f", name], cwd=tmp_path, check=True)

    return add


def test_this_checkout_is_clean():
    names = hygiene.tracked(ROOT) or [str(path.relative_to(ROOT)) for path in (ROOT / "notebooks").glob("*.ipynb")]
    assert list(hygiene.problems(ROOT, names)) == []


@pytest.mark.parametrize("what", NOTEBOOKS)
def test_a_notebook_that_has_been_run(clone, capsys, what):
    cell, metadata = NOTEBOOKS[what]
    clone("notebooks/01.ipynb", json.dumps({"cells": [CODE, cell], "metadata": metadata}))
    assert hygiene.main() == 1
    said = capsys.readouterr().err
    assert said.startswith("notebooks/01.ipynb: ")
    assert "P001" not in said


def test_a_notebook_without_outputs(clone, capsys):
    clone("notebooks/01.ipynb", json.dumps({"cells": [CODE], "metadata": {}}))
    assert hygiene.main() == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["data/own/x/a.csv", "labs.xlsx", "notes/Trial.SAV", "data/other/a.csv", "a.parquet"])
def test_data_outside_the_public_studies(clone, capsys, name):
    clone(name, "id,value\nP001,3\n")
    assert hygiene.main() == 1
    assert (
        capsys.readouterr().err == f"{name}: data outside the public studies; move it to data/own/, which git ignores\n"
    )


@pytest.mark.parametrize(
    "name", ["data/synthetic/participants.csv", "data/pbc/source/pbc.csv", "tests/oracles/input/a.csv"]
)
def test_public_data(clone, name):
    clone(name, "id,value\n1,3\n")
    assert hygiene.main() == 0


@pytest.mark.parametrize(
    ("parts", "kind"),
    [
        (("-----BEGIN RSA ", "PRIVATE KEY-----"), "a private key"),
        (("AKIA", "ABCDEFGHIJKLMNOP"), "a key of Amazon"),
        (("ghp_", "a1" * 18), "a token of GitHub"),
        (("xoxb-", "1234567890-abc"), "a token of Slack"),
        (("https://me:", "hunter22@host.org/x"), "a password in an address"),
        (('api_key = "', 'abcdef123456"'), "a password or key"),
        (("password: '", "correct-horse'"), "a password or key"),
    ],
)
def test_a_secret_is_named_and_not_repeated(clone, capsys, parts, kind):
    secret = "".join(parts)  # in parts, so that this file holds none
    clone("src/settings.py", f"# settings\n\n{secret}\n")
    assert hygiene.main() == 1
    assert capsys.readouterr().err == f"src/settings.py: line 3: {kind}\n"


@pytest.mark.parametrize(
    "text",
    ["password = os.environ['PASSWORD']", "api_key: ''", "https://host.org:8080/a@b", "a://b:hunter22@c  # no secret"],
)
def test_what_is_no_secret(text):
    assert list(hygiene.secrets(text)) == []


def test_files_named_and_files_taken_away(clone, tmp_path, capsys):
    clone("a.csv", "1")
    clone("b.csv", "1")
    assert hygiene.main(["b.csv"]) == 1
    assert capsys.readouterr().err.startswith("b.csv")
    (tmp_path / "a.csv").unlink()
    assert hygiene.main(["a.csv"]) == 0


def test_the_hooks_are_of_this_checkout_and_run_what_make_lint_runs():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [entry["repo"] for entry in hooks] == ["local"]
    entries = [hook["entry"] for hook in hooks[0]["hooks"]]
    assert all(hook["language"] == "system" for hook in hooks[0]["hooks"])
    lint = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\nlint:")[2].partition("\n\n")[0]
    commands = [line.strip().removeprefix("@$(PY)") for line in lint.splitlines()[1:]]
    said = {entry.removeprefix(".venv/bin/python").replace(" --force-exclude", "") for entry in entries}
    assert said == set(commands)
