"""`make archive`: one zip file for a repository of research, from which the book can be made again without the network.

It holds the commit's files, and under ``books/`` the book of each bundled study with its research object. The wheels
are not in it: ``requirements.lock`` has their digests, and ``make wheels`` fetches them.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from helpers.analysis.files import write_whole
from helpers.cli.crate.commit import Commit, commit_of
from helpers.cli.errors import UsageError
from helpers.cli.layout import CITATION, Place

ZENODO = ".zenodo.json"
FOLDER, BOOKS = "build/archive", "books"
# Zenodo's names for kinds and licences of CITATION.cff.
LICENSES = {"BSD-3-Clause": "bsd-3-clause"}
RELATION = "isDerivedFrom"


def make_archive(root: Path, places: Iterable[Place]) -> Path:
    """Write the archive of a checkout and of its up-to-date books; return its path.

    The same commit gives the same bytes.

    Raises
    ------
    UsageError
        The checkout is not under version control or differs from its commit.
    """
    commit = clean_commit(root)
    citation = yaml.safe_load((root / CITATION).read_text(encoding="utf-8"))
    name = f"compendium-{citation['version']}-{commit.name[:10]}"
    files = {one: root / one for one in _tracked(root)}
    for where in places:
        book = where.html.resolve()
        inside = f"{BOOKS}/{Path(where.study).name}"
        files |= {f"{inside}/{path.relative_to(book).as_posix()}": path for path in _files(book)}
    content = packed({f"{name}/{inside}": path for inside, path in files.items()}, commit)
    target = root / FOLDER / f"{name}.zip"
    write_whole(target, content)
    write_whole(target.with_suffix(".zip.sha256"), f"{hashlib.sha256(content).hexdigest()}  {target.name}\n".encode())
    return target


def clean_commit(root: Path) -> Commit:
    """The commit that a checkout is, file by file.

    Raises
    ------
    UsageError
        The checkout is not under version control or differs from its commit.
    """
    commit = commit_of(root)
    if not commit.name or commit.changed:
        raise UsageError(f"{root.name}: {commit.in_words()}\n  expected: a clean commit, which the archive is of")
    return commit


def packed(files: Mapping[str, Path], commit: Commit) -> bytes:
    """A zip file of some files, in order of their names, all of the commit's day."""
    stream = io.BytesIO()
    day = tuple(int(part) for part in commit.date.split("-"))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (*day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            runs = path.stat().st_mode & 0o100
            entry.external_attr = (0o100755 if runs else 0o100644) << 16
            archive.writestr(entry, path.read_bytes())
    return stream.getvalue()


def zenodo_metadata(citation: Mapping[str, Any]) -> dict[str, Any]:
    """What Zenodo asks of an upload, from ``CITATION.cff``.

    >>> found = zenodo_metadata({"title": "A  compendium", "version": "1", "abstract": "What it is.",
    ...     "license": "BSD-3-Clause", "authors": [{"name": "A group"}, {"family-names": "Doe", "given-names": "J"}],
    ...     "keywords": ["pain"], "references": [{"type": "article", "doi": "10.1/x"}]})
    >>> found["creators"], found["title"], found["related_identifiers"][0]["identifier"]
    ([{'name': 'A group'}, {'name': 'Doe, J'}], 'A compendium', '10.1/x')
    """
    articles = [one["doi"] for one in citation.get("references", []) if one.get("doi")]
    return {
        "upload_type": citation.get("type", "software"),
        "title": " ".join(citation["title"].split()),
        "version": str(citation["version"]),
        "description": " ".join(citation["abstract"].split()),
        "creators": [{"name": _author(one)} for one in citation["authors"]],
        "license": LICENSES[citation["license"]],
        "keywords": list(citation["keywords"]),
        "related_identifiers": [
            {"identifier": doi, "relation": RELATION, "resource_type": "publication-article"} for doi in articles
        ],
    }


def _author(one: Mapping[str, str]) -> str:
    return one.get("name") or f"{one['family-names']}, {one['given-names']}"


def zenodo_text(root: Path) -> str:
    """The text of ``.zenodo.json`` that goes with a checkout's ``CITATION.cff``."""
    citation = yaml.safe_load((root / CITATION).read_text(encoding="utf-8"))
    return json.dumps(zenodo_metadata(citation), indent=2, ensure_ascii=False) + "\n"


def _tracked(root: Path) -> list[str]:
    done = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name and (root / name).is_file()]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
