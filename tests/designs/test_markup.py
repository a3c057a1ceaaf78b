"""A study whose every name and label is markup: in all that its chapters show it is text, and its book stays one."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from helpers.cli.transform import chapter as page_of

from .folders import NUMBER, categories, visits, write_study

MARK = "<script>alert(1)</script><img src=x onerror=alert(2)>"
# Out of the paragraph or directive that a name stands in, into a directive that reads a file.
BREAK = "\n``````\n\n``````{include} /etc/hostname\n``````\n\n"
GROUPS = (f"a{MARK}", f"b{BREAK}{MARK}")
CHAPTERS = ("01", "02", "04")


def hostile_study(path):
    """Two groups of twelve at three visits: identifiers, groups, titles, labels, units and notices are markup."""
    random = np.random.default_rng(7)
    people = pd.DataFrame({"id": [f"P{i:02d}{MARK}" for i in range(24)], "group": np.repeat(GROUPS, 12)})
    people["age"] = random.normal(50, 8, 24).round(1)
    long = people[["id"]].merge(pd.DataFrame({"visit": ["start", "middle", "end"]}), how="cross")

    def values():
        return (20 + np.repeat(random.normal(0, 2, 24), 3) + random.normal(0, 1, 72)).round(2)

    frames = {"participants": people, "outcomes": long.assign(score=values()),
              "analytes": long.assign(il_6=values(), tnf_a=values())}  # fmt: skip
    roles = {
        "group": {"column": "group", "compared": list(GROUPS)},
        "visits": visits(["start", "middle", "end"], [0, 7, 14]),
        "outcomes": [{"column": "score", "label": "Score", "visits": ["start", "middle", "end"]}],
        "analytes": {"columns": ["il_6", "tnf_a"], "visits": ["start", "middle", "end"], "transform": "log"},
        "response": {"outcome": "score", "fraction": 0.05, "visit": "end"},
        "baseline_table": [{"column": "age"}],
    }
    columns = {"outcomes": {"score": NUMBER}, "analytes": {"il_6": NUMBER, "tnf_a": NUMBER}}
    write_study(path, "Trial", {"group": categories(*GROUPS), "age": NUMBER}, columns, roles, frames)
    descriptor = path / "datapackage.json"
    descriptor.write_text(json.dumps(_marked(json.loads(descriptor.read_text(encoding="utf-8")))), encoding="utf-8")
    return path


def _marked(item):
    """Every text that people write, with markup behind it."""
    written = {"title", "description", "unit", "label", "text", "notice"}
    if isinstance(item, dict):
        return {key: value + BREAK + MARK if key in written and isinstance(value, str) else _marked(value)
                for key, value in item.items()}  # fmt: skip
    return [_marked(part) for part in item] if isinstance(item, list) else item


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return hostile_study(tmp_path_factory.mktemp("hostile") / "trial")


@pytest.fixture(scope="module")
def shown(hostile, book, tmp_path_factory):
    """Everything that the chapters show, figures of the second drawn."""
    out = tmp_path_factory.mktemp("out")
    chapters = book(hostile, out, True, CHAPTERS[:2]) | book(hostile, out, False, CHAPTERS[2:])
    return [item for found in chapters.values() for item in found.shown]


def harmful(html: str) -> list[str]:
    """Elements and attributes that a browser would run or fetch."""
    page = BeautifulSoup(html, "html.parser")
    found = [str(tag)[:80] for tag in page.find_all(["script", "img", "iframe", "object", "embed"])]
    return found + [f"{tag.name} {name}" for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]


def test_markup_is_seen():
    assert harmful(f"<p>{MARK}</p>") == [
        "<script>alert(1)</script>",
        '<img onerror="alert(2)" src="x"/>',
        "img onerror",
    ]


def test_what_chapters_show_holds_no_markup_of_the_study(shown):
    marks = 0
    for item in shown:
        data, _ = item._repr_mimebundle_()
        for kind in ("text/html", "text/markdown", "image/svg+xml"):
            assert harmful(data.get(kind, "")) == [], (getattr(item, "name", ""), kind)
            marks += data.get(kind, "").count("alert(1)")
        for name, content in item.files().items():
            if name.endswith((".html", ".svg")):
                assert harmful(content.decode("utf-8")) == [], name
    # It is there, as text.
    assert marks > 20


def test_the_pages_of_the_book_hold_none(shown):
    cell = {"cell_type": "code", "id": "c", "metadata": {}, "source": "", "execution_count": None, "outputs": []}
    for item in shown:
        data, facts = item._repr_mimebundle_()
        cell["outputs"].append({"output_type": "display_data", "data": data, "metadata": facts})
    made = page_of({"cells": [cell], "metadata": {}}, "01_cohort")
    sources = [part["source"] for part in made["cells"] if part["cell_type"] == "markdown"]
    assert len(sources) == len(shown)
    # Captions and alternative texts are Markdown there, and the lines of links HTML.
    for source in sources:
        without_options = "\n".join(line for line in source.splitlines() if not line.startswith(":alt:"))
        assert harmful(without_options) == [], source[:300]
        assert not any(line.lstrip("`:").startswith("{include}") for line in source.splitlines()), source[:300]


def test_the_page_of_the_check_holds_none(hostile):
    from helpers.report.check_page import check_page
    from helpers.study.check import check_study

    table = hostile / "outcomes.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("20.", f"=1{MARK}", 3), encoding="utf-8")
    page = check_page(check_study(hostile, f"data/own/{MARK}"))
    assert harmful(page) == []
    assert "alert(1)" in page
