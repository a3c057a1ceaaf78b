"""Folders of a small grid, in a copy of the checkout's layout."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest
import yaml

from helpers.analysis.places import project_root
from helpers.cli.many.folder import Folder

from .grids import first_values

MODULE, HERE = "squares", str(Path(__file__).parent)


@pytest.fixture
def grid(tmp_path, monkeypatch):
    """A function that gives the folder of a grid of squares; the jobs' processes find the kind too."""
    root = project_root()
    monkeypatch.setenv("PYTHONPATH", HERE)
    monkeypatch.syspath_prepend(HERE)
    numbers = itertools.count()

    def make(count: int, name: str = "", **options) -> Folder:
        study = str(tmp_path / (name or f"study{next(numbers)}"))
        Path(study).mkdir(exist_ok=True)
        return Folder(root, MODULE, study, {"count": str(count), **{k: str(v) for k, v in options.items()}})

    made: list[Folder] = []

    def kept(*arguments, **options) -> Folder:
        made.append(make(*arguments, **options))
        return made[-1]

    yield kept
    for folder in made:
        shutil.rmtree(folder.path.parent, ignore_errors=True)


@pytest.fixture
def small_grid(tmp_path) -> Path:
    """A file with the paper's choices and one more way of the degrees of freedom."""
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(first_values({"df": ["satterthwaite", "residual"]})), encoding="utf-8")
    return path
