"""Analytes at baseline, against statsmodels' anova and MANOVA and against closed forms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.formula.api import ols
from statsmodels.multivariate.manova import MANOVA
from statsmodels.stats.anova import anova_lm
from statsmodels.stats.multitest import multipletests

from helpers.analysis import baseline_cytokines
from helpers.analysis.results import pick
from helpers.analysis.settings import ADJUSTMENTS, Settings

COVARIATES = {"synthetic": "age + C(sex, Sum) + bmi", "pbc": "age + C(sex, Sum)"}
NAMES = {
    "pillai": "Pillai's trace", "wilks": "Wilks' lambda", "hotelling": "Hotelling-Lawley trace",
    "roy": "Roy's greatest root",
}  # fmt: skip


@pytest.fixture(scope="module")
def samples(raw, levels):
    """Samples at baseline on the log scale; the group as a plain factor."""
    return {name: levels(source, visit="baseline") for name, source in raw.items()}


def analytes(source) -> list[str]:
    return source.roles["analytes"]["columns"]


@pytest.mark.parametrize("name", COVARIATES)
def test_levels(name, raw, samples, all_rows, one):
    rows = pick(all_rows[name], analysis="baseline_level")
    for analyte in analytes(raw[name]):
        for group, values in samples[name].groupby("group")[analyte]:
            cells = {"analyte": analyte, "group": group}
            assert one(rows, statistic="mean", **cells) == pytest.approx(values.mean())
            assert one(rows, statistic="sd", **cells) == pytest.approx(values.std())
            assert one(rows, "n", statistic="mean", **cells) == values.notna().sum()


@pytest.mark.parametrize("name", COVARIATES)
def test_covariance_analysis(name, raw, samples, all_rows, one):
    rows = pick(all_rows[name], analysis="ancova")
    for analyte in analytes(raw[name]):
        frame = samples[name].dropna(subset=[analyte])
        table = anova_lm(ols(f"{analyte} ~ C(group, Sum) + {COVARIATES[name]}", frame).fit(), typ=3)
        cells = {"analyte": analyte, "statistic": "F"}
        group = table.loc["C(group, Sum)"]
        assert one(rows, **cells) == pytest.approx(group["F"], rel=1e-6)
        assert one(rows, "p", **cells) == pytest.approx(group["PR(>F)"], rel=1e-6)
        assert (one(rows, "df1", **cells), one(rows, "df2", **cells)) == (group["df"], table.loc["Residual", "df"])


@pytest.mark.parametrize("name", COVARIATES)
def test_adjusted_pairs(name, raw, samples, all_rows, one):
    """A pair's difference is a coefficient when its second group is the reference of dummy coding."""
    rows, groups = (
        pick(all_rows[name], analysis="ancova", statistic="mean_difference"),
        list(raw[name].roles["group"]["compared"]),
    )
    groups += [raw[name].roles["group"]["reference"]] if raw[name].roles["group"]["reference"] else []
    pairs = [(a, b) for i, a in enumerate(groups) for b in groups[i + 1 :]]
    assert set(rows["contrast"]) == {f"{a} - {b}" for a, b in pairs}
    for analyte in analytes(raw[name]):
        frame = samples[name].dropna(subset=[analyte])
        for a, b in pairs:
            fit = ols(f"{analyte} ~ C(group, Treatment('{b}')) + {COVARIATES[name]}", frame).fit()
            term = f"C(group, Treatment('{b}'))[T.{a}]"
            cells = {"analyte": analyte, "contrast": f"{a} - {b}"}
            assert one(rows, **cells) == pytest.approx(fit.params[term], rel=1e-6)
            assert one(rows, "p", **cells) == pytest.approx(fit.pvalues[term], rel=1e-5)
            assert one(rows, "p_adjusted", **cells) == pytest.approx(min(1, len(pairs) * fit.pvalues[term]), rel=1e-5)
            half = stats.t.ppf(1 - 0.025 / len(pairs), fit.df_resid) * fit.bse[term]
            found = (one(rows, "ci_low", **cells), one(rows, "ci_high", **cells))
            assert found == pytest.approx((fit.params[term] - half, fit.params[term] + half), rel=1e-5)


@pytest.mark.parametrize("name", COVARIATES)
@pytest.mark.parametrize(("term", "theirs"), [("group", "C(group, Sum)"), ("age", "age"), ("sex", "C(sex, Sum)")])
def test_multivariate(name, term, theirs, raw, samples, all_rows, one):
    rows, names = pick(all_rows[name], analysis="mancova", contrast=term), analytes(raw[name])
    frame = samples[name].dropna(subset=names)
    fit = MANOVA.from_formula(f"{' + '.join(names)} ~ C(group, Sum) + {COVARIATES[name]}", frame)
    table = fit.mv_test().results[theirs]["stat"].astype(float)
    for statistic, label in NAMES.items():
        assert one(rows, statistic=statistic) == pytest.approx(table.loc[label, "Value"], rel=1e-6)
        assert one(rows, "n", statistic=statistic) == len(frame)
        test = {"statistic": f"{statistic}_F"}
        if statistic == "hotelling" and term == "group" and name == "synthetic":
            # statsmodels takes McKeon's approximation, SPSS and we Pillai's; both are approximations of one statistic.
            assert one(rows, "p", **test) == pytest.approx(table.loc[label, "Pr > F"], abs=0.01)
            continue
        found = [one(rows, column, **test) for column in ("value", "df1", "df2", "p")]
        assert found == pytest.approx(table.loc[label, ["F Value", "Num DF", "Den DF", "Pr > F"]].tolist(), rel=1e-5)


@pytest.mark.parametrize("method", ADJUSTMENTS)
def test_adjustment_over_analytes(method, studies, all_rows):
    usual = pick(all_rows["synthetic"], analysis="ancova").reset_index(drop=True)
    rows = baseline_cytokines.univariate_tests(studies["synthetic"], Settings(adjustment=method))
    tests = pick(rows, statistic="F")
    expected = tests["p"] if method == "none" else multipletests(tests["p"], method=method)[1]
    assert np.allclose(tests["p_adjusted"], expected)
    assert len(tests) == 19
    assert set(tests["adjustment"]) == {method}
    # Nothing else moves: not the pairs, which Bonferroni adjusts inside an analyte, nor any estimate.
    left = rows.drop(columns=["p_adjusted", "adjustment", "scenario"])
    assert np.allclose(left.select_dtypes("number"), usual[left.select_dtypes("number").columns], equal_nan=True)
    pairs = pick(rows, statistic="mean_difference")
    assert np.allclose(pairs["p_adjusted"], usual.loc[pairs.index, "p_adjusted"])


def test_residuals_are_those_of_the_models(raw, samples, studies):
    ((_, left),) = baseline_cytokines.residuals(studies["synthetic"]).values()
    fit = ols(f"itac ~ C(group) + {COVARIATES['synthetic']}", samples["synthetic"].sort_values("id")).fit()
    first = left[: len(fit.resid)]
    assert np.allclose(np.sort(first), np.sort(fit.resid / fit.resid.std()))
    assert len(left) == 19 * 126


def test_covariate_that_does_not_vary_is_left_out(study_folder, chapter):
    folder = study_folder("pbc")
    women = folder.tables["participants"].query("sex == 'female'")
    folder.tables["participants"] = women
    for name in ("laboratory.csv", "analytes.csv"):
        key = next(item["name"] for item in folder.document["resources"] if item["path"] == name)
        folder.tables[key] = folder.tables[key][folder.tables[key]["id"].isin(women["id"])]
    rows = chapter("03_baseline_cytokines", folder.save()).rows
    methods = set(pick(rows, analysis="ancova")["method"])
    assert methods == {"type III; covariates age"}
    assert "sex" not in set(rows["contrast"])
    assert isinstance(rows, pd.DataFrame)
