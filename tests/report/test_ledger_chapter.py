"""The chapter on the ledger: of made data, of a laboratory's own, of a study without a ledger, and run by hand."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers.analysis.results import pick
from helpers.claims import load_ledger, whole
from helpers.claims.audit import bounds, findings
from helpers.claims.verdicts import VERDICTS
from helpers.report import tables, text
from helpers.report.figures.bounds import RHO, both_possible, reach
from helpers.report.format import SPACE
from helpers.report.ledger import HEADINGS, LOOKS, PRINTED_ONLY, by_section, heading

ROOT = Path(__file__).parents[2]
NAME = "06_claims"
# What is said of made data only; `reproduced` is said of none.
OF_MADE = re.compile(r"by construction|emerge|synthetic|\bwitness\b|targets?\b|was made to", re.IGNORECASE)


@pytest.fixture(scope="module")
def made(books):
    return books["synthetic"][NAME]


@pytest.fixture
def own(made, study_folder, chapter, tmp_path):
    """The chapter on the same results, the study declared to be a laboratory's own data."""
    folder = study_folder()
    folder.document.update(data_source="real", notice=None, title="Our study")
    shutil.copytree(made.run.output / "results", tmp_path / "out" / "results")
    return chapter(NAME, folder.save(), tmp_path / "out")


def everything(chapter) -> str:
    """All that a chapter showed, as text."""
    parts = [*chapter.texts, *(f"{t.caption} {t.note} {t.frame.to_csv()}" for t in chapter.tables)]
    listings = [item for item in chapter.shown if hasattr(item, "heads")]
    parts += [f"{item.caption} {cell.text} {cell.small}" for item in listings for row in item.rows for cell in row]
    return "\n".join(parts)


def prose(name: str) -> str:
    cells = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def test_every_check_has_one_line_one_verdict_and_is_counted(made):
    claims, verdicts = load_ledger("zhou2021"), made.variables["verdicts"]
    assert [item.claim.id for item in verdicts] == [claim.id for claim in claims]
    assert len(made.exhibit("tab-ledger").rows) == len(claims)
    assert pick(made.rows, statistic="checks")["value"].item() == len(claims)
    counted = made.rows[made.rows["statistic"] != "checks"]
    assert counted["value"].sum() == len(claims)
    assert made.exhibit("tab-claims-kinds").frame.iloc[-1, -1] == str(len(claims))
    assert sum(map(len, by_section(verdicts).values())) == len(claims)


def test_each_chapter_says_the_same_of_its_slice(made, books):
    whole_ledger = {item.claim.id: (item.computed, item.verdict) for item in made.variables["verdicts"]}
    for name, chapter in books["synthetic"].items():
        if name >= NAME:  # itself, and those that judge no row
            continue
        for item in chapter.variables["verdicts"]:
            computed, verdict = whole_ledger[item.claim.id]
            assert verdict == item.verdict
            assert np.isclose(computed, item.computed, rtol=1e-8, equal_nan=True)


def test_a_results_row_is_on_the_line_that_is_named(made):
    """The line of the published table holds the number that stands in the column beside it."""
    read_tables = {}
    for row, item in zip(made.exhibit("tab-ledger").rows, made.variables["verdicts"], strict=True):
        cell = row[-1]
        if not cell.href:
            continue
        read, line, name = re.fullmatch(r"(\w+), line (\d+) of (\w+)\.csv", cell.small).groups()
        assert cell.href == f"../results/{name}.csv"
        if name not in read_tables:
            read_tables[name] = (made.run.output / "results" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        heads, cells = read_tables[name][0].split(","), read_tables[name][int(line) - 1].split(",")
        assert float(cells[heads.index(read)]) == pytest.approx(item.computed, rel=1e-8)


def test_the_computed_number_is_shown_as_itself(made):
    """A count of patients is no p value: what is shown reads as the number, to its last digit."""
    for item in made.variables["verdicts"]:
        text = tables.claims.computed(item).replace("−", "-").replace(SPACE, "")
        if np.isnan(item.computed) or text[0] in "<>":
            assert np.isnan(item.computed) or not (item.claim.read in ("value", "n") or 0.001 <= item.computed <= 0.999)
            continue
        half = 0.5 * 10.0 ** -len(text.partition(".")[2])
        assert abs(float(text) - item.computed) <= half * 1.000001, item.claim.id


def test_a_statement_leads_to_a_heading_of_its_notebook():
    for claim in load_ledger("zhou2021"):
        assert f"\n## {heading(claim)}\n" in f"\n{prose(claim.notebook)}\n", claim.id
    assert {claim.row["analysis"] for claim in load_ledger("zhou2021") if claim.row} <= {key[0] for key in HEADINGS}


def test_every_verdict_has_a_look_of_its_own():
    assert set(LOOKS) == set(VERDICTS)
    of_one_build = [LOOKS[name] for name in VERDICTS[:6]]
    assert len({look.colour for look in of_one_build}) == len(of_one_build)
    assert len({(look.marker, look.filled) for look in of_one_build}) == len(of_one_build)


def test_made_data_are_never_called_a_reproduction(made):
    said = everything(made) + prose(NAME)
    assert "by construction" in said
    assert not re.search(r"reproduc|replicat|\bagrees\b|\bdiffers\b \(", said.lower())


def test_a_laboratorys_own_data_agree_or_differ(own):
    assert {item.verdict for item in own.variables["verdicts"]} <= {
        "agrees", "differs", "not computable", "inconsistent as printed",
    }  # fmt: skip
    said = everything(own) + prose(NAME)
    said = re.sub("Not applicable[^*]*", "", said)
    assert [found[0] for found in OF_MADE.finditer(said)] == []
    assert "agrees" in said
    assert not any(table.name.startswith("tab-witness") for table in own.tables)
    assert "These are other patients than the paper’s" in own.texts[-1]
    assert any("cohorts made for the printed figures" in text for text in own.texts)


def test_the_audit_is_of_the_paper_whatever_the_data(own, made):
    for name in ("tab-audit", "tab-audit-readings"):
        assert own.exhibit(name).frame.equals(made.exhibit(name).frame)
        assert PRINTED_ONLY in own.exhibit(name).caption
    assert len(made.exhibit("tab-audit").frame) == len(findings())


def test_without_a_ledger_each_section_says_so_once(books):
    without = books["pbc"][NAME]
    assert without.tables == []
    said = [text for text in without.texts[1:] if not text.startswith("(figure")]
    assert all(re.fullmatch(r"\*Not applicable to this study: [^.]+\.\*", text) for text in said)
    assert pick(without.rows, statistic="checks")["value"].item() == 0


def test_by_hand_a_chapter_that_was_not_run_is_named(made, tmp_path):
    run = replace(made.run, by_hand=True, output=tmp_path)
    assert whole.read_chapters(run) == {}
    shutil.copytree(made.run.output / "results", tmp_path / "results")
    (tmp_path / "results" / "02_efficacy.csv").unlink()
    chapters = whole.read_chapters(run)
    assert "02_efficacy" not in chapters
    assert {item.claim.notebook for item in whole.judge_chapters(run, chapters)} == set(chapters)
    said = text.ledger.data_used(run, chapters).markdown
    left = sum(claim.notebook == "02_efficacy" for claim in load_ledger("zhou2021"))
    assert f"Left out, because their results are not here: 02_efficacy ({left} checks)." in said
    assert "before the other chapters have been run" in tables.ledger.every_check(run, [], {}).markdown


def test_by_hand_results_under_other_settings_are_left_out(made, tmp_path):
    shutil.copytree(made.run.output / "results", tmp_path / "results")
    other = replace(made.run, by_hand=True, output=tmp_path, scenario="published, with alpha = 0.01")
    assert whole.read_chapters(other) == {}


def test_in_a_build_a_missing_chapter_is_an_error(made, tmp_path):
    with pytest.raises(FileNotFoundError, match="01_cohort"):
        whole.read_chapters(replace(made.run, output=tmp_path))


def test_the_bounds_say_what_the_audit_says():
    frame = bounds(RHO)
    assert not both_possible(frame)
    low, high = reach(frame, "group")
    assert low == 0
    assert frame["group_f"][frame["rho"] <= high].min() >= frame["printed_group_f"].iloc[0]
    assert reach(frame, "interaction")[0] > high


def test_both_figures_are_complete(made, chapter):
    drawn = chapter(NAME, "data/synthetic", made.run.output, draw=True)
    ledger, limits = drawn.exhibit("fig-claims"), drawn.exhibit("fig-bounds")
    n = len(made.variables["verdicts"])
    assert f"n{SPACE}={SPACE}{n}" in ledger.caption
    assert ledger.caption.endswith("Synthetic cohort.")
    assert f"Map of {n} checks" in ledger.alt
    assert PRINTED_ONLY in limits.caption
    assert "no correlation allows both" in limits.alt
    again = chapter(NAME, "data/synthetic", made.run.output, draw=True)
    assert [again.exhibit(name).svg for name in ("fig-claims", "fig-bounds")] == [ledger.svg, limits.svg]
