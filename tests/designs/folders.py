"""A study folder written from columns, roles and frames."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd


def categories(*values: str) -> dict:
    return {"type": "string", "constraints": {"enum": list(values)}}


NUMBER = {"type": "number"}


def resource(name: str, fields: Mapping[str, dict]) -> dict:
    described = [{"name": key, "title": key.replace("_", " ").capitalize(), **field} for key, field in fields.items()]
    return {"name": name, "path": f"{name}.csv", "title": name.capitalize(), "schema": {"fields": described}}


def write_study(
    folder: Path, title: str, people: dict, tables: dict, roles: dict, frames: Mapping[str, pd.DataFrame]
) -> Path:
    """A study folder: ``people`` and ``tables`` are the columns beside identifier and visit."""
    key = {"id": {"type": "string"}}
    resources = [resource("participants", key | people)]
    resources += [resource(name, key | {"visit": {"type": "string"}} | fields) for name, fields in tables.items()]
    parts = {name: name for name in ("participants", "outcomes", "analytes") if name in ("participants", *tables)}
    roles = {"identifier": "id", "tables": parts, **roles}
    document = {"name": folder.name, "title": title, "data_source": "real", "resources": resources, "roles": roles}
    folder.mkdir(parents=True)
    (folder / "datapackage.json").write_text(json.dumps(document), encoding="utf-8")
    for name, frame in frames.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return folder


def visits(names: Sequence[str], days: Sequence[float]) -> list[dict]:
    return [
        {"name": name, "label": name.replace("_", " ").capitalize(), "day": day}
        for name, day in zip(names, days, strict=True)
    ]
