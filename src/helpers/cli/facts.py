"""What the book says of its own build: which study, which scenario, which command, where to run it."""

from __future__ import annotations

import subprocess
import tomllib
from pathlib import Path
from urllib.parse import quote, urlsplit

from helpers.cli.layout import Place

HOSTS = {"github.com": "gh", "gitlab.com": "gl"}
SYNTHETIC = (
    "**{notice}.** The data of this build are made, and were made to agree with published figures. What agrees with "
    "the paper shows that the analysis runs as described; it is no evidence about ketamine, pain or cytokines."
)
REAL = "The data of this build are real: {title}."


def build_facts(where: Place, study, repository: str) -> dict[str, str]:
    """Values for sentences that any study has; Markdown."""
    described = study.descriptor
    made = described.data_source == "synthetic"
    statement = SYNTHETIC.format(notice=described.notice) if made else REAL.format(title=described.title)
    folder, scenario = where.study, where.scenario
    if where.threshold:  # what leaves the machine does not say where on it the data lie
        folder, scenario = (Path(name).name if Path(name).is_absolute() else name for name in (folder, scenario))
    selected = f'STUDY="{folder}"' if " " in folder else f"STUDY={folder}"
    target = f"share {selected} THRESHOLD={where.threshold}" if where.threshold else f"book {selected}"
    return {
        "data_statement": statement,
        "study_title": described.title,
        "study_folder": f"`{folder}`",
        "scenario_name": f"`{scenario}`",
        "command": f"```console\n$ make {target} SCENARIO={scenario}\n```",
        "binder": f"[Binder]({binder_url(repository)})",
    }


def binder_url(repository: str) -> str:
    """Where Binder opens the notebooks of a repository.

    Examples
    --------
    >>> binder_url("https://gitlab.com/lab/compendium")
    'https://mybinder.org/v2/gl/lab%2Fcompendium/main?urlpath=lab/tree/notebooks'
    """
    parts = urlsplit(repository)
    name = parts.path.strip("/")
    host = HOSTS.get(parts.netloc, "git")
    place = {"gh": name, "gl": quote(name, safe="")}.get(host, quote(repository, safe=""))
    return f"https://mybinder.org/v2/{host}/{place}/main?urlpath=lab/tree/notebooks"


def repository_url(root: Path) -> str:
    """Where the notebooks can be fetched from: this clone's origin if it is a web address, else the project's own."""
    command = ["git", "-C", str(root), "remote", "get-url", "origin"]
    try:
        origin = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except FileNotFoundError:
        origin = ""
    parts = urlsplit(origin)
    if parts.scheme in ("http", "https") and parts.hostname in HOSTS:
        return f"https://{parts.hostname}{parts.path.removesuffix('.git')}"
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"]
