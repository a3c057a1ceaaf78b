"""What Binder would build: the Dockerfile that repo2docker makes of the files git knows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A copy of what would be pushed; the checkout itself has environments and build products beside it."""
    target = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


@pytest.fixture(scope="module")
def dockerfile(checkout) -> str:
    command = ["--no-build", "--debug", "--user-id", "1000", "--user-name", "jovyan", "."]
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", *command], cwd=checkout, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_python_is_the_one_of_runtime_txt(dockerfile, checkout):
    version = (checkout / "binder/runtime.txt").read_text().strip().removeprefix("python-")
    # Names of copied files are percent-like escapes there: "-2e" for a full stop.
    copied = re.sub("-([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), dockerfile)
    assert f"conda/environment.py-{version}-linux" in copied


def test_the_pinned_requirements_are_installed_before_the_sources_are_copied(dockerfile):
    """Then a change of a notebook or a function reuses the layer with the packages."""
    install = dockerfile.index('${KERNEL_PYTHON_PREFIX}/bin/pip install --no-cache-dir -r "binder/requirements.txt"')
    assert dockerfile.index("src/binder/requirements.txt") < install < dockerfile.index(" src/ ${REPO_DIR}/")


def test_only_binders_files_are_installed(dockerfile):
    """The root's environment.yml and pyproject.toml are for people; repo2docker must not install them too."""
    assert dockerfile.count("pip install") == 1
    assert "env update" not in dockerfile


def test_the_package_is_installed_last(dockerfile):
    assert "RUN ./binder/postBuild" in dockerfile[dockerfile.index(" src/ ${REPO_DIR}/") :]


def test_post_build_stops_at_the_first_failure_and_resolves_nothing():
    script = ROOT / "binder/postBuild"
    lines = script.read_text().splitlines()
    assert os.access(script, os.X_OK)
    assert next(line for line in lines[1:] if not line.startswith("#")) == "set -euo pipefail"
    assert "--no-deps --no-build-isolation" in next(line for line in lines if "pip install" in line)


def test_post_build_installs_the_package(checkout, tmp_path):
    """Run as Binder runs it, in a new environment that sees the packages of this one."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "env"], check=True)
    (site,) = (tmp_path / "env").glob("lib/python*/site-packages")
    # First on the path, before the older Setuptools that venv puts into environments of Python 3.11.
    (site / "seen.pth").write_text(f"import sys; sys.path.insert(0, {sysconfig.get_path('purelib')!r})\n")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment["PATH"] = f"{tmp_path / 'env' / 'bin'}:{environment['PATH']}"
    done = subprocess.run(
        ["./binder/postBuild"], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(site.glob("helpers-*.dist-info"))
