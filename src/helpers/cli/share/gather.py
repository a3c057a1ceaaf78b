"""The folder that may leave: book, tables, figures, results, versions, and the list of what was withheld."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path

from helpers.cli.assemble import PUBLISHED
from helpers.cli.errors import UsageError
from helpers.cli.layout import NOTEBOOKS, Place, write_text
from helpers.cli.repack import FIXED
from helpers.cli.run import say
from helpers.cli.share.leaks import Secrets, scan
from helpers.cli.supplement.files import figure_files, table_files
from helpers.cli.supplement.gather import read_text
from helpers.cli.supplement.make import find_tools, take_away

README = """\
What may leave the place where the participants' data are, made by `make share`:

book/            open index.html
supplement.docx  the book as one Word file, to attach
supplement.pdf   the same as PDF; only where a browser could print it
tables/          every table, as CSV and Word file, under the paper's names; index.csv says which is which
figures/         every figure, as SVG, PDF and PNG, with an index.csv too
results/         every statistic, one a row
withheld.csv     what was withheld or changed, and by which rule
software.csv     the installed packages
"""


def gather(where: Place, target: Path, secrets: Secrets, more: Callable[[Path], None] = lambda folder: None) -> None:
    """Collect what a controlled run made, search it, and move it into place with its zip file.

    Raises
    ------
    LeakError
        Something in it gives a participant or this machine away; what was in place before stays.
    """
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        _collect(where, part)
        more(part)
        scan(part, secrets)
        archive = part.with_name(f"{target.name}.zip.part")
        pack(part, archive, target.name)
        shutil.rmtree(target, ignore_errors=True)
        part.rename(target)
        archive.replace(target.with_name(f"{target.name}.zip"))
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _collect(where: Place, folder: Path) -> None:
    source = where.path("book-src")
    shutil.copytree(where.html, folder / "book")
    _add_exhibits(where, folder)
    _add_supplement(where, folder)
    (folder / "results").mkdir()
    for name in NOTEBOOKS:
        shutil.copyfile(source / PUBLISHED / "results" / f"{name}.csv", folder / "results" / f"{name}.csv")
    shutil.copyfile(source / PUBLISHED / "withheld.csv", folder / "withheld.csv")
    write_text(folder / "software.csv", software())
    write_text(folder / "README.txt", README)


def _add_exhibits(where: Place, folder: Path) -> None:
    """Figures and tables, from the controlled book: of the run's own folder, what later notebooks start from stays."""
    _, items = read_text(where)
    figures = [item for item in items if item.exhibit.kind == "figure"]
    tables = [item for item in items if item.exhibit.kind != "figure"]
    made = {"figures": figure_files(where, figures), "tables": table_files(where, tables)}
    for name, files in made.items():
        (folder / name).mkdir()
        for file, content in files:
            (folder / name / file).write_bytes(content)


def _add_supplement(where: Place, folder: Path) -> None:
    """The book as one Word file, and as one PDF where there is a browser to print it."""
    for kind in ("word", "pdf"):
        try:
            tools = find_tools(kind)
        except UsageError as error:
            say(f"no supplement.{kind}: {error}")
            continue
        made = take_away(where, kind, tools)
        shutil.copyfile(made, folder / made.name)


def software() -> str:
    """Names and versions of what is installed, as CSV."""
    found = {(item.metadata["Name"] or "").lower(): item.version for item in distributions()}
    return "".join(["package,version\n", *(f"{name},{found[name]}\n" for name in sorted(found) if name)])


def pack(folder: Path, archive: Path, name: str) -> None:
    """A zip file of a folder: the same files give the same bytes."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            item = zipfile.ZipInfo(f"{name}/{path.relative_to(folder).as_posix()}", FIXED)
            item.compress_type, item.external_attr, item.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            packed.writestr(item, path.read_bytes())
