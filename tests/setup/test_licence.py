"""Licences and citation: what a reader may do, and what to cite."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
LICENCE = (ROOT / "LICENSE").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def citation() -> dict:
    return yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


def test_citation_has_what_the_format_requires(citation):
    assert citation["cff-version"] == "1.2.0"
    assert citation["type"] == "software"
    assert {"message", "title", "authors"} <= citation.keys()


def test_citation_and_package_have_one_version_and_licence(citation):
    assert str(citation["version"]) == PROJECT["version"]
    assert citation["license"] == PROJECT["license"] == "BSD-3-Clause"


def test_no_person_is_named_as_author_of_the_compendium(citation):
    assert citation["authors"] == [{"name": "The compendium's authors"}]
    assert "the compendium's authors" in LICENCE


def test_the_article_is_cited(citation):
    (article,) = [item for item in citation["references"] if item["type"] == "article"]
    assert article["doi"] == "10.1186/s12974-021-02245-5"
    assert (article["journal"], article["year"], article["volume"]) == ("Journal of Neuroinflammation", 2021, 18)
    assert article["authors"][0]["family-names"] == "Zhou"


@pytest.mark.parametrize(
    "phrase",
    [
        "BSD 3-Clause License",
        "https://creativecommons.org/licenses/by/4.0/legalcode",
        "pingouin",
        "GNU\nGeneral Public License, version 3",
        "data/synthetic/ : CC BY 4.0",
        "data/pbc/ : GNU Library General Public License, version 2 or later",
    ],
)
def test_the_licence_names(phrase):
    assert phrase in LICENCE


def test_the_three_clauses_are_there():
    assert re.findall(r"^(\d)\. ", LICENCE, flags=re.MULTILINE) == ["1", "2", "3"]


@pytest.mark.parametrize(("study", "licence"), [("synthetic", "CC-BY-4.0"), ("pbc", "LGPL-2.0-or-later")])
def test_a_study_says_the_licence_of_its_data(study, licence):
    document = json.loads((ROOT / "data" / study / "datapackage.json").read_text(encoding="utf-8"))
    assert [item["name"] for item in document["licenses"]] == [licence]
