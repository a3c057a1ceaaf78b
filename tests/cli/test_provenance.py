"""From what a notebook shows to its functions, rows and section."""

from __future__ import annotations

from itertools import pairwise

import pytest

from helpers.analysis.results import row, to_frame
from helpers.cli.provenance.calls import function_at, functions_behind, name_of
from helpers.cli.provenance.functions_page import functions_page, label_of
from helpers.cli.provenance.numbers_page import MOST, numbers_page
from helpers.cli.provenance.origins import Origin, found_in, labels_of, source_link
from helpers.report import text
from helpers.report.exhibit import TextExhibit, text_exhibit

SETUP = "from helpers.analysis import response, results\nfrom helpers.report import figures, tables, text\n"
RATES = to_frame([row("response", "count", 24, group="pain", n=33), row("response", "percent", 72.727, group="pain")])
WRITER, FITTER = "helpers.report.text.efficacy.endpoints", "helpers.analysis.response.response_rates"


def notebook(*cells):
    return {"cells": [cell if isinstance(cell, dict) else code(cell) for cell in cells]}


def code(source, *shown):
    return {"cell_type": "code", "source": source, "metadata": {}, "outputs": [output(item) for item in shown]}


def prose(source):
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def output(exhibit):
    data, metadata = exhibit._repr_mimebundle_()
    return {"output_type": "display_data", "data": data, "metadata": metadata}


def said(markdown="24 (72.7\xa0%) of 33.", source=WRITER, read=RATES):
    made = text_exhibit(markdown, read)
    return TextExhibit(made.markdown, made.read, source)


CHAPTER = notebook(
    prose("# Efficacy\n"),
    SETUP,
    prose("## Rates\n\nWhy."),
    code("rates = response.response_rates(run.study, run.settings)\nrun.show(text.efficacy.endpoints(run, rates))",
         said()),
)  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "behind"),
    [
        ("a = response.response_rates(s, t)\nrun.show(text.efficacy.endpoints(run, a))", (FITTER,)),
        ("run.show(text.efficacy.endpoints(run, response.response_rates(s, t)))", (FITTER,)),
        (
            "a = response.response_rates(s, t)\nb = results.join(a, a)\nrun.show(text.efficacy.endpoints(run, b))",
            (FITTER,),
        ),
        ("a, b = response.response_rates(s, t)\nrun.show(text.efficacy.endpoints(run, rows=b))", (FITTER,)),
        ("a = response.response_rates(s, t)\na = 1\nrun.show(text.efficacy.endpoints(run, a))", ()),
        ("run.show(text.efficacy.endpoints(run, unknown(1)))", ()),
    ],
)
def test_names_are_followed_to_the_functions_they_rest_on(lines, behind):
    assert functions_behind([SETUP, lines]) == {WRITER: behind}


def test_a_cell_that_is_not_python_is_passed_over():
    assert functions_behind([SETUP, "%matplotlib inline", "run.show(text.efficacy.endpoints(run, x))"]) == {WRITER: ()}


def test_a_function_is_known_by_where_it_is_defined_whatever_wraps_it():
    assert name_of(text.cytokines.multivariate) == "helpers.report.text.cytokines.multivariate"
    assert function_at(WRITER) is function_at(name_of(text.efficacy.endpoints))


def test_origin_of_a_sentence():
    (found,) = found_in(CHAPTER, "02_efficacy")
    assert found == Origin("02-text-efficacy-endpoints", "02_efficacy", "Rates", "text", "", WRITER, (FITTER,),
                           said().read, said().markdown)  # fmt: skip


def test_the_same_function_twice_in_a_chapter_has_two_labels():
    twice = notebook(prose("# E"), SETUP, code("run.show(text.efficacy.endpoints(run, a))", said(), said("16 of 33.")))
    labels = [origin.label for origin in found_in(twice, "02_efficacy")]
    assert labels == ["02-text-efficacy-endpoints", "02-text-efficacy-endpoints-2"]
    assert list(labels_of(twice, "02_efficacy").values()) == labels


def test_a_sentence_without_a_number_has_no_source():
    assert not found_in(notebook(prose("# E"), SETUP, code("x", said("IL-6 fell."))), "02_efficacy")


def test_the_entry_of_a_sentence_has_its_rows_with_what_is_printed_in_bold():
    page = numbers_page(found_in(CHAPTER, "02_efficacy"), {"02_efficacy": RATES}, {"02_efficacy": "Efficacy"})
    assert "(rows-02-text-efficacy-endpoints)=" in page
    assert "> 24 (72.7\xa0%) of 33." in page
    assert f"#{label_of(FITTER)}" in page
    assert f"#{label_of(WRITER)}" in page
    lines = [line for line in page.splitlines() if line.startswith("| 02:")]
    assert lines[0].startswith("| 02:2 | response: count; pain | **24** |")
    assert lines[0].endswith("| **33** |")
    assert "**72.727**" in lines[1]


def test_a_column_in_which_no_row_has_anything_is_left_out_of_that_table_alone():
    tested = to_frame([row("response", "chi_square", 4.1, df1=1, p=0.04, p_adjusted=0.08, n=66)])
    rows = {"02_efficacy": RATES, "03_x": tested}
    other = notebook(prose("# E"), SETUP, code("x", said("χ² 4.1, p 0.04", read=tested)))
    origins = (*found_in(CHAPTER, "02_efficacy"), *found_in(other, "03_x"))
    page = numbers_page(origins, rows, {"02_efficacy": "Efficacy", "03_x": "X"})
    heads = [line for line in page.splitlines() if line.startswith("| Row")]
    assert all("Interval" not in head for head in heads)
    assert ["| df | p | n |" in head for head in heads] == [False, True]
    assert "| 1 | **0.04**, adjusted 0.08 | 66 |" in page


def test_of_very_many_rows_those_that_are_printed_come_first_and_the_rest_is_counted():
    rows = to_frame([row("response", "count", value, group=f"g{value}") for value in range(100, 100 + 2 * MOST)])
    origin = found_in(notebook(prose("# E"), SETUP, code("x", said(f"{99 + 2 * MOST} of them.", read=rows))), "02_x")
    page = numbers_page(origin, {"02_x": rows}, {"02_x": "E"})
    lines = [line for line in page.splitlines() if line.startswith("| 02:")]
    assert len(lines) == MOST
    assert f"**{99 + 2 * MOST}**" in lines[0]
    assert f"And {MOST} rows more of the same kind in `02_x.csv`." in page


def test_a_label_of_the_study_cannot_break_the_page():
    wild = said("24 of “a|b <script>x</script>”", read=to_frame([row("x", "count", 24, group="a|b<i>")]))
    rows = to_frame([row("x", "count", 24, group="a|b<i>")])
    page = numbers_page(found_in(notebook(prose("# E"), SETUP, code("x", wild)), "02_x"), {"02_x": rows}, {"02_x": "E"})
    assert "a\\|b&lt;i&gt;" in page


def test_functions_have_their_code_and_lead_to_what_rests_on_them():
    page = functions_page(found_in(CHAPTER, "02_efficacy"))
    assert page.index("## What is computed") < page.index(f"({label_of(FITTER)})=") < page.index("## What is shown")
    assert "def response_rates(" in page
    assert "def endpoints(" in page
    assert page.count("behind [Rates](#said-02-text-efficacy-endpoints).") == 2
    places = [page.index(heading) for heading in ("In `analysis.response`", "In `report.text.efficacy`")]
    assert all(a < b for a, b in pairwise(places))


def test_the_link_is_not_printed_on_paper():
    assert ".on-screen" in source_link("x")
