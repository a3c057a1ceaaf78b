"""Clinical outcomes over the visits, against statsmodels and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.special import gammaln

from helpers.analysis import efficacy
from helpers.analysis.results import pick
from helpers.analysis.settings import Settings

OUTCOMES = [("synthetic", name) for name in ("madrs", "vas", "sensory", "affective", "ppi")]
OUTCOMES += [("pbc", name) for name in ("bilirubin", "alkaline_phosphatase", "edema")]
# The oracle's search ends where its criterion is flat, and its derivatives are differences.
CLOSE = {"rel": 2e-4, "abs": 1e-6}


def model(all_rows, name, column):
    return pick(all_rows[name], analysis="mixed_model", outcome=column)


@pytest.mark.parametrize(("name", "column"), OUTCOMES)
def test_tests_of_terms(name, column, all_rows, outcome_oracle, one):
    rows, oracle = model(all_rows, name, column), outcome_oracle(name, column)
    tests = pick(rows, statistic="F")
    assert set(tests["contrast"]) == set(oracle.terms)
    for term in oracle.terms:
        value, p, df, df2 = oracle.f_test(term)
        assert one(tests, contrast=term) == pytest.approx(value, **CLOSE)
        assert one(tests, "p", contrast=term) == pytest.approx(p, rel=5e-3, abs=1e-12)
        assert one(tests, "df1", contrast=term) == df
        assert one(tests, "df2", contrast=term) == pytest.approx(df2, rel=1e-3)


@pytest.mark.parametrize(("name", "column"), OUTCOMES)
def test_means_and_contrasts(name, column, all_rows, outcome_oracle, one):
    rows, oracle = model(all_rows, name, column), outcome_oracle(name, column)
    first, second = oracle.groups
    baseline, *later = oracle.visits
    for group, visit in oracle.cells():
        expected = oracle.contrast(oracle.cell(group, visit))[:3]
        cells = {"statistic": "marginal_mean", "group": group, "visit": visit}
        assert [one(rows, c, **cells) for c in ("value", "ci_low", "ci_high")] == pytest.approx(expected, **CLOSE)
    for visit in oracle.visits:
        expected = oracle.contrast(oracle.cell(first, visit) - oracle.cell(second, visit))
        cells = {"statistic": "mean_difference", "visit": visit, "contrast": f"{first} - {second}"}
        found = [one(rows, c, **cells) for c in ("value", "ci_low", "ci_high", "p")]
        assert found == pytest.approx(expected, rel=2e-3, abs=1e-6)
        # One comparison a visit: nothing to adjust.
        assert one(rows, "p_adjusted", **cells) == one(rows, "p", **cells)
    for group in oracle.groups:
        for visit in later:
            cells = {"statistic": "change", "group": group, "visit": visit, "contrast": f"{visit} - {baseline}"}
            expected = oracle.contrast(oracle.cell(group, visit) - oracle.cell(group, baseline), 0.05 / len(later))
            found = [one(rows, c, **cells) for c in ("value", "ci_low", "ci_high", "p")]
            assert found == pytest.approx(expected, rel=2e-3, abs=1e-6)
            adjusted = min(1, len(later) * one(rows, "p", **cells))
            assert one(rows, "p_adjusted", **cells) == pytest.approx(adjusted)


@pytest.mark.parametrize(("name", "column"), OUTCOMES)
def test_how_the_fit_went(name, column, all_rows, outcome_oracle, one):
    rows, oracle = model(all_rows, name, column), outcome_oracle(name, column)
    assert one(rows, statistic="converged") == 1
    assert pick(rows, statistic="converged")["method"].item() == "converged"
    assert one(rows, "n", statistic="converged") == oracle.frame["id"].nunique()
    assert one(rows, "n", statistic="deviance") == len(oracle.frame)
    assert one(rows, statistic="deviance") == pytest.approx(oracle.deviance, rel=1e-6)


@pytest.mark.parametrize(("name", "column"), OUTCOMES)
def test_observed_values(name, column, raw, all_rows, one):
    source, rows = raw[name], pick(all_rows[name], analysis="observed", outcome=column)
    item = next(o for o in source.roles["outcomes"] if o["column"] == column)
    table = source.outcomes.merge(source.participants[["id", "group"]], on="id").dropna(subset=[column])
    values = np.log(table[column]) if item.get("transform") == "log" else table[column].astype(float)
    compared = source.roles["group"]["compared"]
    for visit in item["visits"]:
        parts = [values[(table["group"] == group) & (table["visit"] == visit)] for group in compared]
        for group, part in zip(compared, parts, strict=True):
            cells = {"group": group, "visit": visit}
            assert one(rows, statistic="mean", **cells) == pytest.approx(part.mean())
            assert one(rows, statistic="sd", **cells) == pytest.approx(part.std())
            assert one(rows, "n", statistic="mean", **cells) == len(part)
        (a, b), (na, nb) = parts, map(len, parts)
        pooled = np.sqrt(((na - 1) * a.var() + (nb - 1) * b.var()) / (na + nb - 2))
        d = (b.mean() - a.mean()) / pooled
        half = stats.t.ppf(0.975, na + nb - 2) * np.sqrt((na + nb) / (na * nb) + d**2 / (2 * (na + nb)))
        found = [one(rows, c, statistic="cohens_d", visit=visit) for c in ("value", "ci_low", "ci_high")]
        assert found == pytest.approx([d, d - half, d + half])


@pytest.mark.parametrize(("name", "column"), OUTCOMES)
def test_other_effect_sizes(name, column, all_rows, outcome_oracle, one):
    rows, oracle = pick(all_rows[name], analysis="effect_size", outcome=column), outcome_oracle(name, column)
    first, second = oracle.groups
    values = np.log(oracle.frame["value"]) if oracle.transform == "log" else oracle.frame["value"].astype(float)
    parts = {key: values[index] for key, index in oracle.frame.groupby(["group", "visit"]).groups.items()}
    base = [parts[group, oracle.visits[0]] for group in (first, second)]
    freedom = [len(part) - 1 for part in base]
    at_baseline = np.sqrt(np.average([part.var() for part in base], weights=freedom))
    of_model = np.sqrt(oracle.theta.sum())
    for visit in oracle.visits:
        gap, low, high, _ = oracle.contrast(oracle.cell(second, visit) - oracle.cell(first, visit))
        for statistic, deviation in (("d_model", of_model), ("d_baseline", at_baseline)):
            found = [one(rows, c, statistic=statistic, visit=visit) for c in ("value", "ci_low", "ci_high")]
            assert found == pytest.approx([gap / deviation, low / deviation, high / deviation], rel=2e-3, abs=1e-5)


def test_hedges_is_cohens_d_corrected(all_rows, one):
    rows = pick(all_rows["synthetic"], outcome="madrs", visit="infusion_3")
    df = one(rows, "n", statistic="cohens_d") - 2
    j = np.exp(gammaln(df / 2) - gammaln((df - 1) / 2)) / np.sqrt(df / 2)
    assert one(rows, statistic="hedges_g") == pytest.approx(j * one(rows, statistic="cohens_d"))


def test_adverse_events(raw, all_rows, one):
    table = raw["synthetic"].by_name["infusions"].merge(raw["synthetic"].participants, on="id")
    rows = pick(all_rows["synthetic"], analysis="adverse_event")
    assert one(rows, statistic="count", group="") == table["pain_reported"].sum() == 76
    assert one(rows, "n", statistic="count", group="") == 396
    assert round(one(rows, statistic="percent", group=""), 1) == 19.2
    for group, part in table.groupby("group"):
        assert one(rows, statistic="count", group=group) == part["pain_reported"].sum()
        assert one(rows, statistic="percent", group=group) == pytest.approx(100 * part["pain_reported"].mean())
    assert pick(all_rows["pbc"], analysis="adverse_event").empty


@pytest.fixture(scope="module")
def slopes(studies):
    """MADRS under a random slope."""
    settings = Settings(covariance="random_slope")
    fits = efficacy.fit_outcomes(studies["synthetic"], settings, ["education", "bmi"])
    return efficacy.outcome_models(studies["synthetic"], settings, {"madrs": fits["madrs"]})


def test_random_slope(slopes, outcome_oracle, mixed_oracle, all_rows, one):
    plain = outcome_oracle("synthetic", "madrs")
    oracle = mixed_oracle(plain.frame, plain.groups, plain.visits, plain.covariates, slope=True)
    assert one(slopes, statistic="deviance") == pytest.approx(oracle.deviance, rel=1e-5)
    for term in oracle.terms:
        assert one(slopes, statistic="F", contrast=term) == pytest.approx(oracle.f_test(term)[0], rel=5e-3)
    # A larger model of the covariance cannot fit worse.
    usual = one(all_rows["synthetic"], analysis="mixed_model", outcome="madrs", statistic="deviance")
    assert one(slopes, statistic="deviance") < usual
    assert slopes["method"].str.contains("random slope").any()


def test_alpha_changes_the_intervals_alone(studies, all_rows):
    settings = Settings(alpha=0.2)
    fits = efficacy.fit_outcomes(studies["synthetic"], settings, ["education", "bmi"])
    narrow = efficacy.outcome_models(studies["synthetic"], settings, fits)
    usual = pick(all_rows["synthetic"], analysis="mixed_model").reset_index(drop=True)
    for column in ("value", "p", "p_adjusted", "df1", "df2", "n"):
        assert np.allclose(narrow[column], usual[column], equal_nan=True)
    ratio = ((narrow["ci_high"] - narrow["ci_low"]) / (usual["ci_high"] - usual["ci_low"])).dropna()
    # Intervals of changes hold together over the follow-up visits of a group, as their adjusted p does.
    visits = narrow.groupby(["outcome", "group", "statistic"])["visit"].transform("nunique")
    m = np.where(narrow["statistic"] == "change", visits, 1)[ratio.index]
    df = narrow["df2"][ratio.index]
    assert np.allclose(ratio, stats.t.ppf(1 - 0.1 / m, df) / stats.t.ppf(1 - 0.025 / m, df))


def test_patients_without_a_covariate_are_counted(study_folder, chapter, one):
    folder = study_folder()
    people = folder.tables["participants"].astype({"education": object})
    patients = people.index[people["group"] != "control"][:2]
    people.loc[patients, "education"] = ""
    folder.tables["participants"] = people
    folder.field("participants", "education")["constraints"].pop("required")
    rows = pick(
        chapter("02_efficacy", folder.save()).rows, analysis="mixed_model", outcome="madrs", statistic="converged"
    )
    assert rows["n"].tolist() == [64]
    assert "2 participants without a covariate left out" in rows["method"].iloc[0]
