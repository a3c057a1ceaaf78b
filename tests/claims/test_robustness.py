"""What the chapter on the multiverse counts: parts that add up, verdicts that follow from the numbers beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.multiverse import Evaluation, read_grid
from helpers.analysis.places import project_root
from helpers.analysis.results import row, to_frame
from helpers.analysis.robustness.kept import Kept, read_kept
from helpers.analysis.run import Run
from helpers.analysis.scenarios import load_scenario
from helpers.claims import load_ledger
from helpers.claims.answers import answers, statements_of
from helpers.claims.robustness import FIGURES, STANDINGS, claims_by_id, judged, robustness_rows
from helpers.study import load_study

ROOT = project_root()
SAID = {
    "everywhere": lambda share: share == 1,
    "in_most": lambda share: (share >= 0.5) & (share < 1),
    "in_few": lambda share: (share > 0) & (share < 0.5),
    "nowhere": lambda share: share == 0,
}


def run_of(name: str) -> Run:
    folder = ROOT / "data" / name
    study = load_study(folder, name=f"data/{name}")
    return Run("07_robustness", study, load_scenario("published"), "published", Path(), by_hand=True, folder=folder)


@pytest.fixture(scope="module")
def run():
    return run_of("synthetic")


@pytest.fixture(scope="module")
def kept(run):
    found = read_kept(run)
    assert found.missing == ""
    return found


@pytest.fixture(scope="module")
def rows(run, kept):
    return robustness_rows(run, kept)


@pytest.fixture(scope="module")
def ledger():
    return {claim.id: claim for claim in load_ledger("zhou2021")}


def number(rows: pd.DataFrame, statistic: str, family: str) -> float:
    return rows.query("statistic == @statistic and outcome == @family and contrast == ''")["value"].item()


def test_claims_of_each_family_stand_where_their_shares_say_and_add_up(rows, kept):
    for family, part in [("", kept.shares), *kept.shares.groupby("family")]:
        counts = {name: number(rows, f"stand_{name}", family) for name in STANDINGS}
        assert counts == {name: SAID[name](part["stands"]).sum() for name in STANDINGS}
        assert sum(counts.values()) == len(part)
        n = rows[rows["statistic"].str.startswith("stand_") & (rows["outcome"] == family)]["n"]
        assert (n == len(part)).all()


def test_the_total_is_the_sum_of_the_families(rows, kept):
    families = kept.shares["family"].unique()
    for statistic in ("specifications", *(f"stand_{name}" for name in STANDINGS)):
        assert number(rows, statistic, "") == sum(number(rows, statistic, family) for family in families)
    grid = read_grid(ROOT / "scenarios" / "multiverse.yaml")
    assert number(rows, "specifications", "") == len(list(grid.specifications()))


def test_shares_of_the_main_claims_are_means_over_their_curves(rows, kept):
    table = kept.shares.set_index("claim")
    for claim, curve in kept.curves.groupby("claim"):
        line = table.loc[claim]
        assert line["answered"] == curve["stands"].count()
        # The table has six digits, the curves single precision.
        np.testing.assert_allclose(line["stands"], curve["stands"].mean(), rtol=1e-5)
        np.testing.assert_allclose(line["printed"], curve["printed"].mean(), rtol=1e-5)
        np.testing.assert_allclose(line[["lowest", "highest"]].astype(float), np.quantile(curve["value"], [0, 1]), 1e-5)
        shown = rows[(rows["contrast"] == claim) & (rows["statistic"] == "percent_standing")]
        np.testing.assert_allclose(shown["value"].item(), 100 * line["stands"])


def test_what_the_papers_choices_say_is_the_first_of_the_curve(kept):
    table, first = kept.shares.set_index("claim"), kept.curves.query("position == 0").set_index("claim")
    found, expected = table.loc[first.index, ["own", "own_value", "own_printed"]], first[["stands", "value", "printed"]]
    np.testing.assert_allclose(found.astype(float), expected.astype(float), rtol=1e-5)


def test_each_verdict_follows_from_the_numbers_of_its_own_row(kept, ledger):
    """The rule again, in other words: p on the stated side of the level, and the stated direction."""
    for name, curve in kept.curves.groupby("claim"):
        claim, numbers = ledger[name], curve.astype({"value": float, "ci_low": float, "ci_high": float})
        p = judged(claim, curve)
        apart = (numbers["ci_low"] > 0) | (numbers["ci_high"] < 0)
        significant = (p < 0.05).where(p.notna(), apart)
        direction = {"positive": 1, "negative": -1, "": 0}[claim.sign]
        if claim.printed[0] not in "<>":  # a figure: of the sign that is printed
            direction = np.sign(float(claim.printed)) if claim.read == "value" else 0
        agrees = significant & ((direction == 0) | (np.sign(numbers["value"]) == direction))
        assert (curve["stands"] == agrees).all(), name


def test_where_several_specifications_share_a_p_no_other_decides(kept, ledger):
    """A slope's p is the unadjusted one, which a specification's adjustment has changed; a test's the adjusted."""
    for name, column in (("il6-madrs-day-13", "p"), ("interaction-effect:il_6", "p_adjusted")):
        curve = kept.curves[kept.curves["claim"] == name]
        assert (curve["p"] != curve["p_adjusted"]).any()
        assert judged(ledger[name], curve).equals(curve[column])


def test_printed_figures_arise_here_elsewhere_or_nowhere(rows, kept, ledger):
    figures = kept.shares[kept.shares["claim"].map(lambda name: ledger[name].kind in FIGURES)]
    counts = {
        name: rows.query("statistic == @name")["value"].item() for name in set(rows["statistic"]) if "arise" in name
    }
    assert counts["figures_arise_published"] == (figures["own_printed"] == 1).sum()
    assert counts["figures_arise_nowhere"] == (figures["printed"] == 0).sum()
    assert sum(counts.values()) == len(figures)


def test_the_fewest_changes_are_none_where_the_papers_choices_give_it(kept):
    shares = kept.shares
    assert ((shares["changes"] == 0) == (shares["own_printed"] == 1)).all()
    assert (shares["changes"].isna() == ~(shares["printed"] > 0)).all()
    named = shares["nearest"].str.split("; ").map(lambda parts: sum(map(bool, parts)))
    assert (named == shares["changes"].fillna(0)).all()


def test_nothing_is_counted_where_there_is_nothing(run):
    assert robustness_rows(run, Kept(missing="it has not been computed")).empty


@pytest.fixture(scope="module")
def unstated():
    """A few specifications of a study without a ledger, each family's first statement, as they would be kept."""
    run, grid = (
        run_of("pbc"),
        read_grid(ROOT / "scenarios" / "multiverse.yaml").without("pain", [{"vas": 4}, {"ppi": 1}]),
    )
    evaluation, parts = Evaluation(run.study, run.settings), []
    for family in ("outcome_tests", "baseline_tests", "change", "mediation"):
        claim = min(statements_of(evaluation.rows(grid.published(family)), family), key=lambda claim: claim.id)
        several = [one for one in grid.specifications() if one.family == family and one["imputation"] != "multiple"][:5]
        found = [
            answers([claim], evaluation.rows(one)).assign(key=one.key, position=i) for i, one in enumerate(several)
        ]
        parts.append(pd.concat(found).assign(family=family))
    curves = pd.concat(parts, ignore_index=True)
    return run, Kept(curves.groupby("claim", as_index=False).agg(family=("family", "first")), curves)


def test_of_a_study_without_a_ledger_the_p_that_is_shown_is_the_p_that_decided(unstated):
    run, kept = unstated
    claims = claims_by_id(run, kept)
    assert set(claims) == set(kept.main)
    for name, curve in kept.curves.groupby("claim"):
        assert ((judged(claims[name], curve) < kept.alpha) == (curve["stands"] == 1)).all()


def test_a_slope_of_a_study_without_a_ledger_is_judged_by_the_adjustment_that_was_chosen():
    cells = {"outcome": "vas", "analyte": "il_6", "group": "pain", "p": 0.2, "p_adjusted": 0.01}
    slope = to_frame([row("change_regression", "beta", 0.4, **cells)])
    (claim,) = statements_of(slope, "change")
    assert answers([claim], slope)["stands"].tolist() == [0.0]
    test = to_frame([row("cytokine_all_visits", "F", 5.0, **cells)])
    (claim,) = statements_of(test, "longitudinal_tests")
    assert answers([claim], test)["stands"].tolist() == [1.0]
