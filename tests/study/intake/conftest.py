"""The tutorial's trial, taken through the tutorial's own commands and corrections once for all tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "book" / "own_data.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (.*)$", PAGE, flags=re.MULTILINE)
LINKED = (
    *("scenarios", "src", "tests", "book", ".venv", "requirements.lock", "pyproject.toml", "Makefile", "Snakefile"),
    *("CITATION.cff", "CHANGELOG.md"),
    *("data/claims", "data/witnesses", "data/synthetic"),
)


def corrected(text: str) -> str:
    """A mapping with the corrections of the page: a line with a minus becomes the lines with a plus after it."""
    for block in re.findall(r"```diff\n(.*?)```", PAGE, flags=re.DOTALL):
        for old, new in re.findall(r"^-(.*)\n((?:\+.*\n)+)", block, flags=re.MULTILINE):
            assert text.count(f"\n{old}\n") == 1, f"the page corrects a line that the mapping does not have: {old}"
            text = text.replace(f"\n{old}\n", "\n" + "".join(f"{line[1:]}\n" for line in new.splitlines()))
    return text


def shell(command: str, root: Path) -> str:
    """A command of the page, in a checkout; what it prints."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    # The stamp of the environment is taken as it is: a test does not set one up.
    command = command.replace("make ", "make -o .venv/.built ", 1)
    done = subprocess.run(command, shell=True, cwd=root, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    """A checkout of its own, so that nobody's ``data/own`` is touched; the environment is this one."""
    root = tmp_path_factory.mktemp("checkout")
    (root / "data").mkdir()
    for name in LINKED:
        (root / name).symlink_to(ROOT / name)
    # Not a link: a notebook's own folder tells it which checkout it is in.
    shutil.copytree(ROOT / "notebooks", root / "notebooks")
    (root / ".gitignore").write_bytes((ROOT / ".gitignore").read_bytes())
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    return root


@pytest.fixture(scope="session")
def trial(checkout):
    """The page's commands up to the book, in order, with its corrections in their place, and what came of them."""
    make_file, start, convert, *_ = COMMANDS
    folder, files = checkout / "data" / "own" / "trial", checkout / "build" / "tutorial"
    shell(make_file, checkout)
    before = (files / "trial.sav").read_bytes()
    started = shell(start, checkout)
    first = (folder / "mapping.yaml").read_text(encoding="utf-8")
    (folder / "mapping.yaml").write_text(corrected(first), encoding="utf-8")
    converted = shell(convert, checkout)
    return SimpleNamespace(
        sav=files / "trial.sav", tidy=files / "tidy", before=before, folder=folder, first=first,
        started=started, converted=converted,
    )  # fmt: skip
