"""Which files of a build are compared, and how they are named in the manifest."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess

import pytest

from helpers.cli.layout import place
from helpers.cli.verify.manifest import of_run, read_manifest, write_manifest
from helpers.cli.verify.products import differing, products


@pytest.fixture
def where(tmp_path, monkeypatch):
    for name in ("notebooks", "scenarios", "data/pbc"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return place("data/pbc", "published", tmp_path)


def leave(where, **files: str) -> None:
    """Files of a build, by name; the book is a link to its folder."""
    for name, text in files.items():
        path = where.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if not where.html.exists():
        where.html.symlink_to(".html-abc")


BUILD = {
    ".html-abc/index.html": "page",
    ".html-abc/_images/fig.svg": "drawing",
    "results/01_cohort.csv": "rows",
    "supplement/supplement.pdf": "printed",
    "values.json": "{}",
    "book.log": "14:03 done",
    "workflow.log": "14:02",
    ".lock": "",
}


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_what_people_use_is_compared_and_logs_are_not(where):
    leave(where, **BUILD)
    (where.root / "build" / "agreement.csv").write_text("part\n", encoding="utf-8")
    assert products(where) == {
        "html/_images/fig.svg": sha("drawing"),
        "html/index.html": sha("page"),
        "results/01_cohort.csv": sha("rows"),
        "supplement/supplement.pdf": sha("printed"),
        "values.json": sha("{}"),
        "agreement.csv": sha("part\n"),
    }


def test_a_changed_a_lost_and_a_new_file_are_named(where):
    leave(where, **BUILD)
    before = products(where)
    where.path("results", "01_cohort.csv").write_text("other rows", encoding="utf-8")
    (where.html / "_images" / "fig.svg").unlink()
    leave(where, **{".html-abc/new.html": "new"})
    assert differing(before, products(where)) == [
        "html/_images/fig.svg (in the first only)",
        "html/new.html (in the second only)",
        "results/01_cohort.csv",
    ]


def test_the_manifest_keeps_other_runs_and_leaves_out_what_a_browser_prints(where):
    leave(where, **BUILD)
    path = where.root / "MANIFEST.sha256"
    path.write_text(f"{sha('x')}  build/other/published/html/index.html\n{sha('y')}  build/pbc/published/gone.csv\n")
    write_manifest(path, where, products(where))
    found = read_manifest(path)
    assert found["build/other/published/html/index.html"] == sha("x")
    assert "build/pbc/published/gone.csv" not in found
    assert not [name for name in found if name.endswith(".pdf")]
    assert of_run(found, where) == {n: d for n, d in products(where).items() if not n.endswith(".pdf")}
    assert of_run(found, place("data/pbc", "recommended", where.root)) == {}


@pytest.mark.skipif(not shutil.which("sha256sum"), reason="sha256sum is of GNU coreutils")
def test_sha256sum_checks_the_manifest(where):
    leave(where, **BUILD)
    write_manifest(where.root / "MANIFEST.sha256", where, products(where))
    check = ["sha256sum", "--check", "--quiet", "MANIFEST.sha256"]
    assert subprocess.run(check, cwd=where.root, check=False).returncode == 0
    where.path("values.json").write_text("[]", encoding="utf-8")
    done = subprocess.run(
        check, cwd=where.root, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
    assert "values.json: FAILED" in done.stdout
