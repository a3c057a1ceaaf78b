"""A disk that is full, a folder that cannot be written: the cause is named, nothing half-written takes a place."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from .bench import Bench, FaultTree, explains

pytestmark = pytest.mark.pipeline
# A file system of a test's own, seen by its processes alone.
OWN = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--map-root-user", "--mount")
FILL = """\
with open({place!r}, "wb", buffering=0) as filler:
    try:
        while filler.write(bytes(4096)):
            pass
    except OSError:
        pass
"""
MOST = 1 << 25  # bytes of the small disk


@pytest.fixture(scope="module", autouse=True)
def mounts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mount")
    command = [*OWN, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not shutil.which("unshare") or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no file system may be mounted here, so that no disk can be filled")


def on_small_disk(tree: FaultTree) -> tuple[str, ...]:
    """A wrapper under which ``build/`` and Snakemake's records lie on a small disk, and are copied back from it."""
    text = (
        f'set -e; small="$PWD/small"; mkdir -p "$small"; mount -t tmpfs -o size={MOST} tmpfs "$small"\n'
        'for name in build .snakemake; do cp -a "$name" "$small/$name"; mount --bind "$small/$name" "$name"; done\n'
        'status=0; "$@" || status=$?\n'
        'rm -f "$small/build/filler"\n'
        'for name in build .snakemake; do umount "$name"; rm -rf "$name"; cp -a "$small/$name" "$name"; done\n'
        'umount "$small"; exit $status\n'
    )
    script = Path(tree.root, "small.sh")
    script.write_text(text, encoding="utf-8")
    return (*OWN, "bash", str(script))


def fill(bench: Bench) -> str:
    return FILL.format(place=str(bench.tree.root / "build" / "filler"))


@pytest.mark.parametrize("stage", ["before the build", "notebook", "pages compiled"])
def test_disk_full(copies, stage):
    bench = copies("04_longitudinal_cytokines", "01_cohort")
    wrapped, faults = on_small_disk(bench.tree), {}
    if stage == "before the build":
        script = Path(bench.tree.root, "small.sh")
        text = script.read_text(encoding="utf-8")
        filled = 'dd if=/dev/zero of="$small/build/filler" bs=4096 2>/dev/null || true\nstatus=0;'
        script.write_text(text.replace("status=0;", filled, 1), encoding="utf-8")
    else:
        faults = {"FAULT_01_cohort" if stage == "notebook" else "FAULT_compile": fill(bench)}
    broken = bench.tree.book(wrapped=wrapped, **faults)
    ok = explains(broken, "the disk is full") and not list(bench.tree.build.rglob("*.part"))
    bench.finish(("disk full", stage), "exit status 1, cause named", broken, ok)


def test_output_read_only(copies):
    bench = copies("04_longitudinal_cytokines")
    text = 'mount --bind build build; mount -o remount,ro,bind build; exec "$@"\n'
    script = Path(bench.tree.root, "only.sh")
    script.write_text(text, encoding="utf-8")
    broken = bench.tree.book(wrapped=(*OWN, "bash", str(script)))
    ok = explains(broken, "build/pbc/published/.lock: it cannot be written: the file system is read-only")
    assert not broken.named("started")
    bench.finish(("output read-only", "before the build"), "exit status 1, file and cause named", broken, ok)
