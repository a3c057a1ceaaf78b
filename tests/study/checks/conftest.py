"""A small good study, made here, and the command that checks a corrupted copy of it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from pathlib import Path

import jsonschema
import pytest

from helpers.cli import layout, main

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "src/helpers/study/check.schema.json").read_text(encoding="utf-8"))
VISITS = {"baseline": 0, "week_2": 14, "week_4": 28}
GROUPS = {"ache": 24, "no_ache": 24, "healthy": 8}
ANALYTES = ("il_6", "tnf_a", "crp")


def column(name: str, kind: str, unit: str = "", **constraints) -> dict:
    return {"name": name, "type": kind, "unit": unit, "constraints": constraints}


def table(name: str, *columns: dict, key: tuple[str, ...]) -> dict:
    schema = {"fields": list(columns), "primaryKey": list(key), "missingValues": ["", "NA"]}
    return {"name": name, "path": f"{name}.csv", "schema": schema}


CODE = column("code", "string", required=True)
VISIT = column("visit", "string", required=True, enum=list(VISITS))
TABLES = [
    table("people", {**CODE, "constraints": {"required": True, "unique": True}},
          {**column("arm", "string", required=True, enum=list(GROUPS)), "categoriesLabels": {"ache": "Mit Schmerz"}},
          column("age", "integer", "years", required=True, minimum=18, maximum=80),
          column("sex", "string", enum=["female", "male"]), column("weight", "number", "kg"),
          column("age_at_onset", "integer", "years"), column("illness_duration", "integer", "months"),
          column("ward", "string"), key=("code",)),
    table("scales", CODE, VISIT, column("seen", "date"),
          column("madrs", "integer", "points", required=True, minimum=0, maximum=60),
          column("pain", "integer", "cm", minimum=0, maximum=10), key=("code", "visit")),
    table("blood", CODE, VISIT, *(column(name, "number", "pg/mL", minimum=0) for name in ANALYTES),
          key=("code", "visit")),
    table("doses", CODE, column("dose", "integer", minimum=1, maximum=2), column("sick", "integer", enum=[0, 1]),
          key=("code", "dose")),
]  # fmt: skip
ROLES = {
    "identifier": "code",
    "tables": {"participants": "people", "outcomes": "scales", "analytes": "blood"},
    "group": {"column": "arm", "compared": ["ache", "no_ache"], "reference": "healthy"},
    "visits": [{"name": name, "label": name, "day": day} for name, day in VISITS.items()],
    "outcomes": [
        {"column": "madrs", "label": "MADRS", "visits": list(VISITS)},
        {"column": "pain", "label": "Pain", "visits": ["baseline", "week_2"]},
    ],
    "response": {"outcome": "madrs", "fraction": 0.5, "visit": "week_2"},
    "remission": {"outcome": "madrs", "cutoff": 10, "visit": "week_2"},
    "analytes": {"columns": list(ANALYTES), "visits": ["baseline", "week_2"], "transform": "log"},
    "baseline_table": [{"column": "age", "candidate": True}, {"column": "sex", "candidate": True}],
    "analyte_covariates": ["age", "sex"],
    "eligibility": [{"column": "age", "maximum": 65, "text": "Age up to 65 years"}],
    "classification": {"visit": "baseline", "any_above": {"pain": 0}, "yes": "ache", "no": "no_ache", "text": "Pain"},
    "adverse_events": {"table": "doses", "column": "sick", "unit": "dose"},
    "mediation": {"group": "ache", "visit": "week_2", "x": "il_6", "m": "pain", "y": "madrs"},
}


def people() -> list[tuple[str, str]]:
    """Code and group of everybody; codes say nothing of groups."""
    return [(f"K{number:03}", arm) for number, arm in enumerate((a for a, n in GROUPS.items() for _ in range(n)), 1)]


def rows() -> dict[str, list[list]]:
    """The tables' cells, without chance: varied by the participant's number."""
    made: dict[str, list[list]] = {"people": [], "scales": [], "blood": [], "doses": []}
    for number, (code, arm) in enumerate(people()):
        patient, age = arm != "healthy", 30 + number % 30
        history = [age - 5, 60 + number % 7] if patient else ["", ""]
        sex = "male" if number % 3 else "female"
        made["people"].append([code, arm, age, sex, 60.5 + number % 17, *history, f"Ward {number % 3}"])
        for turn, (visit, _) in enumerate(VISITS.items()):
            pain = "" if turn == 2 else (3 + number % 4 if arm == "ache" else 0)
            if patient:
                month, first = ((3, 1), (3, 15), (4, 1))[turn]
                seen = f"2021-{month:02}-{first + number % 15:02}"
                made["scales"].append([code, visit, seen, 32 + number % 8 - 13 * turn, pain])
            if turn < 2 and (patient or not turn):
                levels = [1.3 + 0.07 * (number % 19) + 0.1 * turn, 4.1 + 0.2 * (number % 11), 900 + 40 * (number % 13)]
                made["blood"].append([code, visit, *(f"{level:.2f}" for level in levels)])
        if patient:
            made["doses"] += [[code, dose, (number + dose) % 2] for dose in (1, 2)]
    return made


@dataclass
class Folder:
    """A study folder that a test corrupts: by cell, by bytes, or in the descriptor."""

    path: Path
    document: dict = field(default_factory=dict)

    def file(self, name: str) -> Path:
        return self.path / f"{name}.csv"

    def write(self, name: str, content: bytes) -> None:
        self.file(name).write_bytes(content)

    def read(self, name: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.file(name).read_text(encoding="utf-8"), newline="")))

    def save(self, name: str, cells: list[list]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows(cells)
        self.write(name, text.getvalue().encode("utf-8"))

    def put(self, name: str, column: str, value, *lines: int) -> None:
        """Put a value into a column: at the lines given (the heading is 1), or throughout."""
        cells = self.read(name)
        place = cells[0].index(column)
        for line in lines or range(2, len(cells) + 1):
            old = cells[line - 1][place]
            cells[line - 1][place] = value(old) if callable(value) else value
        self.save(name, cells)

    def column(self, name: str, column: str) -> dict:
        """A column's entry in the descriptor."""
        fields = next(item for item in self.document["resources"] if item["name"] == name)["schema"]["fields"]
        return next(item for item in fields if item["name"] == column)

    def describe(self) -> None:
        (self.path / "datapackage.json").write_text(json.dumps(self.document), encoding="utf-8")


@dataclass(frozen=True)
class Outcome:
    """What the command said and left."""

    status: int
    said: str
    page: str
    data: dict

    @property
    def findings(self) -> list[dict]:
        return self.data.get("findings", [])

    def rules(self, severity: str) -> set[str]:
        return {item["rule"] for item in self.findings if item["severity"] == severity}

    def finding(self, rule: str, **wanted) -> dict:
        """The finding of a rule, in a file or column."""
        found = [item for item in self.findings if item["rule"] == rule]
        found = [item for item in found if all(item[key] == value for key, value in wanted.items())]
        assert found, (rule, wanted, self.findings)
        return found[0]

    @property
    def everything(self) -> str:
        return "\n".join([self.said, self.page, json.dumps(self.data, ensure_ascii=False)])


@pytest.fixture
def good(tmp_path) -> Folder:
    """The good study, freshly written."""
    folder = Folder(tmp_path / "trial")
    folder.path.mkdir()
    folder.document = json.loads(
        json.dumps({"name": "trial", "title": "Trial", "data_source": "real", "resources": TABLES, "roles": ROLES})
    )
    for item in folder.document["resources"]:
        folder.save(item["name"], [[entry["name"] for entry in item["schema"]["fields"]], *rows()[item["name"]]])
    folder.describe()
    return folder


@pytest.fixture
def check(tmp_path, monkeypatch, capsys):
    """Run ``check`` on a folder in a checkout of its own; the study folder must stay as it is."""
    root = tmp_path / "checkout"
    root.mkdir()
    (root / "notebooks").symlink_to(ROOT / "notebooks")
    monkeypatch.setattr(layout, "project_root", lambda: root)

    def run(folder: Folder | Path) -> Outcome:
        path = getattr(folder, "path", folder)
        before = {file.relative_to(path): file.read_bytes() for file in path.rglob("*") if file.is_file()}
        status = main(["check", "--study", str(path)])
        after = {file.relative_to(path): file.read_bytes() for file in path.rglob("*") if file.is_file()}
        assert after == before
        printed = capsys.readouterr()
        assert not (printed.out if status else printed.err)
        made = {file.name: file for file in (root / "build").rglob("*") if file.is_file()}
        assert set(made) <= {"check.html", "check.json"}
        if not made:
            return Outcome(status, printed.out + printed.err, "", {})
        data = json.loads(made["check.json"].read_text(encoding="utf-8"))
        jsonschema.validate(data, SCHEMA)
        return Outcome(status, printed.out + printed.err, made["check.html"].read_text(encoding="utf-8"), data)

    return run
