"""A small book in a checkout of its own, and the supplements of both bundled studies."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from matplotlib.figure import Figure

from helpers.cli.layout import NOTEBOOKS, Place, place
from helpers.cli.supplement.gather import read_text
from helpers.cli.supplement.make import find_tools, take_away
from helpers.cli.supplement.offered import add_word_files
from helpers.report.exhibit import FigureExhibit

ROOT = Path(__file__).resolve().parents[2]
STUDIES = ("data/synthetic", "data/pbc")
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="240pt" height="120pt" viewBox="0 0 240 120">'
    '<rect width="240" height="120" fill="#0072B2"/></svg>'
)
CELL = (
    '<div class="{tags}"><details class="hide"><summary>Set-up</summary><div class="cell_input"><pre>'
    "<span>import</span> secrets</pre></div></details></div>"
)
CHAPTER = f"""\
<section id="one"><h1><span class="section-number">1. </span>One<a class="headerlink" href="#one">#</a></h1>
<section id="parameters"><h2><span class="section-number">1.1. </span>Parameters</h2><p>How they are set.</p>
{CELL.format(tags="cell tag_parameters")}<p>Scenario published.</p></section>
<section id="seen"><h2>Seen</h2><p>As <a href="../methods.html#how">told</a>, <a href="../results/01.csv">rows</a>,
<a href="../own_data.html">your own</a> and <a href="https://doi.org/10.1/x">there</a>.</p>
<div class="cell"><div class="cell_input"><pre>run.show()</pre></div><div
class="cell_output"><p>Printed.</p></div></div>
<details><summary>More</summary><p>Folded text.</p></details>
<figure id="fig-outcomes-1"><img src="../_images/a.svg" alt="A blue field."><figcaption><p><span
class="caption-number">Figure 1.1 </span><span class="caption-text"><strong>Field.</strong> n = 3.</span></p>
</figcaption></figure>
<div class="pst-scrollable-table-container"><table id="tab-odd-name" class="results-table table">
<caption><span class="caption-number">Table 1.1 </span><span class="caption-text">Means.</span></caption><thead><tr>
<th>Group</th><th class="gt_right">Mean (SD)</th></tr></thead><tbody><tr><th scope="row">Pain</th><td
class="gt_right">1.5 (0.2)</td></tr><tr><th scope="row">No pain</th><td class="gt_right">2.5 (0.2)</td></tr></tbody>
</table></div>
<div class="table-note"><p>SD: standard deviation.</p></div>
<style>x</style><p id="tab-all-caption">Every check.</p><p class="on-screen">Search takes any word.</p>
<div class="listing-frame"><table class="listing" id="tab-all" aria-describedby="tab-all-caption"><thead><tr>
<th>Statement</th><th>Printed</th></tr></thead><tbody>{{rows}}</tbody></table></div><script>y</script></section>
<section id="next"><h2><span class="section-number">1.3. </span>Next</h2><p>On to the next.</p></section></section>"""
INTRO = """\
<section id="about"><h1>About</h1><p>See <a href="notebooks/01_cohort.html">one</a>.</p>
<section id="figures"><h2>Figures</h2><ul><li><p><a href="notebooks/01_cohort.html#fig-outcomes-1">Figure 1.1</a>
Field</p></li></ul></section><section id="tables"><h2>Tables</h2><ul>
<li><p><a href="notebooks/01_cohort.html#tab-odd-name">Table 1.1</a> Means</p></li>
<li><p><a href="notebooks/01_cohort.html#tab-all">Every check</a></p></li></ul></section></section>"""
METHODS = """\
<section id="methods"><h1>Methods</h1><section id="how"><h2>How</h2>
<p>So, beside <a href="intro.html#figures">the lists</a>.</p></section></section>"""
SHOWN = (
    {"kind": "figure", "name": "fig-outcomes-1", "caption": "**Field.** n = 3.", "file": "figures/a.svg"},
    {
        "kind": "table",
        "name": "tab-odd_name",
        "caption": "Means.",
        "file": "tables/tab-odd_name.csv",
        "footnote": "*SD*: standard deviation.",
        "columns": {"align": "lr"},
    },
    {"kind": "listing", "name": "tab-all", "caption": "Every check.", "file": "tables/tab-all.html"},
)


def blue_field() -> Figure:
    figure = Figure(figsize=(240 / 72, 120 / 72))
    figure.add_axes((0, 0, 1, 1), facecolor="#0072B2", xticks=[], yticks=[])
    return figure


def page(content: str) -> str:
    return f'<html><body><article class="bd-article">{content}</article></body></html>'


class SmallBook:
    """The files of a run, with a book of three pages; its path holds a space."""

    def __init__(self, root: Path, rows: int = 200):
        self.where = Place(root, "data/small", "published")
        study = {"title": "A small <study>", "data_source": "synthetic", "notice": "Made up", "claims": None}
        self.write("data/small/datapackage.json", json.dumps(study))
        self.write("pyproject.toml", '[project]\nversion = "1"\n[project.urls]\nRepository = "https://example.org/x"\n')
        self.write("book/_config.yml", "title: The book\n")
        self.write("CITATION.cff", (ROOT / "CITATION.cff").read_text(encoding="utf-8"))
        chapters = "".join(f"\n      - file: {name}" for name in ("notebooks/01_cohort", "methods", "own_data"))
        self.write(
            f"{self.where.folder}/book-src/_toc.yml", f"root: intro\nparts:\n  - caption: x\n    chapters:{chapters}\n"
        )
        line = "<tr><td>Claim {0}<small>Count</small></td><td class='number'>{0}</td></tr>"
        listing = "".join(map(line.format, range(rows)))
        pages = {"intro": INTRO, "notebooks/01_cohort": CHAPTER.format(rows=listing), "methods": METHODS}
        for name, content in pages.items():
            self.write(f"{self.where.folder}/html/{name}.html", page(content))
        self.write(f"{self.where.folder}/html/_images/a.svg", SVG)
        for name, content in FigureExhibit("a", "", "", SVG, drawing=blue_field()).files().items():
            self.where.path(name).parent.mkdir(exist_ok=True)
            self.where.path(name).write_bytes(content)
        cells = "\ufeffGroup,Mean (SD)\nPain,1.5 (0.2)\nNo pain,2.5 (0.2)\n"
        self.write(f"{self.where.folder}/html/tables/tab-odd_name.csv", cells)
        lines = "".join(f"Claim {row} · Count,{row}\n" for row in range(rows))
        self.write(f"{self.where.folder}/html/tables/tab-all.csv", f"\ufeffStatement,Printed\n{lines}")
        for name in NOTEBOOKS:
            outputs = [{"metadata": {"helpers": mark}} for mark in SHOWN] if name == "01_cohort" else []
            cells = [{"cell_type": "code", "outputs": outputs}]
            self.write(f"{self.where.folder}/notebooks/{name}.ipynb", json.dumps({"cells": cells}))
        add_word_files(self.where, self.where.html)

    def write(self, name: str, text: str) -> None:
        path = self.where.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def take(self, kind: str) -> Path:
        return take_away(self.where, kind, find_tools(kind))

    def left(self) -> list[str]:
        """What lies in the build folder beside what a run and its supplement leave."""
        known = {"book-src", "html", "figures", "tables", "notebooks", "supplement", ".lock"}
        return sorted(path.name for path in self.where.path().iterdir() if path.name not in known)


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> SmallBook:
    return SmallBook(tmp_path_factory.mktemp("a checkout"))


@pytest.fixture
def fresh(tmp_path) -> SmallBook:
    return SmallBook(tmp_path / "a checkout", rows=3)


@pytest.fixture(scope="session", params=STUDIES)
def taken(request, built) -> SimpleNamespace:
    """PDF and Word file of a bundled study, from its built book, with the figures and tables the book has."""
    return _taken(request.param, built)


@cache
def _taken(study: str, built) -> SimpleNamespace:
    built(study)
    where = place(study, "published", ROOT)
    document, items = read_text(where)
    made = {kind: take_away(where, kind, find_tools(kind)) for kind in ("pdf", "word")}
    return SimpleNamespace(where=where, document=document, items=items, **made)
