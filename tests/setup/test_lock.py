"""The locks agree with pyproject.toml, and every way to make them disagree is noticed. No network."""

from __future__ import annotations

import importlib.metadata
import shutil
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from helpers.cli import lock
from helpers.cli.pins import read_pins, same_as_lock

ROOT = Path(__file__).resolve().parents[2]
FILES = ("pyproject.toml", lock.LOCK, lock.BINDER, "binder/runtime.txt", "environment.yml")


@pytest.fixture
def copy(tmp_path) -> Path:
    (tmp_path / "binder").mkdir()
    for name in FILES:
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def pins_of(name: str):
    return read_pins((ROOT / name).read_text(encoding="utf-8"))


def closure(project: dict, groups: tuple[str, ...]) -> dict[str, list[Requirement]]:
    """What an installation asks for, followed through the packages installed here, for this machine."""
    waiting, asked, seen = lock.requirements(project, groups), {}, set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        asked.setdefault(name, []).append(requirement)
        for extra in {"", *requirement.extras}:
            if (name, extra) not in seen:
                seen.add((name, extra))
                waiting += [
                    need for need in needs(name) if need.marker is None or need.marker.evaluate({"extra": extra})
                ]
    return asked


def applies(requirement: Requirement, extra: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def needs(name: str) -> list[Requirement]:
    try:
        return [Requirement(text) for text in importlib.metadata.requires(name) or []]
    except importlib.metadata.PackageNotFoundError:  # JupyterLab is not in the build environment
        return []


def test_the_committed_files_agree():
    assert lock.problems(ROOT) == [], lock.ADVICE


@pytest.mark.parametrize("name", list(lock.GROUPS))
def test_a_lock_holds_all_that_its_packages_ask_for(name):
    pins, asked = pins_of(name), closure(lock.read_project(ROOT), lock.GROUPS[name])
    assert len(asked) > 50
    for package, requirements in asked.items():
        versions = [pin.version for pin in pins if pin.name == package]
        assert versions, f"{package} is asked for and not in {name}"
        for requirement in requirements:
            assert any(requirement.specifier.contains(v, prereleases=True) for v in versions), (
                f"{requirement} in {name}"
            )


def test_the_versions_here_are_those_of_the_lock():
    locked = {}
    for pin in pins_of(lock.LOCK):
        locked.setdefault(pin.name, set()).add(pin.version)
    here = {canonicalize_name(d.name): d.version for d in importlib.metadata.distributions()}
    assert {n: v for n, v in here.items() if n in locked and v not in locked[n]} == {}


@pytest.mark.parametrize("name", list(lock.GROUPS))
def test_the_build_tool_of_the_package_is_locked(name):
    assert "setuptools" in {pin.name for pin in pins_of(name)}


def test_one_python_everywhere():
    project = lock.read_project(ROOT)
    conda = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    version = next(item for item in conda["dependencies"] if str(item).startswith("python=")).removeprefix("python=")
    assert (ROOT / "binder/runtime.txt").read_text() == f"python-{version}\n"
    assert version in SpecifierSet(project["project"]["requires-python"])
    assert conda["dependencies"][-1] == {"pip": [f"-r {lock.LOCK}"]}


@pytest.mark.parametrize("name", [lock.LOCK, lock.BINDER, "environment.yml", "binder/runtime.txt", "binder/postBuild"])
def test_no_address_and_no_path_of_a_machine(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not [
        word for word in ("://", "--index", "--find-links", "file:", str(ROOT), "/tmp/", "/home/") if word in text
    ]


@pytest.mark.parametrize(
    ("old", "new"), [('"scipy>=1.17"', '"scipy>=1.16"'), ('"pytest>=9.2"', '"pytest>=9"'), (",<3.15", ",<3.16")]
)
def test_an_edit_of_pyproject_is_noticed_in_both_locks(copy, old, new):
    edit(copy / "pyproject.toml", old, new)
    found = lock.problems(copy)
    assert sum("made from other dependencies" in text for text in found) == 2


def test_an_edit_elsewhere_in_pyproject_changes_nothing(copy):
    edit(copy / "pyproject.toml", "line-length = 120", "line-length = 110")
    assert lock.problems(copy) == []


def test_a_version_that_pyproject_excludes_is_named(copy):
    edit(copy / "pyproject.toml", '"pingouin>=0.7"', '"pingouin>=99"')
    assert any("pingouin 0." in text and "is not >=99" in text for text in lock.problems(copy))


def test_a_new_dependency_is_named(copy):
    edit(copy / "pyproject.toml", '"pyyaml>=6",', '"pyyaml>=6", "polars",')
    assert any("polars of pyproject.toml is not in it" in text for text in lock.problems(copy))


def test_an_edit_of_a_lock_by_hand_is_noticed(copy):
    edit(copy / lock.LOCK, "six==1.", "six==2.")
    assert any("edited by hand" in text for text in lock.problems(copy))


def test_an_address_in_a_lock_is_noticed(copy):
    edit(copy / lock.BINDER, "anyio==", "--index-url https://example.org/simple\nanyio==")
    assert any("an address or option: --index-url" in text for text in lock.problems(copy))


def test_a_missing_hash_is_noticed(copy):
    text = (copy / lock.BINDER).read_text(encoding="utf-8")
    (copy / lock.BINDER).write_text(text + "zipp==3.0\n", encoding="utf-8")
    assert any("zipp 3.0 has no hash" in text for text in lock.problems(copy))


def test_a_binder_pin_of_another_version_or_hash_is_noticed():
    known = read_pins("a==1 --hash=sha256:" + "0" * 64)
    other_version = read_pins("a==2 --hash=sha256:" + "0" * 64)
    other_hash = read_pins("a==1 --hash=sha256:" + "1" * 64)
    assert "a 2 is not in the lock" in same_as_lock(other_version, known)
    assert list(same_as_lock(other_hash, known)) == ["a 1 has other hashes than in the lock"]


@pytest.mark.parametrize("name", ["binder/runtime.txt", "environment.yml"])
def test_another_python_is_noticed(copy, name):
    edit(copy / name, "3.11", "3.12")
    assert lock.problems(copy) == [f"{name}: differs from what pyproject.toml says"]


def test_a_missing_file_is_named(copy):
    (copy / "environment.yml").unlink()
    assert lock.problems(copy) == ["environment.yml: missing"]


def test_the_check_says_what_to_run(copy, monkeypatch, capsys):
    edit(copy / "pyproject.toml", '"scipy>=1.17"', '"scipy>=1.16"')
    monkeypatch.chdir(copy)
    assert lock.main(["--check"]) == 1
    assert capsys.readouterr().out.rstrip().endswith(lock.ADVICE)


def test_the_check_is_quiet_and_zero_when_all_agree(copy, monkeypatch, capsys):
    monkeypatch.chdir(copy)
    assert lock.main(["--check"]) == 0
    assert capsys.readouterr().out == "The locks agree with pyproject.toml.\n"


def test_another_folder_is_refused_with_what_to_do(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert lock.main(["--check"]) == 2
    assert "top folder" in capsys.readouterr().err


def test_nothing_is_written_when_uv_fails(copy, monkeypatch):
    before = {name: (copy / name).read_bytes() for name in FILES}
    fake = copy / "uv"
    fake.write_text("#!/bin/sh\necho no solution >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setattr(lock, "_uv", lambda: str(fake))
    with pytest.raises(RuntimeError, match="no solution"):
        lock.write_all(copy)
    assert {name: (copy / name).read_bytes() for name in FILES} == before
