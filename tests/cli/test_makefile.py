"""The targets, as far as they can be tried without setting up an environment."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def make(*arguments, folder=ROOT):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    command = ["make", "-C", str(folder), "--no-print-directory", *arguments]
    return subprocess.run(command, env=kept, capture_output=True, text=True, check=False)


def targets():
    (line,) = re.findall(r"^\.PHONY:(.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    return line.split()


def test_help_prints_one_line_a_target():
    lines = make("help").stdout.splitlines()
    assert [line.split()[0] for line in lines] == targets()
    assert all(len(line) <= 100 for line in lines)


def test_help_is_what_bare_make_does():
    assert make().stdout == make("help").stdout


def test_an_unsuitable_python_is_named_with_what_to_do(tmp_path):
    copy = tmp_path / "a checkout"
    copy.mkdir()
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        (copy / name).write_bytes((ROOT / name).read_bytes())
    done = make("book", "PYTHON=false", folder=copy)
    assert done.returncode != 0
    assert "expected Python 3.11 to 3.14" in done.stderr
    assert not (copy / ".venv").exists()


def test_uv_is_installed_with_its_hashes_from_the_lock(tmp_path):
    command = ["sed", "-n", r"/^uv==/,/[^\\]$/p", str(ROOT / "requirements.lock")]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert lines[0].startswith("uv==")
    assert len(lines) > 5
    assert all(line.strip().startswith("--hash=sha256:") for line in lines[1:])


@pytest.mark.parametrize(
    "target",
    [
        "book",
        "pdf",
        "word",
        "figures",
        "tables",
        "test",
        "lab",
        "lock",
        "lint",
        "synthetic",
        "pbc",
        "check",
        "study",
        "twin",
        "bench",
        "faults",
    ],
)
def test_every_target_that_needs_an_environment_depends_on_its_stamp(target):
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}: \.venv(-lab)?/\.\w+ ##", text, flags=re.MULTILINE)


def test_the_hosted_checks_call_make_test():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").rstrip().endswith("make test")
