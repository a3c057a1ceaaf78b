"""The text of a run's supplement, from its published book."""

from __future__ import annotations

import html
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from helpers.cli.facts import repository_url
from helpers.cli.layout import CITATION, NOTEBOOKS, Place
from helpers.cli.supplement.document import Document, Front, make_document
from helpers.cli.supplement.names import Named, named
from helpers.cli.supplement.pages import anchors, read_pages
from helpers.cli.transform import Exhibit, exhibits


def read_text(where: Place) -> tuple[Document, list[Named]]:
    """The text of a run's supplement, and the figures and tables in it."""
    shown = shown_in(where)
    labels = {name for exhibit in shown for name in anchors(exhibit.name)}
    # The contents of this run's book: one under disclosure control has a page more.
    pages = read_pages(where.html.resolve(), where.path("book-src", "_toc.yml"), labels)
    document = make_document(pages, front_of(where, shown))
    return document, named(shown, document)


def shown_in(where: Place) -> list[Exhibit]:
    """The figures and tables of a run's notebooks, in order."""
    notebooks = (where.path("notebooks", f"{name}.ipynb") for name in NOTEBOOKS)
    return [found for path in notebooks for found in exhibits(json.loads(path.read_text(encoding="utf-8")))]


def front_of(where: Place, shown: Iterable[Exhibit]) -> Front:
    """What the title page of a run's supplement says."""
    study = json.loads((where.root / where.study / "datapackage.json").read_text(encoding="utf-8-sig"))
    book = yaml.safe_load((where.root / "book" / "_config.yml").read_text(encoding="utf-8"))
    project = tomllib.loads((where.root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    article = yaml.safe_load((where.root / CITATION).read_text(encoding="utf-8"))["references"][0]
    doi = f"https://doi.org/{article['doi']}"
    # The book's title is the paper's subject; a study that the paper is not about has its own.
    title, rest = (book["title"], study["title"]) if study.get("claims") else (study["title"], "")
    lines = (
        f"Scenario: {html.escape(scenario_name(where))}. {_counts(shown)}, numbered as in the book.",
        f"Made from the executed notebooks of the compendium, version {project['version']}: "
        f"{_link(repository_url(where.root))}",
        f"The analysis follows {_first(article)} et al. ({article['year']}): {_link(doi)}",
    )
    return Front(title, "Supplement" + (f" · {rest}" if rest else ""), _notice(study), lines)


def scenario_name(where: Place) -> str:
    """The scenario as it is called; of a file of the user's own, in what leaves the machine, no folder."""
    return Path(where.scenario).name if where.threshold else where.scenario


def _first(article: Mapping[str, Any]) -> str:
    return article["authors"][0]["family-names"]


def _notice(study: Mapping[str, Any]) -> str:
    if study["data_source"] != "synthetic":
        return ""
    return f"{study.get('notice') or 'Synthetic data'}. No participant in these data exists."


def _counts(shown: Iterable[Exhibit]) -> str:
    """How many figures and tables there are.

    >>> _counts([Exhibit("figure", "fig-a", "A.", "a.svg"), Exhibit("listing", "tab-b", "B.", "b.html")])
    '1 figure, 1 table'
    """
    counts = Counter("figure" if exhibit.kind == "figure" else "table" for exhibit in shown)
    return ", ".join(f"{counts[kind]} {kind}{'' if counts[kind] == 1 else 's'}" for kind in ("figure", "table"))


def _link(address: str) -> str:
    return f'<a href="{html.escape(address)}">{html.escape(address.removeprefix("https://"))}</a>'
