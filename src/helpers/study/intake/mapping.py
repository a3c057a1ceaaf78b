"""Reading ``mapping.yaml``: all problems at once, each by line and key."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from helpers.study.intake.errors import MappingError, UndecidedError
from helpers.study.intake.propose import undecided
from helpers.study.intake.yaml_lines import Lines, line_of, load_with_lines

FILE = "mapping.yaml"
SECTIONS = ("participants", "outcomes", "analytes", "events")
TAKEN = ("id", "group", "visit", "day", "value", "baseline_level")


@dataclass(frozen=True, eq=False)
class StudyMapping:
    """A mapping that follows its schema; ``document`` is the file, ``lines`` says where its keys stand."""

    where: str
    document: Mapping[str, Any]
    lines: Lines

    def __getitem__(self, key: str) -> Any:
        return self.document.get(key) or {}

    @property
    def visits(self) -> list[str]:
        """Names of the visits, in order."""
        return [visit["name"] for visit in self.document["visits"]]

    @property
    def files(self) -> list[Path]:
        """The files it reads."""
        return [Path(source["file"]) for source in self.document["sources"]]

    @property
    def tables(self) -> dict[str, Mapping[str, Any]]:
        """How each table is laid out, by its short name."""
        return {name: entry for source in self.document["sources"] for name, entry in (source["tables"] or {}).items()}

    def at(self, *path: str) -> str:
        """Line and key, as messages begin."""
        return f"line {line_of(self.lines, path)}, {'.'.join(path)}"


def read_mapping(text: str, where: str) -> StudyMapping:
    """Read a mapping.

    Parameters
    ----------
    text : str
        Contents of ``mapping.yaml``.
    where : str
        The file, as messages name it.

    Raises
    ------
    UndecidedError
        It still asks something; every question is listed.
    MappingError
        It is not YAML, does not follow ``mapping.schema.json``, or its names do not fit each other.
    """
    document, lines = load_with_lines(text, where)
    if not isinstance(document, dict):
        raise MappingError(where, ["line 1: expected keys and values, as `make study` wrote them"])
    questions = undecided(document)
    if questions:
        asked = [f"line {line_of(lines, tuple(path.split('.')))}, {path}: {question}" for path, question in questions]
        raise UndecidedError(where, asked)
    problems = [*_schema_problems(document, lines)]
    if problems:
        raise MappingError(where, problems)
    mapping = StudyMapping(where, document, lines)
    problems = [*_name_problems(mapping)]
    if problems:
        raise MappingError(where, problems)
    return mapping


@cache
def _validator():
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads((Path(__file__).parent / "mapping.schema.json").read_text(encoding="utf-8")))


def _schema_problems(document: Any, lines: Lines) -> Iterator[str]:
    found = sorted(_validator().iter_errors(document), key=lambda e: line_of(lines, tuple(map(str, e.absolute_path))))
    for error in found:
        path = tuple(map(str, error.absolute_path))
        yield f"line {line_of(lines, path)}, {'.'.join(path) or 'the file'}: {_said(error)}"


def _said(error: Any) -> str:
    if error.validator == "anyOf":
        return (
            "expected a column, a list of columns, or columns by visit"
            if "from" in error.absolute_path
            else "not of the expected form"
        )
    if error.validator == "pattern":
        return f"{error.instance!r} is no name here; expected small letters, digits and _, a letter first"
    return error.message if len(error.message) < 200 else f"not of the expected form ({error.validator})"


def _name_problems(mapping: StudyMapping) -> Iterator[str]:
    """Names of visits, groups and variables that do not fit each other."""
    yield from _visit_names(mapping)
    seen: dict[str, str] = {}
    for section in SECTIONS:
        for name in mapping[section]:
            if name in TAKEN:
                yield f"{mapping.at(section, name)}: {name!r} is used for something else; choose another name"
            if name in seen:
                yield f"{mapping.at(section, name)}: there is a {name!r} under {seen[name]} already; rename one"
            seen[name] = section
    group = mapping["group"]
    names = {level["name"] for level in group["levels"].values()}
    for key in ("compared", "reference"):
        wanted = group[key] if key == "compared" else [group[key]] if group[key] else []
        for name in wanted:
            if name not in names:
                yield f"{mapping.at('group', key)}: no group {name!r}; {expected(name, names)}"
    for name, entry in mapping["participants"].items():
        if (entry["type"] == "category") != ("levels" in entry):
            yield f"{mapping.at('participants', name)}: levels and type category belong together"


def _visit_names(mapping: StudyMapping) -> Iterator[str]:
    visits, days = mapping.visits, [visit["day"] for visit in mapping.document["visits"]]
    if days != sorted(set(days)) or len(set(visits)) != len(visits):
        yield f"{mapping.at('visits')}: days must rise from visit to visit, and each name stand once"
    for section in ("outcomes", "analytes"):
        for name, entry in mapping[section].items():
            by_visit = [key for key in ("from", "limit") if isinstance(entry.get(key), dict)]
            used = [(key, visit) for key in by_visit for visit in entry[key]]
            used += [("visits", visit) for visit in entry.get("visits", ())]
            for key, visit in used:
                if visit not in visits:
                    yield f"{mapping.at(section, name, key, visit)}: no visit {visit!r}; {expected(visit, visits)}"
    for place, source in enumerate(mapping.document["sources"]):
        for table, entry in (source["tables"] or {}).items():
            path = ("sources", str(place), "tables", table)
            if entry["layout"] == "long" and not ("visit" in entry and "visit_values" in entry):
                yield f"{mapping.at(*path)}: a long table needs visit and visit_values"
            if entry["layout"] == "assay" and not ("analyte" in entry and "result" in entry):
                yield f"{mapping.at(*path)}: a table with one row an analyte needs analyte and result"
            if ("visit" in entry) != ("visit_values" in entry):
                yield f"{mapping.at(*path)}: visit and visit_values belong together"
            for visit in entry.get("visit_values", {}).values():
                if visit not in visits:
                    yield f"{mapping.at(*path, 'visit_values')}: no visit {visit!r}; {expected(visit, visits)}"


def expected(name: str, known) -> str:
    """What to put instead of a name that is not known.

    Examples
    --------
    >>> expected("basline", ["baseline", "day_13"])
    "did you mean 'baseline'?"
    """
    near = get_close_matches(name, list(known), n=1)
    listed = ", ".join(sorted(known)[:12]) + (" and more" if len(known) > 12 else "")
    return f"did you mean {near[0]!r}?" if near else f"expected one of {listed}"
