"""Figures, tables and sentences of the chapter on the multiverse, from a few specifications made by hand."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from helpers.analysis.multiverse import read_grid
from helpers.analysis.robustness.kept import Kept
from helpers.analysis.run import Run
from helpers.analysis.settings import Settings
from helpers.claims.robustness import robustness_rows
from helpers.report import figures, tables, text
from helpers.report.curves import curves_of
from helpers.report.figures.specification_curve import FALLS, STANDS
from helpers.report.format import DASH, SPACE
from helpers.report.multiverse_words import changes_in_words, value_name
from helpers.study import load_study

ROOT = Path(__file__).parents[2]
NAN = float("nan")
F, P, SLOPE = "madrs-interaction-f", "interaction-effect:il_6", "il6-madrs-day-13"


def curve(claim: str, family: str, choices: dict[str, list[str]], numbers: list[tuple]) -> pd.DataFrame:
    """Rows of a claim: ``value, ci_low, ci_high, p, p_adjusted, stands, printed`` of each combination of choices."""
    keys = [
        "; ".join([family, *(map("=".join, zip(choices, found, strict=True)))]) for found in product(*choices.values())
    ]
    frame = pd.DataFrame(numbers, columns=["value", "ci_low", "ci_high", "p", "p_adjusted", "stands", "printed"])
    return frame.assign(claim=claim, family=family, key=keys, position=range(len(keys)))


# The paper's own comes first in each; no list is in order of size.
CURVES = pd.concat(
    [
        curve(
            F,
            "outcome_tests",
            {"covariance": ['"compound_symmetry"', '"ar1"'], "df": ['"satterthwaite"', '"residual"']},
            [
                *((6.154, NAN, NAN, 0.0005, NAN, 1, 1), (9.0, NAN, NAN, 0.0001, NAN, 1, 0)),
                *((1.2, NAN, NAN, 0.3, NAN, 0, 0), (2.0, NAN, NAN, 0.1, NAN, 0, 0)),
            ],
        ),
        curve(
            P,
            "longitudinal_tests",
            {"pain": ["null", '{"vas": 4}'], "adjustment": ['"fdr_bh"', '"none"']},
            [
                *((3.0, NAN, NAN, 0.02, 0.2, 0, 0), (3.0, NAN, NAN, 0.02, 0.02, 1, 1)),
                *((5.0, NAN, NAN, 0.001, 0.004, 1, 1), (5.0, NAN, NAN, 0.001, 0.001, 1, 1)),
            ],
        ),
        curve(
            SLOPE,
            "change",
            {"transform": ['"described"', '"rank"']},
            [(0.478, 0.1, 0.8, 0.005, 0.04, 1, 1), (-0.2, -0.6, 0.2, 0.4, 0.9, 0, 0)],
        ),
    ],
    ignore_index=True,
)
SHARES = pd.DataFrame(
    [
        (SLOPE, "change", 2, 0.5, 0.5, -0.2, 0.478, "transform", 1.0, 1.0, 0.478, 1.0, 0, ""),
        (P, "longitudinal_tests", 4, 0.75, 0.75, 3.0, 5.0, "adjustment", 0.5, 0.0, 3.0, 0.0, 1, 'adjustment="none"'),
        (F, "outcome_tests", 4, 0.5, 0.25, 1.2, 9.0, "covariance", 1.0, 1.0, 6.154, 1.0, 0, ""),
        ("madrs-time-f", "outcome_tests", 4, 1.0, 0.25, 90.0, 120.0, "", NAN, 1.0, 100.0, 0.0, 1, 'df="residual"'),
        ("ppi-time-f", "outcome_tests", 4, 0.0, 0.0, 1.0, 2.0, "", NAN, 0.0, 1.5, 0.0, NAN, ""),
        ("il6-vas-day-13", "change", 2, 0.1, 0.0, 0.1, 0.2, "", NAN, 0.0, 0.15, 0.0, NAN, ""),
    ],
    columns=[
        "claim",
        "family",
        "answered",
        "stands",
        "printed",
        "lowest",
        "highest",
        "choice",
        "moved",
        "own",
        "own_value",
        "own_printed",
        "changes",
        "nearest",
    ],
).assign(specifications=lambda frame: frame["answered"])
MISSING = Kept(missing="it has not been computed for this study; `make multiverse` does so")


@pytest.fixture(scope="module")
def run():
    study = load_study(ROOT / "data" / "synthetic")
    return Run("07_robustness", study, Settings(), "published", Path(), by_hand=True)


@pytest.fixture(scope="module")
def kept():
    return Kept(SHARES, CURVES)


@pytest.fixture(scope="module")
def curves(run, kept):
    return curves_of(run, kept)


@pytest.fixture(scope="module")
def rows(run, kept):
    return robustness_rows(run, kept)


def plain(words: str) -> str:
    return words.replace(SPACE, " ")


def test_a_curve_is_in_order_of_size_and_keeps_the_choices_beside_their_numbers(curves):
    values = curves[F].frame
    assert values["drawn"].tolist() == [1.2, 2.0, 6.154, 9.0]
    assert curves[F].chosen["df"].tolist() == ["Satterthwaite", "residual", "Satterthwaite", "residual"]
    assert curves[F].chosen["covariance"].tolist() == ["AR(1)", "AR(1)", "CS", "CS"]
    assert curves[P].as_p
    assert curves[P].frame["drawn"].tolist() == [0.001, 0.004, 0.02, 0.2]
    assert curves[P].chosen["adjustment"].tolist() == ["none", "FDR, BH", "none", "FDR, BH"]
    assert (curves[F].quantity, curves[P].quantity, curves[SLOPE].quantity) == ("F", "p (smaller above)", "Slope β")


def test_the_printed_figure_is_drawn_where_it_is_of_the_drawn_quantity(curves):
    assert (curves[F].printed, curves[P].printed, curves[SLOPE].printed) == (6.154, None, 0.478)


def test_a_specification_without_a_result_is_left_out(run, kept):
    gone = kept.curves.assign(stands=kept.curves["stands"].where(kept.curves["value"] != 9.0))
    assert curves_of(run, Kept(SHARES, gone))[F].frame["drawn"].tolist() == [1.2, 2.0, 6.154]


def test_where_some_specifications_have_an_interval_but_no_p_estimates_are_drawn(run):
    tests = {"indirect_test": ['"sobel"', '"percentile"']}
    numbers = [(0.9, -0.1, 1.9, 0.08, NAN, 0, 0), (0.9, 0.1, 2.0, NAN, NAN, 1, NAN)]
    found = curve("indirect-significant", "mediation", tests, numbers)
    shares = SHARES.head(1).assign(claim="indirect-significant", family="mediation")
    one = curves_of(run, Kept(shares, found))["indirect-significant"]
    assert (one.as_p, one.quantity, one.printed) == (False, "Indirect effect", None)
    assert one.frame["drawn"].tolist() == [0.9, 0.9]
    all_p = curves_of(run, Kept(shares, found[found["p"].notna()]))["indirect-significant"]
    assert (all_p.as_p, all_p.frame["drawn"].tolist()) == (True, [0.08])


def test_standing_by_choice_is_a_mean_over_all_others(curves):
    assert curves[F].standing() == {
        "covariance": {"CS": 1.0, "AR(1)": 0.0},
        "df": {"Satterthwaite": 0.5, "residual": 0.5},
    }
    assert curves[P].standing()["adjustment"] == {"FDR, BH": 0.5, "none": 1.0}


def test_many_specifications_share_places_evenly_and_few_have_their_own(curves):
    one = curves[F]
    few = replace(one, frame=pd.concat([one.frame] * 10), chosen=pd.concat([one.chosen] * 10))
    assert few.bins(20).tolist() == list(range(40))
    sizes = np.bincount(few.bins(15))
    assert len(sizes) == 15
    assert sizes.max() - sizes.min() <= 1
    assert (np.diff(few.bins(15)) >= 0).all()


@pytest.fixture
def lines(monkeypatch):
    """Each panel's lines of the figure that was saved last: marker, colour, x and y."""
    found, save = [], Figure.savefig

    def keep(figure, *args, **kwargs):
        found[:] = [
            [(line.get_marker(), to_hex(line.get_color()), *map(np.array, line.get_data())) for line in axes.lines]
            for axes in figure.axes
        ]
        return save(figure, *args, **kwargs)

    monkeypatch.setattr(Figure, "savefig", keep)
    return found


def marks(panel: list, marker: str) -> list[tuple]:
    return [
        (float(x), round(float(y), 6)) for m, _, xs, ys in panel if m == marker for x, y in zip(xs, ys, strict=True)
    ]


def test_marks_say_where_the_claim_stands_and_where_the_papers_choices_are(run, curves, lines):
    figures.specification_curve(run, curves[F])
    upper = lines[0]
    assert marks(upper, "o") == [(2.0, 6.154), (3.0, 9.0)]
    assert marks(upper, "s") == [(0.0, 1.2), (1.0, 2.0)]
    assert marks(upper, "D") == [(2.0, 6.154)]
    assert {(m, colour) for m, colour, *_ in upper if m in ("o", "s")} == {("o", STANDS.lower()), ("s", FALLS.lower())}


def test_places_that_are_shared_show_the_median_and_the_majority(run, curves, lines, monkeypatch):
    monkeypatch.setattr(import_module("helpers.report.figures.main_curves"), "BINS", 1)
    one = curves[F]
    figures.main_curves(run, {F: replace(one, frame=one.frame.iloc[:3], chosen=one.chosen.iloc[:3])})
    assert marks(lines[0], "s") == [(0.0, 2.0)]
    assert marks(lines[0], "o") == []


def test_intervals_are_drawn_for_estimates_only(run, curves, lines):
    figures.specification_curve(run, curves[SLOPE])
    bars = [np.c_[x, y] for _, colour, x, y in lines[0] if len(x) == 6]
    np.testing.assert_allclose(bars[0], [[0, -0.6], [0, 0.2], [NAN, NAN], [1, 0.1], [1, 0.8], [NAN, NAN]])
    figures.specification_curve(run, curves[P])
    assert all(len(x) != 12 for _, _, x, _ in lines[0])


def test_a_specification_curve_says_its_counts(run, curves):
    made = figures.specification_curve(run, curves[P])
    assert made.name == "fig-curve-longitudinal"
    assert "(n = 4 specifications; the claim stands in 75.0 % of them)" in plain(made.caption)
    assert "the claim stands in 75.0 % of them; p from 0.001 to 0.200." in plain(made.alt).replace("The", "the")
    assert "Under the paper’s choices it does not stand." in made.alt
    assert "from 50 % (as recorded) to 100 % (VAS > 4)" in made.alt
    assert run.study.descriptor.notice in made.caption
    assert "Under the paper’s choices it stands." in figures.specification_curve(run, curves[F]).alt


def test_the_level_is_that_of_the_multiverse_not_of_the_scenario(run, kept):
    strict = replace(run, settings=Settings(alpha=0.01))
    one = curves_of(strict, kept)
    assert "95 % CI" in plain(figures.specification_curve(strict, one[SLOPE]).caption)
    assert "95 % CI" in plain(figures.main_curves(strict, one).caption)


def test_the_main_claims_stand_beside_each_other_with_their_shares(run, curves):
    made = figures.main_curves(run, curves)
    assert made.alt.startswith("Specification curves of 3 claims")
    for name, share in ((F, 50), (P, 75), (SLOPE, 50)):
        assert f"{curves[name].statement}, {share} %" in made.alt
    assert "n = 2 to 4 specifications" in plain(made.caption)


def test_the_map_of_choices_names_what_moves_each_claim_most(run, curves):
    made = figures.choices_map(run, curves)
    assert f"{curves[F].statement}: Covariance, 100 points" in made.alt
    assert f"{curves[P].statement}: Pain group, 50 points" in made.alt
    same = replace(curves[F], frame=curves[F].frame.assign(stands=1.0))
    assert "Moved most by: none" in figures.choices_map(run, {F: same}).alt


def test_claims_are_counted_by_where_they_stand(run, kept):
    alt = figures.claim_shares(run, kept).alt
    assert "Bars of 6 claims" in alt
    assert "tests of the mixed models: 1 in all specifications, 1 in half of them or more, 1 in none" in alt
    assert "Change with change: 1 in half of them or more, 1 in fewer" in alt


def test_a_claim_that_nothing_answers_is_not_counted(run, kept):
    none = SHARES.assign(answered=SHARES["answered"].where(SHARES["claim"] != "ppi-time-f", 0))
    assert "Bars of 5 claims" in figures.claim_shares(run, Kept(none, CURVES)).alt


def cells(exhibit, column: str) -> list[str]:
    return [plain(cell) for cell in exhibit.frame[column]]


def test_the_table_of_main_claims(run, kept):
    made = tables.robustness.main_claims(run, kept)
    assert cells(made, "Printed") == ["6.154", "", "0.478"]
    assert cells(made, "Specifications") == ["4", "4", "2"]
    assert cells(made, "Stands in, %") == ["50.0", "75.0", "50.0"]
    assert cells(made, "Paper’s choices") == ["yes", "no", "yes"]
    assert cells(made, "Printed figure in, %") == ["25.0", "", "50.0"]
    assert cells(made, "Moved most by (points)") == ["Covariance (100)", "Multiplicity (50.0)", "Scale (100)"]


def test_what_the_papers_choices_do_not_answer_is_no_no(run):
    shares = SHARES.assign(own=SHARES["own"].where(SHARES["claim"] != P))
    kept = Kept(shares, CURVES)
    assert cells(tables.robustness.main_claims(run, kept), "Paper’s choices") == ["yes", DASH, "yes"]
    assert "does not stand" not in text.robustness.main_claims(run, kept, robustness_rows(run, kept)).markdown


def test_the_table_of_choices_has_the_papers_value_first(run, kept):
    made = tables.robustness.choices(run, kept).frame.set_index("Choice")
    assert made.loc["Pain group", "Which"] == "as recorded; VAS > 4"
    assert made.loc["Covariance", ["Values", "Families"]].tolist() == ["2", "1"]
    assert "Remission" not in made.index


def test_figures_that_the_papers_choices_do_not_give_are_listed_with_the_nearest_that_do(run, kept):
    made = tables.robustness.arising(run, kept)
    assert cells(made, "Arises in, %") == ["none", "25.0", "none"]
    assert cells(made, "Choices that would be others") == ["", "degrees of freedom: residual", ""]
    assert cells(made, "Statistic, paper’s choices") == ["0.150", "100.000", "1.500"]
    assert tables.robustness.arising(run, Kept(SHARES.assign(changes=0), CURVES)).markdown == ""


def test_sentences_count_what_the_rows_hold(run, kept, rows):
    said = plain(text.robustness.data_used(run, kept, rows).markdown)
    assert said.startswith("10 specifications in 3 families, each set beside the claims that rest on it: 6 claims.")
    said = plain(text.robustness.shares(run, rows).markdown)
    assert said == (
        "Of 6 claims, 1 in every specification, 3 in at least half, 1 in fewer than half and 1 in none stand."
    )
    said = plain(text.robustness.arising(run, rows).markdown)
    assert "Of 5 printed figures" in said
    assert "2 arise under the paper’s choices, 1 under others alone, and 2 under none" in said


def test_each_main_claim_has_its_line(run, kept, rows, curves):
    lines = plain(text.robustness.main_claims(run, kept, rows).markdown).splitlines()
    assert len(lines) == 3
    assert lines[0].startswith(f"- **{curves[F].statement}** stands in 50.0 % of 4 specifications")
    assert lines[0].endswith("which depends most on the choice of covariance.")
    assert lines[1].endswith("of multiplicity. It does not stand under the paper’s own choices.")


@pytest.mark.parametrize(
    ("share", "said"), [(1.0, "all of"), (0.0, "none of"), (0.9999, "99.9 % of"), (0.0001, "0.1 % of")]
)
def test_all_and_none_are_said_of_all_and_none_only(run, share, said):
    shares = SHARES.assign(stands=SHARES["stands"].where(SHARES["claim"] != F, share))
    kept = Kept(shares, CURVES)
    line = text.robustness.main_claims(run, kept, robustness_rows(run, kept)).markdown.splitlines()[0]
    assert f"stands in {said} 4" in plain(line)


def test_without_a_multiverse_one_sentence_says_so_and_the_rest_is_silent(run):
    rows = robustness_rows(run, MISSING)
    said = text.robustness.data_used(run, MISSING, rows).markdown
    assert "nothing to show" in said
    assert "`make multiverse`" in said
    silent = [
        figures.claim_shares(run, MISSING),
        figures.main_curves(run, {}),
        figures.choices_map(run, {}),
        tables.robustness.choices(run, MISSING),
        tables.robustness.main_claims(run, MISSING),
        tables.robustness.arising(run, MISSING),
        text.robustness.shares(run, rows),
        text.robustness.main_claims(run, MISSING, rows),
        text.robustness.arising(run, rows),
    ]
    assert {item.markdown for item in silent} == {""}
    assert curves_of(run, MISSING) == {}


def test_a_claim_of_a_study_without_a_ledger_is_called_by_its_test(run):
    bare = replace(run, study=replace(run.study, descriptor=replace(run.study.descriptor, claims=None)))
    name = "change_regression:madrs/il_6/pain/infusion_6/beta"
    one = CURVES[CURVES["claim"] == SLOPE].assign(claim=name)
    shares = SHARES[SHARES["claim"] == SLOPE].assign(claim=name)
    made = curves_of(bare, Kept(shares, one))[name]
    assert made.statement == "Change regression (MADRS, IL-6, Pain, Infusion 6, β)"
    assert made.quantity == "Slope β"
    assert made.printed is None


@pytest.mark.parametrize(
    ("nearest", "said"),
    [
        ("", ""),
        ("pain=null", "pain group: as recorded"),
        (
            'response=0.4; remission=7; time_test="log_rank"',
            "response: fall of 40 %; remission: at most 7; test of times: log-rank",
        ),
        ('pain={"ppi": 1, "vas": 4}', "pain group: PPI > 1, VAS > 4"),
    ],
)
def test_choices_that_would_be_others_are_in_words(nearest, said):
    assert changes_in_words(nearest) == said


def test_every_value_of_the_projects_grid_has_a_name_of_its_own():
    grid = read_grid(ROOT / "scenarios" / "multiverse.yaml")
    for values in grid.values.values():
        for choice, several in values.items():
            named = [value_name(choice, value) for value in several]
            assert len(set(named)) == len(named)
            assert not [name for name in named if "_" in name or name == "None"]
