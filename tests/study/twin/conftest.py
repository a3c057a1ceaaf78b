"""Studies to make twins of: the bundled ones, and a small one that can be bent."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.study import Study, load_study
from helpers.study.twin import Twin, make_twin, write_twin

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, eq=False)
class Made:
    """A study and its folder, its twin, and the twin as its folder reads."""

    source: Path
    study: Study
    twin: Twin
    folder: Path
    read: Study


@pytest.fixture(scope="session", params=["synthetic", "pbc"])
def made(request, tmp_path_factory) -> Made:
    source = ROOT / "data" / request.param
    study = load_study(source)
    folder = tmp_path_factory.mktemp("twins") / request.param
    twin = make_twin(study, seed=7)
    write_twin(folder, study, twin)
    return Made(source, study, twin, folder, load_study(folder))


def small_descriptor(**fields: dict) -> dict:
    """Two groups, two visits, one outcome, one analyte, an events table with dates, and a table about nobody."""

    def table(name: str, key: list[str], **columns: dict) -> dict:
        listed = [{"name": column, "type": "number", **about} for column, about in columns.items()]
        return {"name": name, "path": f"{name}.csv", "schema": {"fields": listed, "primaryKey": key}}

    key = {"type": "string", "constraints": {"required": True}}
    group = {"type": "string", "constraints": {"enum": ["a", "b"], "required": True}}
    people = {"sex": {"type": "string", "constraints": {"enum": ["f", "m"]}}, "note": {"type": "string"}, **fields}
    return {
        "name": "small", "title": "Small", "description": "Kept in /home/clinic/trial.sav", "data_source": "real",
        "sources": [{"title": "clinic", "path": "/home/clinic/trial.sav"}],
        "resources": [
            table("people", ["id"], id=key, arm=group, **people),
            table("scores", ["id", "visit"], id=key, visit=key, score={"constraints": {"minimum": 0, "maximum": 30}}),
            table("blood", ["id", "visit"], id=key, visit=key, crp={}),
            table("events", [], id=key, day={}, severe={"type": "boolean"}),
            table("centres", [], centre={"type": "string"}),
        ],
        "roles": {
            "identifier": "id", "tables": {"participants": "people", "outcomes": "scores", "analytes": "blood"},
            "group": {"column": "arm", "compared": ["a", "b"], "reference": None},
            "visits": [{"name": "start", "label": "Start", "day": 0}, {"name": "end", "label": "End", "day": 7}],
            "outcomes": [{"column": "score", "label": "Score", "visits": ["start", "end"]}],
            "response": {"outcome": "score", "fraction": 0.5, "visit": "end"},
            "analytes": {"columns": ["crp"], "visits": ["start", "end"], "transform": "log"},
            "baseline_table": [{"column": "sex", "candidate": True}],
        },
    }  # fmt: skip


def write_small(folder: Path, size: int = 30, fields: dict | None = None, people: dict | None = None) -> Path:
    """A small study's folder; further columns of the participants table by ``fields`` and ``people``."""
    rng, names = np.random.default_rng(3), [f"KL-{n:04d}" for n in range(11, 11 + size)]
    visits = [(name, visit) for name in names for visit in ("start", "end")]
    keys = pd.DataFrame(visits, columns=["id", "visit"])
    persons = pd.DataFrame({"id": names, "arm": ["a", "b"] * (size // 2) + ["a"] * (size % 2)})
    persons = persons.assign(sex=rng.choice(["f", "m"], size), note=[f"lives in street {n}" for n in range(size)])
    events = pd.DataFrame({"id": np.repeat(names, 2), "day": rng.uniform(0, 7, 2 * size).round(3)})
    tables = {
        "people": persons.assign(**(people or {})),
        "scores": keys.assign(score=rng.integers(5, 29, len(keys))),
        "blood": keys.assign(crp=np.exp(rng.normal(0, 1, len(keys))).round(2).clip(0.01)),
        "events": events.assign(severe=rng.choice(["true", "false"], 2 * size)),
        "centres": pd.DataFrame({"centre": ["North clinic"]}),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    (folder / "datapackage.json").write_text(json.dumps(small_descriptor(**(fields or {}))), encoding="utf-8")
    return folder
