"""`make pdf`, `make word`, `make figures`, `make tables`: from an up-to-date book, written whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from helpers.analysis.files import write_whole
from helpers.cli.guard import hold
from helpers.cli.layout import Place
from helpers.cli.supplement.chromium import browser_for_printing
from helpers.cli.supplement.document import Document
from helpers.cli.supplement.files import figure_files, table_files
from helpers.cli.supplement.gather import read_text
from helpers.cli.supplement.names import Named
from helpers.cli.supplement.pandoc import find_pandoc
from helpers.cli.supplement.pdf import make_pdf
from helpers.cli.supplement.word import Writer, supplement

FOLDER, BETWEEN = "supplement", ".supplement-"  # in a run's build folder


@dataclass(frozen=True)
class Tools:
    """Paths of the programs that are not Python; empty for one that is not needed."""

    browser: str = ""
    pandoc: str = ""


@dataclass(frozen=True)
class Job:
    """What something is made from: the run, its text with its figures and tables, programs, a folder in between."""

    where: Place
    document: Document
    items: list[Named]
    tools: Tools
    between: Path

    @property
    def figures(self) -> list[Named]:
        """The figures."""
        return [item for item in self.items if item.exhibit.kind == "figure"]

    @property
    def tables(self) -> list[Named]:
        """The tables, those that can be searched among them."""
        return [item for item in self.items if item.exhibit.kind != "figure"]

    @property
    def writer(self) -> Writer:
        """What writes Word files."""
        return Writer(self.tools.pandoc, self.between)

    def drawings(self) -> dict[str, bytes]:
        """Every figure as PDF, by the name of its file."""
        paths = (self.where.path(item.exhibit.file).with_suffix(".pdf") for item in self.figures)
        return {path.stem: path.read_bytes() for path in paths}


def find_tools(kind: str) -> Tools:
    """The programs that ``pdf``, ``word``, ``figures`` or ``tables`` need, before anything runs.

    Raises
    ------
    UsageError
        One is not there; says what to install.
    """
    return Tools(browser_for_printing() if kind == "pdf" else "", find_pandoc() if kind == "word" else "")


def take_away(where: Place, kind: str, tools: Tools) -> Path:
    """Make ``pdf``, ``word``, ``figures`` or ``tables`` of a run whose book is up to date; return where it is.

    Raises
    ------
    RunError
        A program failed. What was made before stays.
    """
    with hold(where):
        for left in where.path().glob(f"{BETWEEN}*"):  # by a run that was killed
            shutil.rmtree(left)
        with tempfile.TemporaryDirectory(prefix=BETWEEN, dir=where.path()) as between:
            document, items = read_text(where)
            return MAKERS[kind](Job(where, document, items, tools, Path(between)))


def _pdf(job: Job) -> Path:
    target = job.where.path(FOLDER, "supplement.pdf")
    write_whole(target, make_pdf(job.document, job.between, job.tools.browser))
    return target


def _word(job: Job) -> Path:
    target = job.where.path(FOLDER, "supplement.docx")
    write_whole(target, supplement(job.document, job.drawings(), job.writer))
    return target


def _figures(job: Job) -> Path:
    return _folder(job, "figures", figure_files(job.where, job.figures))


def _tables(job: Job) -> Path:
    return _folder(job, "tables", table_files(job.where, job.tables))


def _folder(job: Job, name: str, files: Iterable[tuple[str, bytes]]) -> Path:
    """Write files into a fresh folder and put it in the place of the last one."""
    fresh, old, target = job.between / "new", job.between / "old", job.where.path(FOLDER, name)
    fresh.mkdir()
    for file, content in files:
        (fresh / file).write_bytes(content)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    return target


MAKERS: dict[str, Callable[[Job], Path]] = {"pdf": _pdf, "word": _word, "figures": _figures, "tables": _tables}
