"""A twin as a study folder, written whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from helpers.study.errors import StudyError
from helpers.study.parse import FILE
from helpers.study.read import Study, load_study

from .errors import TwinError
from .make import Twin
from .report import markdown, privacy

MODULE = "helpers.study.twin"
# What of a descriptor goes over; its description, sources and people speak of the real study.
KEPT = ("version", "profile", "licenses")
DESCRIPTION = (
    "Made data: nobody in these tables exists. Drawn by helpers.study.twin from a model fitted to the study of this "
    "name: the same tables, columns, groups and visits, distributions and correlations like the study's, and no "
    "participant closer to a real one than two real ones of a group are to each other (privacy.md). It shows that the "
    "analysis runs and roughly what comes out; no result of it is a result of the study."
)


def twin_descriptor(study: Study, seed: int) -> dict[str, Any]:
    """The twin's ``datapackage.json``: the study's tables and roles under a name and source of its own.

    Nothing in it says where the study's files are; the ledger of published claims does not go over, as the twin was not
    made to meet it.
    """
    raw = study.descriptor.raw
    document = {
        "name": f"{raw['name']}-twin",
        "title": f"Synthetic twin of: {raw['title']}",
        "description": DESCRIPTION,
    }
    document |= {key: raw[key] for key in KEPT if key in raw}
    document |= {"data_source": "synthetic", "notice": "Synthetic twin of a study", "claims": None}
    document |= {"generator": {"module": MODULE, "seed": seed}}
    return document | {"resources": raw["resources"], "roles": raw["roles"]}


def write_twin(folder: Path, study: Study, twin: Twin, name: str | None = None) -> list[Path]:
    """Write tables, descriptor and the report on privacy into ``folder``; returns the files.

    Everything is written beside its place, read again as a study, and only then moved there. A twin of the same study
    is replaced; anything else in the folder is refused. Messages call the folder ``name``.

    Raises
    ------
    TwinError
        The folder holds something else.
    OSError
        The folder cannot be written.
    """
    folder, name = Path(folder), name or str(folder)
    refuse_another(folder, study, name)
    contents = _contents(study, twin)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".twin-", dir=folder.parent) as staging:
        new = Path(staging, "new")
        for path, text in contents.items():
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            (new / path).write_bytes(text.encode("utf-8"))
        _check(new, study)
        if folder.exists():
            folder.replace(Path(staging, "old"))
        new.replace(folder)
    return [folder / path for path in contents]


def refuse_another(folder: Path, study: Study, name: str) -> None:
    """Raise ``TwinError`` when a folder holds anything but a twin of this study."""
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists() and not _is_twin_of(folder, study):
        what = "another study" if (folder / FILE).is_file() else "other files"
        raise TwinError(name, [f"holds {what}, which would be lost; give a new or empty folder with TO=…"])


def _is_twin_of(folder: Path, study: Study) -> bool:
    try:
        document = json.loads((folder / FILE).read_text(encoding="utf-8"))
        made = document["generator"]["module"] == MODULE
        listed = {item["path"] for item in document["resources"]} | {FILE, "privacy.json", "privacy.md"}
    except (OSError, ValueError, KeyError, TypeError):
        return False
    # Whatever somebody put beside the tables is not ours to remove.
    own = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} <= listed
    return made and own and document.get("name") == f"{study.descriptor.name}-twin"


def _contents(study: Study, twin: Twin) -> Mapping[str, str]:
    paths = {resource.name: resource.path for resource in study.descriptor.resources}
    # Tables that are read back: what a spreadsheet takes for a formula stays, as it does in the study itself.
    contents = {paths[name]: table.to_csv(index=False, lineterminator="\n") for name, table in twin.tables.items()}
    report = privacy(twin)
    contents["privacy.json"] = _json(report)
    contents["privacy.md"] = markdown(report, study.descriptor.title)
    return {**contents, FILE: _json(twin_descriptor(study, twin.seed))}


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _check(folder: Path, study: Study) -> None:
    try:
        load_study(folder, name="the twin")
    except StudyError as error:
        shutil.rmtree(folder)
        raise TwinError(
            study.descriptor.name,
            ["the twin drawn is not a study as the descriptor describes it; nothing was written", *error.problems],
        ) from None
