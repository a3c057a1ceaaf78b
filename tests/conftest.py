"""The bundled studies and their chapters, run once for all the tests that look at them.

A chapter is run by executing the code cells of its notebook in this process, so that what a reader of the notebook
meets is what the tests see. Nothing is imported before it is asked for: most tests need none of this.
"""

from __future__ import annotations

import copy
import fcntl
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Whatever would leave the machine fails at once, and is recorded before it does.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
CHAPTERS = tuple(sorted(path.stem for path in (ROOT / "notebooks").glob("0*.ipynb")))


@dataclass(frozen=True, eq=False)
class Chapter:
    """What a notebook left behind: its variables, what it showed, and its results rows."""

    variables: dict
    shown: list

    @property
    def rows(self):
        return self.variables["rows"]

    @property
    def run(self):
        return self.variables["run"]

    def exhibit(self, name: str):
        """The table or figure of that name."""
        return next(item for item in self.shown if getattr(item, "name", "") == name)

    @property
    def tables(self) -> list:
        return [item for item in self.shown if hasattr(item, "frame")]

    @property
    def texts(self) -> list[str]:
        return [item.markdown for item in self.shown if hasattr(item, "markdown")]


class _NoFigures:
    """Stands where a notebook expects the figures: drawing is slow, and tested elsewhere."""

    def __getattr__(self, name):
        from helpers.report.exhibit import TextExhibit

        return lambda *args, **kwargs: TextExhibit(f"(figure {name})")


def run_chapter(name: str, study: Path | str, output: Path | str = "", draw: bool = False, **parameters) -> Chapter:
    """Execute a notebook's code cells with the parameters given."""
    import helpers.analysis.run as machinery

    shown, cells = [], json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    variables: dict = {"__name__": "__main__"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machinery, "display", shown.append)
        for cell in (cell for cell in cells if cell["cell_type"] == "code"):
            source, tags = "".join(cell["source"]), cell["metadata"].get("tags", ())
            if not draw and "setup" in tags:
                source = source.replace("import figures, ", "import ")
                variables["figures"] = _NoFigures()
            exec(compile(source, name, "exec"), variables)
            if "parameters" in tags:
                variables |= {"study": str(study), "output": str(output), "bootstrap": 400, **parameters}
    return Chapter(variables, shown)


def run_book(study: Path | str, output: Path, draw: bool = False, only: tuple[str, ...] = ()) -> dict[str, Chapter]:
    """The chapters of a study (those whose names begin as told), in order, into one folder."""
    wanted = [name for name in CHAPTERS if name.startswith(only or "")]
    return {name: run_chapter(name, study, output, draw) for name in wanted}


@pytest.fixture(scope="session")
def chapter():
    return run_chapter


@pytest.fixture(scope="session")
def book():
    return run_book


@pytest.fixture(scope="session")
def books(tmp_path_factory):
    """Both bundled studies, every chapter, under the published scenario."""
    return {name: run_book(ROOT / "data" / name, tmp_path_factory.mktemp(name)) for name in ("synthetic", "pbc")}


@pytest.fixture(scope="session")
def studies(books):
    return {name: chapters["01_cohort"].run.study for name, chapters in books.items()}


@pytest.fixture(scope="session")
def all_rows(books):
    """The results rows of all chapters together, by study."""
    from helpers.analysis.results import join

    return {name: join(*(part.rows for part in chapters.values())) for name, chapters in books.items()}


@pytest.fixture(scope="session")
def raw():
    """The tables of a bundled study as plain frames, read by pandas alone, with the roles of its descriptor."""
    return {name: _raw(ROOT / "data" / name) for name in ("synthetic", "pbc")}


def _raw(folder: Path) -> SimpleNamespace:
    import pandas as pd

    document = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    by_name = {item["name"]: pd.read_csv(folder / item["path"]) for item in document["resources"]}
    roles = document["roles"]
    tables = {role: by_name[name] for role, name in roles["tables"].items()}
    return SimpleNamespace(document=document, roles=roles, by_name=by_name, **tables)


class StudyFolder:
    """A copy of a bundled study that a test may change: ``document`` and ``tables`` are written by ``save``."""

    def __init__(self, source: SimpleNamespace, path: Path):
        self.path, self.document = path, copy.deepcopy(source.document)
        self.tables = {name: frame.copy() for name, frame in source.by_name.items()}

    @property
    def roles(self) -> dict:
        return self.document["roles"]

    def field(self, table: str, name: str) -> dict:
        resource = next(item for item in self.document["resources"] if item["name"] == table)
        return next(item for item in resource["schema"]["fields"] if item["name"] == name)

    def keep_analytes(self, *names: str) -> None:
        """Drop every other analyte from the roles; their columns stay in the table."""
        self.roles["analytes"]["columns"] = list(names)

    def save(self) -> Path:
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / "datapackage.json").write_text(json.dumps(self.document), encoding="utf-8")
        for item in self.document["resources"]:
            self.tables[item["name"]].to_csv(self.path / item["path"], index=False)
        return self.path


@pytest.fixture
def study_folder(raw, tmp_path):
    """Makes a changeable copy of a bundled study in the test's own folder."""
    return lambda name="synthetic": StudyFolder(raw[name], tmp_path / name)


@pytest.fixture(scope="session")
def one():
    """The one number that a selection of rows holds."""
    from helpers.analysis.results import value_of

    return value_of


@pytest.fixture(scope="session")
def built() -> Callable[[str], Path]:
    """Brings the book of a study up to date through the command line and gives its build folder."""
    return _up_to_date


@cache
def _up_to_date(study: str) -> Path:
    from helpers.cli.layout import place

    with _one_at_a_time():
        command = [sys.executable, "-m", "helpers.cli", "book", "--study", study]
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return place(study, "published", ROOT).path()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two test processes never build at once."""
    path = ROOT / "build" / ".tests.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


# What no reader should meet: an unformatted number, a missing value of a program, an empty list in a sentence. (A level
# of a category, indented in its table, may be called None.)
RAW = re.compile(r"\d\.\d{5,}|\bnan\b|\bNaN\b|(?<!  )\bNone\b|\binf\b|<NA>|\be-\d\d\b|: \.|\(\)|\{|\}")


def unreadable(chapter: Chapter) -> list[str]:
    """Everything a chapter showed that is empty or raw, by name."""
    found = [f"{table.name}: empty" for table in chapter.tables if table.frame.empty or table.frame.shape[1] < 2]
    for table in chapter.tables:
        cells = [*table.frame.columns, *table.frame.to_numpy().ravel(), table.caption, table.note]
        found += [f"{table.name}: {cell}" for cell in cells if RAW.search(str(cell))]
    return found + [text for text in chapter.texts if RAW.search(text) or not text.strip()]


@pytest.fixture(scope="session")
def raw_text():
    return unreadable


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Chromium or Chrome with a home of its own, for pages of this machine only."""
    from playwright.sync_api import sync_playwright

    from helpers.cli.browser import find_browser

    executable = find_browser()
    assert executable, "no Chromium or Chrome: `make test` says what to install"
    home = str(tmp_path_factory.mktemp("browser"))
    environment = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home}
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=executable, args=list(BROWSER_FLAGS), env=environment)
        yield opened
        opened.close()
