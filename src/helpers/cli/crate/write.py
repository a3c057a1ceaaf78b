"""Put a book's crate into its folder, and a page that people can read."""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from helpers.cli.crate.build import CODE, SBOM, code_files, gather
from helpers.cli.crate.commit import commit_of
from helpers.cli.crate.describe import describe
from helpers.cli.crate.preview import preview
from helpers.cli.crate.sbom import bill_of_materials
from helpers.cli.downloads import PREVIEW
from helpers.cli.facts import repository_url
from helpers.cli.layout import Place, write_text

METADATA = "ro-crate-metadata.json"


def add_crate(where: Place, book: Path) -> None:
    """Write ``ro-crate-metadata.json`` and its page into a compiled book, and copy what was run beside them."""
    for name in code_files(where):
        target = book / CODE / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(where.root / name, target)
    lock = (where.root / "requirements.lock").read_text(encoding="utf-8")
    write_text(book / CODE / SBOM, bill_of_materials(lock))
    build, commit = gather(where, book), commit_of(where.root)
    versions = {"python": python_version(), "snakemake": version("snakemake")}
    write_text(book / METADATA, describe(build, commit, versions, repository_url(where.root)))
    write_text(book / PREVIEW, preview(build, commit, versions))
