"""Tables show the numbers of the rows, with captions that say what they are."""

from __future__ import annotations

import re

import pytest

from helpers.analysis.frames import analyte_titles, groups
from helpers.analysis.results import pick
from helpers.report.format import MINUS
from helpers.report.ledger import PRINTED_ONLY

STUDIES = ("synthetic", "pbc")
PAPER = {"tab-1": "Table 1", "tab-2": "Table 2", "tab-s1": "Supplementary Table 1", "tab-s2": "Supplementary Table 2",
         "tab-s3": "Supplementary Table 3"}  # fmt: skip


def numbers(cell: str) -> list[float]:
    """The numbers printed in a cell."""
    return [float(text) for text in re.findall(r"(?<!χ)-?\d+(?:\.\d+)?", str(cell).replace(MINUS, "-"))]


def shown(cell: str, value: float) -> bool:
    """Whether the first number of a cell is the value at the cell's own rounding."""
    text = re.search(r"-?\d+(?:\.(\d+))?", cell.replace(MINUS, "-"))
    half = 0.5 * 10 ** -len(text[1] or "")
    if cell[0] in "<>":
        return (value < float(text[0])) == (cell[0] == "<")
    return abs(float(text[0]) - value) <= half * 1.000001


def all_tables(books, name):
    return [table for chapter in books[name].values() for table in chapter.tables]


@pytest.mark.parametrize("name", STUDIES)
def test_captions(name, books):
    for table in all_tables(books, name):
        if PRINTED_ONLY not in table.caption:
            assert ("Synthetic cohort." in table.caption) == (name == "synthetic")
        expected = name == "synthetic" and table.name in PAPER
        assert (" of the paper)" in table.caption) == expected
        if expected:
            assert f"({PAPER[table.name]} of the paper)" in table.caption
        assert table.caption.endswith(".")


def test_what_does_not_apply_is_said(books):
    names = {table.name for table in all_tables(books, "pbc")}
    assert not names & {"tab-eligibility", "tab-adverse"}
    assert not any(name.startswith("tab-claims") for name in names)
    said = " ".join(text for chapter in books["pbc"].values() for text in chapter.texts)
    for reason in ("no eligibility limit", "not made by a rule", "records no event", "no published figures"):
        assert reason in said
    assert not any("Not applicable" in text for c in books["synthetic"].values() for text in c.texts)


@pytest.mark.parametrize("name", STUDIES)
def test_baseline_table(name, books, all_rows, one):
    study, lines = books[name]["01_cohort"].run.study, books[name]["01_cohort"].exhibit("tab-1").frame
    assert list(dict.fromkeys(lines["Kind"])) == ["Participants", "Outcomes at baseline"]
    rows, heads = pick(all_rows[name], analysis="baseline"), list(lines.columns[2:-3])
    lines = lines.rename(columns=lambda head: head.rpartition(": ")[2])
    assert [numbers(head)[-1] for head in heads] == [
        one(all_rows[name], analysis="flow", statistic="participants", group=g) for g in groups(study)
    ]
    line = lines[lines["Characteristic"].str.startswith("Age (")].iloc[0]
    for head, group in zip(heads, groups(study), strict=True):
        mean, sd = (one(rows, outcome="age", statistic=s, group=group) for s in ("mean", "sd"))
        assert line[head] == f"{mean:.1f} ({sd:.1f})"
    assert shown(line["p"], one(rows, "p", outcome="age", statistic="t"))
    assert shown(line["SMD"], one(rows, outcome="age", statistic="standardised_difference"))
    assert numbers(line["Test"])[-1] == pytest.approx(one(rows, outcome="age", statistic="t"), abs=0.005)
    start = lines.index[lines["Characteristic"] == "Sex"][0]
    for offset, level in enumerate(("female", "male"), start=1):
        for head, group in zip(heads, groups(study), strict=True):
            count, percent = (
                one(rows, outcome="sex", statistic=s, group=group, contrast=level) for s in ("count", "percent")
            )
            assert numbers(lines.loc[start + offset, head]) == [count, pytest.approx(percent, abs=0.05)]


@pytest.mark.parametrize("name", STUDIES)
def test_endpoints(name, books, all_rows, one):
    study, lines = books[name]["02_efficacy"].run.study, books[name]["02_efficacy"].exhibit("tab-endpoints").frame
    assert list(lines["Endpoint"]) == (["Response", "Remission"] if name == "synthetic" else ["Response"])
    for endpoint, line in lines.set_index("Endpoint").iterrows():
        rows = pick(all_rows[name], analysis=endpoint.lower())
        for group in study.roles.compared:
            assert shown(line[study.group_label(group)], one(rows, statistic="count", group=group))
        heads = {"Pearson: χ²": "chi_square", "Yates: χ²": "chi_square_yates", "Fisher: Odds ratio": "odds_ratio"}
        for head, statistic in heads.items():
            assert shown(line[head], one(rows, statistic=statistic))
        for head, statistic in zip(("Pearson: p", "Yates: p", "Fisher: p"), heads.values(), strict=True):
            assert shown(line[head], one(rows, "p", statistic=statistic))


@pytest.mark.parametrize("name", STUDIES)
def test_times(name, books, all_rows, one):
    for line in books[name]["02_efficacy"].exhibit("tab-time").frame.itertuples(index=False):
        rows = pick(all_rows[name], analysis=f"time_to_{line[0].lower()}")
        test, estimate = {
            "t-test, everybody": ("t", "t_difference"),
            "t-test, events only": ("t_events_only", "t_events_only_difference"),
            "Log-rank": ("log_rank", ""),
            "Restricted mean": ("restricted_mean_difference",) * 2,
        }[line[1]]
        assert shown(line[4], one(rows, "p", statistic=test))
        if estimate:
            expected = [one(rows, column, statistic=estimate) for column in ("value", "ci_low", "ci_high")]
            assert numbers(line[2]) == pytest.approx(expected, abs=0.00501)


@pytest.mark.parametrize("name", STUDIES)
def test_outcomes_by_visit(name, books, all_rows, one):
    study, lines = books[name]["02_efficacy"].run.study, books[name]["02_efficacy"].exhibit("tab-s1").frame
    assert len(lines) == sum(len(item.visits) for item in study.roles.outcomes)
    place = iter(lines.itertuples(index=False))
    for item in study.roles.outcomes:
        for visit in item.visits:
            line, cells = next(place), {"outcome": item.column, "visit": visit}
            seen, model = (pick(all_rows[name], analysis=a, **cells) for a in ("observed", "mixed_model"))
            for cell, group in zip(line[2:4], study.roles.compared, strict=True):
                expected = [one(seen, statistic=s, group=group) for s in ("mean", "sd")]
                assert numbers(cell) == pytest.approx(expected, abs=0.00501)
            # Turned round: the table has both differences in the direction of the effect size.
            gap = [-one(model, c, statistic="mean_difference") for c in ("value", "ci_high", "ci_low")]
            assert numbers(line[4]) == pytest.approx(gap, abs=0.00501)
            assert shown(line[5], one(model, "p_adjusted", statistic="mean_difference"))
            assert shown(line[6], one(seen, statistic="cohens_d"))
            for cell, group in zip(line[7:], study.roles.compared, strict=True):
                if visit == study.baseline:
                    assert cell == "–"
                else:
                    assert shown(cell, one(model, "p_adjusted", statistic="change", group=group))


@pytest.mark.parametrize("name", STUDIES)
def test_analytes_at_baseline(name, books, all_rows, one):
    chapter = books[name]["03_baseline_cytokines"]
    lines = chapter.exhibit("tab-s2").frame.set_index("Analyte")
    for analyte, title in analyte_titles(chapter.run.study).items():
        test = pick(all_rows[name], analysis="ancova", analyte=analyte, statistic="F")
        line = lines.loc[title]
        assert shown(line["Group: F"], one(test))
        assert shown(line["Group: p"], one(test, "p"))
        assert shown(line["Group: p adjusted"], one(test, "p_adjusted"))
        pairs = pick(all_rows[name], analysis="ancova", analyte=analyte, statistic="mean_difference")
        assert len(line) == len(groups(chapter.run.study)) + 4 + len(pairs)
        size = pick(all_rows[name], analysis="ancova", analyte=analyte, statistic="partial_eta2")
        assert shown(line["Group: η²"], one(size))
        assert all(shown(cell, p) for cell, p in zip(line.iloc[-len(pairs) :], pairs["p_adjusted"], strict=True))


@pytest.mark.parametrize("name", STUDIES)
def test_analytes_against_baseline(name, books, all_rows, one):
    chapter = books[name]["04_longitudinal_cytokines"]
    study, lines = chapter.run.study, chapter.exhibit("tab-2").frame
    place = iter(lines.itertuples(index=False))
    for group in study.roles.compared:
        for analyte in study.roles.analytes.columns:
            line, cells = next(place), {"analyte": analyte, "group": group}
            level = pick(all_rows[name], analysis="level", **cells)
            change = pick(all_rows[name], analysis="cytokine_all_visits", statistic="change", **cells)
            first, *later = study.roles.analytes.visits
            means = [line[2], *line[3::2]]
            for cell, visit in zip(means, (first, *later), strict=True):
                assert shown(cell, one(level, statistic="mean", visit=visit))
            for cell, visit in zip(line[4::2], later, strict=True):
                assert shown(cell, one(change, "p_adjusted", visit=visit))


@pytest.mark.parametrize("name", STUDIES)
@pytest.mark.parametrize(
    ("table", "analysis"), [("tab-s3", "cytokine_all_visits"), ("tab-s3-adjusted", "cytokine_adjusted")]
)
def test_tests_of_analytes(name, table, analysis, books, all_rows, one):
    chapter = books[name]["04_longitudinal_cytokines"]
    lines = chapter.exhibit(table).frame.set_index("Analyte")
    for analyte, title in analyte_titles(chapter.run.study).items():
        cells = iter(lines.loc[title])
        for term in ("group", "time", "interaction"):
            test = pick(all_rows[name], analysis=analysis, analyte=analyte, statistic="F", contrast=term)
            for column in ("value", "p", "p_adjusted"):
                assert shown(next(cells), one(test, column))


@pytest.mark.parametrize("name", STUDIES)
def test_regressions(name, books, all_rows):
    chapter = books[name]["05_regression_mediation"]
    betas = pick(all_rows[name], analysis="change_regression", statistic="beta")
    for outcome, part in betas.groupby("outcome"):
        lines = chapter.exhibit(f"tab-regressions-{outcome}").frame
        assert lines.iloc[:, 1:].size == len(part)
        for place, (_, family) in enumerate(part.groupby(["group", "visit"], sort=False), start=1):
            for cell, beta in zip(lines.iloc[:, place], family.itertuples(), strict=True):
                assert shown(cell, beta.value)
                assert ("★" in cell) == (beta.p_adjusted < 0.05)
    passing = [t for t in chapter.tables if t.name == "tab-passing"]
    assert sum(len(table.frame) for table in passing) == (betas["p"] < 0.05).sum()


@pytest.mark.parametrize("name", STUDIES)
def test_mediation(name, books, all_rows, one):
    rows, table = (
        pick(all_rows[name], analysis="mediation"),
        books[name]["05_regression_mediation"].exhibit("tab-mediation"),
    )
    order = ["path_a", "path_b", "total", "direct", "indirect", "indirect_bias_corrected"]
    for line, statistic in zip(table.frame.itertuples(index=False), order, strict=False):
        assert shown(line[1], one(rows, statistic=statistic))
        ends = [one(rows, column, statistic=statistic) for column in ("ci_low", "ci_high")]
        assert numbers(line[2]) == pytest.approx(ends, abs=0.000501)
    assert f"n = {one(rows, 'n', statistic='path_a'):.0f}" in table.note


def test_claims_tables_hold_every_check(books):
    for name, chapter in books["synthetic"].items():
        if name >= "06":  # of all chapters, and of none
            continue
        (table,) = [t for t in chapter.tables if t.name.startswith("tab-claims")]
        assert table.frame["Checks"].astype(int).sum() == len(chapter.variables["verdicts"])
        assert table.note.startswith(f"{len(chapter.variables['verdicts'])} checks")
