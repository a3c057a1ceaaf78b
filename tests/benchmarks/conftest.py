"""The benchmarks are a package at the top of the checkout; a part of theirs that measures nothing stands in."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

README = """# A project
<!-- claims: written by `make claims` -->
counts
<!-- end -->
between
<!-- bench: written by `make bench` -->
old
<!-- end -->
after
"""


@pytest.fixture
def readme(tmp_path) -> Path:
    """A README with both blocks."""
    path = tmp_path / "README.md"
    path.write_text(README, encoding="utf-8")
    return path


@pytest.fixture
def bench(tmp_path, readme, monkeypatch):
    """A function that runs `make bench` with a part `made`, which gives what it is told; returns the exit status."""
    from benchmarks import __main__ as command

    part = ModuleType("benchmarks.parts.made")
    monkeypatch.setitem(sys.modules, "benchmarks.parts.made", part)
    monkeypatch.setitem(command.PARTS, "made", "nothing")

    def run(give, parts: str = "made") -> int:
        part.run = give if callable(give) else lambda folder: give
        return command.main([parts], folder=tmp_path, readme=readme)

    return run
