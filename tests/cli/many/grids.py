"""Small grids of the multiverse, made from the project's own."""

from __future__ import annotations

import yaml

from helpers.analysis.places import project_root

GRID = project_root() / "scenarios" / "multiverse.yaml"


def first_values(keep: dict | None = None) -> dict:
    """The grid with the paper's value of each choice alone, and more of some."""
    found = yaml.safe_load(GRID.read_text(encoding="utf-8"))
    one = {name: values[:1] for name, values in found["choices"].items()}
    families = {f: {name: values[:1] for name, values in own.items()} for f, own in found["families"].items()}
    return {"choices": {**one, **(keep or {})}, "families": families}
