"""Changes from baseline pooled over multiple imputations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from helpers.analysis import multiple_imputation
from helpers.analysis.results import pick
from helpers.analysis.settings import Settings
from helpers.models import fit_repeated, impute_multiple


@pytest.fixture(scope="module")
def rows(all_rows):
    return pick(all_rows["synthetic"], analysis="cytokine_multiple_imputation")


def test_pooled_by_rubins_rules(rows, levels, raw, one):
    """One analyte's change, from the same imputations, analysed and pooled here by hand."""
    source, settings = raw["synthetic"], Settings()
    names = source.roles["analytes"]["columns"]
    patients = levels(source).query("group != 'control'")
    wide = patients.pivot(index="id", columns="visit", values=names)
    wide.columns = [f"{analyte}@{visit}" for analyte, visit in wide.columns]
    group = source.participants.set_index("id")["group"].reindex(wide.index)
    wide = wide.assign(group=(group == "pain").astype(float))
    frames = impute_multiple(wide, multiple_imputation.IMPUTATIONS, seed=settings.seed).frames
    found = []
    for frame in frames:
        long = frame[[f"il_6@{v}" for v in ("baseline", "infusion_6", "day_26")]].melt(ignore_index=False).reset_index()
        long = long.assign(visit=long["variable"].str.partition("@")[2], group=group.reindex(long["id"]).to_numpy())
        fit = fit_repeated(long, "value ~ group * visit", "id", "visit", settings.covariance)
        table = fit.contrasts("visit", by="group", reference="baseline").set_index(["group", "level"])
        found.append(table.loc[("pain", "day_26"), ["estimate", "se", "df"]].to_numpy(float))
    estimate, se, df = np.array(found).T
    within, between, m = (se**2).mean(), estimate.var(ddof=1), len(frames)
    total = within + (1 + 1 / m) * between
    share, nu = (1 + 1 / m) * between / total, df.mean()
    old, seen = (m - 1) / share**2, (nu + 1) / (nu + 3) * nu * (1 - share)
    pooled = old * seen / (old + seen)
    cells = {"analyte": "il_6", "group": "pain", "visit": "day_26", "statistic": "change"}
    # Columns are in another order here, so that the imputations are other draws: alike to a share of the error.
    assert one(rows, **cells) == pytest.approx(estimate.mean(), abs=0.1 * np.sqrt(total))
    half = stats.t.ppf(0.975, pooled) * np.sqrt(total)
    width = one(rows, "ci_high", **cells) - one(rows, "ci_low", **cells)
    assert width == pytest.approx(2 * half, rel=0.05)


def test_every_change_once_with_its_share_of_missing_information(rows, raw):
    roles = raw["synthetic"].roles
    expected = len(roles["analytes"]["columns"]) * 2 * (len(roles["analytes"]["visits"]) - 1)
    changes, shares = pick(rows, statistic="change"), pick(rows, statistic="fmi")
    assert len(changes) == len(shares) == expected
    assert shares["value"].between(0, 1).all()
    assert np.allclose(changes["p_adjusted"], np.minimum(1, 2 * changes["p"]))


def test_intervals_know_that_imputed_values_are_guesses(rows, all_rows):
    keys = ["analyte", "group", "visit"]
    single = pick(all_rows["synthetic"], analysis="cytokine_all_visits", statistic="change").set_index(keys)
    pooled = pick(rows, statistic="change").set_index(keys).reindex(single.index)
    error = {name: (table["value"] / stats.t.isf(table["p"] / 2, table["df2"])).abs() for name, table in
             (("single", single), ("pooled", pooled))}  # fmt: skip
    assert (error["pooled"] > error["single"]).mean() > 0.5
    assert error["pooled"].median() > error["single"].median()


def test_the_seed_is_the_scenarios(studies):
    study = studies["synthetic"]
    first, again, other = (multiple_imputation.pooled_changes(study, Settings(seed=seed)) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not np.allclose(first["value"], other["value"])


def test_without_a_gap_it_says_so(study_folder, chapter):
    folder = study_folder()
    folder.keep_analytes("il_6", "tnf_a")
    table = folder.tables["analytes"]
    groups = table["id"].map(folder.tables["participants"].set_index("id")["group"])
    whole = table.groupby("id")["visit"].transform("nunique") == 3
    folder.tables["analytes"] = table[whole | (groups == "control")]
    done = chapter("04_longitudinal_cytokines", folder.save())
    row = pick(done.rows, analysis="cytokine_multiple_imputation")
    assert row["value"].isna().all()
    assert row["method"].str.startswith("not computed: ").all()
