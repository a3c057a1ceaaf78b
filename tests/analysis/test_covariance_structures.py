"""The same models under other covariance structures, against fits to the study's own files."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests

from helpers.analysis import covariance_structures
from helpers.analysis.results import ROUNDING, pick
from helpers.analysis.settings import COVARIANCES, STRUCTURES, Settings
from helpers.models import fit_repeated
from helpers.models.repeated import Covariance

TERMS = {"group": "group", "visit": "time", "group:visit": "interaction"}


def fitted(oracle, structure):
    frame = oracle.frame
    if oracle.transform == "log":
        frame = frame.assign(value=np.log(frame["value"]))
    # In the study's order: lags count visits, and Satterthwaite's rows are against the last level.
    frame = frame.assign(
        visit=pd.Categorical(frame["visit"], oracle.visits), group=pd.Categorical(frame["group"], oracle.groups)
    )
    right = " + ".join(["group * visit", *oracle.covariates])
    return fit_repeated(frame, f"value ~ {right}", subject="id", visit="visit", covariance=structure)


@pytest.mark.parametrize("structure", STRUCTURES)
@pytest.mark.parametrize(("name", "column"), [("synthetic", "vas"), ("pbc", "bilirubin")])
def test_every_structure_and_method(name, column, structure, all_rows, outcome_oracle, one):
    fit, rows = fitted(outcome_oracle(name, column), structure), pick(all_rows[name], outcome=column)
    mine = pick(rows, analysis=f"structure/{structure}")
    assert one(mine, statistic="converged") == fit.converged == 1
    assert one(mine, statistic="deviance") == pytest.approx(fit.deviance, rel=ROUNDING)
    assert one(mine, statistic="parameters") == len(fit.parameters)
    assert one(mine, statistic="aic") == pytest.approx(fit.deviance + 2 * len(fit.parameters), rel=ROUNDING)
    for df, information in covariance_structures.METHODS:
        tests = fit.tests(df=df, information=information).set_index("term")
        found = pick(rows, analysis=covariance_structures.analysis_name(structure, df, information), statistic="F")
        for term, contrast in TERMS.items():
            for column_name, expected in (("value", "F"), ("df2", "df2"), ("p", "p")):
                ours = one(found, column_name, contrast=contrast)
                assert ours == pytest.approx(tests.loc[term, expected], rel=1e-6)


def test_structures_are_those_of_the_models_and_of_the_settings():
    known = set(get_args(Covariance))
    assert {*STRUCTURES, "auto"} == known
    assert {*known, "random_intercept", "random_slope"} == set(COVARIANCES)
    assert {structure for structure, _ in covariance_structures.SHOWN} < set(STRUCTURES)


@pytest.mark.parametrize("name", ["synthetic", "pbc"])
def test_analytes_are_one_family_a_term_and_structure(name, all_rows, raw):
    analytes = raw[name].roles["analytes"]["columns"]
    for structure, df in covariance_structures.SHOWN:
        tests = pick(all_rows[name], analysis=covariance_structures.analysis_name(structure, df), statistic="F")
        tests = tests[tests["analyte"] != ""]
        for term in TERMS.values():
            family = pick(tests, contrast=term)
            assert len(family) == len(analytes)
            assert np.allclose(family["p_adjusted"], multipletests(family["p"], method="fdr_bh")[1])


def test_the_scenarios_own_model_is_among_them(all_rows):
    rows, settings = all_rows["synthetic"], Settings()
    same = covariance_structures.analysis_name(settings.covariance, settings.df)
    for analysis, column in (("mixed_model", "outcome"), ("cytokine_all_visits", "analyte")):
        usual = pick(rows, analysis=analysis, statistic="F").set_index([column, "contrast"])["value"]
        other = pick(rows, analysis=same, statistic="F")
        other = other[other[column] != ""].set_index([column, "contrast"])["value"]
        assert other.reindex(usual.index).to_numpy() == pytest.approx(usual.to_numpy(), rel=1e-8)


def test_a_fit_that_fails_is_a_row_that_says_so(study_folder, chapter):
    folder = study_folder()
    table = folder.tables["assessments"].astype({"ppi": object})
    # Two visits that no patient has both of: the unstructured covariance cannot be known.
    odd = table["id"].map({name: place % 2 for place, name in enumerate(sorted(table["id"].unique()))}) == 1
    table.loc[(table["visit"] == "day_26") & odd, "ppi"] = None
    table.loc[(table["visit"] == "infusion_6") & ~odd, "ppi"] = None
    folder.tables["assessments"] = table
    done = chapter("02_efficacy", folder.save())
    row = pick(done.rows, analysis="structure/unstructured", outcome="ppi", statistic="converged")
    assert row["value"].tolist() == [0]
    assert row["method"].item().startswith("not fitted: No subject was seen at both infusion_6 and day_26")
    assert "not converged" in done.exhibit("tab-structures").frame.to_string()
