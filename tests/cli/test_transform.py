"""Notebook in, chapter out."""

from __future__ import annotations

import copy
import re

import pytest

from helpers.cli.transform import Exhibit, chapter, exhibits

FIGURE = {
    "kind": "figure",
    "name": "fig-madrs",
    "caption": "MADRS by visit: mean and 95 % CI, # of patients below. Pain, no pain.",
    "alt": 'Both lines fall: the "pain" line # further.',
    "file": "figures/fig-madrs.svg",
}
TABLE = {
    "kind": "table",
    "name": "tab-1",
    "caption": "Baseline characteristics. Synthetic cohort.",
    "file": "tables/tab-1.csv",
    "footnote": "*t*: Student.",
    "columns": {"align": "lrc"},
}
OF_WHAT = "of the figure: MADRS by visit: mean and 95 % CI, # of patients below"
TITLE = "MADRS by visit: mean and 95 % CI, # of patients below"
LINKS = [
    f'<a href="../figures/fig-madrs.{name.lower()}" download aria-label="{name}: {TITLE}">{name}</a>'
    for name in ("SVG", "PDF", "PNG")
]
DOWNLOADS = f'``````{{raw}} html\n\n<p class="on-screen downloads">{" · ".join(LINKS)}</p>\n``````'


def shown(mark, data=None):
    return {
        "output_type": "execute_result",
        "execution_count": 1,
        "data": data or {"text/plain": "x"},
        "metadata": {"helpers": mark},
    }


def stream(text):
    return {"output_type": "stream", "name": "stdout", "text": text}


@pytest.fixture
def with_outputs(make_cell):
    def build(*outputs, source="run.show(figure)"):
        cell = make_cell["code"](source)
        return make_cell["notebook"](make_cell["markdown"]("# Title"), {**cell, "outputs": list(outputs)})

    return build


def test_a_figure_becomes_a_numbered_directive_after_its_cell(with_outputs):
    made = chapter(with_outputs(shown(FIGURE)))
    title, code, figure = made["cells"]
    assert title["source"] == "# Title"
    assert code["outputs"] == []
    assert figure["cell_type"] == "markdown"
    assert figure["source"] == (
        "``````{figure} /figures/fig-madrs.svg\n"
        ':alt: "Both lines fall: the \\"pain\\" line # further."\n'
        ":name: fig-madrs\n\n"
        "MADRS by visit: mean and 95 % CI, # of patients below. Pain, no pain.\n``````\n\n"
        f"{DOWNLOADS}"
    )


def test_the_line_under_a_figure_leads_to_its_files_and_says_of_what(with_outputs):
    source = chapter(with_outputs(shown({**FIGURE, "caption": "**Change & <time>.** n = 3."})))["cells"][-1]["source"]
    assert re.findall(r'href="([^"]*)" download aria-label="([^"]*)">(\w+)<', source) == [
        (f"../figures/fig-madrs.{name.lower()}", f"{name}: Change &amp; &lt;time&gt;", name)
        for name in ("SVG", "PDF", "PNG")
    ]


def test_the_line_leads_to_the_code_of_what_stands_above(with_outputs):
    mark = {**FIGURE, "source": "helpers.report.figures.effects.effects"}
    source = chapter(with_outputs(shown(mark)))["cells"][-1]["source"]
    assert 'href="../functions.html#function-report-figures-effects-effects"' in source


def test_a_table_becomes_a_directive_with_its_rows_its_note_and_its_files(with_outputs):
    source = chapter(with_outputs(shown(TABLE)))["cells"][-1]["source"]
    head, note, files = source.replace("``````\n\n:::", "\0:::").replace(":::\n\n``````", ":::\0``````").split("\0")
    assert head.startswith("``````{results-table} Baseline characteristics. Synthetic cohort.\n")
    assert ":file: /tables/tab-1.html\n:name: tab-1\n:class: results-table\n" in head
    assert note == ":::{container} table-note\n*t*: Student.\n:::"
    assert '<a href="../tables/tab-1.csv" download aria-label="CSV: Baseline characteristics">CSV</a>' in files
    assert '<a href="../tables/tab-1.docx" download aria-label="Word: Baseline characteristics">Word</a>' in files


def test_a_table_without_a_note_has_none(with_outputs):
    mark = {key: value for key, value in TABLE.items() if key != "footnote"}
    assert "table-note" not in chapter(with_outputs(shown(mark)))["cells"][-1]["source"]


def test_a_listing_is_taken_as_it_is_after_a_label(with_outputs):
    mark = {"kind": "listing", "name": "tab-all", "caption": "Every check.", "file": "tables/tab-all.html"}
    source = chapter(with_outputs(shown(mark)))["cells"][-1]["source"]
    assert source.startswith("(tab-all)=\n\n``````{raw} html\n:file: ../tables/tab-all.html\n\n``````\n\n")
    assert "../tables/tab-all.docx" in source


def test_a_table_with_sentences_is_set_smaller(with_outputs):
    mark = {**TABLE, "columns": {"align": "ll", "wordy": True}}
    assert ":class: results-table wide-table\n" in chapter(with_outputs(shown(mark)))["cells"][-1]["source"]


def test_a_text_stands_as_it_is(with_outputs):
    text = shown({"kind": "text"}, {"text/markdown": ["Of 33, ", "{{ n }} responded."], "text/plain": "x"})
    assert chapter(with_outputs(text))["cells"][-1]["source"] == "Of 33, {{ n }} responded."


def test_other_outputs_stay_with_their_cell_and_exhibits_keep_their_order(with_outputs):
    made = chapter(with_outputs(stream("plain"), shown(FIGURE), shown(TABLE)))
    assert made["cells"][1]["outputs"] == [stream("plain")]
    assert ["{figure}" in made["cells"][2]["source"], "{results-table}" in made["cells"][3]["source"]] == [True, True]
    assert len({cell["id"] for cell in made["cells"]}) == len(made["cells"])


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("parameters", "Parameters, with their allowed values"),
        ("injected-parameters", "Parameters of this run"),
        ("setup", "Set-up"),
        ("write", "Write the results"),
    ],
)
def test_machinery_is_folded_under_its_name(make_cell, tag, name):
    (cell,) = chapter(make_cell["notebook"](make_cell["code"]("x = 1", tag)))["cells"]
    assert cell["metadata"]["tags"] == [tag, "hide-input"]
    assert cell["metadata"]["mystnb"]["code_prompt_show"] == name


def test_imports_are_folded_untagged_and_calls_are_shown(make_cell):
    imports, call = (make_cell["code"](source) for source in ("import pandas as pd", "important = fit(data)"))
    folded, open_ = chapter(make_cell["notebook"](imports, call))["cells"]
    assert "hide-input" in folded["metadata"]["tags"]
    assert open_["metadata"] == {}


def test_the_notebook_given_is_left_alone(with_outputs):
    given = with_outputs(shown(FIGURE), source="import pandas")
    before = copy.deepcopy(given)
    chapter(given)
    assert given == before


@pytest.mark.parametrize("missing", ["name", "caption", "file", "alt"])
def test_a_figure_that_lacks_something_is_refused_by_name(with_outputs, missing):
    with pytest.raises(ValueError, match=f"lacks {missing}"):
        chapter(with_outputs(shown({**FIGURE, missing: ""})))


def test_an_unknown_kind_is_refused(with_outputs):
    with pytest.raises(ValueError, match="'movie'; expected one of figure, table, listing, text"):
        chapter(with_outputs(shown({"kind": "movie"})))


def test_exhibits_are_listed_in_order_with_their_first_sentence(with_outputs):
    found = exhibits(with_outputs(shown(FIGURE), shown({"kind": "text"}), shown(TABLE)))
    assert [exhibit.name for exhibit in found] == ["fig-madrs", "tab-1"]
    assert [exhibit.title for exhibit in found] == [
        "MADRS by visit: mean and 95 % CI, # of patients below",
        "Baseline characteristics",
    ]


@pytest.mark.parametrize(
    ("caption", "title"),
    [
        ("Table of p. 3 values", "Table of p. 3 values"),
        ("Paths at infusion 6. Synthetic cohort.", "Paths at infusion 6"),
        ("Means (SD). Bars are intervals.", "Means (SD)"),
        ("Kaplan–Meier curves of time to response.", "Kaplan–Meier curves of time to response"),
    ],
)
def test_a_title_is_the_first_sentence(caption, title):
    assert Exhibit("table", "t", caption, "tables/t.csv").title == title
