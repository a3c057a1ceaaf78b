"""The two runs of ``make study``: the first writes the mapping, the next ones make the study from it."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from helpers.study.errors import StudyError
from helpers.study.intake.convert import Converted, convert
from helpers.study.intake.describe import descriptor
from helpers.study.intake.errors import MappingError, SourceError
from helpers.study.intake.mapping import FILE, StudyMapping, read_mapping
from helpers.study.intake.propose import propose, undecided
from helpers.study.intake.read import read_sources, sha256
from helpers.study.intake.write_mapping import default_name, mapping_text
from helpers.study.intake.yaml_lines import load_with_lines
from helpers.study.parse import FILE as DESCRIPTOR
from helpers.study.read import load_study


@dataclass(frozen=True)
class Outcome:
    """What a run did: the file it wrote, and lines for the person."""

    path: Path
    lines: tuple[str, ...]


def start_study(files: Sequence[Path], folder: Path, shown: str) -> Outcome:
    """Read a laboratory's files and write the mapping that a person corrects.

    Parameters
    ----------
    files : sequence of Path
        ``.sav``, ``.xlsx`` or ``.csv``; only read.
    folder : Path
        The study folder; made when the mapping is written, not before.
    shown : str
        What messages call the folder.

    Raises
    ------
    SourceError
        A file cannot be read, or its rows cannot be told apart. Nothing is written.
    """
    tables = read_sources([path.absolute() for path in files])
    proposal = propose(tables, default_name(folder))
    text = mapping_text(proposal)
    document, _ = load_with_lines(text, f"{shown}/{FILE}")
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / FILE, text)
    questions = undecided(document)
    counts = [f"{len(proposal.section(name))} {name}" for name in ("participants", "outcomes", "analytes", "events")]
    found = f"{len(proposal.visits)} visits; variables: {', '.join(counts)}; {len(proposal.ignored)} ignored"
    lines = [f"{shown}/{FILE}: {found}"]
    lines += (
        [f"to decide, {len(questions)}:", *(f"  {path}: {question}" for path, question in questions)]
        if questions
        else []
    )
    return Outcome(folder / FILE, (*lines, "read the mapping, correct it, then run make study again"))


def convert_study(folder: Path, shown: str, files: Sequence[Path] = ()) -> Outcome:
    """Make the study's tables and descriptor from the files and the mapping.

    The study is made in a temporary folder, read back as every notebook reads it, and only then put in place; the
    descriptor comes last, so that a study folder is never half of one and half of another.

    Raises
    ------
    MappingError
        The mapping is undecided or wrong.
    SourceError
        The files do not fit the mapping.
    StudyError
        The study so made cannot be used, told in terms of the files' columns.
    """
    mapping = read_mapping(_text(folder / FILE, shown), f"{shown}/{FILE}")
    _same_files(mapping, files)
    tables = read_sources(mapping.files, _options(mapping))
    made = convert(mapping, tables)
    digests = {path.name: sha256(path) for path in mapping.files}
    described = descriptor(mapping, made, digests)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as scratch:
        new = Path(scratch)
        for name, frame in made.tables.items():
            # As it is: an apostrophe before what a spreadsheet takes for a formula would change identifiers.
            _write(new / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n"))
        _write(new / DESCRIPTOR, json.dumps(described, ensure_ascii=False, indent=1) + "\n")
        _loads(new, mapping, made, shown)
        _put(new, folder)
    people = f"{len(made.tables['participants'])} participants"
    tables_line = ", ".join(f"{name}.csv {len(frame)} rows" for name, frame in made.tables.items())
    lines = [f"{shown}: {people}; {tables_line}", *_changed(mapping, digests), *made.notes]
    return Outcome(folder / DESCRIPTOR, (*lines, f"now: make book STUDY={shown}"))


def _text(path: Path, shown: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise MappingError(
            f"{shown}/{FILE}", [f"not text in UTF-8, from byte {error.start + 1} on; save it so"]
        ) from None


def _same_files(mapping: StudyMapping, files: Sequence[Path]) -> None:
    """Other files than the mapping's would silently be passed over."""
    known = {path.absolute() for path in mapping.files}
    others = [str(path) for path in files if path.absolute() not in known]
    if others:
        raise MappingError(
            mapping.where,
            [f"written for {', '.join(p.name for p in mapping.files)}, not for {', '.join(others)}; "
             "name another STUDY, or remove the mapping to start again"],
        )  # fmt: skip


def _options(mapping: StudyMapping) -> dict[str, dict[str, str]]:
    keys = ("encoding", "separator", "decimal")
    return {s["file"]: {key: s[key] for key in keys if key in s} for s in mapping.document["sources"]}


def _changed(mapping: StudyMapping, digests: Mapping[str, str]) -> list[str]:
    """Files that are not what they were: the mapping was checked against them as they are now."""
    before = {Path(source["file"]).name: source["sha256"] for source in mapping.document["sources"]}
    names = [name for name, digest in digests.items() if before[name] != digest]
    return [f"{name} has changed since the mapping was written; converted as it is now, and it fits" for name in names]


def _loads(new: Path, mapping: StudyMapping, made: Converted, shown: str) -> None:
    """The study must be one that every notebook can read."""
    try:
        load_study(new, name=shown)
    except StudyError as error:
        raise MappingError(mapping.where, [_translated(line, mapping, made) for line in error.problems]) from None


def _translated(line: str, mapping: StudyMapping, made: Converted) -> str:
    """A problem of the study's tables or roles, with the line of the mapping or the columns of the files behind it."""
    role = re.match(r"roles\.(\w+)(?:\.(\w+))?", line)
    if role:
        section = role[1] if role[1] in mapping.document else "rules"
        path = (section, *(part for part in role.groups() if part and part != section))
        return f"{mapping.at(*path)}: {line.partition(': ')[2]}"
    cell = re.match(r"(\w+)\.csv, column (\w+), row (\d+)", line)
    if not cell or cell[1] not in made.tables:
        return line
    sections = ("participants", "outcomes", "analytes", "events")
    source = next((mapping[s][cell[2]]["from"] for s in sections if cell[2] in mapping[s]), None)
    frame = made.tables[cell[1]]
    if isinstance(source, dict) and "visit" in frame and int(cell[3]) - 2 < len(frame):
        source = source.get(frame["visit"].iloc[int(cell[3]) - 2], source)
    return f"{line} (in your files: {source})" if source else line


def _put(new: Path, folder: Path) -> None:
    """Put the new files in place: the old descriptor goes first, the new one comes last."""
    old = folder / DESCRIPTOR
    if old.is_file():
        stale = [item["path"] for item in json.loads(old.read_text(encoding="utf-8")).get("resources", ())]
        old.unlink()
        for name in stale:
            if not (new / name).is_file():
                (folder / name).unlink(missing_ok=True)
    for path in sorted(new.iterdir(), key=lambda path: path.name == DESCRIPTOR):
        shutil.move(path, folder / path.name)


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


__all__ = ["Outcome", "SourceError", "convert_study", "start_study"]
