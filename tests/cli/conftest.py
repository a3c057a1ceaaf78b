"""Small notebooks, and a copy of the checkout in which they take the place of the real ones."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PARAMETERS = """\
study: str = "data/pbc"  # a folder
scenario: str = "published"
output: str = ""
seed: int = 1
alpha: float = 0.05
adjustment: str = "fdr_bh"
covariance: str = "compound_symmetry"
df: str = "satterthwaite"
covariates: str = "differing"
imputation: str = "em"
bootstrap: int = 5000
responder_fraction: float | None = None
remission_cutoff: float | None = None"""

WRITE = """\
from pathlib import Path
root = Path.cwd().parent
for name in {outputs!r}:
    path = root / output / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{columns}\\n")"""

AGREEMENT = "import sys\nfrom pathlib import Path\nPath(sys.argv[2]).write_text('part\\n')\n"

COLUMNS = (
    "analysis,outcome,analyte,group,contrast,visit,statistic,value,df1,df2,ci_low,ci_high,"
    "p,p_adjusted,adjustment,n,method,scenario"
)


def code(source: str, *tags: str) -> dict:
    return {
        "cell_type": "code",
        "id": f"c{abs(hash(source)) % 10**8}",
        "metadata": {"tags": list(tags)} if tags else {},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def markdown(source: str) -> dict:
    return {"cell_type": "markdown", "id": f"m{abs(hash(source)) % 10**8}", "metadata": {}, "source": source}


def notebook(*cells: dict) -> dict:
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": list(cells), "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def small_notebook(name: str, body: str = "answer = 42") -> dict:
    """A notebook that takes the usual parameters and writes what the workflow expects of it, importing nothing big."""
    extra = ["tables/completed_analytes.csv"] if name.startswith("04") else []
    write = WRITE.format(outputs=[f"results/{name}.csv", *extra], columns=COLUMNS)
    cells = [markdown(f"# {name}\n\nA question."), code(PARAMETERS, "parameters"), code(body), code(write, "write")]
    return notebook(*cells)


@pytest.fixture(scope="session")
def make_cell():
    return {"code": code, "markdown": markdown, "notebook": notebook, "small": small_notebook}


class Tree:
    """A copy of the checkout with small notebooks and stand-ins for the generated pages; its path holds a space."""

    names = (
        "01_cohort",
        "02_efficacy",
        "03_baseline_cytokines",
        "04_longitudinal_cytokines",
        "05_regression_mediation",
        "06_claims",
        "07_robustness",
        "08_design",
    )

    def __init__(self, root: Path):
        self.root = root
        for name in ("src", "book", "scenarios"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        shutil.copytree(ROOT / "data" / "pbc", root / "data" / "pbc")
        for name in ("Snakefile", "Makefile", "pyproject.toml", "requirements.lock", "CITATION.cff", "CHANGELOG.md"):
            shutil.copy(ROOT / name, root / name)
        for name in self.names:
            self.write_notebook(name)
        self._stand_ins()

    def write_notebook(self, name: str, body: str = "answer = 42") -> None:
        path = self.root / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(small_notebook(name, body)), encoding="utf-8")

    def run(self, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
        """Run a ``helpers`` command in the copy."""
        command = [sys.executable, "-m", "helpers.cli", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(self.root / "src")}
        return subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, text=True, check=False, **options
        )

    def planned(self, study: str = "data/pbc", scenario: str = "published") -> set[str]:
        """Names of the rules that a build would run now."""
        code = (
            "import subprocess\nfrom helpers.cli.book import snakemake_command\nfrom helpers.cli.layout import place\n"
            f"command = snakemake_command(place({study!r}, {scenario!r}), 1)\n"
            "command = command[: command.index('--quiet')] + command[command.index('--nocolor') :]\n"
            "done = subprocess.run([*command, '--dry-run'], capture_output=True, text=True, check=True)\n"
            "print(done.stdout + done.stderr)"
        )
        environment = {**os.environ, "PYTHONPATH": str(self.root / "src")}
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=True)
        lines = (line.strip() for line in done.stdout.splitlines())
        named = {line.split()[1].rstrip(":") for line in lines if line.startswith(("rule ", "localrule "))}
        return {name.removeprefix("notebook_") for name in named} - {"all"}

    def _stand_ins(self) -> None:
        report = self.root / "src" / "helpers" / "report"
        shutil.rmtree(report / "pages")
        pages = 'def data_page(*given):\n    return "# Data\\n\\nColumns.\\n"\n\n\n'
        for name in ("methods", "missing", "conventions", "agreement", "trust", "citing"):
            pages += f'def {name}_page(*given):\n    return "# {name.title()}\\n\\nModels.\\n"\n\n\n'
        (report / "pages.py").write_text(pages, encoding="utf-8")
        # Its links lead to sections that the small notebooks have not.
        (self.root / "book" / "strobe.md").write_text("# Checklist\n\nItems.\n", encoding="utf-8")
        names = ["group_sizes", "main_findings", "verdicts"]
        values = "from helpers.report.exhibit import TextExhibit\n\n\n"
        values += f"def book_values(*given):\n    return dict.fromkeys({names}, (TextExhibit('None.'),))\n"
        (report / "values.py").write_text(values, encoding="utf-8")
        oracles = self.root / "tests" / "oracles"
        oracles.mkdir(parents=True)
        (oracles / "agreement.py").write_text(AGREEMENT, encoding="utf-8")


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Tree:
    return Tree(tmp_path_factory.mktemp("a checkout"))
