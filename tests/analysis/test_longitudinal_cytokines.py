"""Analytes over the visits: levels, both models on both versions of the data, and the families of their tests."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.formula.api import mixedlm
from statsmodels.stats.multitest import multipletests

from helpers.analysis import longitudinal_cytokines, missing_samples
from helpers.analysis.results import pick
from helpers.analysis.settings import Settings

MODELS = ("cytokine_all_visits", "cytokine_adjusted")


@pytest.fixture(scope="module")
def long(raw, levels, studies):
    """Patients' samples of the synthetic study on the log scale: as observed, and as completed."""
    observed = levels(raw["synthetic"]).query("group != 'control'")
    completed, _ = missing_samples.completed_samples(studies["synthetic"])
    people = raw["synthetic"].participants[["id", "group"]]
    return {"none": observed, "em": completed.merge(people, on="id")}


@pytest.mark.parametrize("imputation", ["em", "none"])
def test_levels(imputation, long, studies, one):
    settings, study = Settings(imputation=imputation), studies["synthetic"]
    rows = longitudinal_cytokines.levels_by_visit(study, settings, missing_samples.complete(study, settings))
    for (group, visit), part in long[imputation].groupby(["group", "visit"]):
        for analyte in ("il_6", "gm_csf"):
            cells = {"analyte": analyte, "group": group, "visit": visit}
            assert one(rows, statistic="mean", **cells) == pytest.approx(part[analyte].mean())
            assert one(rows, statistic="sd", **cells) == pytest.approx(part[analyte].std())
            assert one(rows, "n", statistic="mean", **cells) == len(part)


@pytest.mark.parametrize("suffix", ["", "_sensitivity"])
@pytest.mark.parametrize("analyte", ["gm_csf", "il_6"])
def test_all_visits_model(suffix, analyte, long, all_rows, mixed_oracle, one):
    data = long["none" if suffix else "em"].rename(columns={analyte: "value"})[["id", "visit", "group", "value"]]
    visits = ["baseline", "infusion_6", "day_26"]
    oracle = mixed_oracle(data.assign(day=0.0), ["pain", "non_pain"], visits, [])
    rows = pick(all_rows["synthetic"], analysis="cytokine_all_visits" + suffix, analyte=analyte)
    for term in oracle.terms:
        assert one(rows, statistic="F", contrast=term) == pytest.approx(oracle.f_test(term)[0], rel=2e-4)
    for group in oracle.groups:
        for visit in visits[1:]:
            row = oracle.cell(group, visit) - oracle.cell(group, "baseline")
            expected = oracle.contrast(row, 0.05 / 2)
            cells = {"statistic": "change", "group": group, "visit": visit}
            found = [one(rows, column, **cells) for column in ("value", "ci_low", "ci_high", "p")]
            assert found == pytest.approx(expected, rel=2e-3, abs=1e-6)
            assert one(rows, "p_adjusted", **cells) == pytest.approx(min(1, 2 * found[3]))
    assert one(rows, "n", statistic="deviance") == (193 if suffix else 198)


@pytest.mark.parametrize("suffix", ["", "_sensitivity"])
def test_baseline_as_covariate(suffix, long, all_rows, one):
    """Follow-up levels with baseline as covariate, by statsmodels' formula interface."""
    data = long["none" if suffix else "em"].rename(columns={"il_6": "value"})[["id", "visit", "group", "value"]]
    first = data[data["visit"] == "baseline"].set_index("id")["value"]
    later = data[data["visit"] != "baseline"].assign(base=lambda frame: frame["id"].map(first))
    fit = mixedlm("value ~ C(group, Sum) * C(visit, Sum) + base", later, groups=later["id"]).fit(
        method="bfgs", gtol=1e-8
    )
    rows = pick(all_rows["synthetic"], analysis="cytokine_adjusted" + suffix, analyte="il_6")
    tests = {"group": "C(group, Sum)", "time": "C(visit, Sum)", "interaction": ":", "baseline_level": "base"}
    for term, part in tests.items():
        (name,) = [
            n for n in fit.fe_params.index if (n.startswith(part) and (":" in n) == (part == ":")) or part == ":" in n
        ]
        # One degree of freedom a term: F is the squared z of its coefficient. MixedLM's z comes from the observed
        # Hessian, which differs a little from the expected one where samples are missing.
        assert one(rows, statistic="F", contrast=term) == pytest.approx(fit.tvalues[name] ** 2, rel=0.02, abs=2e-3)
    assert pick(rows, statistic="change").empty


@pytest.mark.parametrize("name", ["synthetic", "pbc"])
@pytest.mark.parametrize("analysis", [m + s for m in MODELS for s in ("", "_sensitivity")])
def test_families_of_tests(name, analysis, raw, all_rows):
    """F is adjusted over the analytes, term by term, in each model by itself."""
    tests = pick(all_rows[name], analysis=analysis, statistic="F")
    terms = set(tests["contrast"])
    assert terms == {"group", "time", "interaction"} | ({"baseline_level"} if "adjusted" in analysis else set())
    for term in terms:
        family = pick(tests, contrast=term)
        assert len(family) == len(raw[name].roles["analytes"]["columns"])
        assert np.allclose(family["p_adjusted"], multipletests(family["p"], method="fdr_bh")[1])


def test_scenario_without_imputation_swaps_the_two_versions(studies, all_rows):
    study = studies["synthetic"]
    settings = Settings(imputation="none")
    rows = longitudinal_cytokines.analyte_models(study, settings, missing_samples.complete(study, settings))
    usual = all_rows["synthetic"]
    for model in MODELS:
        for here, there in ((model, model + "_sensitivity"), (model + "_sensitivity", model)):
            numbers = ["value", "p", "p_adjusted", "n"]
            mine, theirs = (pick(frame, analysis=a)[numbers] for frame, a in ((rows, here), (usual, there)))
            assert np.allclose(mine, theirs, equal_nan=True)
    assert pick(rows, analysis=MODELS[0])["method"].str.contains("observed samples only").any()
