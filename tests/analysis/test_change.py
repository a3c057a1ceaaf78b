"""Change regressions and mediation, against scipy, ordinary least squares and pingouin."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy import stats
from statsmodels.api import OLS, add_constant
from statsmodels.stats.multitest import multipletests

from helpers.analysis import change, missing_samples
from helpers.analysis.results import pick
from helpers.analysis.settings import ADJUSTMENTS, Settings


def falls(source, group: str, visit: str, samples: pd.DataFrame) -> pd.DataFrame:
    """Baseline minus visit of every analyte and outcome, by participant."""
    outcomes = source.outcomes.copy()
    for item in source.roles["outcomes"]:
        if item.get("transform") == "log":
            outcomes[item["column"]] = np.log(outcomes[item["column"]])
    parts = []
    for table in (samples, outcomes):
        names = table.columns.difference(["id", "visit", "day"])
        wide = table.pivot(index="id", columns="visit", values=names)
        parts.append(pd.DataFrame({n: wide[n]["baseline"] - wide[n][visit] for n in names if visit in wide[n]}))
    both = pd.concat(parts, axis=1)
    members = source.participants.loc[source.participants["group"] == group, "id"]
    return both[both.index.isin(members)]


@pytest.fixture(scope="module")
def completed(studies):
    """What the published scenario starts from."""
    return {name: missing_samples.completed_samples(study)[0] for name, study in studies.items()}


@pytest.mark.parametrize("name", ["synthetic", "pbc"])
def test_regressions(name, raw, completed, all_rows, one):
    source, rows = raw[name], pick(all_rows[name], analysis="change_regression")
    count = 0
    for (outcome, group, visit), family in pick(rows, statistic="beta").groupby(["outcome", "group", "visit"]):
        frame, ps = falls(source, group, visit, completed[name]), []
        for analyte in source.roles["analytes"]["columns"]:
            pair = frame[[analyte, outcome]].dropna()
            line = stats.linregress(pair[analyte], pair[outcome])
            cells = {"outcome": outcome, "group": group, "visit": visit, "analyte": analyte}
            assert one(rows, statistic="beta", **cells) == pytest.approx(line.rvalue, rel=1e-6, abs=1e-9)
            assert one(rows, statistic="slope", **cells) == pytest.approx(line.slope, rel=1e-6, abs=1e-9)
            half = stats.t.ppf(0.975, len(pair) - 2) * line.stderr
            assert one(rows, "ci_high", statistic="slope", **cells) == pytest.approx(line.slope + half, rel=1e-6)
            assert one(rows, "n", statistic="beta", **cells) == len(pair)
            assert one(rows, "df2", statistic="beta", **cells) == len(pair) - 2
            ps.append(line.pvalue)
        assert np.allclose(family["p"], ps, rtol=1e-5)
        # The family is the analytes of one outcome, group and visit.
        assert np.allclose(family["p_adjusted"], multipletests(ps, method="fdr_bh")[1], rtol=1e-5)
        count += len(ps)
    planned = {"synthetic": (2 + 1) * 2 * 19, "pbc": (2 + 2) * 3 * 5}
    assert count == planned[name]


@pytest.mark.parametrize("method", ADJUSTMENTS)
def test_adjustment(method, studies, completed, all_rows):
    rows = change.change_regressions(studies["synthetic"], Settings(adjustment=method), completed["synthetic"])
    for _, family in pick(rows, statistic="beta").groupby(["outcome", "group", "visit"]):
        expected = family["p"] if method == "none" else multipletests(family["p"], method=method)[1]
        assert np.allclose(family["p_adjusted"], expected)
    usual = pick(all_rows["synthetic"], analysis="change_regression")
    for column in ("value", "ci_low", "ci_high", "p", "n"):
        assert np.allclose(rows[column], usual[column], equal_nan=True)


def test_observed_samples_only(raw, studies, one):
    rows = change.change_regressions(studies["synthetic"], Settings(imputation="none"), None)
    logs = raw["synthetic"].analytes.set_index(["id", "visit"]).pipe(np.log).reset_index()
    frame = falls(raw["synthetic"], "pain", "day_26", logs)
    line = stats.linregress(frame.dropna()["il_6"], frame.dropna()["vas"])
    cells = {"outcome": "vas", "group": "pain", "visit": "day_26", "analyte": "il_6", "statistic": "beta"}
    assert one(rows, **cells) == pytest.approx(line.rvalue)
    assert one(rows, "n", **cells) == 31


@pytest.fixture(scope="module", params=["synthetic", "pbc"])
def path(request, raw, completed, all_rows):
    """The frame x, m, y of a study's path, and its rows."""
    source = raw[request.param]
    role = source.roles["mediation"]
    frame = falls(source, role["group"], role["visit"], completed[request.param])
    frame = frame[[role["x"], role["m"], role["y"]]].dropna().set_axis(list("xmy"), axis=1)
    return frame, pick(all_rows[request.param], analysis="mediation")


def test_mediation_paths(path, one):
    frame, rows = path
    a = OLS(frame["m"], add_constant(frame["x"])).fit()
    c = OLS(frame["y"], add_constant(frame["x"])).fit()
    both = OLS(frame["y"], add_constant(frame[["x", "m"]])).fit()
    expected = {"path_a": (a, "x"), "path_b": (both, "m"), "direct": (both, "x"), "total": (c, "x")}
    for name, (fit, term) in expected.items():
        low, high = fit.conf_int().loc[term]
        found = [one(rows, column, statistic=name) for column in ("value", "ci_low", "ci_high", "p", "df2", "n")]
        assert found == pytest.approx(
            [fit.params[term], low, high, fit.pvalues[term], fit.df_resid, len(frame)], rel=1e-5
        )
    ab = a.params["x"] * both.params["m"]
    assert one(rows, statistic="indirect") == pytest.approx(ab, rel=1e-5)
    assert one(rows, statistic="indirect") == pytest.approx(c.params["x"] - both.params["x"], rel=1e-4)
    first, second = (a.params["x"] * both.bse["m"]) ** 2, (both.params["m"] * a.bse["x"]) ** 2
    for name, extra in (("sobel", 0.0), ("aroian", (a.bse["x"] * both.bse["m"]) ** 2)):
        z = ab / np.sqrt(first + second + extra)
        assert one(rows, statistic=f"indirect_{name}") == pytest.approx(z, rel=1e-5)
        assert one(rows, "p", statistic=f"indirect_{name}") == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-5)


def test_mediation_beside_pingouin(path, one):
    frame, rows = path
    table = pingouin.mediation_analysis(frame, "x", "m", "y", n_boot=200, seed=1).set_index("path")
    names = {"path_a": "m ~ X", "total": "Total", "direct": "Direct", "indirect": "Indirect"}
    for name, theirs in names.items():
        assert one(rows, statistic=name) == pytest.approx(table.loc[theirs, "coef"], rel=1e-4)


@pytest.mark.parametrize("name", ["synthetic", "pbc"])
def test_bootstrap_interval(name, raw, studies, completed, one):
    """A second bootstrap draws its own resamples: the limits agree to a tenth of the interval's width."""
    role = raw[name].roles["mediation"]
    frame = falls(raw[name], role["group"], role["visit"], completed[name])[[role["x"], role["m"], role["y"]]].dropna()
    rows = change.mediation(studies[name], Settings(bootstrap=5000), completed[name])
    expected = np.quantile(_bootstrap(frame.to_numpy()), [0.025, 0.975])
    percentile = [one(rows, column, statistic="indirect") for column in ("ci_low", "ci_high")]
    assert percentile == pytest.approx(list(expected), abs=0.1 * np.ptp(expected))


def _bootstrap(values: np.ndarray, times: int = 4000) -> np.ndarray:
    rng, draws = np.random.default_rng(5), []
    for _ in range(times):
        x, m, y = values[rng.integers(len(values), size=len(values))].T
        one = np.ones(len(x))
        a = np.linalg.lstsq(np.column_stack([one, x]), m)[0][1]
        b = np.linalg.lstsq(np.column_stack([one, x, m]), y)[0][2]
        draws.append(a * b)
    return np.array(draws)


@pytest.mark.parametrize("changed", [{"seed": 1}, {"bootstrap": 1000}])
def test_seed_and_resamples_move_the_bootstrap_alone(changed, studies, completed, all_rows):
    usual = pick(all_rows["synthetic"], analysis="mediation").set_index("statistic")
    settings = Settings(**{"bootstrap": 400, **changed})
    made = [
        change.mediation(studies["synthetic"], settings, completed["synthetic"]).set_index("statistic") for _ in "ab"
    ]
    assert made[0].equals(made[1])
    rows = made[0]
    assert np.allclose(rows["value"], usual["value"])
    moved = ~np.isclose(rows["ci_low"], usual["ci_low"], equal_nan=True)
    assert set(rows.index[moved]) == {"indirect", "indirect_bias_corrected", "indirect_bca"}


def test_no_path(study_folder, chapter):
    folder = study_folder()
    folder.roles["mediation"] = None
    folder.keep_analytes("il_6", "tnf_a")
    done = chapter("05_regression_mediation", folder.save())
    assert pick(done.rows, analysis="mediation").empty
    assert list(done.variables["frame"].columns) == ["id", "x", "m", "y"]
