"""The book has the same bytes on another machine, and they are the committed ones."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from helpers.cli.layout import Place, place
from helpers.cli.lock import python_version
from helpers.cli.supplement.gather import read_text
from helpers.cli.supplement.make import find_tools
from helpers.cli.supplement.pdf import make_pdf
from helpers.cli.verify.elsewhere import as_far_away, build, copy_checkout
from helpers.cli.verify.manifest import NAME, NOT_PINNED, of_run, read_manifest
from helpers.cli.verify.products import differing, products
from helpers.report.pages.methods import PYTHON

from .conftest import ROOT, STUDIES

LOCKED = python_version(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8")))


@pytest.fixture(scope="module", params=STUDIES)
def elsewhere(request, tmp_path_factory) -> Place:
    """The book, the PDF and the Word file of a study, made in a copy of the checkout under other conditions."""
    folder = tmp_path_factory.mktemp("another machine")
    conditions = as_far_away(folder / "home")
    (folder / "home").mkdir()
    root = copy_checkout(ROOT, folder / conditions.name)
    return build(place(request.param, "published", ROOT), root, conditions, ("book", "pdf", "word"))


def test_other_place_user_locale_clock_threads_and_processor_give_the_same_bytes(elsewhere, built):
    near: Path = built(elsewhere.study)
    here = products(place(elsewhere.study, "published", ROOT))
    there = products(elsewhere)
    assert near.is_dir()
    assert len(there) > 200
    compared = [name for name in there if name not in NOT_PINNED and not name.startswith("supplement/")]
    assert [name for name in compared if here.get(name) != there[name]] == []


def test_the_pdf_is_printed_with_the_same_bytes(elsewhere, built, tmp_path):
    built(elsewhere.study)
    document, _ = read_text(place(elsewhere.study, "published", ROOT))
    printed = make_pdf(document, tmp_path, find_tools("pdf").browser)
    assert printed == elsewhere.path("supplement", "supplement.pdf").read_bytes()


@pytest.mark.skipif(PYTHON != LOCKED, reason=f"the manifest is of Python {LOCKED}, which a page of the book names")
def test_the_bytes_are_those_of_the_manifest(elsewhere):
    committed = of_run(read_manifest(ROOT / NAME), elsewhere)
    made = {name: digest for name, digest in products(elsewhere).items() if name not in NOT_PINNED}
    assert differing(committed, made) == [], "a change of the book goes with `make manifest`"
