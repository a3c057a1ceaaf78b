"""Where a run's files are: one study, one scenario, one folder under ``build/``."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from helpers.analysis.design.files import FILES as SIMULATED
from helpers.analysis.disclosure import FILE as DISCLOSURE
from helpers.analysis.files import write_whole
from helpers.analysis.places import folder_name, project_root
from helpers.analysis.robustness.files import FILES as COMPUTED
from helpers.analysis.robustness.files import SCENARIO, kept_files
from helpers.cli.errors import UsageError

# Notebook -> the grid whose results it shows, and their files.
GRIDS = {"07_robustness": ("multiverse", COMPUTED), "08_design": ("design", SIMULATED)}
# Notebook -> the notebooks whose output it reads, and what it writes beside its results.
NOTEBOOKS: dict[str, tuple[str, ...]] = {
    "01_cohort": (),
    "02_efficacy": ("01_cohort",),
    "03_baseline_cytokines": (),
    "04_longitudinal_cytokines": (),
    "05_regression_mediation": ("04_longitudinal_cytokines",),
    "06_claims": (
        "01_cohort",
        "02_efficacy",
        "03_baseline_cytokines",
        "04_longitudinal_cytokines",
        "05_regression_mediation",
    ),
    "07_robustness": (),
    "08_design": (),
}
# The models set beside the answers of other programs; the same for every study.
AGREEMENT = "build/agreement.csv"
CITATION, CHANGES = "CITATION.cff", "CHANGELOG.md"
# Checks of the ledger by kind and verdict, in the build folder of a study that has one.
VERDICTS = "verdicts.md"
# Of what can run, the first of these does: those that others wait for, then the longer ones, so that a
# second processor is not left idle at the end.
STARTED_FIRST = (
    "04_longitudinal_cytokines",
    "01_cohort",
    "agreement",
    "03_baseline_cytokines",
    "02_efficacy",
    "05_regression_mediation",
    "07_robustness",
    "08_design",
    "06_claims",
)
EXTRA_OUTPUTS: dict[str, tuple[str, ...]] = {"04_longitudinal_cytokines": ("tables/completed_analytes.csv",)}


@dataclass(frozen=True)
class Place:
    """The files of one study under one scenario; paths are relative to ``root`` unless the study lies outside it.

    Attributes
    ----------
    root : Path
        The checkout.
    study : str
        Study folder, relative to the checkout when inside it.
    scenario : str
        Scenario, by name or by path.
    threshold : int
        Of disclosure control: counts from 1 to one below it are withheld. 0 for a run that stays on this machine.
    """

    root: Path
    study: str
    scenario: str
    threshold: int = 0

    @property
    def folder(self) -> str:
        """This run's build folder, relative to the checkout."""
        whole = f"build/{folder_name(self.study, 'data')}/{folder_name(self.scenario, 'scenarios')}"
        return f"{whole}/controlled-{self.threshold}" if self.threshold else whole

    @property
    def html(self) -> Path:
        """The published book."""
        return self.root / self.folder / "html"

    def path(self, *parts: str) -> Path:
        """Absolute path of a file of this run."""
        return self.root.joinpath(self.folder, *parts)

    def study_files(self) -> list[str]:
        """The descriptor and the tables of the study."""
        folder = self.root / self.study
        return [f"{self.study}/{path.name}" for path in sorted(folder.iterdir()) if path.suffix in (".csv", ".json")]

    def ledger_files(self) -> list[str]:
        """The ledger of published claims that the study names; nothing for a study without one."""
        try:
            described = json.loads((self.root / self.study / "datapackage.json").read_text(encoding="utf-8-sig"))
        except (OSError, ValueError):
            return []  # the check of the study says what is wrong with it
        claims = described.get("claims") if isinstance(described, dict) else None
        name = f"data/claims/{claims}.yaml"
        return [name] if claims and (self.root / name).is_file() else []

    def witness_files(self) -> list[str]:
        """What searches for data with the printed figures found, which the chapter on the ledger shows."""
        files = (self.root / "data" / "witnesses").glob("*")
        return sorted(p.relative_to(self.root).as_posix() for p in files if p.suffix in (".csv", ".yaml"))

    def control_files(self) -> list[str]:
        """What decides what a run may show; nothing for a run that stays on this machine."""
        return [f"{self.folder}/{DISCLOSURE}"] if self.threshold else []

    def scenario_file(self) -> str:
        """The file that holds the scenario's values."""
        from helpers.analysis.scenarios import scenario_file

        return _inside(self.root, scenario_file(self.scenario))


def place(study: str, scenario: str, root: Path | None = None, threshold: int = 0) -> Place:
    """The place of a run, from what a person typed.

    Raises
    ------
    UsageError
        There is no such study folder.
    """
    root = root or project_root()
    folder = _existing_folder(root, study)
    by_path = scenario.endswith((".yaml", ".yml"))
    return Place(root, _inside(root, folder), _inside(root, _absolute(scenario)) if by_path else scenario, threshold)


def package_files(root: Path) -> list[str]:
    """The package's own files, on which every result depends."""
    return files_under(root, "src/helpers")


def model_files(root: Path) -> list[str]:
    """The statistics and what they are compared with: scripts, inputs and answers."""
    return files_under(root, "src/helpers/models", "tests/oracles")


def files_under(root: Path, *folders: str) -> list[str]:
    """Every file of some folders of the checkout, sorted; what Python compiled is left out."""
    files = (p for folder in folders for p in (root / folder).rglob("*"))
    return sorted(p.relative_to(root).as_posix() for p in files if p.is_file() and "__pycache__" not in p.parts)


def book_files(root: Path) -> list[str]:
    """The book's own pages, configuration and style, and what its page on citation is written from."""
    pages = sorted(p.relative_to(root).as_posix() for p in (root / "book").rglob("*") if p.is_file())
    return [*pages, CITATION, CHANGES]


def write_digests(where: Place) -> str:
    """Keep the digests of the study and the scenario in the build folder; the file changes only when they do.

    Snakemake goes by modification times. A table replaced by an older file (copied, unpacked, restored) would look
    up to date; its digest does not.
    """
    text = digest_of(where.root, [*where.study_files(), where.scenario_file()])
    path = where.path("inputs.sha256")
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        write_text(path, text)
    return f"{where.folder}/inputs.sha256"


def digest_of(root: Path, names: Iterable[str]) -> str:
    """SHA-256 of each file, one a line; a file that is not there is said to be missing."""
    return "".join(f"{file_digest(root / name)}  {name}\n" for name in names)


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    write_whole(path, text.encode("utf-8"))


def outputs(where: Place, notebook: str) -> list[str]:
    """What a notebook's run leaves, first of all its executed copy."""
    named = [f"notebooks/{notebook}.ipynb", f"results/{notebook}.csv", *EXTRA_OUTPUTS.get(notebook, ())]
    return [f"{where.folder}/{name}" for name in named]


def further_inputs(where: Place, notebook: str) -> list[str]:
    """What a notebook reads beside what every notebook depends on."""
    if notebook in GRIDS:
        found = [] if where.threshold else kept_files(where.root, where.root / where.study, *GRIDS[notebook])
        return [*found, f"scenarios/{SCENARIO}.yaml"] if found else []
    return where.witness_files() if notebook == "06_claims" and where.ledger_files() else []


def upstream_outputs(where: Place, notebook: str) -> list[str]:
    """What a notebook reads of other notebooks: their tables, not their executed copies."""
    return [name for source in NOTEBOOKS[notebook] for name in outputs(where, source)[1:]]


def _existing_folder(root: Path, study: str) -> Path:
    for folder in (_absolute(study), _absolute(root / study)):
        if study and folder.is_dir():
            return folder
    known = ", ".join(f"data/{name}" for name in _studies(root)) or "none"
    raise UsageError(
        f"study {study!r}: there is no such folder\n"
        f"  expected: a folder with datapackage.json; in this checkout: {known}"
    )


def _studies(root: Path) -> Iterable[str]:
    return sorted(path.parent.name for path in (root / "data").glob("*/datapackage.json"))


def _absolute(path: str | Path) -> Path:
    # Not resolve(): a link under data/ to a laboratory's folder keeps its name.
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100


def _inside(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def file_digest(path: Path) -> str:
    """SHA-256 of a file, hexadecimal; ``missing`` where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "missing"
