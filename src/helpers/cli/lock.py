"""Make everything that fixes versions from ``pyproject.toml``, or check that it still agrees.

``python -m helpers.cli.lock`` writes ``requirements.lock`` (all dependency groups, every version and hash),
``binder/requirements.txt`` (the part of it that notebooks and JupyterLab need), ``binder/runtime.txt`` and
``environment.yml`` (the Python version). ``--upgrade`` takes newer versions, ``--check`` only compares and needs no
network.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from helpers.cli.layout import write_text
from helpers.cli.pins import Pin, problems_of_pins, read_pins, same_as_lock

COMMAND = "python -m helpers.cli.lock"
ADVICE = f"To make them again (needs the network): make lock, or {COMMAND}"
LOCK, BINDER = "requirements.lock", "binder/requirements.txt"
# The groups that each file holds besides the run-time dependencies.
GROUPS = {LOCK: ("build", "lab", "dev"), BINDER: ("lab",)}
OPTIONS = ("--universal", "--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url", "--quiet")
HEADER = f"# Made by `{COMMAND}` from pyproject.toml. Do not edit.\n"


def python_version(project: Mapping) -> str:
    """The Python that Binder and conda get: the oldest that ``requires-python`` allows.

    >>> python_version({"project": {"requires-python": ">=3.11,<3.15"}})
    '3.11'
    """
    allowed = SpecifierSet(project["project"]["requires-python"])
    return next(item.version for item in allowed if item.operator == ">=")


def digest(project: Mapping) -> str:
    """SHA-256 of what a lock depends on: Python, the dependencies, the groups and the way it is compiled."""
    parts = [
        project["project"]["requires-python"],
        project["project"]["dependencies"],
        project["dependency-groups"],
        GROUPS,
        OPTIONS,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def seal(body: str, project: Mapping) -> str:
    """The text of a lock: a header with the digests of ``pyproject.toml`` and of the pins, then the pins."""
    own = hashlib.sha256(body.encode()).hexdigest()
    return f"{HEADER}# dependencies sha256:{digest(project)}\n# pins sha256:{own}\n{body}"


def runtime_text(project: Mapping) -> str:
    """``binder/runtime.txt``, from which repo2docker takes the Python version.

    >>> runtime_text({"project": {"requires-python": ">=3.11"}})
    'python-3.11\\n'
    """
    return f"python-{python_version(project)}\n"


def environment_text(project: Mapping) -> str:
    """``environment.yml``: Python, and the lock for everything else."""
    return f"""{HEADER}# conda env create -f environment.yml
# conda activate {project["project"]["name"]}
# python -m pip install --no-deps --no-build-isolation -e .
# The last line is apart because pip, once it checks hashes, takes no folder beside the hashed packages.
name: {project["project"]["name"]}
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python={python_version(project)}
  - pip
  - pip:
      - -r {LOCK}
"""


def read_project(root: Path) -> dict:
    """``pyproject.toml`` as a mapping."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def write_all(root: Path, upgrade: bool = False) -> list[str]:
    """Make the four files; all are made before the first is put in place. Returns their names.

    Versions already locked are kept where ``pyproject.toml`` still allows them, unless ``upgrade``.

    Raises
    ------
    RuntimeError
        uv is missing, or finds no set of versions; what it says is in the message.
    """
    project = read_project(root)
    with tempfile.TemporaryDirectory() as scratch:
        lock = _compile(root, project, LOCK, Path(scratch, "lock.txt"), ["--upgrade"] * upgrade)
        # Constraining to the new lock, from no previous output, makes the smaller file a part of it.
        part = _compile(root, project, BINDER, Path(scratch, "part.txt"), ["--constraint", f"{scratch}/lock.txt"])
    texts = {LOCK: seal(lock, project), BINDER: seal(part, project)}
    texts |= {"binder/runtime.txt": runtime_text(project), "environment.yml": environment_text(project)}
    for name, text in texts.items():
        write_text(root / name, text)
    return list(texts)


def _compile(root: Path, project: Mapping, name: str, output: Path, extra: list[str]) -> str:
    if name == LOCK and (root / LOCK).exists():
        shutil.copyfile(root / LOCK, output)  # uv prefers the versions it finds in its output file
    groups = [word for group in GROUPS[name] for word in ("--group", group)]
    python = ["--python-version", python_version(project)]
    command = [
        _uv(),
        "pip",
        "compile",
        "pyproject.toml",
        *groups,
        *python,
        *OPTIONS,
        *extra,
        "--output-file",
        str(output),
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name} was not made; uv says:\n{done.stderr.strip()}")
    return output.read_text(encoding="utf-8")


def _uv() -> str:
    found = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if not found:
        raise RuntimeError("uv is not installed here; it comes with the dev dependency group (`make test` installs it)")
    return found


def problems(root: Path) -> list[str]:
    """Where the committed files disagree with ``pyproject.toml`` or each other, a sentence each; needs no network."""
    project = read_project(root)
    made = [LOCK, BINDER, "binder/runtime.txt", "environment.yml"]
    missing = [f"{name}: missing" for name in made if not (root / name).exists()]
    if missing:
        return missing
    pins = {name: read_pins((root / name).read_text(encoding="utf-8")) for name in GROUPS}
    found = [text for name in GROUPS for text in _lock_problems(root, project, name, pins[name])]
    found += [f"{BINDER}: {text}" for text in same_as_lock(pins[BINDER], pins[LOCK])]
    for name, expected in zip(made[2:], (runtime_text(project), environment_text(project)), strict=True):
        if (root / name).read_text(encoding="utf-8") != expected:
            found.append(f"{name}: differs from what pyproject.toml says")
    return found


def _lock_problems(root: Path, project: Mapping, name: str, pins: tuple[Pin, ...]) -> Iterator[str]:
    text = (root / name).read_text(encoding="utf-8")
    if f"# dependencies sha256:{digest(project)}\n" not in text:
        yield f"{name}: made from other dependencies than pyproject.toml has now"
    if text != seal("".join(line for line in text.splitlines(True) if not line.startswith("#")), project):
        yield f"{name}: edited by hand, or made by another version of this command"
    yield from (f"{name}: {sentence}" for sentence in problems_of_pins(text, pins))
    for requirement in requirements(project, GROUPS[name]):
        versions = [pin.version for pin in pins if pin.name == canonicalize_name(requirement.name)]
        if not versions:
            yield f"{name}: {requirement} of pyproject.toml is not in it"
        for version in versions:
            if not requirement.specifier.contains(version, prereleases=True):
                yield f"{name}: {requirement.name} {version} is not {requirement.specifier}"


def requirements(project: Mapping, groups: tuple[str, ...]) -> list[Requirement]:
    """The run-time dependencies and those of ``groups``."""
    texts = [
        *project["project"]["dependencies"],
        *(text for group in groups for text in project["dependency-groups"][group]),
    ]
    return [Requirement(text) for text in texts]


def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only compare, without network; status 1 if they disagree")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    chosen = parser.parse_args(arguments)
    root = Path.cwd()
    if not (root / "pyproject.toml").is_file():
        print(f"{root}: no pyproject.toml here; run this in the repository's top folder", file=sys.stderr)
        return 2
    if chosen.check:
        found = problems(root)
        print("\n".join([*found, ADVICE] if found else ["The locks agree with pyproject.toml."]))
        return int(bool(found))
    try:
        print("\n".join(write_all(root, chosen.upgrade)))
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
