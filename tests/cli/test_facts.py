"""Where the book says it comes from."""

from __future__ import annotations

import subprocess

import pytest

from helpers.cli.facts import binder_url, repository_url

OWN = "https://github.com/lab/project"


@pytest.fixture
def clone(tmp_path):
    (tmp_path / "pyproject.toml").write_text(f"[project.urls]\nRepository = '{OWN}'\n", encoding="utf-8")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    return tmp_path


def set_origin(clone, url):
    subprocess.run(["git", "-C", str(clone), "remote", "add", "origin", url], check=True)


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://github.com/lab/fork.git", "https://github.com/lab/fork"),
        ("https://person:secret@gitlab.com/lab/fork", "https://gitlab.com/lab/fork"),  # no secret
        ("/srv/bare.git", OWN),
        ("git@github.com:lab/fork.git", OWN),
        ("https://example.org/lab/fork", OWN),
    ],
)
def test_the_origin_counts_when_it_is_a_web_address_and_carries_no_secret(clone, origin, expected):
    set_origin(clone, origin)
    assert repository_url(clone) == expected


def test_else_the_project_says(clone):
    text = "[project]\nname = 'x'\n[project.urls]\nRepository = 'https://github.com/a/b'\n"
    (clone / "pyproject.toml").write_text(text, encoding="utf-8")
    assert repository_url(clone) == "https://github.com/a/b"


def test_binder_opens_the_notebooks():
    assert binder_url("https://github.com/a/b") == "https://mybinder.org/v2/gh/a/b/main?urlpath=lab/tree/notebooks"
