"""What a crate describes: inputs with their digests, every notebook's run, what it left in the book."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from helpers.cli.downloads import PICTURES, TABLES
from helpers.cli.layout import EXTRA_OUTPUTS, NOTEBOOKS, Place, further_inputs
from helpers.cli.parameters import run_parameters
from helpers.cli.transform import exhibits

CODE = "workflow"  # folder of the crate with what was run
SBOM = "sbom.cdx.json"
COPIED = ("Snakefile", "requirements.lock")


@dataclass(frozen=True)
class Data:
    """A file that was read or left.

    Attributes
    ----------
    name : str
        From the checkout.
    inside : str
        Path in the crate; empty for a file that is not part of it, as no study's tables are.
    digest : str
        SHA-256, hexadecimal.
    size : int
        Bytes.
    """

    name: str
    inside: str
    digest: str
    size: int

    @property
    def identifier(self) -> str:
        """Its path in the crate, or a name made of its digest (RFC 6920), which says nothing of where it is.

        >>> Data("data/a.csv", "", "00" * 32, 3).identifier[:30]
        'ni:///sha-256;AAAAAAAAAAAAAAAA'
        """
        if self.inside:
            return self.inside
        packed = base64.urlsafe_b64encode(bytes.fromhex(self.digest)).decode().rstrip("=")
        return f"ni:///sha-256;{packed}"


@dataclass(frozen=True)
class Step:
    """One notebook's run: files by their name from the checkout."""

    notebook: str
    title: str
    read: tuple[Data, ...]
    left: tuple[Data, ...]


@dataclass(frozen=True)
class Build:
    """A run, as a crate describes it."""

    title: str
    study: str
    scenario: str
    parameters: Mapping[str, Any]
    code: tuple[Data, ...]
    steps: tuple[Step, ...]


def gather(where: Place, book: Path) -> Build:
    """What is known of a run whose compiled book is in ``book``, with the code copied to its folder ``workflow``."""
    from helpers.analysis.scenarios import load_scenario

    described = json.loads((where.root / where.study / "datapackage.json").read_text(encoding="utf-8-sig"))
    given = run_parameters(where, asdict(load_scenario(where.scenario)))
    kept = {name: value for name, value in given.items() if name not in ("study", "scenario", "output")}
    code = tuple(_inside(book, f"{CODE}/{name}", name) for name in (*code_files(where), SBOM))
    steps = tuple(_step(where, book, name) for name in NOTEBOOKS)
    name = described["name"]
    return Build(described.get("title", name), name, Path(where.scenario).stem, kept, code, steps)


def code_files(where: Place) -> list[str]:
    """What a book's folder gets a copy of: the workflow, the notebooks, the versions, the scenario."""
    notebooks = [f"notebooks/{name}.ipynb" for name in NOTEBOOKS]
    return [*COPIED, *notebooks, *([] if where.threshold else [where.scenario_file()])]


def _step(where: Place, book: Path, notebook: str) -> Step:
    executed = json.loads(where.path("notebooks", f"{notebook}.ipynb").read_text(encoding="utf-8"))
    before = [f"results/{name}.csv" for name in NOTEBOOKS[notebook]]
    before += [f for name in NOTEBOOKS[notebook] for f in EXTRA_OUTPUTS.get(name, ())]
    outside = [*where.study_files(), *where.ledger_files(), where.scenario_file(), *further_inputs(where, notebook)]
    read = [_outside(where, name) for name in dict.fromkeys(outside)] + [_left(where, book, name) for name in before]
    offered = f"_sources/notebooks/{notebook}.ipynb"
    copy = offered if (book / offered).is_file() else f"notebooks/{notebook}.ipynb"
    own = [copy, f"results/{notebook}.csv", *EXTRA_OUTPUTS.get(notebook, ())]
    for exhibit in exhibits(executed):
        endings = PICTURES if exhibit.kind == "figure" else TABLES
        folder, stem = ("figures", Path(exhibit.file).stem) if exhibit.kind == "figure" else ("tables", exhibit.name)
        own += [f"{folder}/{stem}{ending}" for ending in endings.values()]
    left = tuple(_left(where, book, name) for name in dict.fromkeys(own))
    return Step(notebook, _title(executed), tuple(read), left)


def _title(executed: Mapping[str, Any]) -> str:
    first = next(cell for cell in executed["cells"] if cell["cell_type"] == "markdown")
    return "".join(first["source"]).splitlines()[0].lstrip("# ")


def _left(where: Place, book: Path, name: str) -> Data:
    """A file of the book; what a notebook keeps for another one alone stays in the build folder."""
    return _inside(book, name, name) if (book / name).is_file() else _data(where.path(name), name, "")


def _inside(book: Path, inside: str, name: str) -> Data:
    return _data(book / inside, name, inside)


def _outside(where: Place, name: str) -> Data:
    """A file of the checkout. What may leave the machine does not say in which folder the study is."""
    return _data(where.root / name, Path(name).name if where.threshold else name, "")


def _data(path: Path, name: str, inside: str) -> Data:
    content = path.read_bytes()
    return Data(name, inside, hashlib.sha256(content).hexdigest(), len(content))
